"""The sums as they may be read: by year and cohort only, small groups hidden (``suppression``), growing by ``steps``.

There are no sums over years or cohorts: their differences would give hidden groups away. Reads only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import steps
from .enums import Cohort
from .models import PEOPLE, SurveySum
from .questions import CANADA, NO_ANSWER, OFFICE, Question, place, questions_of
from .suppression import SMALLEST

#: Of each year and cohort, people by question and answer, as they may be read.
Counts = dict[tuple[int, str], dict[str, Counter[str]]]


@dataclass(frozen=True)
class Line:
    """One answer, and how many gave it; None where that is not shown."""

    label: str
    count: int | None


@dataclass(frozen=True)
class Answered:
    """One question with its answers, and of how many people; 0 while nothing of it may be read."""

    heading: Any
    people: int
    lines: list[Line]
    rest: int | None


@dataclass(frozen=True)
class Table:
    """What a cohort of a year answered."""

    year: int
    cohort: Cohort
    people: int
    questions: list[Answered]


def counts(years: Sequence[int] = ()) -> Counts:
    """The sums as they may be read, groups not hidden yet; one query.

    Args:
        years: First and last; without any, all.
    """
    rows = SurveySum.objects.all()
    if years:
        rows = rows.filter(year__gte=years[0], year__lte=years[-1])
    found: Counts = defaultdict(lambda: defaultdict(Counter))
    for row in rows:
        found[row.year, row.cohort][row.question][row.choice] = row.shown
    return dict(found)


def tables() -> list[Table]:
    """Every year and cohort of which at least five people answered, the newest first; one query."""
    return [
        Table(
            year,
            Cohort(cohort),
            people,
            [_answered(question, found[question.name]) for question in questions_of(Cohort(cohort))],
        )
        for (year, cohort), found in sorted(counts().items(), reverse=True)
        if (people := found[PEOPLE][""]) >= SMALLEST
    ]


def _answered(question: Question, found: Mapping[str, int]) -> Answered:
    groups = steps.groups_of(question, found)
    by_group = steps.grouped(groups, found)
    people = found[steps.EVERYBODY]
    shown = steps.shown_of(question, by_group, people)
    labels = {name: str(label) for name, label in question.choices}
    labels[NO_ANSWER] = _("Prefer not to answer, or no answer")
    if question.name == OFFICE:
        labels |= _places(groups)
        # That a region stands there with its number hidden would tell that somebody is in it.
        regions = {region for choice, region in groups.items() if choice != region}
        by_group = {name: by_group[name] for name in by_group if name not in regions - shown.counts.keys()}
    lines = [Line(labels[name], shown.counts.get(name)) for name in by_group]
    return Answered(question.heading, people, lines, shown.rest)


def _places(groups: Mapping[str, str]) -> dict[str, str]:
    """Places of five or more by their code, the others by region: what each group is called."""
    codes = {group for choice, group in groups.items() if choice == group and choice.startswith(f"{CANADA}-")}
    labels = {CANADA: _("In Canada, without a postal code")}
    for code in codes:
        written = code.removeprefix(f"{CANADA}-")
        labels[code] = _("%(region)s, %(code)s") % {"region": place(written), "code": written}
    for choice, group in groups.items():
        if choice != group:
            labels[group] = _("%(region)s, elsewhere") % {"region": group} if codes else group
    return labels
