"""The people who asked to be written to: finding one without knowing the address, their own link, letting go.

Owns: rows of ``Subscriber``. What somebody subscribed to is known here by the names of the relations alone
(``followings``, ``subscription``). Sends nothing. Imports no view and no later stage.
"""

from __future__ import annotations

import hashlib
import json
import secrets

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from microacq_pages.furniture import absolute
from submissions.notices import crypto

from .models import Subscriber

#: Anything that its owner said yes to.
WANTED = Q(followings__confirmed_at__isnull=False) | Q(subscription__confirmed_at__isnull=False)


def digest_of_address(address: str) -> str:
    """By which an address is found without being known. Case does not tell two addresses apart."""
    return keyed("submissions.following.address", address.strip().casefold())


def digest_of_token(token: str) -> str:
    """By which a link is found; its secret is stored nowhere in clear."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed(salt: str, value: str) -> str:
    """A digest that nobody without the server's key can make."""
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()


def new_token() -> str:
    """A secret of 256 bits for a link."""
    return secrets.token_urlsafe(32)


def one_at_a_time(digest: str) -> None:
    """Make whoever else asks for this address wait for the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])


def find_or_keep(address: str, language: str) -> Subscriber:
    """The subscriber of an address, kept from now on if it was not known."""
    known = Subscriber.objects.filter(address_digest=digest_of_address(address)).first()
    return known or new_subscriber(address, language)


def new_subscriber(address: str, language: str) -> Subscriber:
    """Keep an address with a link of its own; nothing is sent to it before something is confirmed.

    Args:
        address: A valid address.
        language: Of correspondence, ``en``, ``fr`` or empty for both.
    """
    token = new_token()
    contact = json.dumps({"address": address.strip(), "token": token}).encode()
    return Subscriber.objects.create(
        contact=crypto.encrypt(contact).decode("ascii"),
        address_digest=digest_of_address(address),
        link_digest=digest_of_token(token),
        language=language,
    )


def subscriber_of(token: str) -> Subscriber | None:
    """Whose link this is; None once everything was stopped, and until something was confirmed."""
    return Subscriber.objects.filter(WANTED, link_digest=digest_of_token(token)).distinct().first()


def with_address(address: str) -> Subscriber | None:
    """Who subscribed to something with this address and confirmed it."""
    return Subscriber.objects.filter(WANTED, address_digest=digest_of_address(address)).distinct().first()


def let_go_if_nothing_is_left(subscriber: Subscriber) -> bool:
    """Delete an address that no longer waits for anything; returns whether it went."""
    idle = Subscriber.objects.filter(pk=subscriber.pk, followings=None, subscription=None)
    return bool(idle.delete()[0])


def set_language(subscriber: Subscriber, language: str) -> None:
    """Write to this person in another language from now on; empty for both."""
    Subscriber.objects.filter(pk=subscriber.pk).update(language=language)


def write_again(subscriber: Subscriber) -> bool:
    """Messages reach this address again: forget that some came back. Returns whether it had been set aside."""
    subscriber.bounces.all().delete()
    this = Subscriber.objects.filter(pk=subscriber.pk)
    was_aside = bool(this.filter(set_aside_at__isnull=False).update(set_aside_at=None, set_aside_status=""))
    this.update(reached_at=Now())
    return was_aside


def set_aside(subscriber: Subscriber, status: str) -> bool:
    """Write no more to this address; returns whether it was written to until now.

    Args:
        subscriber: Whose address it is.
        status: What the mail server said, such as ``5.1.1``.
    """
    written_to = Subscriber.objects.filter(pk=subscriber.pk, set_aside_at=None)
    return bool(written_to.update(set_aside_at=Now(), set_aside_status=status))


def own_link(subscriber: Subscriber, language: str = "") -> str:
    """The page on which a person changes every choice, with its host."""
    return address("follow:mine", language or subscriber.language, subscriber.token)


def address(name: str, language: str, *args: str) -> str:
    """The full address of a page in a language; in English where both are wanted, since each leads to the other."""
    with override(language or "en"):
        return absolute(reverse(name, args=args))
