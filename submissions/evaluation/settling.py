"""What signing off and reopening mean for a round: the file's transitions carry them out, this follows in the same
transaction, so that file and round never differ. Imports no view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from submissions.solicitations import states as file_states
from submissions.solicitations.services import database_clock

from . import assigning, boards, letters, people, results, services, voiding
from .enums import RoundState

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation
    from submissions.solicitations.services import Actor
    from submissions.solicitations.states import Transition


def reasons_against_signing_off(file: Solicitation, user: Actor | None) -> list[str]:
    """The guard of the sign-off: everything is judged, and the signer neither evaluated nor wrote."""
    round = boards.current_round(file)
    if round is None or round.state != RoundState.SUBMITTED:
        return [_("The evaluation was not handed in whole.")]
    return people.reasons_against_signing(file, round, user)


def reasons_against_reopening(file: Solicitation, user: Actor | None) -> list[str]:
    """The guard of reopening: there is something to reopen, and no evaluator of it decides."""
    round = results.signed_round(file)
    if round is None:
        return [_("There is no evaluation to reopen.")]
    return people.reasons_against_signing(file, round, user)


def follow(file: Solicitation, transition: Transition, user: Actor | None) -> None:
    """Do what a transition of the file means for its evaluation."""
    if transition is file_states.SIGN_OFF:
        _sign(file, user)
    elif transition is file_states.REOPEN:
        _void(file, user)


def _sign(file: Solicitation, user: Actor | None) -> None:
    round = boards.current_round(file)
    # The guard has looked; the database refuses at commit a file that is evaluated without a signed round.
    if round is None or user is None:
        return
    held = services.locked_round(round)
    held.digest = boards.read(held).digest()
    held.signed_by_id, held.signed_at = user.pk, database_clock()
    held.state = RoundState.SIGNED
    held.save(update_fields=["state", "signed_by", "signed_at", "digest"])


def _void(file: Solicitation, user: Actor | None) -> None:
    """Void the signed round, tell later stages, and begin another with the same people and applications."""
    signed = results.signed_round(file)
    if signed is None:
        return
    held = services.locked_round(signed)
    held.state = RoundState.VOIDED
    held.void_reason, held.voided_at = file.state_reason, database_clock()
    held.save(update_fields=["state", "void_reason", "voided_at"])
    voiding.announce(file, held, user, file.state_reason)
    again = assigning.begin(file, after=held)
    for one in boards.counting(held):
        if not people.reasons_against_evaluating(file, one.evaluator):
            assigning.name(again, one.evaluator, user)
    letters.tell_of_reopening(file, held)
