"""Reads the demonstration's texts from ``content/``, and those that the project brings. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import frontmatter
import yaml

from microacq_pages import supplier_pages

CONTENT = Path(__file__).parent / "content"
LANGUAGES = ("en", "fr")

#: Guide pages below the home page, as the project words them, in the name of a department that does not exist.
GUIDE_PAGES = supplier_pages.KEYS
IN_MENU = supplier_pages.IN_MENU
NAMES = supplier_pages.Names(
    department={
        "en": "the Department of Community Programs",
        "fr": "le ministère des Programmes communautaires",
    },
    contact="micro-acquisition@example.ca",
    privacy="privacy@example.ca",
)
#: Pages that the site itself brings and that the demonstration gives their text.
HOME, OPPORTUNITIES, PROJECTS = "home", "opportunities", "projects"


@dataclass(frozen=True)
class Planned:
    """What the loader does with one opportunity; see ``content/opportunities/states.yaml``."""

    file: str
    source: str
    state: str
    closes_in_days: int
    hours: Decimal
    rate: Decimal
    goes_live_in_days: int | None = None
    untranslated: tuple[str, ...] = ()
    reason: str = ""

    def path(self, language: str) -> Path:
        """The Markdown file of one language."""
        return CONTENT / "opportunities" / f"{self.file}.{language}.md"

    @property
    def ref(self) -> str:
        """The reference that the files carry, by which the opportunity is known when it was loaded before."""
        return str(frontmatter.load(str(self.path(self.source)))["ref"])


def load(name: str) -> Any:
    """The content of one YAML file below ``content/``."""
    return yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))


def page(key: str) -> dict[str, dict[str, Any]]:
    """The text of one page, by language."""
    if key in GUIDE_PAGES:
        return supplier_pages.text_of(key, NAMES)
    return {language: load(f"pages/{key}.{language}.yaml") for language in LANGUAGES}


def planned_opportunities() -> list[Planned]:
    """Every opportunity with its state, in the order of their files."""
    return [
        Planned(
            **{
                **row,
                "hours": Decimal(str(row["hours"])),
                "rate": Decimal(str(row["rate"])),
                "untranslated": tuple(row.get("untranslated", ())),
            }
        )
        for row in load("opportunities/states.yaml")
    ]
