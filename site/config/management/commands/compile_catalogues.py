"""Compile the interface's translations without a system gettext."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.catalogues import compile_catalogues


class Command(BaseCommand):
    """manage.py compile_catalogues"""

    help = "Writes the .mo files below locale/ that are missing or out of date."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile every folder of the settings and name what was written."""
        for folder in settings.LOCALE_PATHS:
            for path in compile_catalogues(Path(folder)):
                if options["verbosity"] > 0:
                    self.stdout.write(f"compiled {path.relative_to(settings.BASE_DIR)}")
