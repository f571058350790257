"""Reads the demonstration's texts from ``content/``. Knows no model and no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import frontmatter
import yaml

CONTENT = Path(__file__).parent / "content"
LANGUAGES = ("en", "fr")

#: Guide pages below the home page, in the order in which they are made.
GUIDE_PAGES = ("how-it-works", "user-guide", "faq", "terms", "privacy", "privacy-contracting")
#: Those of them that the main menu shows.
IN_MENU = ("how-it-works", "user-guide", "faq")
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
