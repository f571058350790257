"""What the rules look at: an opportunity as it is written, the occasion, and its texts in both languages.

Owns the reading of the page and of its translation. Decides nothing. Imports no page type: it is given the page,
saved or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from microacq_pages import pairs

from . import money, wording

if TYPE_CHECKING:
    from microacq_pages.models import Opportunity


class Occasion(Enum):
    """When a rule is asked."""

    POSTING = "posting"
    AMENDMENT = "amendment"


ALWAYS = frozenset(Occasion)
POSTING = frozenset({Occasion.POSTING})

#: Texts of the page itself, and of its rows as (relation, attribute).
TEXT_FIELDS = ("title", "teaser", "background", "work", "department", "branch", "team")
ROW_FIELDS = (("acceptance_criteria", "statement"), ("criteria", "statement"), ("attachments", "title"))
#: In which of them people read sentences.
PROSE = frozenset({"teaser", "background", "work", "acceptance_criteria", "criteria"})


@dataclass(frozen=True)
class Passage:
    """One paragraph, heading or list item, in one language.

    Attributes:
        language: Code of its language.
        field: Field or relation of the page.
        text: Without marks.
        row: For a criterion: its number, from 1; 0 elsewhere.
    """

    language: str
    field: str
    text: str
    row: int = 0


@dataclass
class Subject:
    """An opportunity under the rules.

    Attributes:
        opportunity: The page in the language in which it is written.
        occasion: What is about to happen to it.
        now: The moment from which dates are counted (UTC).
    """

    opportunity: Opportunity
    occasion: Occasion = Occasion.POSTING
    now: datetime = field(default_factory=timezone.now)

    @classmethod
    def of(cls, opportunity: Opportunity) -> Subject:
        """The page as it is in memory, on the occasion that its state says."""
        occasion = Occasion.AMENDMENT if opportunity.is_posted else Occasion.POSTING
        return cls(opportunity, occasion)

    @property
    def language(self) -> str:
        """Code of the language in which the author writes."""
        return str(self.opportunity.locale.language_code)

    @property
    def posting_moment(self) -> datetime:
        """When it would go live: now, or when its author has planned it."""
        planned = self.opportunity.go_live_at
        return max(self.now, planned) if planned else self.now

    @cached_property
    def deadline(self) -> datetime | None:
        """The deadline that would count: the author’s, which after posting becomes the file’s by amendment."""
        if self.occasion is Occasion.AMENDMENT:
            return self.opportunity.deadline or self.opportunity.public_deadline
        return self.opportunity.deadline

    @cached_property
    def passages(self) -> list[Passage]:
        """Every text that the public would read, in both languages."""
        return [*self._written(), *self._translated()]

    def passages_in(self, *fields: str) -> list[Passage]:
        return [passage for passage in self.passages if passage.field in fields]

    @cached_property
    def rates(self) -> tuple[Any, Any]:
        """Lowest and highest hourly rate of the required skills together, in CAD."""
        skills = [link.skill for link in self.opportunity.opportunity_skills.all() if link.skill_id]
        if not skills:
            return money.USUAL_RATES
        return min(skill.lowest_rate for skill in skills), max(skill.highest_rate for skill in skills)

    @cached_property
    def estimate(self) -> money.Estimate:
        page = self.opportunity
        return money.Estimate(page.price, page.estimated_hours, page.hourly_rate, *self.rates)

    def _written(self) -> Iterator[Passage]:
        for name in TEXT_FIELDS:
            yield from self._passages(name, getattr(self.opportunity, name))
        for relation, attribute in ROW_FIELDS:
            for number, row in enumerate(rows(self.opportunity, relation), start=1):
                yield from self._passages(relation, getattr(row, attribute), number)

    def _passages(self, name: str, html: str, row: int = 0) -> Iterator[Passage]:
        for text in wording.passages(html or ""):
            yield Passage(self.language, name, text, row)

    def _translated(self) -> Iterator[Passage]:
        translation = pairs.translation_of(self.opportunity) if self.opportunity.pk else None
        if translation is None:
            return
        language = translation.target_locale.language_code
        numbers = {
            f"{relation}.{row.translation_key}": (relation, number)
            for relation, _attribute in ROW_FIELDS
            for number, row in enumerate(rows(self.opportunity, relation), start=1)
        }
        for path, _source, text in pairs.translated_strings(translation):
            name, number = path.split(".")[0], 0
            if name not in TEXT_FIELDS:
                name, number = numbers.get(path.rpartition(".")[0], ("", 0))
            if name and text:
                for passage in wording.passages(str(text)):
                    yield Passage(language, name, passage, number)


def rows(opportunity: Opportunity, relation: str) -> list[Any]:
    """The rows of a relation in the order in which they are shown."""
    return sorted(getattr(opportunity, relation).all(), key=lambda row: row.sort_order or 0)
