"""Telling the list of an opportunity at once: one letter to each who wants it, however many, whatever dies meanwhile.

Owns: making an announcement, in the transaction of the posting, and sending its letters, in transactions of their own
of a hundred each. A batch writes its letters into the outbox and notes how far it has come in one transaction: a worker
killed in the middle leaves nothing half done, and whoever goes on, a worker or ``tick``, begins where the last batch
ended. Should the note be lost all the same, the key of each letter, of subscription and opportunity, lets the outbox
take it once. Delivery is the business of ``notices.delivery``. Imports no view and no later stage.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from microacq_pages.models import PublicStatus
from submissions.audit.services import record
from submissions.notices.services import send_notice

from ..following import subscribers
from ..tasks import queue, send_letters
from . import services
from .content import Posted, open_opportunities
from .models import Announcement, Rhythm, Subscription, SubscriptionQuerySet

BATCH = 100


def announce(status: PublicStatus) -> Announcement:
    """Note, in the transaction of its posting, that the list is to be told of an opportunity.

    One posting after another: the keys of announcements are in the order in which they are committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [services.ANNOUNCEMENTS])
    announcement, created = Announcement.objects.get_or_create(
        translation_key=status.translation_key, defaults={"number": status.number}
    )
    if created and _at_once().exists():
        queue(send_letters, announcement.pk)
    return announcement


def _at_once() -> SubscriptionQuerySet:
    return Subscription.objects.reachable().filter(rhythm=Rhythm.AT_ONCE)


def go_on(*, seconds: float = 50) -> int:
    """Go on with the announcements that are not finished; returns how many letters were written."""
    stop_at = time.monotonic() + seconds
    unfinished = Announcement.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True)
    return sum(tell(announcement, stop_at=stop_at) for announcement in list(unfinished))


def tell(announcement_pk: int, *, stop_at: float | None = None) -> int:
    """Write the letters of one announcement, batch by batch, unless another process is at it.

    Args:
        announcement_pk: Which.
        stop_at: Reading of the monotonic clock after which no other batch is begun.

    Returns:
        How many letters were written.
    """
    letters = 0
    while stop_at is None or time.monotonic() < stop_at:
        written = _batch(announcement_pk)
        if written is None:
            break
        letters += written
    return letters


@transaction.atomic
def _batch(announcement_pk: int) -> int | None:
    """The next letters; None when nothing is left to do, or another process does it."""
    unfinished = Announcement.objects.select_for_update(skip_locked=True).filter(finished_at=None)
    announcement = unfinished.filter(pk=announcement_pk).first()
    if announcement is None:
        return None
    # Cancelled or closed meanwhile: nobody is told to apply to it any more.
    posted = next(iter(open_opportunities([announcement.translation_key])), None)
    batch = list(_next(announcement, posted)) if posted is not None else []
    if posted is None or not batch:
        announcement.finished_at = Now()
        announcement.save(update_fields=["finished_at"])
        record(
            announcement,
            "list.told",
            data={"number": announcement.number, "count": announcement.letters},
        )
        return None
    for subscription in batch:
        _write(subscription, posted)
    announcement.reached = batch[-1].pk
    announcement.letters += len(batch)
    announcement.save(update_fields=["reached", "letters"])
    return len(batch)


def _next(announcement: Announcement, posted: Posted) -> SubscriptionQuerySet:
    """Whose letter is next. Their rows are locked: who changes the rhythm or leaves waits for this batch."""
    waiting = _at_once().wanting({str(key) for key in posted.skills})
    waiting = waiting.filter(told__lt=announcement.pk, pk__gt=announcement.reached)
    return waiting.select_for_update(of=("self",)).select_related("subscriber").order_by("pk")[:BATCH]


def _write(subscription: Subscription, posted: Posted) -> None:
    person = subscription.subscriber
    send_notice(
        "list_opportunity",
        person.address,
        key=f"list_opportunity:{posted.number}:{subscription.pk}",
        language=person.language or None,
        number=posted.number,
        unsubscribe=services.stop_link(person),
        context=lambda language: {
            **posted.values(language),
            "link": subscribers.own_link(person, language),
            "stop_link": services.stop_link(person, language),
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        },
    )
