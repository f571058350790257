"""What every act of an evaluation shares: who may act, what is locked, refusing and recording.

The acts are in ``assigning`` (who evaluates), ``judging`` (verdicts) and ``handing_in`` (how a round moves on); signing
off and reopening are transitions of the file, and ``settling`` does what they mean here. A refusal is recorded so that
it stays. Records hold numbers and digests, never a word of an application or of a verdict’s reason. Imports no view.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from submissions.audit.services import record, record_refusal
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import Actor
from submissions.typed_text import has_unreadable, normalise

from . import people
from .enums import RoundState
from .models import REASON_LENGTH, Assignment, Round


class Refused(ValidationError):
    """An act cannot be carried out; the messages say why."""


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


def require_state(held: Assignment, state: RoundState, act: str, user: Actor) -> None:
    """Refuse what belongs to another state of the round.

    Raises:
        Refused: the round, or its file, is elsewhere. It is recorded.
    """
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


def note(round: Round, act: str, user: Actor | None, **data: Any) -> None:
    """Record an act of a round: numbers and digests, never a word of an application or of a verdict’s reason."""
    file = round.solicitation
    record(file, act, user=user, data={"number": file.number, "round": round.number, **data})
