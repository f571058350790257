"""How a round moves on: handing in alone, agreeing to the whole, submitting, sending back.

Owns the states of a round until it is signed off. Each act is one transaction with its record. Imports no view.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from submissions.solicitations.enums import State
from submissions.solicitations.services import Actor, database_clock

from . import boards, carrying, judging, people, services, states
from .enums import RoundState
from .models import Assignment, Round


@transaction.atomic
def hand_in(assignment: Assignment, *, user: Actor) -> Assignment:
    """Hand one's verdicts in, all of them; they stay. The last to hand in moves the round.

    Raises:
        Refused: a verdict is missing, or it is not theirs to hand in. It is recorded.
    """
    held = services.own(assignment, user, "evaluation.handed_in")
    judging.require_judging(held, user)
    left = boards.read(held.round).missing_of(held)
    if left:
        services.refuse(
            held.round.solicitation,
            "evaluation.handed_in",
            user,
            [_("Verdicts with a reason that are still missing: %(count)d.") % {"count": len(left)}],
        )
    held.handed_in_at = database_clock()
    held.save(update_fields=["handed_in_at"])
    services.note(held.round, "evaluation.handed_in", user)
    advance(held.round, user)
    return held


@transaction.atomic
def agree(assignment: Assignment, *, user: Actor) -> Assignment:
    """Agree to everything as it is written now; the last to agree submits the evaluation.

    Raises:
        Refused: a difference has no agreed verdict yet, or the evaluators are not agreeing. It is recorded.
    """
    held = services.own(assignment, user, "evaluation.agreed")
    services.require_state(held, RoundState.AGREEING, "evaluation.agreed", user)
    left = boards.read(held.round).unsettled
    if left:
        services.refuse(
            held.round.solicitation,
            "evaluation.agreed",
            user,
            [_("Differences without an agreed verdict and its reason: %(count)d.") % {"count": len(left)}],
        )
    if held.agreed_at is None:
        held.agreed_at = database_clock()
        held.save(update_fields=["agreed_at"])
        services.note(held.round, "evaluation.agreed", user)
    advance(held.round, user)
    return held


@transaction.atomic
def send_back(round: Round, *, user: Actor, reason: str) -> Round:
    """Send a submitted evaluation back with a reason: to its one evaluator, or to the several, who agree anew.

    Raises:
        PermissionDenied: the user does not sign evaluations off.
        Refused: it was not submitted, the user evaluated or wrote it, or no reason is given. It is recorded.
    """
    held = services.locked_round(round)
    file = held.solicitation
    services.require(states.SIGN_OFF, file, "evaluation.sent_back", user)
    reasons = people.reasons_against_signing(file, held, user)
    if held.state != RoundState.SUBMITTED or file.state != State.OPENED:
        reasons.append(_("This evaluation does not wait for a sign-off."))
    reason = services.clean_reason(reason)
    if not reason:
        reasons.append(_("Write the reason: no decision without one."))
    if reasons:
        services.refuse(file, "evaluation.sent_back", user, reasons)
    several = len(boards.counting(held)) > 1
    held.state = RoundState.AGREEING if several else RoundState.WORKING
    held.sent_back_reason = reason
    held.save(update_fields=["state", "sent_back_reason"])
    again = {"agreed_at": None} if several else {"handed_in_at": None}
    Assignment.objects.filter(round=held, ended="").update(**again)
    services.note(held, "evaluation.sent_back", user, reason=reason)
    return held


def advance(round: Round, user: Actor) -> None:
    """Move a round on as soon as everyone who counts has done their part."""
    held = services.locked_round(round)
    board = boards.read(held)
    if not board.evaluators or any(one.handed_in_at is None for one in board.evaluators):
        return
    if held.state == RoundState.WORKING:
        held.state = RoundState.AGREEING if board.differences else RoundState.SUBMITTED
        held.save(update_fields=["state"])
        if board.differences:
            carrying.carry_agreed(held, board)
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
        services.note(held, "evaluation.submitted", user, digest=board.digest())
