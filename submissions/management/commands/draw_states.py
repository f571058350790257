"""``manage.py draw_states``: write the documents of the state machines, or say whether they are up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from submissions.reporting.diagrams import document

DOCS = Path(__file__).resolve().parents[3] / "docs"
LANGUAGES = ("en", "fr")


class Command(BaseCommand):
    """Write ``docs/states.en.md`` and ``docs/states.fr.md`` from the tables in the code."""

    help = "Writes the diagrams of the state machines into docs/. With --check, compares only: exit code 1 if unequal."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        for language in LANGUAGES:
            path, text = path_of(language), document(language)
            if options["check"]:
                if not path.exists() or path.read_text(encoding="utf-8") != text:
                    raise CommandError(
                        _("%(file)s is not what the tables say: run draw_states.") % {"file": path.name}
                    )
            else:
                path.write_text(text, encoding="utf-8")
                self.stdout.write(path.name)


def path_of(language: str) -> Path:
    """The document of a language."""
    return DOCS / f"states.{language}.md"
