"""Numbers read elsewhere, answers at the end of contracts as sums, and a shared view of the tracker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from submissions.reporting.models import Observation, SavedView
from submissions.survey import inviting, pool, tokens
from submissions.survey.enums import Cohort
from submissions.survey.models import SurveySum
from submissions.survey.questions import Answers

from .accounts import person

NUMBERS = (
    (
        Observation.Kind.FOLLOWERS,
        "143",
        "Profile pages of the accounts, both languages together",
        "Pages de profil des comptes, les deux langues ensemble",
    ),
    (
        Observation.Kind.REPOSTS,
        "18",
        "Announcement of the first opportunity",
        "Annonce de la première opportunité",
    ),
    (
        Observation.Kind.USUAL_HOURS,
        "6.5",
        "Time sheets of three contracts of last year",
        "Feuilles de temps de trois contrats de l’an dernier",
    ),
)
#: What was answered, each question by itself; clients and suppliers of invented contracts.
SUMS: dict[Cohort, dict[str, dict[str, int]]] = {
    Cohort.CLIENT: {
        "buy_again": {"yes": 14, "no": 5, "unsure": 5, "no_answer": 5},
        "ease": {"easy": 12, "neither": 6, "hard": 6, "no_answer": 5},
        "pieces": {"yes": 9, "no": 8, "unsure": 7, "no_answer": 5},
    },
    Cohort.SUPPLIER: {
        "again": {"yes": 11, "no": 5, "unsure": 6, "no_answer": 5},
        "ease": {"easy": 10, "neither": 6, "hard": 6, "no_answer": 5},
        "paid_soon": {"sooner": 12, "same": 5, "later": 2, "not_paid": 3, "no_answer": 5},
    },
}


def load() -> Iterator[str]:
    """Enter the numbers, the sums and the view, unless there are numbers."""
    today = timezone.localdate()
    if Observation.objects.exists():
        return
    staff = person("it-strategy")
    for kind, value, english, french in NUMBERS:
        Observation.objects.create(
            kind=kind,
            value=Decimal(value),
            observed_on=today - timedelta(days=3),
            source_en=english,
            source_fr=french,
            recorded_by=staff,
        )
    SavedView.objects.get_or_create(
        owner=staff,
        screen=SavedView.Screen.COLUMNS,
        name="Temps requis / Time taken",
        defaults={"query": "ended=no&show=time", "is_shared": True},
    )
    yield f"numbers read elsewhere: {len(NUMBERS)}; a shared view of the tracker"
    for cohort, questions in SUMS.items():
        if not SurveySum.objects.filter(cohort=cohort, year=today.year).exists():
            pool.add_to_sums(cohort, today.year, _batch(questions))
        link = inviting.link_of(tokens.make(cohort, today), "en")
        yield f"  a link to the questions at the end of a contract ({cohort}): {link}"


def _batch(questions: dict[str, dict[str, int]]) -> list[Answers]:
    people = max(sum(counts.values()) for counts in questions.values())
    batch: list[Answers] = [{} for _person in range(people)]
    for question, counts in questions.items():
        given = [choice for choice, count in counts.items() for _time in range(count)]
        for place, choice in enumerate(given):
            batch[place].setdefault(question, []).append(choice)
    return batch
