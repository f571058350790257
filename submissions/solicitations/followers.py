"""Those who follow a file by mail, as recipients. They are kept by ``notices``, which knows no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from submissions.notices.following import services

from .recipients import Recipient

if TYPE_CHECKING:
    from .models import Solicitation


def followers(solicitation: Solicitation) -> list[Recipient]:
    """Everyone who confirmed that they follow this file, each with the link by which they stop."""
    return [
        Recipient(
            address=subscriber.address,
            language=subscriber.language,
            key=f"follower-{following.pk}",
            link=services.stop_link(subscriber, solicitation.number),
            role="follower",
        )
        for following, subscriber in services.followers_of(solicitation.translation_key)
    ]
