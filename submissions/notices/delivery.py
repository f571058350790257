"""Delivery of what the outbox holds.

Owns the life of an ``OutgoingMessage`` after it is written: claim, attempt, outcome. A message is claimed
in a short transaction that skips rows others hold, sent outside any transaction, and its outcome written in
another. A worker that dies in between leaves a lease that runs out, and the next ``tick`` sends the same
message with the same Message-ID: none is lost, and only one in flight can arrive twice. Imports no later
stage.
"""

from __future__ import annotations

import logging
import re
import smtplib
import time
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.dispatch import Signal

from submissions.audit.masking import mask_addresses
from submissions.audit.services import record

from .crypto import UnreadableMessageError, decrypt
from .enums import MessageState
from .envelope import make_again
from .models import OutgoingMessage

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
ERROR_LENGTH = 1000
PERMANENT_SMTP_ERROR = 500
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")

#: The mail server takes no message for this recipient, now or after every attempt: ``message``, ``status``.
recipient_refused = Signal()


def deliver(message_pk: int) -> str:
    """Try to deliver one message if it is due; returns the state that it is left in, or ``"not due"``."""
    message = _claim(message_pk)
    if message is None:
        return "not due"
    try:
        _send(message)
    except Exception as error:
        return _note_failure(message, error)
    return _note_success(message)


def deliver_due(*, limit: int = 500, seconds: float = 50) -> dict[str, int]:
    """Deliver what is due, oldest first, until the time is up; returns how many ended in which state."""
    outcomes: dict[str, int] = {}
    stop_at = time.monotonic() + seconds
    due = OutgoingMessage.objects.due().order_by("next_attempt_at", "id").values_list("pk", flat=True)[:limit]
    for message_pk in list(due):
        if time.monotonic() >= stop_at:
            break
        outcome = deliver(message_pk)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: doubling, up to a limit."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


def lease() -> timedelta:
    """How long one attempt may take before another process may repeat it."""
    return timedelta(seconds=getattr(settings, "MICROACQ_MAIL_LEASE", 300))


def most_attempts() -> int:
    """After how many failed attempts a message waits for a person."""
    return getattr(settings, "MICROACQ_MAIL_ATTEMPTS", 12)


@transaction.atomic
def _claim(message_pk: int) -> OutgoingMessage | None:
    """Take a message for this process alone, until its lease runs out."""
    message = OutgoingMessage.objects.due().select_for_update(skip_locked=True).filter(pk=message_pk).first()
    if message is None:
        return None
    OutgoingMessage.objects.filter(pk=message.pk).update(
        state=MessageState.SENDING, lease_until=Now() + lease(), attempts=message.attempts + 1
    )
    message.refresh_from_db(fields=["state", "lease_until", "attempts"])
    return message


def _send(message: OutgoingMessage) -> None:
    outgoing = make_again(
        decrypt(message.payload), connection=get_connection(settings.MICROACQ_DELIVERY_BACKEND)
    )
    if returns := settings.MICROACQ_BOUNCE_ADDRESS:
        # The address of the envelope, to which mail comes back; readers see and answer the other one.
        outgoing.extra_headers.setdefault("From", outgoing.from_email)
        outgoing.from_email = returns
    if not outgoing.send():
        raise OSError("The delivering backend did not take the message.")


@transaction.atomic
def _note_success(message: OutgoingMessage) -> str:
    # Also when the lease ran out meanwhile: the message did arrive, so nobody need send it again.
    changes = {
        "state": MessageState.SENT,
        "sent_at": Now(),
        "lease_until": None,
        "last_error": "",
    }
    if message.private:
        changes["payload"] = b""
    OutgoingMessage.objects.filter(pk=message.pk).exclude(state=MessageState.SENT).update(**changes)
    return MessageState.SENT.value


@transaction.atomic
def _note_failure(message: OutgoingMessage, error: Exception) -> str:
    attempts = message.attempts
    given_up = attempts >= most_attempts() or _is_permanent(error)
    state = MessageState.ABANDONED if given_up else MessageState.FAILED
    reason = mask_addresses(f"{type(error).__name__}: {error}")[:ERROR_LENGTH]
    still_mine = Q(pk=message.pk, state=MessageState.SENDING, lease_until=message.lease_until)
    updated = OutgoingMessage.objects.filter(still_mine).update(
        state=state, lease_until=None, last_error=reason, next_attempt_at=Now() + pause_after(attempts)
    )
    if not updated:
        return "taken over"
    logger.warning("Message %s was not delivered (attempt %s): %s", message.pk, attempts, reason)
    if given_up:
        record(
            message,
            "message.abandoned",
            data={"attempts": attempts, "kind": message.kind, "number": message.file_number},
        )
        if status := _status(error):
            recipient_refused.send(OutgoingMessage, message=message, status=status)
    return state.value


def _is_permanent(error: Exception) -> bool:
    """Whether another attempt cannot help: the mail server refuses it for good, or no key opens the message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT_SMTP_ERROR for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= PERMANENT_SMTP_ERROR
    return isinstance(error, UnreadableMessageError)


def _status(error: Exception) -> str:
    """Why the mail server refused the recipient, or the message to them once it had it all; empty for other failures.

    Many servers look whether a mailbox exists only then (RFC 5321, section 4.2.5). Without a code of its own (RFC 3463)
    such a refusal speaks of the message rather than of the mailbox.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _enhanced(code, said) or str(code)
    if isinstance(error, smtplib.SMTPDataError):
        permanent = error.smtp_code >= PERMANENT_SMTP_ERROR
        return _enhanced(error.smtp_code, error.smtp_error) or ("554" if permanent else str(error.smtp_code))
    return ""


def _enhanced(code: int, said: bytes | str) -> str:
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)
    found = STATUS.match(text)
    return found.group() if found and found.group()[0] == str(code)[0] else ""
