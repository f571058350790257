"""How far an evaluation is, for its screens: who has done what, what is left to whom. Reads only.

The number of queries does not depend on how many applications there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import get_language
from wagtail.log_actions import registry

from submissions.solicitations.models import PostedItem
from submissions.solicitations.states import REOPEN

from . import boards
from .enums import RoundState
from .models import Assignment, Candidate, Round, Verdict

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


@dataclass(frozen=True)
class Part:
    """How many verdicts of a criterion or of an application are given."""

    done: int
    total: int
    label: int
    item: PostedItem | None = None

    @property
    def is_done(self) -> bool:
        return self.done == self.total


@dataclass(frozen=True)
class Progress:
    """How far one evaluator is."""

    criteria: list[Part]
    applications: list[Part]

    @property
    def done(self) -> int:
        return sum(part.done for part in self.criteria)

    @property
    def total(self) -> int:
        return sum(part.total for part in self.criteria)

    @property
    def next_label(self) -> int | None:
        """The first application, in the evaluator's own order, that is not wholly judged."""
        return next((part.label for part in self.applications if not part.is_done), None)


def of(assignment: Assignment) -> Progress:
    """What one evaluator has judged, by criterion and by application, in the order of their own."""
    items = boards.criteria_of(assignment.round)
    given = Verdict.objects.filter(assignment=assignment, passed__isnull=False).order_by()
    by_item = dict(given.values_list("item_id").annotate(count=Count("pk")))
    by_label = dict(given.values_list("candidate__label").annotate(count=Count("pk")))
    return Progress(
        criteria=[
            Part(by_item.get(item.pk, 0), len(assignment.order), item.position, item) for item in items
        ],
        applications=[Part(by_label.get(label, 0), len(items), label) for label in assignment.order],
    )


def everyone(round: Round) -> list[Assignment]:
    """Everyone who was named in a round, whatever became of it."""
    people = Assignment.objects.filter(round=round).select_related("evaluator", "assigned_by")
    return list(people.order_by("pk"))


@dataclass(frozen=True)
class Differences:
    """Where evaluators differ, as application and criterion, and where nothing is agreed yet."""

    all: list[tuple[int, int]]
    unsettled: list[tuple[int, int]]


def differences(round: Round) -> Differences:
    """Where the evaluators of a round differ."""
    board = boards.read(round)
    return Differences(board.differences, board.unsettled)


@dataclass(frozen=True)
class Void:
    """A round that is void, and why.

    Attributes:
        round: The round.
        reason: Why it was reopened, in the reader's language where it was given in both.
        language: That of the reason.
    """

    round: Round
    reason: str
    language: str


def voided(file: Solicitation) -> list[Void]:
    """Rounds that were signed off and are void, the oldest first."""
    rows = Round.objects.filter(solicitation=file, state=RoundState.VOIDED).select_related("signed_by")
    return _explained(file, list(rows.order_by("number")))


def why_void(round: Round) -> Void | None:
    """Why a round is void; None where it is not."""
    is_void = round.state == RoundState.VOIDED
    return _explained(round.solicitation, [round])[0] if is_void else None


def _explained(file: Solicitation, rounds: list[Round]) -> list[Void]:
    """The row keeps the English words; what was recorded of the act has the French ones as well."""
    in_french: dict[str, str] = {}
    if rounds and (get_language() or "en").startswith("fr"):
        acts = registry.get_logs_for_instance(file).filter(action=REOPEN.act)
        in_french = {act.data.get("reason", ""): act.data.get("reason_fr", "") for act in acts}
    return [
        Void(round, french, "fr")
        if (french := in_french.get(round.void_reason))
        else Void(round, round.void_reason, "en")
        for round in rounds
    ]


def candidate_of(round: Round, label: int) -> Candidate | None:
    """The application with a number among evaluators."""
    rows = Candidate.objects.filter(round=round, label=label).select_related("proposal")
    found: Candidate | None = rows.defer("proposal__sealed", "proposal__contact").first()
    return found
