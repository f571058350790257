"""A round as its rows have it, read with a number of queries that does not depend on how many applications there are.

Reads only; what follows from it is in ``rules``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import rfc8785

from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import PostedItem

from . import rules
from .enums import RoundState
from .models import Assignment, Candidate, Consensus, Round, Verdict
from .rules import Cell, Given

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


def current_round(file: Solicitation) -> Round | None:
    """The round that is not void, if an evaluation was begun."""
    found: Round | None = (
        Round.objects.select_related("solicitation")
        .filter(solicitation=file)
        .exclude(state=RoundState.VOIDED)
        .first()
    )
    return found


def criteria_of(round: Round) -> list[PostedItem]:
    """The criteria that its applications are judged by, in the order of the posting."""
    items = PostedItem.objects.filter(posting_id=round.posting_id, kind=ItemKind.EVALUATION)
    return list(items.order_by("position"))


def counting(round: Round) -> list[Assignment]:
    """Those who evaluate in it, in the order in which they were named."""
    people = Assignment.objects.filter(round=round, ended="").select_related("evaluator")
    return list(people.order_by("pk"))


@dataclass(frozen=True)
class Board:
    """Everything that was judged in a round.

    Attributes:
        round: The round.
        items: Its criteria.
        candidates: Its applications, by label, without their texts.
        evaluators: Those who count.
        alone: What each gave, by the key of the assignment.
        agreed: What they agreed.
    """

    round: Round
    items: list[PostedItem]
    candidates: list[Candidate]
    evaluators: list[Assignment]
    alone: dict[int, dict[Cell, Given]]
    agreed: dict[Cell, Given]

    @cached_property
    def cells(self) -> list[Cell]:
        return rules.cells((one.pk for one in self.candidates), (item.pk for item in self.items))

    @cached_property
    def differences(self) -> list[Cell]:
        """Where evaluators differ; only of verdicts that are complete."""
        return rules.differences(self.cells, self.alone)

    @cached_property
    def unsettled(self) -> list[Cell]:
        return rules.missing(self.differences, self.agreed)

    @cached_property
    def finals(self) -> dict[Cell, Given]:
        """The verdicts that count, of a round that was submitted."""
        return {cell: rules.final(cell, self.alone, self.agreed) for cell in self.cells}

    def missing_of(self, assignment: Assignment) -> list[Cell]:
        return rules.missing(self.cells, self.alone[assignment.pk])

    def passing(self) -> list[Candidate]:
        """The applications that passed every criterion."""
        passed = set(
            rules.passing([one.pk for one in self.candidates], [item.pk for item in self.items], self.finals)
        )
        return [one for one in self.candidates if one.pk in passed]

    def content(self) -> dict[str, Any]:
        """What is signed: every verdict with its reason, and what it came from."""
        return {
            "schema": "evaluation/1",
            "number": self.round.solicitation.number,
            "round": self.round.number,
            "posting": self.round.posting.digest,
            "alone": {str(one.evaluator_id): self._listed(self.alone[one.pk]) for one in self.evaluators},
            "agreed": self._listed(self.agreed),
            "final": self._listed(self.finals),
        }

    def _listed(self, given: dict[Cell, Given]) -> list[list[Any]]:
        receipts = {one.pk: one.proposal.receipt_number for one in self.candidates}
        identities = {item.pk: str(item.identity) for item in self.items}
        return sorted(
            [
                receipts[candidate],
                identities[item],
                judged.passed,
                judged.reason,
                judged.language,
            ]
            for (candidate, item), judged in given.items()
            if judged.passed is not None
        )

    def digest(self) -> str:
        """SHA-256 of ``content`` in the form of RFC 8785."""
        return hashlib.sha256(rfc8785.dumps(self.content())).hexdigest()


def read(round: Round) -> Board:
    """The board of a round."""
    evaluators = counting(round)
    candidates = Candidate.objects.filter(round=round).select_related("proposal")
    candidates = candidates.defer("proposal__sealed", "proposal__contact").order_by("label")
    alone: dict[int, dict[Cell, Given]] = {one.pk: {} for one in evaluators}
    rows = Verdict.objects.filter(assignment__in=evaluators)
    for assignment, candidate, item, *given in rows.values_list(
        "assignment_id", "candidate_id", "item_id", "passed", "reason", "language"
    ):
        alone[assignment][candidate, item] = Given(*given)
    agreed = Consensus.objects.filter(candidate__round=round)
    return Board(
        round=round,
        items=criteria_of(round),
        candidates=list(candidates),
        evaluators=evaluators,
        alone=alone,
        agreed={
            (candidate, item): Given(*given)
            for candidate, item, *given in agreed.values_list(
                "candidate_id", "item_id", "passed", "reason", "language"
            )
        },
    )
