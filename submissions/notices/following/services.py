"""Asking to follow an opportunity, confirming it, changing it, stopping.

Owns: the rules. Nothing here tells whether an address is known: whoever asks, for whatever address, gets the same
answer, and the address gets at most one message for it. A link is a secret of 256 bits; only its digest is looked up.
Imports no view and no later stage.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from microacq_pages.furniture import absolute
from microacq_pages.models import Opportunity, PublicStatus
from submissions.audit.services import record
from submissions.notices import crypto
from submissions.notices.services import send_notice

from .models import Following, FollowRequest, Subscriber

#: How long a link to confirm works.
CONFIRM_WITHIN = timedelta(days=2)
#: Messages to one address in a day that anybody's asking can cause.
ADDRESS_LIMIT = 5
#: Requests from one network address in an hour: many, because a university or a department may share one.
NETWORK_LIMIT = 60
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class TooMany(Exception):
    """Too many requests came from this network in the last hour; nothing was done."""


def digest_of_address(address: str) -> str:
    """By which an address is found without being known. Case does not tell two addresses apart."""
    return _keyed("submissions.following.address", address.strip().casefold())


def digest_of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _keyed(salt: str, value: str) -> str:
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()


# --- asking and confirming -------------------------------------------------------------------------


@transaction.atomic
def ask(*, status: PublicStatus, address: str, language: str, network: str) -> None:
    """Send the owner of an address a link by which to confirm that they want to follow an opportunity.

    An address that follows it already is told so instead. Over the limit of an address nothing is sent; who asks
    cannot tell.

    Args:
        status: The opportunity.
        address: A valid address.
        language: Of correspondence, ``en`` or ``fr``.
        network: Where the request came from; only a keyed digest is kept, for a day.

    Raises:
        TooMany: over the limit of a network.
    """
    digest, network_digest = digest_of_address(address), _keyed("submissions.following.network", network)
    _one_at_a_time(digest)
    recent = FollowRequest.objects.filter(network_digest=network_digest, asked_at__gt=Now() - HOUR)
    if recent.count() >= NETWORK_LIMIT:
        raise TooMany
    asked = FollowRequest.objects.filter(address_digest=digest, asked_at__gt=Now() - DAY).count()
    request = FollowRequest.objects.create(address_digest=digest, network_digest=network_digest)
    if asked >= ADDRESS_LIMIT:
        return
    subscriber = Subscriber.objects.filter(address_digest=digest).first() or new_subscriber(address, language)
    following = Following.objects.filter(
        subscriber=subscriber, translation_key=status.translation_key
    ).first()
    if following is not None and following.confirmed_at is not None:
        _send("follow_already", subscriber, following, subscriber.language, own_link(subscriber), request.pk)
        return
    token = secrets.token_urlsafe(32)
    following, _created = Following.objects.update_or_create(
        subscriber=subscriber,
        translation_key=status.translation_key,
        defaults={
            "number": status.number,
            "language": language,
            "confirm_digest": digest_of_token(token),
            "asked_at": Now(),
        },
    )
    link = _address("follow:confirm", language, token)
    _send("follow_confirm", subscriber, following, language, link, request.pk)


def new_subscriber(address: str, language: str) -> Subscriber:
    """Keep an address with a link of its own; nothing is sent to it before something is confirmed."""
    token = secrets.token_urlsafe(32)
    contact = json.dumps({"address": address.strip(), "token": token}).encode()
    return Subscriber.objects.create(
        contact=crypto.encrypt(contact).decode("ascii"),
        address_digest=digest_of_address(address),
        link_digest=digest_of_token(token),
        language=language,
    )


def _send(
    kind: str, subscriber: Subscriber, following: Following, language: str, link: str, request: int
) -> None:
    send_notice(
        kind,
        subscriber.address,
        key=f"{kind}:{request}",
        language=language,
        number=following.number,
        context={
            "number": following.number,
            "title": titles([following.translation_key], language).get(following.translation_key, ""),
            "link": link,
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        },
    )


def _one_at_a_time(digest: str) -> None:
    """Make whoever else asks for this address wait for the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])


def to_confirm(token: str) -> Following | None:
    """What a link to confirm is about; None when it was never sent, ran out, or what it began was stopped."""
    following = (
        Following.objects.filter(confirm_digest=digest_of_token(token)).select_related("subscriber").first()
    )
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
        Subscriber.objects.filter(pk=following.subscriber_id).update(language=following.language)
        record(following, "following.confirmed", data={"number": following.number})
    return following


# --- the person's own link -------------------------------------------------------------------------


def subscriber_of(token: str) -> Subscriber | None:
    """Whose link this is; None once everything was stopped, and until something was confirmed."""
    confirmed = Following.objects.confirmed().filter(subscriber=OuterRef("pk"))
    return Subscriber.objects.filter(Exists(confirmed), link_digest=digest_of_token(token)).first()


def set_language(subscriber: Subscriber, language: str) -> None:
    """Write to this person in another language from now on."""
    Subscriber.objects.filter(pk=subscriber.pk).update(language=language)


@transaction.atomic
def stop(token: str, number: str | None = None) -> int:
    """Stop following one opportunity, or all; what is stopped is deleted, and the address with the last of it.

    Returns:
        How many were stopped; none is no error, because a link may be used twice.
    """
    subscriber = Subscriber.objects.select_for_update().filter(link_digest=digest_of_token(token)).first()
    if subscriber is None:
        return 0
    followings = subscriber.followings.all()
    stopped = list(followings if number is None else followings.filter(number=number))
    for following in stopped:
        record(following, "following.stopped", data={"number": following.number})
        following.delete()
    if not subscriber.followings.exists():
        subscriber.delete()
    return len(stopped)


def own_link(subscriber: Subscriber) -> str:
    """The page on which a person changes the language or stops, with its host."""
    return _address("follow:mine", subscriber.language, subscriber.token)


def stop_link(subscriber: Subscriber, number: str) -> str:
    """Where one opportunity is no longer followed: a button for people, one POST for mail programs (RFC 8058)."""
    return _address("follow:stop", subscriber.language, subscriber.token, number)


def _address(name: str, language: str, *args: str) -> str:
    with override(language):
        return absolute(reverse(name, args=args))


# --- telling and forgetting --------------------------------------------------------------------------


def followers_of(translation_key: UUID) -> Iterator[tuple[Following, Subscriber]]:
    """Everyone who confirmed that they follow an opportunity."""
    followings = Following.objects.confirmed().filter(translation_key=translation_key)
    for following in followings.select_related("subscriber").order_by("pk"):
        yield following, following.subscriber


def titles(keys: list[UUID], language: str) -> dict[UUID, str]:
    """Titles of opportunities in a language."""
    pages = Opportunity.objects.filter(translation_key__in=keys, locale__language_code=language)
    return dict(pages.values_list("translation_key", "title"))


@transaction.atomic
def forget() -> int:
    """Delete what was never confirmed, and what the limits no longer need; returns how many addresses went."""
    FollowRequest.objects.filter(asked_at__lte=Now() - DAY).delete()
    Following.objects.filter(confirmed_at=None, asked_at__lte=Now() - CONFIRM_WITHIN).delete()
    empty = Subscriber.objects.filter(~Exists(Following.objects.filter(subscriber=OuterRef("pk"))))
    return empty.delete()[1].get(Subscriber._meta.label, 0)
