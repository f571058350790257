"""The sums as they may be read: by year and cohort only, small groups hidden (``suppression``).

There are no sums over years or cohorts: their differences would give hidden groups away. Reads only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import suppression
from .enums import Cohort
from .models import PEOPLE, SurveySum
from .questions import CANADA, NO_ANSWER, NONE_OF, OFFICE, Question, place, questions_of
from .suppression import SMALLEST


@dataclass(frozen=True)
class Line:
    """One answer, and how many gave it; None where that is not shown."""

    label: str
    count: int | None


@dataclass(frozen=True)
class Answered:
    """One question with its answers."""

    heading: Any
    lines: list[Line]
    rest: int | None


@dataclass(frozen=True)
class Table:
    """What a cohort of a year answered."""

    year: int
    cohort: Cohort
    people: int
    questions: list[Answered]


def tables() -> list[Table]:
    """Every year and cohort of which at least five people answered, the newest first; one query."""
    counts: dict[tuple[int, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for row in SurveySum.objects.all():
        counts[row.year, row.cohort][row.question][row.choice] = row.count
    return [
        Table(year, Cohort(cohort), people, _answers(Cohort(cohort), found, people))
        for (year, cohort), found in sorted(counts.items(), reverse=True)
        if (people := found[PEOPLE][""]) >= SMALLEST
    ]


def _answers(cohort: Cohort, found: Mapping[str, Counter[str]], people: int) -> list[Answered]:
    return [_answered(question, found, people) for question in questions_of(cohort)]


def _answered(question: Question, found: Mapping[str, Counter[str]], people: int) -> Answered:
    counts = {name: found[question.name][name] for name, _label in question.choices}
    labels = {name: str(label) for name, label in question.choices}
    labels[NO_ANSWER] = _("Prefer not to answer, or no answer")
    if question.name == OFFICE:
        counts, labels = _places(counts, labels, found[OFFICE])
    if question.is_several:
        shown = suppression.of_several_choices(counts, people, alone=(NONE_OF, NO_ANSWER))
    else:
        shown = suppression.of_one_choice(counts, people)
    lines = [Line(labels[name], shown.counts.get(name)) for name in counts]
    return Answered(question.heading, lines, shown.rest)


def _places(
    counts: dict[str, int], labels: dict[str, str], found: Counter[str]
) -> tuple[dict[str, int], dict[str, str]]:
    """Places of five or more by their code, the others by region: still one group for each person."""
    regions: Counter[str] = Counter()
    codes: dict[str, int] = {}
    for choice, count in sorted(found.items()):
        if not choice.startswith(f"{CANADA}-"):
            continue
        code = choice.removeprefix(f"{CANADA}-")
        region = str(place(code))
        if count >= SMALLEST:
            codes[choice] = count
            labels[choice] = _("%(region)s, %(code)s") % {"region": region, "code": code}
        else:
            regions[region] += count
    for region, count in sorted(regions.items()):
        counts[region] = count
        labels[region] = _("%(region)s, elsewhere") % {"region": region} if codes else region
    labels[CANADA] = _("In Canada, without a postal code")
    return {**codes, **counts}, labels
