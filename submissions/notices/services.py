"""Sending notices, and asking for another attempt.

Owns the two things that other stages and staff do with the outbox. Imports no later stage.
"""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models.functions import Now

from submissions.audit.services import Actor, record

from .enums import RETRYABLE, MessageState
from .kinds import KINDS
from .models import OutgoingMessage
from .tasks import deliver_message, queue
from .templates import Values, render_notice
from .wording import in_force


def send_notice(
    kind: str,
    recipient: str,
    *,
    context: Values,
    key: str,
    language: str | None = None,
    number: str = "",
    unsubscribe: str = "",
) -> None:
    """Queue a notice in the caller's transaction.

    Args:
        kind: a name of ``kinds.KINDS``.
        recipient: the address.
        context: what the texts are filled with.
        key: idempotency key; the same notice sent again with it is not queued twice. Must not name a person.
        language: ``en`` or ``fr``; both texts if it is not known.
        number: of the procurement file.
        unsubscribe: where one POST stops such messages to this recipient (RFC 8058); empty where nobody subscribed.
    """
    wording = in_force(kind)
    notice = render_notice(kind, language, context, wording.words if wording else None)
    one_click = (
        {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        if unsubscribe
        else {}
    )
    message = EmailMultiAlternatives(
        subject=notice.subject,
        body=notice.text,
        to=[recipient],
        headers={
            "Auto-Submitted": "auto-generated",
            **one_click,
            "X-Microacq-Kind": kind,
            "X-Microacq-Key": key,
            "X-Microacq-File": number,
            "X-Microacq-Language": language or "",
            "X-Microacq-Private": "1" if KINDS[kind].private else "0",
        },
    )
    if notice.html:
        message.attach_alternative(notice.html, "text/html")
    message.send()


class NotRetryableError(Exception):
    """The message is on its way or has arrived, so there is nothing to try again."""


@transaction.atomic
def retry(message_pk: int, *, user: Actor) -> OutgoingMessage:
    """Ask for another attempt at a message that failed or was given up; recorded with the person who asked.

    Raises:
        NotRetryableError: it is in another state.
    """
    message = OutgoingMessage.objects.select_for_update().get(pk=message_pk)
    if message.state not in RETRYABLE:
        raise NotRetryableError
    record(
        message,
        "message.retried",
        user=user,
        data={
            "attempts": message.attempts,
            "state": message.state,
            "kind": message.kind,
            "number": message.file_number,
        },
    )
    OutgoingMessage.objects.filter(pk=message.pk).update(
        state=MessageState.QUEUED, attempts=0, next_attempt_at=Now()
    )
    queue(deliver_message, message.pk)
    message.refresh_from_db()
    return message
