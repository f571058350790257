"""What suppliers ask after the result, and what staff answer: kept, recorded, and acknowledged by mail.

Owns both acts and who may read them. Knows no request of the web and no page.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from submissions.audit.services import record, record_refusal
from submissions.proposals import custody
from submissions.solicitations.models import Solicitation

from . import letters, outcome, states
from .enums import Topic
from .models import DebriefAnswer, DebriefRequest, lock_words

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.proposals.models import Proposal

#: That many of one application stay unanswered at a time; who has more to say waits for an answer.
MOST_UNANSWERED = 3
LONGEST = 4000


class NotTaken(ValidationError):
    """What was written was not taken; the messages say why."""


def may_write(proposal: Proposal) -> bool:
    """Whether its supplier can ask for a conversation or complain: it has a result, and is not the one awarded."""
    return outcome.result_of(proposal) in outcome.UNSUCCESSFUL


@transaction.atomic
def write(
    proposal: Proposal, topic: Topic | str, words: str, *, language: str, key: uuid.UUID
) -> DebriefRequest:
    """Keep what a supplier wrote; sending the same form again changes nothing.

    Raises:
        NotTaken: there is no result yet, nothing was written, or too much waits for an answer.
    """
    Solicitation.objects.select_for_update().get(pk=proposal.solicitation_id)
    before: DebriefRequest | None = DebriefRequest.objects.filter(key=key, proposal=proposal).first()
    if before is not None:
        return before
    if not may_write(proposal):
        raise NotTaken(_("This cannot be asked now."))
    if not words:
        raise NotTaken(_("Write what you want to say."))
    if DebriefRequest.objects.filter(proposal=proposal, answer=None).count() >= MOST_UNANSWERED:
        raise NotTaken(_("Earlier messages of yours wait for an answer. Wait for it before you write again."))
    if DebriefRequest.objects.filter(key=key).exists():
        key = uuid.uuid4()  # of the form of another application: what is written here is taken all the same
    request: DebriefRequest = DebriefRequest.objects.create(
        proposal=proposal, topic=topic, key=key, language=language, locked_words=lock_words(words)
    )
    request.refresh_from_db()
    record(
        proposal.solicitation,
        "debrief.complaint" if topic == Topic.COMPLAINT else "debrief.asked",
        data={
            "number": proposal.solicitation.number,
            "receipt": proposal.receipt_number,
            **request_on_record(request),
        },
    )
    letters.send_received(request)
    return request


def request_on_record(request: DebriefRequest) -> dict[str, str | int]:
    """What the record of what a supplier wrote says of it, for ``proving``."""
    return {
        "request": request.pk,
        "at": request.received_at.isoformat(),
        "locked": custody.digest(request.locked_words),
    }


def answer_on_record(given: DebriefAnswer) -> dict[str, str | int]:
    """What the record of an answer says of it, for ``proving``."""
    return {"request": given.request_id, "locked": custody.digest(given.locked_words)}


def require(request: DebriefRequest, user: User) -> None:
    """Refuse, and record, who may not read or answer.

    Raises:
        PermissionDenied: the user may not.
    """
    if not user.has_perm(states.ANSWER):
        file = request.proposal.solicitation
        record_refusal(
            file,
            "offer.refused",
            user=user,
            data={
                "number": file.number,
                "act": "debrief.answered",
                "reasons": _("You do not have the permission."),
            },
        )
        raise PermissionDenied


@transaction.atomic
def read(request: DebriefRequest, user: User) -> str:
    """What the supplier wrote, for staff; recorded.

    Raises:
        PermissionDenied: the user may not.
    """
    require(request, user)
    file = request.proposal.solicitation
    record(
        file,
        "debrief.read",
        user=user,
        data={
            "number": file.number,
            "receipt": request.proposal.receipt_number,
            "request": request.pk,
        },
    )
    return request.words


@transaction.atomic
def answer(request: DebriefRequest, user: User, words: str) -> DebriefAnswer:
    """Keep an answer and tell the supplier that there is one.

    Raises:
        PermissionDenied: the user may not.
        NotTaken: nothing was written, or somebody has answered.
    """
    require(request, user)
    locked = (
        DebriefRequest.objects.select_for_update(of=("self",))
        .select_related("proposal__solicitation")
        .defer("proposal__sealed")
        .get(pk=request.pk)
    )
    if not words:
        raise NotTaken(_("Write the answer."))
    if DebriefAnswer.objects.filter(request=locked).exists():
        raise NotTaken(_("Somebody has answered this meanwhile."))
    given: DebriefAnswer = DebriefAnswer.objects.create(
        request=locked, locked_words=lock_words(words), answered_by=user
    )
    file = locked.proposal.solicitation
    record(
        file,
        "debrief.answered",
        user=user,
        data={"number": file.number, "receipt": locked.proposal.receipt_number, **answer_on_record(given)},
    )
    letters.send_answered(locked)
    return given
