"""Fail unless the French catalogue says exactly what the sources ask for, in good French typography."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.catalogues import TARGET, GettextMissing, faults


class Command(BaseCommand):
    """manage.py check_catalogues"""

    help = "Names each text that is missing, fuzzy, unused, or badly set in locale/fr; needs GNU gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge the catalogue of the checkout and name every fault."""
        try:
            found = faults(settings.BASE_DIR)
        except GettextMissing as error:
            raise CommandError(str(error)) from error
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"locale/{TARGET}: {len(found)} faults.")
        self.stdout.write(f"locale/{TARGET} is complete.")
