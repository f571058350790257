"""What is done in an evaluation: naming evaluators, attesting, judging, agreeing, handing in, sending back.

The only thing that writes its rows. Each act is one transaction with its record; a refusal is recorded so that it
stays. Signing off and reopening are transitions of the file; ``settling`` does what they mean here. Records hold
numbers and digests, never a word of an application or of a verdict’s reason.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation as languages
from django.utils.translation import gettext as _

from microacq_pages.formats import known_language
from submissions.audit.services import record, record_refusal
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import Actor, database_clock
from submissions.typed_text import has_unreadable, normalise

from . import attesting, boards, people, rules, states
from .enums import Ended, RoundState
from .models import REASON_LENGTH, Assignment, Candidate, Consensus, Judgement, Round, Verdict

if TYPE_CHECKING:
    from submissions.solicitations.models import PostedItem

Kind = TypeVar("Kind", bound=Judgement)


class Refused(ValidationError):
    """An act cannot be carried out; the messages say why."""


class ChangedMeanwhile(Exception):
    """Another window saved something else; ``stored`` is what stands there now."""

    def __init__(self, stored: Judgement) -> None:
        super().__init__()
        self.stored = stored


def refuse(file: Solicitation, act: str, user: Actor | None, sentences: list[str]) -> NoReturn:
    """Record a refusal, and raise it.

    Raises:
        Refused: always.
    """
    _record_refusal(file, act, user, " ".join(sentences))
    raise Refused(sentences)


def refuse_privately(file: Solicitation, act: str, user: Actor | None, sentences: list[str]) -> NoReturn:
    """The same where the sentences hold words of a supplier, which no record may.

    Raises:
        Refused: always.
    """
    _record_refusal(file, act, user, _("What was typed cannot be carried out."))
    raise Refused(sentences)


def _record_refusal(file: Solicitation, act: str, user: Actor | None, reasons: str) -> None:
    record_refusal(
        file, "evaluation.refused", user=user, data={"number": file.number, "act": act, "reasons": reasons}
    )


def note_refusal(file: Solicitation, user: Actor, sentence: str) -> None:
    """Record that somebody asked in vain for a screen of an evaluation."""
    _record_refusal(file, "evaluation.read", user, sentence)


def require(permission: str, file: Solicitation, act: str, user: Actor) -> None:
    """Let nobody act but who may; an attempt is recorded.

    Raises:
        PermissionDenied: the user may not.
    """
    if not user.has_perm(permission):
        _record_refusal(file, act, user, _("You do not have the permission."))
        raise PermissionDenied


def locked_round(round: Round) -> Round:
    """The round as it stands, while nobody else can move it or its file.

    The file is locked first, as its transitions do, so that nobody waits for another who waits for them.
    """
    file = Round.objects.filter(pk=round.pk).values("solicitation")
    Solicitation.objects.select_for_update().get(pk__in=file)
    found: Round = (
        Round.objects.select_for_update(of=("self",)).select_related("solicitation").get(pk=round.pk)
    )
    return found


def locked_assignment(assignment: Assignment) -> Assignment:
    """An evaluator with their round, both as they stand while nobody else can move them."""
    locked_round(Round(pk=assignment.round_id))
    found: Assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("round__solicitation", "evaluator")
        .get(pk=assignment.pk)
    )
    return found


def clean_reason(text: str) -> str:
    """A reason as it is kept.

    Raises:
        Refused: it is too long, or has characters that nobody can read.
    """
    text = normalise(text.replace("\x00", ""))
    if has_unreadable(text):
        raise Refused(
            [_("This text has characters that cannot be read. Type it again, or paste it as plain text.")]
        )
    if len(text) > REASON_LENGTH:
        raise Refused(
            [
                _("The reason has %(length)d characters; the limit is %(limit)d.")
                % {"length": len(text), "limit": REASON_LENGTH}
            ]
        )
    return text


# --- who evaluates -----------------------------------------------------------------------------


@transaction.atomic
def assign(file: Solicitation, person: Any, *, user: Actor) -> Assignment:
    """Name an evaluator of an opened file, with an order of the applications of their own.

    Raises:
        PermissionDenied: the user does not name evaluators.
        Refused: the file is not being evaluated, or something stands against this person. Both are recorded.
    """
    require(states.ASSIGN, file, "evaluation.assigned", user)
    file = Solicitation.objects.select_for_update().get(pk=file.pk)
    round = boards.current_round(file)
    reasons = people.reasons_against_naming(file, round, person)
    if file.state != State.OPENED or (round is not None and round.state != RoundState.WORKING):
        reasons.insert(
            0, _("Evaluators are named once the applications are opened, and before all have handed in.")
        )
    if reasons:
        refuse(file, "evaluation.assigned", user, reasons)
    round = round or begin(file)
    assignment = name(round, person, user)
    record(
        file,
        "evaluation.assigned",
        user=user,
        data={"number": file.number, "round": round.number, "person": person.get_username()},
    )
    return assignment


def begin(file: Solicitation, after: Round | None = None) -> Round:
    """A round with every opened application, numbered by lot; after a void one, with its numbers."""
    round = Round.objects.create(
        solicitation=file,
        posting_id=after.posting_id if after else file.current_posting.pk,
        number=after.number + 1 if after else 1,
    )
    if after is not None:
        labels = {one.proposal_id: one.label for one in after.candidates.all()}
    else:
        keys = list(file.proposals.opened().values_list("pk", flat=True))
        labels = dict(zip(shuffled(keys), range(1, len(keys) + 1), strict=True))
    Candidate.objects.bulk_create(
        [Candidate(round=round, proposal_id=key, label=label) for key, label in labels.items()],
        batch_size=500,
    )
    return round


def name(round: Round, person: Any, user: Actor | None) -> Assignment:
    """Add an evaluator; the order is by lot and stays."""
    labels = list(round.candidates.values_list("label", flat=True))
    return Assignment.objects.create(
        round=round,
        evaluator=person,
        assigned_by_id=user.pk if user is not None else None,
        order=shuffled(labels),
    )


def shuffled(values: list[int]) -> list[int]:
    """The same values in an order that nobody can foresee."""
    return secrets.SystemRandom().sample(values, len(values))


@transaction.atomic
def attest(assignment: Assignment, *, user: Actor) -> Assignment:
    """Attest that one has no conflict of interest; the text is kept as it was shown.

    Whoever judged in the round that was reopened finds their own verdicts again.

    Raises:
        Refused: it is not the user's to attest, or no longer. It is recorded.
    """
    held = own(assignment, user, "evaluation.attested")
    if held.attested_at is not None:
        return held
    _require_state(held, RoundState.WORKING, "evaluation.attested", user)
    held.attested_at, held.attestation = database_clock(), attesting.text()
    held.save(update_fields=["attested_at", "attestation"])
    _carry_verdicts(held)
    _record(held.round, "evaluation.attested", user)
    return held


@transaction.atomic
def declare_conflict(assignment: Assignment, *, user: Actor, reason: str) -> Assignment:
    """Say that one has a conflict of interest: one evaluates no more in this round.

    Raises:
        Refused: it is not the user's to say, no longer possible, or no reason is given. It is recorded.
    """
    held = own(assignment, user, "evaluation.conflict")
    return _end(held, Ended.CONFLICT, user, reason, "evaluation.conflict")


@transaction.atomic
def release(assignment: Assignment, *, user: Actor, reason: str) -> Assignment:
    """Let a person evaluate no more in this round, such as one who is absent. What they wrote stays; it counts no more.

    Raises:
        PermissionDenied: the user does not name evaluators.
        Refused: it is too late, or no reason is given. It is recorded.
    """
    held = locked_assignment(assignment)
    require(states.ASSIGN, held.round.solicitation, "evaluation.released", user)
    return _end(held, Ended.RELEASED, user, reason, "evaluation.released")


def _end(held: Assignment, how: Ended, user: Actor, reason: str, act: str) -> Assignment:
    file, reason = held.round.solicitation, clean_reason(reason)
    if not reason:
        refuse(file, act, user, [_("Write the reason: no decision without one.")])
    if held.ended or held.round.state not in (RoundState.WORKING, RoundState.AGREEING):
        refuse(file, act, user, [_("This can no longer be done.")])
    held.ended, held.ended_at, held.ended_reason = how, database_clock(), reason
    held.save(update_fields=["ended", "ended_at", "ended_reason"])
    _record(held.round, act, user, person=held.evaluator.get_username())
    _advance(held.round, user)
    return held


# --- judging -----------------------------------------------------------------------------------


@transaction.atomic
def judge(
    assignment: Assignment,
    *,
    user: Actor,
    candidate: Candidate,
    item: PostedItem,
    choice: bool | None,
    reason: str,
    seen: int = 0,
    language: str = "",
) -> Verdict:
    """Keep what an evaluator chose and typed for one criterion of one application.

    Args:
        assignment: The evaluator's.
        user: Who types.
        candidate: The application.
        item: The criterion.
        choice: Passed or not; None while nothing is chosen.
        reason: What is typed so far.
        seen: The version that the window showed; 0 for none.
        language: Of the reason; the active one where it is not said.

    Raises:
        ChangedMeanwhile: another window saved something else.
        Refused: it is not theirs to judge, not attested, or handed in. It is recorded.
    """
    held = own(assignment, user, "evaluation.judged", lock=False)
    require_judging(held, user)
    return _keep(
        Verdict,
        {"assignment": held, "candidate": candidate, "item": item},
        {},
        (choice, clean_reason(reason), language),
        seen,
    )


def require_judging(held: Assignment, user: Actor) -> None:
    """Refuse verdicts before the attestation, and after handing in.

    Raises:
        Refused: this evaluator cannot judge now. It is recorded.
    """
    if held.attested_at is None:
        refuse(
            held.round.solicitation,
            "evaluation.judged",
            user,
            [_("Attest first that you have no conflict of interest.")],
        )
    _require_state(held, RoundState.WORKING, "evaluation.judged", user)
    if held.handed_in_at is not None:
        refuse(
            held.round.solicitation, "evaluation.judged", user, [_("You have handed in: your verdicts stay.")]
        )


@transaction.atomic
def agree_on(
    assignment: Assignment,
    *,
    user: Actor,
    candidate: Candidate,
    item: PostedItem,
    choice: bool | None,
    reason: str,
    seen: int = 0,
    language: str = "",
) -> Consensus:
    """Keep what the evaluators agree for one criterion of one application; who had agreed to the whole agrees anew.

    Raises:
        ChangedMeanwhile: somebody else saved something else.
        Refused: the evaluators are not agreeing now. It is recorded.
    """
    held = own(assignment, user, "evaluation.agreed", lock=False)
    require_agreeing(held, user)
    kept = _keep(
        Consensus,
        {"candidate": candidate, "item": item},
        {"written_by": held},
        (choice, clean_reason(reason), language),
        seen,
    )
    Assignment.objects.filter(round=held.round, agreed_at__isnull=False).update(agreed_at=None)
    return kept


def require_agreeing(held: Assignment, user: Actor) -> None:
    """Refuse agreed verdicts while somebody judges alone, and after the submission.

    Raises:
        Refused: the evaluators are not agreeing now. It is recorded.
    """
    _require_state(held, RoundState.AGREEING, "evaluation.agreed", user)


def _keep(
    model: type[Kind],
    key: dict[str, Any],
    beside: dict[str, Any],
    typed: tuple[bool | None, str, str],
    seen: int,
) -> Kind:
    choice, reason, language = typed
    language = language or known_language(languages.get_language())
    row: Any = model._default_manager.select_for_update().filter(**key).first()
    if row is None:
        values = {"choice": choice, "reason": reason, "language": language}
        # Two windows may be the first at once: then the second finds the row of the first.
        row, created = model._default_manager.get_or_create(**key, defaults={**values, **beside})
        if created:
            return _reread(row)
    if (row.choice, row.reason) == (choice, reason):
        return _reread(row)
    if row.version != seen:
        raise ChangedMeanwhile(row)
    row.choice, row.reason, row.language = choice, reason, language
    row.version += 1
    for field, value in beside.items():
        setattr(row, field, value)
    row.save(update_fields=["choice", "reason", "language", "version", *beside])
    return _reread(row)


def _reread(row: Any) -> Any:
    row.refresh_from_db()
    return row


# --- handing in --------------------------------------------------------------------------------


@transaction.atomic
def hand_in(assignment: Assignment, *, user: Actor) -> Assignment:
    """Hand one's verdicts in, all of them; they stay. The last to hand in moves the round.

    Raises:
        Refused: a verdict is missing, or it is not theirs to hand in. It is recorded.
    """
    held = own(assignment, user, "evaluation.handed_in")
    require_judging(held, user)
    left = boards.read(held.round).missing_of(held)
    if left:
        refuse(
            held.round.solicitation,
            "evaluation.handed_in",
            user,
            [_("Verdicts with a reason that are still missing: %(count)d.") % {"count": len(left)}],
        )
    held.handed_in_at = database_clock()
    held.save(update_fields=["handed_in_at"])
    _record(held.round, "evaluation.handed_in", user)
    _advance(held.round, user)
    return held


@transaction.atomic
def agree(assignment: Assignment, *, user: Actor) -> Assignment:
    """Agree to everything as it is written now; the last to agree submits the evaluation.

    Raises:
        Refused: a difference has no agreed verdict yet, or the evaluators are not agreeing. It is recorded.
    """
    held = own(assignment, user, "evaluation.agreed")
    _require_state(held, RoundState.AGREEING, "evaluation.agreed", user)
    left = boards.read(held.round).unsettled
    if left:
        refuse(
            held.round.solicitation,
            "evaluation.agreed",
            user,
            [_("Differences without an agreed verdict and its reason: %(count)d.") % {"count": len(left)}],
        )
    if held.agreed_at is None:
        held.agreed_at = database_clock()
        held.save(update_fields=["agreed_at"])
        _record(held.round, "evaluation.agreed", user)
    _advance(held.round, user)
    return held


@transaction.atomic
def send_back(round: Round, *, user: Actor, reason: str) -> Round:
    """Send a submitted evaluation back with a reason: to its one evaluator, or to the several, who agree anew.

    Raises:
        PermissionDenied: the user does not sign evaluations off.
        Refused: it was not submitted, the user evaluated or wrote it, or no reason is given. It is recorded.
    """
    held = locked_round(round)
    file = held.solicitation
    require(states.SIGN_OFF, file, "evaluation.sent_back", user)
    reasons = people.reasons_against_signing(file, held, user)
    if held.state != RoundState.SUBMITTED or file.state != State.OPENED:
        reasons.append(_("This evaluation does not wait for a sign-off."))
    reason = clean_reason(reason)
    if not reason:
        reasons.append(_("Write the reason: no decision without one."))
    if reasons:
        refuse(file, "evaluation.sent_back", user, reasons)
    several = len(boards.counting(held)) > 1
    held.state = RoundState.AGREEING if several else RoundState.WORKING
    held.sent_back_reason = reason
    held.save(update_fields=["state", "sent_back_reason"])
    again = {"agreed_at": None} if several else {"handed_in_at": None}
    Assignment.objects.filter(round=held, ended="").update(**again)
    _record(held, "evaluation.sent_back", user, reason=reason)
    return held


def _advance(round: Round, user: Actor) -> None:
    """Move a round on as soon as everyone who counts has done their part."""
    held = locked_round(round)
    board = boards.read(held)
    if not board.evaluators or any(one.handed_in_at is None for one in board.evaluators):
        return
    if held.state == RoundState.WORKING:
        held.state = RoundState.AGREEING if board.differences else RoundState.SUBMITTED
        held.save(update_fields=["state"])
        if board.differences:
            _carry_agreed(held, board)
    elif (
        held.state == RoundState.AGREEING
        and not board.unsettled
        and all(one.agreed_at is not None for one in board.evaluators)
    ):
        held.state = RoundState.SUBMITTED
        held.save(update_fields=["state"])
    else:
        return
    if held.state == RoundState.SUBMITTED:
        _record(held, "evaluation.submitted", user, digest=board.digest())


# --- from a round that was reopened ------------------------------------------------------------


def _before(round: Round) -> Round | None:
    found: Round | None = Round.objects.filter(
        solicitation_id=round.solicitation_id, number=round.number - 1
    ).first()
    return found


def _carry_verdicts(held: Assignment) -> None:
    """Let an evaluator find what they gave in the round before."""
    before = _before(held.round)
    if before is None:
        return
    ours = dict(held.round.candidates.values_list("proposal_id", "pk"))
    rows = Verdict.objects.filter(assignment__round=before, assignment__evaluator_id=held.evaluator_id)
    Verdict.objects.bulk_create(
        [
            Verdict(
                assignment=held,
                candidate_id=ours[row.candidate.proposal_id],
                item_id=row.item_id,
                choice=row.choice,
                reason=row.reason,
                language=row.language,
            )
            for row in rows.select_related("candidate")
        ],
        batch_size=500,
    )


def _carry_agreed(round: Round, board: boards.Board) -> None:
    """Let evaluators find what they agreed in the round before, where they differ as they did then."""
    before = _before(round)
    if before is None:
        return
    earlier = boards.read(before)
    proposals = {one.proposal_id: one.pk for one in earlier.candidates}
    then = {one.pk: proposals.get(one.proposal_id) for one in board.candidates}
    outcomes = [_by_person(each) for each in (board, earlier)]
    for candidate, item in board.differences:
        old = (then[candidate] or 0, item)
        if old in earlier.agreed and outcomes[0][candidate, item] == outcomes[1].get(old):
            given = earlier.agreed[old]
            Consensus.objects.create(
                candidate_id=candidate,
                item_id=item,
                written_by=board.evaluators[0],
                choice=given.passed,
                reason=given.reason,
                language=given.language,
            )


def _by_person(board: boards.Board) -> dict[rules.Cell, list[tuple[int, bool | None]]]:
    found: dict[rules.Cell, list[tuple[int, bool | None]]] = {}
    for one in sorted(board.evaluators, key=lambda one: one.evaluator_id):
        for cell, given in board.alone[one.pk].items():
            found.setdefault(cell, []).append((one.evaluator_id, given.passed))
    return found


# --- shared ------------------------------------------------------------------------------------


def own(assignment: Assignment, user: Actor, act: str, *, lock: bool = True) -> Assignment:
    """The user's own assignment, while they may evaluate.

    Raises:
        Refused: it is another's, it ended, or they may not evaluate this file any more. It is recorded.
    """
    held = (
        locked_assignment(assignment)
        if lock
        else Assignment.objects.select_related("round__solicitation", "evaluator").get(pk=assignment.pk)
    )
    file = held.round.solicitation
    reasons: list[str] = []
    if held.evaluator_id != user.pk or held.ended:
        reasons.append(_("You do not evaluate this file."))
    elif against := people.reasons_against_evaluating(file, user):
        reasons.extend(against)
    if reasons:
        refuse(file, act, user, reasons)
    return held


def _require_state(held: Assignment, state: RoundState, act: str, user: Actor) -> None:
    file = held.round.solicitation
    if held.round.state != state or file.state != State.OPENED:
        refuse(
            file,
            act,
            user,
            [
                _("The evaluation is “%(state)s”: this can no longer be done.")
                % {"state": held.round.get_state_display()}
            ],
        )


def _record(round: Round, act: str, user: Actor | None, **data: Any) -> None:
    file = round.solicitation
    record(file, act, user=user, data={"number": file.number, "round": round.number, **data})
