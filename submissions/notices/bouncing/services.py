"""Noticing that mail came back, setting addresses aside, having them written to again.

Owns: rows of ``Bounce``, and who counts as set aside. A report counts only when it names the Message-ID of a message
that was sent to a subscriber: nobody else knows it, so that nobody can have another person's address set aside. Records
status codes, never an address. Imports no view and no later stage.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from microacq_pages.formats import EASTERN
from submissions.audit.services import Actor, record

from ..delivery import recipient_refused
from ..enums import MessageState
from ..following import subscribers
from ..following.models import Subscriber
from ..models import OutgoingMessage
from . import reports
from .models import Bounce
from .rules import TEMPORARY_LIMIT, WITHIN, Verdict, verdict

#: How long an address that was set aside is kept for the case that its owner asks.
KEPT_ASIDE = timedelta(days=365)


def connect() -> None:
    """Listen to the mail server's refusals."""
    recipient_refused.connect(_note_refusal, dispatch_uid="submissions.notices.bouncing")


def _note_refusal(message: OutgoingMessage, status: str, **kwargs: Any) -> None:
    note(message, status)


@transaction.atomic
def take(raw: bytes) -> bool:
    """Take in a message that arrived where mail comes back to.

    Returns:
        Whether it is a report about a message of this site; whoever calls may then delete it.
    """
    returned = reports.read(raw)
    if returned is None or "\x00" in returned.message_id:
        return False
    message = OutgoingMessage.objects.filter(message_id=returned.message_id).first()
    if message is None:
        return False
    if message.state == MessageState.SENT and not message.last_error:
        # Staff find it in the list of outgoing mail, whoever it was meant for.
        OutgoingMessage.objects.filter(pk=message.pk).update(last_error=f"Returned: {returned.status}")
    note(message, returned.status)
    return True


@transaction.atomic
def note(message: OutgoingMessage, status: str) -> None:
    """Note that a message did not reach its recipient, and set the address aside if that is for good.

    Args:
        message: What was sent.
        status: What the mail server said, such as ``5.1.1`` or ``550``.
    """
    judged = verdict(status)
    if message.subscriber_id is None or judged is Verdict.NOTHING:
        return
    locked = Subscriber.objects.select_for_update(no_key=True).filter(pk=message.subscriber_id)
    subscriber = locked.first()
    if subscriber is None or not _is_about_now(message, subscriber):
        return
    permanent = judged is Verdict.PERMANENT
    bounce, created = Bounce.objects.get_or_create(
        message=message, defaults={"subscriber": subscriber, "status": status, "permanent": permanent}
    )
    if not created and permanent and not bounce.permanent:
        Bounce.objects.filter(pk=bounce.pk).update(permanent=True, status=status)
    if (permanent or _too_many(subscriber)) and subscribers.set_aside(subscriber, status):
        record(subscriber, "subscriber.set_aside", data={"status": status})


def _is_about_now(message: OutgoingMessage, subscriber: Subscriber) -> bool:
    """Whether what came back was sent after the owner last showed that the address works."""
    proof = subscriber.reached_at
    return proof is None or message.created_at > proof


def _too_many(subscriber: Subscriber) -> bool:
    return subscriber.bounces.filter(at__gt=Now() - WITHIN).count() >= TEMPORARY_LIMIT


# --- by staff ----------------------------------------------------------------------------------------


@transaction.atomic
def restore(address: str, *, user: Actor) -> bool:
    """Have an address written to again, which staff know from its owner; returns whether it had been set aside."""
    found = Subscriber.objects.filter(address_digest=subscribers.digest_of_address(address)).first()
    return found is not None and _restore(found, user)


@transaction.atomic
def restore_since(day: date, *, user: Actor) -> int:
    """Have every address written to again that was set aside since a day, after a fault of a mail server.

    Args:
        day: The first day, in Eastern time.
        user: Who does it.

    Returns:
        How many.
    """
    began = datetime.combine(day, datetime.min.time(), EASTERN)
    return sum(_restore(each, user) for each in Subscriber.objects.filter(set_aside_at__gte=began))


def _restore(subscriber: Subscriber, user: Actor) -> bool:
    if not subscribers.write_again(subscriber):
        return False
    record(subscriber, "subscriber.restored", user=user, data={"by": "staff"})
    return True


def forget() -> int:
    """Delete addresses that were set aside long ago, or wait for nothing; returns how many."""
    nothing = Q(followings=None, subscription=None)
    gone = Subscriber.objects.filter(nothing | Q(set_aside_at__lte=Now() - KEPT_ASIDE))
    return Subscriber.objects.filter(pk__in=gone.values("pk")).delete()[1].get(Subscriber._meta.label, 0)
