"""The daily digest of the list: what was posted since the last one, and what closes soon; nothing when nothing is new.

Owns: which opportunities a digest names, and that each person gets at most one a day. Like the letters at once it is
sent in batches of one transaction each, so that whoever is killed leaves nothing half done, and ``tick`` goes on.
Imports no view and no later stage.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from microacq_pages.formats import EASTERN, date_long
from microacq_pages.models import Skill
from submissions.notices.services import send_notice

from ..digest import digest_hour
from ..following import subscribers
from . import services
from .content import Posted, open_opportunities
from .models import Announcement, Rhythm, Subscription, SubscriptionQuerySet

BATCH = 100
#: An opportunity closes soon when its deadline is so many days ahead, or fewer.
SOON = timedelta(days=2)


@dataclass(frozen=True)
class News:
    """What one digest would say."""

    posted: Sequence[Posted]
    closing: Sequence[Posted]


def news(
    opportunities: Sequence[Posted],
    *,
    skills: frozenset[UUID],
    told: int,
    newest: int,
    day: date,
    last_day: date | None,
) -> News | None:
    """What is new to a person; None when nothing is. Pure.

    Something is new when it was announced since the last digest, or when since then it has come to close soon.

    Args:
        opportunities: Those that take applications now.
        skills: Translation keys of what the person wants to hear of; empty for everything.
        told: Key of the last announcement that the person was told of.
        newest: Key of the last announcement that this digest tells of.
        day: Of this digest.
        last_day: Of the last one, if any.
    """
    wanted = [each for each in opportunities if not skills or each.skills & skills]
    posted = [each for each in wanted if told < each.announcement <= newest]
    closing = [each for each in wanted if each not in posted and each.last_day <= day + SOON]
    begins_to_close = any(last_day is None or each.last_day > last_day + SOON for each in closing)
    return News(posted, closing) if posted or begins_to_close else None


def send_digests(now: datetime | None = None, *, seconds: float = 50) -> int:
    """Send today’s digest to everyone who has not been looked at today, until the time is up.

    Args:
        now: Another moment, for tests.
        seconds: How long to go on; the rest is sent by the next ``tick``.

    Returns:
        How many were sent. None is sent before the hour of the settings (Eastern time).
    """
    local = (now or timezone.now()).astimezone(EASTERN)
    if local.hour < digest_hour() or not _due(local.date()).exists():
        return 0
    stop_at = time.monotonic() + seconds
    newest = Announcement.objects.aggregate(newest=Max("pk"))["newest"] or 0
    opportunities = open_opportunities()
    alive = frozenset(Skill.objects.values_list("translation_key", flat=True))
    sent = 0
    while time.monotonic() < stop_at:
        written = _batch(local.date(), newest, opportunities, alive)
        if written is None:
            break
        sent += written
    return sent


def _due(day: date) -> SubscriptionQuerySet:
    return Subscription.objects.reachable().filter(rhythm=Rhythm.DAILY).exclude(last_day__gte=day)


@transaction.atomic
def _batch(day: date, newest: int, opportunities: Sequence[Posted], alive: frozenset[UUID]) -> int | None:
    """The next digests; None when nobody is left."""
    locked = _due(day).select_for_update(skip_locked=True, of=("self",)).select_related("subscriber")
    batch = list(locked.prefetch_related("skills").order_by("pk")[:BATCH])
    if not batch:
        return None
    sent = 0
    for subscription in batch:
        found = news(
            opportunities,
            skills=_wanted(subscription, alive),
            told=subscription.told,
            newest=newest,
            day=day,
            last_day=subscription.last_day,
        )
        if found is not None:
            _write(subscription, found, day, key=f"list_digest:{subscription.pk}:{day.isoformat()}")
            sent += 1
    looked_at = Subscription.objects.filter(pk__in=[subscription.pk for subscription in batch])
    looked_at.filter(told__lt=newest).update(told=newest)
    looked_at.update(last_day=day)
    return sent


def _wanted(subscription: Subscription, alive: frozenset[UUID]) -> frozenset[UUID]:
    return alive & {each.translation_key for each in subscription.skills.all()}


def send_what_waits(subscription: Subscription, *, upto: int) -> bool:
    """Send what the next digest would have told of new opportunities; returns whether there was any.

    Args:
        subscription: Whose, locked.
        upto: Key of the last announcement that counts.
    """
    today = timezone.now().astimezone(EASTERN).date()
    alive = frozenset(Skill.objects.values_list("translation_key", flat=True))
    found = news(
        open_opportunities(),
        skills=_wanted(subscription, alive),
        told=subscription.told,
        newest=upto,
        day=today,
        last_day=today,
    )
    if found is None or not found.posted:
        return False
    _write(subscription, found, today, key=f"list_digest:{subscription.pk}:upto:{upto}")
    return True


def _write(subscription: Subscription, found: News, day: date, *, key: str) -> None:
    person = subscription.subscriber
    send_notice(
        "list_digest",
        person.address,
        key=key,
        language=person.language or None,
        unsubscribe=services.stop_link(person),
        context=lambda language: {
            "day": date_long(day, language),
            "posted": "\n\n".join(each.entry(language) for each in found.posted),
            "closing": "\n\n".join(each.entry(language) for each in found.closing),
            "link": subscribers.own_link(person, language),
            "stop_link": services.stop_link(person, language),
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        },
    )
