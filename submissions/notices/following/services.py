"""Asking to follow an opportunity, confirming it, stopping.

Owns: the rules of ``Following``. Nothing here tells whether an address is known: whoever asks, for whatever address,
gets the same answer, and the address gets at most one message for it. Imports no view and no later stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from microacq_pages.models import Opportunity, PublicStatus
from submissions.audit.services import record
from submissions.notices.services import send_notice

from . import limits, subscribers
from .models import Following, Subscriber

#: How long a link to confirm works.
CONFIRM_WITHIN = timedelta(days=2)


# --- asking and confirming -------------------------------------------------------------------------


@transaction.atomic
def ask(*, status: PublicStatus, address: str, language: str, network: str) -> None:
    """Send the owner of an address a link by which to confirm that they want to follow an opportunity.

    An address that follows it already is told so instead. Over the limit of an address nothing is sent; who asks
    cannot tell.

    Args:
        status: The opportunity.
        address: A valid address.
        language: Of correspondence, ``en``, ``fr`` or empty for both.
        network: Where the request came from; only a keyed digest is kept, for a day.

    Raises:
        limits.TooMany: over the limit of a network.
    """
    request = limits.count(address, network)
    if request is None:
        return
    subscriber = subscribers.find_or_keep(address, language)
    following = Following.objects.filter(
        subscriber=subscriber, translation_key=status.translation_key
    ).first()
    if following is not None and following.confirmed_at is not None:
        link = subscribers.own_link(subscriber)
        _send("follow_already", subscriber, following, subscriber.language, link, request)
        return
    token = subscribers.new_token()
    following, _created = Following.objects.update_or_create(
        subscriber=subscriber,
        translation_key=status.translation_key,
        defaults={
            "number": status.number,
            "language": language,
            "confirm_digest": subscribers.digest_of_token(token),
            "asked_at": Now(),
        },
    )
    link = subscribers.address("follow:confirm", language, token)
    _send("follow_confirm", subscriber, following, language, link, request)


def _send(
    kind: str, subscriber: Subscriber, following: Following, language: str, link: str, request: str
) -> None:
    key = following.translation_key
    send_notice(
        kind,
        subscriber.address,
        key=f"{kind}:{request}",
        language=language or None,
        number=following.number,
        context=lambda each: {
            "number": following.number,
            "title": titles([key], each).get(key, ""),
            "link": link,
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        },
    )


def to_confirm(token: str) -> Following | None:
    """What a link to confirm is about; None when it was never sent, ran out, or what it began was stopped."""
    digest = subscribers.digest_of_token(token)
    following = Following.objects.filter(confirm_digest=digest).select_related("subscriber").first()
    if following is None or following.confirmed_at is not None:
        return following
    fresh = Following.objects.filter(pk=following.pk, asked_at__gt=Now() - CONFIRM_WITHIN)
    return following if fresh.exists() else None


@transaction.atomic
def confirm(token: str) -> Following | None:
    """The owner of the address says yes. Saying it again changes nothing."""
    following = to_confirm(token)
    if following is None:
        return None
    following = Following.objects.select_for_update().select_related("subscriber").get(pk=following.pk)
    if following.confirmed_at is None:
        following.confirmed_at = Now()
        following.save(update_fields=["confirmed_at"])
        subscribers.set_language(following.subscriber, following.language)
        # The link came by mail: the address works.
        subscribers.write_again(following.subscriber)
        record(following, "following.confirmed", data={"number": following.number})
    return following


# --- stopping --------------------------------------------------------------------------------------


@transaction.atomic
def stop(token: str, number: str | None = None) -> int:
    """Stop following one opportunity, or all; what is stopped is deleted, and the address with the last of it.

    Returns:
        How many were stopped; none is no error, because a link may be used twice.
    """
    digest = subscribers.digest_of_token(token)
    subscriber = Subscriber.objects.select_for_update(no_key=True).filter(link_digest=digest).first()
    if subscriber is None:
        return 0
    followings = subscriber.followings.all()
    stopped = list(followings if number is None else followings.filter(number=number))
    for following in stopped:
        record(following, "following.stopped", data={"number": following.number})
        following.delete()
    subscribers.let_go_if_nothing_is_left(subscriber)
    return len(stopped)


def stop_link(subscriber: Subscriber, number: str) -> str:
    """Where one opportunity is no longer followed: a button for people, one POST for mail programs (RFC 8058)."""
    return subscribers.address("follow:stop", subscriber.language, subscriber.token, number)


# --- telling and forgetting --------------------------------------------------------------------------


def followers_of(translation_key: UUID) -> Iterator[tuple[Following, Subscriber]]:
    """Everyone who confirmed that they follow an opportunity, and whom mail reaches."""
    followings = Following.objects.confirmed().filter(translation_key=translation_key)
    reached = followings.filter(subscriber__set_aside_at=None)
    for following in reached.select_related("subscriber").order_by("pk"):
        yield following, following.subscriber


def titles(keys: list[UUID], language: str) -> dict[UUID, str]:
    """Titles of opportunities in a language."""
    pages = Opportunity.objects.filter(translation_key__in=keys, locale__language_code=language)
    return dict(pages.values_list("translation_key", "title"))


def forget() -> None:
    """Delete what was never confirmed."""
    Following.objects.filter(confirmed_at=None, asked_at__lte=Now() - CONFIRM_WITHIN).delete()
