"""Joining the mailing list, confirming it, changing the choices, leaving; the own link asked for again.

Owns: the rules of ``Subscription``. Nothing here tells whether an address is known: whoever asks, for whatever address,
gets the same answer, and the address gets exactly one message for it, below its limit for the day. Imports no view and
no later stage.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from microacq_pages.formats import EASTERN
from microacq_pages.models import Skill
from submissions.audit.services import record
from submissions.notices.services import send_notice

from ..following import limits, subscribers
from ..following.models import Subscriber
from ..following.services import CONFIRM_WITHIN
from ..following.services import stop as stop_following
from .models import Announcement, ChosenSkill, Rhythm, Subscription

#: The lock under which announcements are made; whoever fixes what a person was told of shares it.
ANNOUNCEMENTS = "submissions.notices.subscribing.announcements"


# --- asking and confirming -------------------------------------------------------------------------


@transaction.atomic
def ask(*, address: str, language: str, rhythm: str, skills: Iterable[UUID], network: str) -> None:
    """Send the owner of an address a link by which to confirm that they want to be on the list.

    An address that is on it already is told so instead, and nothing of its choices changes. Over the limit of an
    address nothing is sent; who asks cannot tell.

    Args:
        address: A valid address.
        language: Of correspondence, ``en``, ``fr`` or empty for both.
        rhythm: A value of ``Rhythm``.
        skills: Translation keys; none stands for every skill.
        network: Where the request came from; only a keyed digest is kept, for a day.

    Raises:
        limits.TooMany: over the limit of a network.
    """
    request = limits.count(address, network)
    if request is None:
        return
    subscriber = subscribers.find_or_keep(address, language)
    if Subscription.objects.confirmed().filter(subscriber=subscriber).exists():
        _send("list_already", subscriber, subscriber.language, request, link=subscribers.own_link(subscriber))
        return
    token = subscribers.new_token()
    subscription, _created = Subscription.objects.update_or_create(
        subscriber=subscriber,
        defaults={
            "rhythm": rhythm,
            "language": language,
            "confirm_digest": subscribers.digest_of_token(token),
            "asked_at": Now(),
        },
    )
    _choose_skills(subscription, skills)
    link = subscribers.address("follow:list-confirm", language, token)
    _send("list_confirm", subscriber, language, request, link=link, subscription=subscription)


def _send(
    kind: str,
    subscriber: Subscriber,
    language: str,
    request: str,
    *,
    link: str,
    subscription: Subscription | None = None,
) -> None:
    def values(each: str) -> dict[str, Any]:
        said = {"link": link, "contact_email": settings.MICROACQ_CONTACT_EMAIL}
        return said | (in_words(subscription, each) if subscription else {})

    send_notice(kind, subscriber.address, key=f"{kind}:{request}", language=language or None, context=values)


def in_words(subscription: Subscription, language: str) -> dict[str, str]:
    """The choices as a person reads them, in the language in force."""
    names = skill_names(language)
    chosen = [
        names[each.translation_key] for each in subscription.skills.all() if each.translation_key in names
    ]
    return {
        "skills": ", ".join(sorted(chosen, key=_as_in_a_dictionary)) or _("every skill"),
        "rhythm": str(Rhythm(subscription.rhythm).label),
        "language": language_in_words(subscription.language),
    }


def language_in_words(language: str) -> str:
    """What a language of correspondence is called in the language in force."""
    return str(get_language_info(language)["name_translated"]) if language else _("English and French")


def skill_names(language: str) -> dict[UUID, str]:
    """Every skill by its translation key, named in a language, in the order of the names."""
    rows = Skill.objects.filter(locale__language_code=language).values_list("translation_key", "name")
    return dict(sorted(rows, key=lambda row: _as_in_a_dictionary(row[1])))


def _as_in_a_dictionary(name: str) -> str:
    """Neither case nor accents move a word, whatever the collation of the database."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def to_confirm(token: str) -> Subscription | None:
    """What a link to confirm is about; None when it was never sent, ran out, or what it began was stopped."""
    digest = subscribers.digest_of_token(token)
    subscription = Subscription.objects.filter(confirm_digest=digest).select_related("subscriber").first()
    if subscription is None or subscription.confirmed_at is not None:
        return subscription
    fresh = Subscription.objects.filter(pk=subscription.pk, asked_at__gt=Now() - CONFIRM_WITHIN)
    return subscription if fresh.exists() else None


@transaction.atomic
def confirm(token: str) -> Subscription | None:
    """The owner of the address says yes. Saying it again changes nothing."""
    subscription = to_confirm(token)
    if subscription is None:
        return None
    subscription = (
        Subscription.objects.select_for_update(of=("self",))
        .select_related("subscriber")
        .get(pk=subscription.pk)
    )
    if subscription.confirmed_at is None:
        _begin(subscription)
        subscribers.set_language(subscription.subscriber, subscription.language)
        # The link came by mail: the address works.
        subscribers.write_again(subscription.subscriber)
    return subscription


def _begin(subscription: Subscription) -> None:
    """From now on: what is announced later is told, and what was announced before is not."""
    _announcements_stand_still()
    subscription.confirmed_at = Now()
    subscription.told = _newest()
    subscription.last_day = timezone.now().astimezone(EASTERN).date()
    subscription.save()
    record(subscription, "subscription.confirmed", data={"rhythm": subscription.rhythm})


def _announcements_stand_still() -> None:
    """Wait for postings that are about to be committed, and hold others up until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [ANNOUNCEMENTS])


def _newest() -> int:
    return Announcement.objects.aggregate(newest=Max("pk"))["newest"] or 0


# --- the person's own page ---------------------------------------------------------------------------


@transaction.atomic
def choose(subscriber: Subscriber, *, language: str, rhythm: str, skills: Iterable[UUID]) -> None:
    """Change every choice at once. The person came by their own link, so that nothing needs another confirmation.

    Args:
        subscriber: Who chooses.
        language: ``en``, ``fr`` or empty for both.
        rhythm: A value of ``Rhythm``, or empty to leave the list.
        skills: Translation keys; none stands for every skill.
    """
    from .daily import send_what_waits

    subscriber = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
    subscribers.set_language(subscriber, language)
    subscriber.language = language
    if subscribers.write_again(subscriber):
        record(subscriber, "subscriber.restored", data={"by": "subscriber"})
    if not rhythm:
        leave(subscriber)
        return
    subscription = Subscription.objects.select_for_update().filter(subscriber=subscriber).first()
    if subscription is None or subscription.confirmed_at is None:
        subscription = subscription or Subscription(subscriber=subscriber)
        subscription.confirm_digest = subscribers.digest_of_token(subscribers.new_token())
        subscription.rhythm, subscription.language = rhythm, language
        _begin(subscription)
    elif subscription.rhythm != rhythm:
        _announcements_stand_still()
        if rhythm == Rhythm.AT_ONCE:
            # Letters at once tell of what comes later: what the next digest would have said is said now.
            send_what_waits(subscription, upto=_newest())
            subscription.told = _newest()
        else:
            subscription.told = _told_at_once(subscription)
        subscription.rhythm = rhythm
        subscription.save()
    _choose_skills(subscription, skills)


def _told_at_once(subscription: Subscription) -> int:
    """The last announcement of which letters at once have told this person, with all before it."""
    unsent = Announcement.objects.filter(finished_at=None, reached__lt=subscription.pk)
    first = unsent.filter(pk__gt=subscription.told).aggregate(first=Min("pk"))["first"]
    return first - 1 if first else _newest()


def _choose_skills(subscription: Subscription, skills: Iterable[UUID]) -> None:
    wanted = set(skills)
    subscription.skills.exclude(translation_key__in=wanted).delete()
    known = set(subscription.skills.values_list("translation_key", flat=True))
    ChosenSkill.objects.bulk_create(
        ChosenSkill(subscription=subscription, translation_key=key) for key in wanted - known
    )


def leave(subscriber: Subscriber) -> bool:
    """Take somebody off the list, and delete the address if it waits for nothing else; returns whether it was on it."""
    subscription = Subscription.objects.select_for_update().filter(subscriber=subscriber).first()
    if subscription is not None:
        record(subscription, "subscription.stopped")
        subscription.delete()
    subscribers.let_go_if_nothing_is_left(subscriber)
    return subscription is not None


@transaction.atomic
def stop(token: str) -> bool:
    """Leave the list by the link of a letter; a link used twice is no error."""
    digest = subscribers.digest_of_token(token)
    subscriber = Subscriber.objects.select_for_update(no_key=True).filter(link_digest=digest).first()
    return subscriber is not None and leave(subscriber)


@transaction.atomic
def stop_everything(token: str) -> None:
    """No more messages of any kind; the address goes."""
    stop(token)
    stop_following(token)


def stop_link(subscriber: Subscriber, language: str = "") -> str:
    """Where one leaves the list: a button for people, one POST for mail programs (RFC 8058)."""
    return subscribers.address("follow:list-stop", language or subscriber.language, subscriber.token)


@transaction.atomic
def send_link(*, address: str, language: str, network: str) -> None:
    """Send the owner of an address their own link again, or word that nothing is sent to this address.

    Args:
        address: A valid address.
        language: In which an address that is not known is written to.
        network: Where the request came from.

    Raises:
        limits.TooMany: over the limit of a network.
    """
    request = limits.count(address, network)
    if request is None:
        return
    subscriber = subscribers.with_address(address)
    if subscriber is not None:
        _send("list_link", subscriber, subscriber.language, request, link=subscribers.own_link(subscriber))
        return
    send_notice(
        "list_no_link",
        address,
        key=f"list_no_link:{request}",
        language=language,
        context={
            "link": subscribers.address("follow:list", language),
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        },
    )


# --- forgetting ------------------------------------------------------------------------------------


def forget() -> None:
    """Delete what was never confirmed."""
    Subscription.objects.filter(confirmed_at=None, asked_at__lte=Now() - CONFIRM_WITHIN).delete()
