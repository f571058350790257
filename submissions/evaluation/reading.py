"""Applications without names: who may read them, what is shown, and the record of every read.

Owns the way from an opened text to what evaluators, signers, translators see: the answers to the criteria alone, with
what tells who wrote them hidden. Nothing else of an application leaves here. Imports no view.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.translation import gettext as _

from submissions.audit.services import record
from submissions.proposals import custody
from submissions.proposals.models import OpenedProposal
from submissions.solicitations.enums import State
from submissions.solicitations.models import PostedItem

from . import people, services, states
from .aids import Clarification, Recognition, Redaction, WorkingTranslation
from .enums import RoundState
from .identification import Piece, Span, Who, certain, pieces
from .models import Assignment, Candidate, Round

if TYPE_CHECKING:
    from submissions.proposals.texts import ProposalText
    from submissions.solicitations.models import Solicitation
    from submissions.solicitations.services import Actor

#: States of a round in which those who do not evaluate may read it.
HANDED_IN = frozenset({RoundState.SUBMITTED, RoundState.SIGNED, RoundState.VOIDED})


@dataclass(frozen=True)
class Answer:
    """What one application says to one criterion.

    Attributes:
        item: The criterion, as posted.
        pieces: The text, what is hidden left out.
        translation: A working translation, where there is one.
        clarifications: What the supplier was asked about it.
    """

    item: PostedItem
    pieces: list[Piece]
    translation: list[str] = field(default_factory=list)
    clarifications: list[Clarified] = field(default_factory=list)

    @property
    def hides(self) -> bool:
        """Whether anything is hidden."""
        return any(piece.hidden for piece in self.pieces)


@dataclass(frozen=True)
class Clarified:
    """A question to the supplier and, once there is one, the answer without names."""

    asked: Clarification
    pieces: list[Piece]


@dataclass(frozen=True)
class Anonymous:
    """One application as its readers see it."""

    candidate: Candidate
    language: str
    answers: dict[int, Answer]


def assignment_of(round: Round | None, user: Actor) -> Assignment | None:
    """The user's own part in a round, unless it ended."""
    if round is None:
        return None
    found: Assignment | None = (
        Assignment.objects.filter(round=round, evaluator_id=user.pk, ended="")
        .select_related("round__solicitation", "evaluator")
        .first()
    )
    return found


def reason_against(round: Round, user: Actor) -> str:
    """Why somebody may not read the applications of a round now; empty when they may."""
    if _is_erased(round.solicitation):
        return _("The applications were erased when their retention period ended.")
    own = assignment_of(round, user)
    if own is not None:
        reasons = people.reasons_against_evaluating(round.solicitation, user)
        if reasons:
            return " ".join(reasons)
        return "" if own.attested_at else _("Attest first that you have no conflict of interest.")
    if not user.has_perm(states.VIEW) or people.is_evaluator(round, user):
        return _("You do not evaluate this file.")
    if round.state not in HANDED_IN:
        return _("The evaluation is under way: nobody but its evaluators reads before it is handed in.")
    return ""


def _is_erased(file: Solicitation) -> bool:
    if file.state == State.OPENED:
        return False
    gone = OpenedProposal.objects.filter(proposal__solicitation=file, locked_text=custody.ERASED)
    return gone.exists()


def require(round: Round, user: Actor) -> None:
    """Let nobody read but who may; an attempt is recorded.

    Raises:
        services.Refused: the user may not read these applications now.
    """
    reason = reason_against(round, user)
    if reason:
        services.refuse(round.solicitation, "evaluation.read", user, [reason])


def read(
    round: Round,
    candidates: Iterable[Candidate],
    items: Iterable[PostedItem],
    *,
    user: Actor,
) -> dict[int, Anonymous]:
    """The answers of some applications to some criteria, without names. That they were read is recorded.

    The number of queries does not depend on how many there are.

    Raises:
        services.Refused: the user may not read these applications now. It is recorded.
    """
    require(round, user)
    candidates = list(candidates)
    remember(round, candidates, user)
    return texts_of(candidates, list(items))


def remember(round: Round, candidates: Iterable[Candidate], user: Actor) -> None:
    """Record that somebody reads applications of a round."""
    file = round.solicitation
    labels = ", ".join(str(one.label) for one in sorted(candidates, key=lambda one: one.label))
    record(
        round,
        "evaluation.read",
        user=user,
        data={"number": file.number, "round": round.number, "labels": labels},
    )


def remember_originals(round: Round, labels: str, user: Actor) -> None:
    """Record that somebody who may know the suppliers looks at answers as they were sent."""
    record(
        round,
        "evaluation.names_looked_at",
        user=user,
        data={"number": round.solicitation.number, "labels": labels},
    )


def texts_of(candidates: list[Candidate], items: list[PostedItem]) -> dict[int, Anonymous]:
    """The same without asking and without a record, for callers of this stage that have done both."""
    opened = originals(candidates)
    hidden = redactions(candidates)
    translated = {
        one.candidate_id: one.texts()
        for one in WorkingTranslation.objects.filter(candidate__in=candidates, translated_at__isnull=False)
    }
    asked: dict[tuple[int, int], list[Clarification]] = {}
    for each in Clarification.objects.filter(candidate__in=candidates):
        asked.setdefault((each.candidate_id, each.item_id), []).append(each)
    found = {}
    for candidate in candidates:
        text = opened[candidate.proposal_id]
        who = Who.of_text(text)
        answers = {}
        for item in items:
            written = text["answers"].get(str(item.identity), "")
            spans = [*certain(written, who), *hidden.get((candidate.proposal_id, item.pk), [])]
            translation = translated.get(candidate.pk, {}).get(str(item.identity), "")
            answers[item.pk] = Answer(
                item=item,
                pieces=pieces(written, spans),
                translation=[line for line in translation.split("\n\n") if line.strip()],
                clarifications=[
                    Clarified(each, _without_names(each.answer(), who))
                    for each in asked.get((candidate.pk, item.pk), [])
                ],
            )
        found[candidate.pk] = Anonymous(candidate, text["locale"], answers)
    return found


def _without_names(text: str, who: Who) -> list[Piece]:
    return pieces(text, certain(text, who))


def originals(candidates: Iterable[Candidate]) -> Mapping[int, ProposalText]:
    """The opened texts, by the key of the proposal."""
    keys = [one.proposal_id for one in candidates]
    opened = OpenedProposal.objects.filter(proposal__in=keys)
    return {one.proposal_id: one.text() for one in opened if not one.is_erased}


def redactions(candidates: Iterable[Candidate]) -> dict[tuple[int, int], list[Span]]:
    """What people hid, by proposal and criterion: the newest of each counts."""
    keys = [one.proposal_id for one in candidates]
    rows = Redaction.objects.filter(proposal__in=keys).order_by("proposal_id", "item_id", "-pk")
    newest: Any = rows.distinct("proposal_id", "item_id").values_list("proposal_id", "item_id", "spans")
    return {(proposal, item): [(start, end) for start, end in spans] for proposal, item, spans in newest}


def recognized(round: Round) -> dict[int, int]:
    """How many evaluators said of each application that it tells who sent it, since a person last looked at it."""
    counted: dict[int, int] = {}
    looked = {
        row["proposal"]: row["last"]
        for row in Redaction.objects.filter(proposal__in=round.candidates.values("proposal"))
        .values("proposal")
        .annotate(last=Max("made_at"))
    }
    for said in Recognition.objects.filter(candidate__round=round).select_related("candidate"):
        last = looked.get(said.candidate.proposal_id)
        if last is None or said.said_at > last:
            counted[said.candidate_id] = counted.get(said.candidate_id, 0) + 1
    return counted
