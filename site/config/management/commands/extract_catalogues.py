"""Bring the French catalogue in line with the sources."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.catalogues import TARGET, GettextMissing, extract


class Command(BaseCommand):
    """manage.py extract_catalogues"""

    help = "Extracts every translatable text into locale/fr; needs GNU gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the extraction in the checkout."""
        try:
            extract(settings.BASE_DIR)
        except GettextMissing as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"locale/{TARGET} is in line with the sources; translate what is new, then check_catalogues."
        )
