"""``manage.py draw_figures``: write the documents of the tracker’s columns and of the indicators, or compare them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from submissions.reporting.documents import NAMES, document

DOCS = Path(__file__).resolve().parents[3] / "docs"
LANGUAGES = ("en", "fr")


class Command(BaseCommand):
    """Write ``docs/tracker.*.md`` and ``docs/indicators.*.md`` from the tables in the code."""

    help = (
        "Writes what fills the tracker and the indicators into docs/. With --check, compares only: "
        "exit code 1 if unequal."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in NAMES:
            for language in LANGUAGES:
                path, text = DOCS / f"{name}.{language}.md", document(name, language)
                if options["check"]:
                    if not path.exists() or path.read_text(encoding="utf-8") != text:
                        raise CommandError(
                            _("%(file)s is not what the tables say: run draw_figures.") % {"file": path.name}
                        )
                else:
                    path.write_text(text, encoding="utf-8")
                    self.stdout.write(path.name)
