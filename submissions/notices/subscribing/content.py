"""What letters of the list say of an opportunity, in each language.

Owns: reading it, with a number of queries that does not grow with what is read. Imports no view and no later stage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from microacq_pages.formats import EASTERN, eastern, money
from microacq_pages.furniture import absolute
from microacq_pages.models import Opportunity, PublicStatus, Skill
from microacq_pages.models.opportunity import OpportunitySkill

from .models import Announcement

LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Posted:
    """An opportunity that takes applications, as letters tell of it.

    Attributes:
        number: Of the file.
        deadline: UTC.
        announcement: Key of its announcement; 0 for one that was posted before there was a list.
        skills: Translation keys of what it requires.
        words: By language: title, teaser, price, names of skills and address.
    """

    number: str
    deadline: datetime
    announcement: int
    skills: frozenset[UUID]
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def last_day(self) -> date:
        """The day of the deadline in Eastern time."""
        return self.deadline.astimezone(EASTERN).date()

    def values(self, language: str) -> dict[str, str]:
        """What a letter about this one alone is filled with."""
        return {
            "number": self.number,
            "deadline": eastern(self.deadline, language),
            **self.words[language],
        }

    def entry(self, language: str) -> str:
        """Its lines in a letter about several."""
        said = self.values(language)
        lines = [f"- {self.number} – {said['title']}", said["price"], said["skills"]]
        lines += [_("Apply by: %(deadline)s") % {"deadline": said["deadline"]}]
        return "\n  ".join([*filter(None, lines), said["url"]])


def open_opportunities(keys: Iterable[UUID] | None = None) -> list[Posted]:
    """Those that take applications now, the first to close on top.

    Args:
        keys: Translation keys of the only ones that matter; None for all.
    """
    statuses = PublicStatus.objects.open().order_by("deadline", "number")
    if keys is not None:
        statuses = statuses.filter(translation_key__in=list(keys))
    rows = list(statuses)
    wanted = [status.translation_key for status in rows]
    pages = _pages(wanted)
    skills = _skills(wanted)
    names = _names(set().union(*skills.values())) if skills else {}
    announced = dict(
        Announcement.objects.filter(translation_key__in=wanted).values_list("translation_key", "pk")
    )
    return [
        Posted(
            number=status.number,
            deadline=status.deadline,
            announcement=announced.get(status.translation_key, 0),
            skills=frozenset(skills.get(status.translation_key, ())),
            words={
                language: _words(
                    page, [names.get((key, language), "") for key in skills[page.translation_key]]
                )
                for language, page in pages[status.translation_key].items()
            },
        )
        for status in rows
        if len(pages[status.translation_key]) == len(LANGUAGES)
    ]


def _pages(keys: list[UUID]) -> dict[UUID, dict[str, Opportunity]]:
    found: dict[UUID, dict[str, Opportunity]] = defaultdict(dict)
    for page in Opportunity.objects.live().filter(translation_key__in=keys).select_related("locale"):
        found[page.translation_key][page.locale.language_code] = page
    return found


def _skills(keys: list[UUID]) -> dict[UUID, list[UUID]]:
    """Skills in the order of the page; both languages of an opportunity require the same."""
    links = OpportunitySkill.objects.filter(page__translation_key__in=keys).order_by("sort_order", "pk")
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for page, skill in links.values_list("page__translation_key", "skill__translation_key"):
        if skill not in found[page]:
            found[page].append(skill)
    return found


def _names(skills: set[UUID]) -> dict[tuple[UUID, str], str]:
    rows = Skill.objects.filter(translation_key__in=skills)
    return {
        (key, language): name
        for key, language, name in rows.values_list("translation_key", "locale__language_code", "name")
    }


def _words(page: Opportunity, skills: list[str]) -> dict[str, str]:
    language = page.locale.language_code
    return {
        "title": page.title,
        "teaser": page.teaser,
        "price": money(page.price, language),
        "skills": ", ".join(filter(None, skills)),
        "url": absolute(page.url),
    }
