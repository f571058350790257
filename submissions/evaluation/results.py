"""What later stages ask of an evaluation that was signed off. Reads only.

An evaluation that is under way has no result: nobody acts on what may still change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef

from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import PostedItem

from . import boards, rules
from .enums import RoundState
from .models import Candidate, Consensus, Round, Verdict
from .rules import Cell, Given

if TYPE_CHECKING:
    from submissions.proposals.models import Proposal
    from submissions.solicitations.models import Solicitation


@dataclass(frozen=True)
class Reason:
    """A reason as one evaluator, or all together, wrote it.

    Attributes:
        text: The words.
        language: ``en`` or ``fr``.
    """

    text: str
    language: str


@dataclass(frozen=True)
class Judged:
    """The verdict that counts for one criterion of one application.

    Attributes:
        item: The criterion, as posted.
        passed: Whether it is met.
        reason: Why, as the evaluators wrote it.
        language: Of the reason, ``en`` or ``fr``; empty where reasons in both are put together.
        parts: The same, each reason in its own language.
    """

    item: PostedItem
    passed: bool
    reason: str
    language: str
    parts: tuple[Reason, ...] = ()


def signed_round(file: Solicitation) -> Round | None:
    """The round that was signed off and is not void; None while there is none."""
    found: Round | None = (
        Round.objects.filter(solicitation=file, state=RoundState.SIGNED)
        .select_related("solicitation", "posting", "signed_by")
        .first()
    )
    return found


def signed_at(translation_key: UUID) -> datetime | None:
    """When the evaluation of an opportunity was signed off (UTC), unless it is void."""
    signed = Round.objects.filter(solicitation__translation_key=translation_key, state=RoundState.SIGNED)
    moment: datetime | None = signed.values_list("signed_at", flat=True).first()
    return moment


def passing(file: Solicitation) -> list[str]:
    """Receipt numbers of the applications that passed every criterion, sorted; none before the sign-off."""
    round = signed_round(file)
    if round is None:
        return []
    return sorted(one.proposal.receipt_number for one in boards.read(round).passing())


def files_with_passing(files: Iterable[int]) -> set[int]:
    """Which of these files have an application that passed every criterion of a signed evaluation; one query.

    Args:
        files: Primary keys.
    """
    agreed = Consensus.objects.filter(passed__isnull=False)
    settled = agreed.filter(candidate=OuterRef("candidate"), item=OuterRef("item"))
    failed_alone = Verdict.objects.filter(
        ~Exists(settled), candidate=OuterRef("pk"), assignment__ended="", passed=False
    )
    failed_together = agreed.filter(candidate=OuterRef("pk"), passed=False)
    criteria = PostedItem.objects.filter(posting=OuterRef("round__posting"), kind=ItemKind.EVALUATION)
    passing = Candidate.objects.filter(
        ~Exists(failed_alone),
        ~Exists(failed_together),
        Exists(criteria),
        round__solicitation__in=files,
        round__state=RoundState.SIGNED,
    )
    return set(passing.order_by().values_list("round__solicitation_id", flat=True).distinct())


def verdicts_of(proposal: Proposal) -> list[Judged]:
    """The final verdicts of one application, criterion by criterion; none before the sign-off.

    Args:
        proposal: The application; one that was not opened has none.
    """
    candidate = candidate_of(proposal)
    if candidate is None:
        return []
    evaluators = boards.counting(candidate.round)
    alone: dict[int, dict[Cell, Given]] = {one.pk: {} for one in evaluators}
    fields = ("item_id", "passed", "reason", "language")
    for row in Verdict.objects.filter(candidate=candidate, assignment__in=evaluators):
        alone[row.assignment_id][candidate.pk, row.item_id] = Given(row.passed, row.reason, row.language)
    agreed = {
        (candidate.pk, item): Given(*given)
        for item, *given in Consensus.objects.filter(candidate=candidate).values_list(*fields)
    }
    found = []
    for item in boards.criteria_of(candidate.round):
        cell = (candidate.pk, item.pk)
        final = rules.final(cell, alone, agreed)
        parts = tuple(Reason(each.reason, each.language) for each in rules.reasons(cell, alone, agreed))
        found.append(Judged(item, bool(final.passed), final.reason, final.language, parts))
    return found


def candidate_of(proposal: Proposal) -> Candidate | None:
    """The application in the signed evaluation that counts; None before the sign-off, and after it was voided."""
    found: Candidate | None = (
        Candidate.objects.filter(proposal=proposal, round__state=RoundState.SIGNED)
        .select_related("round")
        .first()
    )
    return found
