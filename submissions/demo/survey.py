"""Sums of invented suppliers, and a link to the form of the survey, so that both can be seen."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from submissions.survey import inviting, pool, tokens
from submissions.survey.enums import Cohort
from submissions.survey.models import SurveySum
from submissions.survey.questions import Answers

#: How many gave each answer; each question by itself, as only sums are ever stored.
PEOPLE = 23
COUNTS: dict[str, dict[str, int]] = {
    "found": {"list": 9, "social": 2, "community": 6, "person": 5, "no_answer": 1},
    "employed": {"no": 18, "yes": 2, "no_answer": 3},
    "contracts": {"never": 13, "bid": 5, "yes": 4, "no_answer": 1},
    "office": {"ca-K1A": 5, "ca-K2P": 2, "ca-H2X": 4, "ca-J8X": 3, "ca-M5V": 6, "ca-B3H": 2, "no_answer": 1},
    "size": {"1": 12, "2-4": 7, "5-19": 3, "no_answer": 1},
    "again": {"yes": 8, "no": 5, "unsure": 5, "no_answer": 5},
    "ownership": {"women": 8, "indigenous": 2, "metis": 2, "black": 5, "disabilities": 1, "none": 7},
}


def load() -> Iterator[str]:
    """Add one batch to the sums of the year, and make links to the form, unless there are sums."""
    today = timezone.localdate()
    if SurveySum.objects.exists():
        return
    pool.add_to_sums(Cohort.APPLIED, today.year, _batch())
    yield f"survey of {today.year}: {PEOPLE} answers in the sums"
    for language in ("en", "fr"):
        link = inviting.link_of(tokens.make(Cohort.APPLIED, today), language)
        yield f"  a link to the form ({language}): {link}"


def _batch() -> list[Answers]:
    batch: list[Answers] = [{} for _person in range(PEOPLE)]
    for question, counts in COUNTS.items():
        given = [choice for choice, count in counts.items() for _time in range(count)]
        for place, choice in enumerate(given):
            batch[place % PEOPLE].setdefault(question, []).append(choice)
    return batch
