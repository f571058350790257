"""Subscribers of the mailing list, as tests need them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from submissions.notices import crypto
from submissions.notices.envelope import make_again
from submissions.notices.following import subscribers
from submissions.notices.models import OutgoingMessage
from submissions.notices.subscribing.models import ChosenSkill, Rhythm, Subscription


def subscribe(
    address: str = "camille@example.org",
    *,
    rhythm: str = Rhythm.AT_ONCE,
    language: str = "en",
    skills: Iterable[UUID] = (),
    last_day: date | None = None,
) -> Subscription:
    """Somebody who confirmed that they want to be on the list."""
    subscription = Subscription.objects.create(
        subscriber=subscribers.new_subscriber(address, language),
        rhythm=rhythm,
        language=language,
        confirm_digest=subscribers.digest_of_token(subscribers.new_token()),
        confirmed_at=timezone.now(),
        last_day=last_day,
    )
    ChosenSkill.objects.bulk_create(
        ChosenSkill(subscription=subscription, translation_key=key) for key in skills
    )
    return subscription


def mails(kind: str = "list_") -> list[Any]:
    """The messages of a kind that wait, oldest first."""
    rows = OutgoingMessage.objects.filter(kind__startswith=kind).order_by("pk")
    return [make_again(crypto.decrypt(row.payload)) for row in rows]


def link_in(mail: Any) -> str:
    """The path of the first link of a message."""
    found = re.search(r"https?://[^/]+(/\S+)", mail.body)
    assert found
    return found.group(1)
