"""People who follow opportunities by mail, in both languages."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from microacq_pages.models import PublicStatus
from submissions.notices.following import subscribers
from submissions.notices.following.models import Following, Subscriber

#: Address and language of correspondence.
FOLLOWERS = (("noor.follows@example.org", "en"), ("etienne.suit@example.org", "fr"))


@transaction.atomic
def load() -> Iterator[str]:
    """Let each follow the opportunities that are open, as if they had confirmed by the link in their mail."""
    for address, language in FOLLOWERS:
        if Subscriber.objects.filter(address_digest=subscribers.digest_of_address(address)).exists():
            continue
        subscriber = subscribers.new_subscriber(address, language)
        for status in PublicStatus.objects.open():
            Following.objects.create(
                subscriber=subscriber,
                translation_key=status.translation_key,
                number=status.number,
                language=language,
                confirm_digest=subscribers.digest_of_token(secrets.token_urlsafe(32)),
                confirmed_at=timezone.now(),
            )
        yield f"follower {address.partition('@')[0]} ({language})"
