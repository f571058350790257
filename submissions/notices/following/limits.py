"""How often somebody may cause mail to an address: counted by address and by network, forgotten after a day.

Owns: ``FollowRequest``. Whatever sends mail to an address that a visitor typed asks here first. Imports no view and no
later stage.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from .models import FollowRequest
from .subscribers import digest_of_address, keyed, one_at_a_time

#: Messages to one address in a day that anybody's asking can cause.
ADDRESS_LIMIT = 5
#: Requests from one network address in an hour: many, because a university or a department may share one.
NETWORK_LIMIT = 60
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class TooMany(Exception):
    """Too many requests came from this network in the last hour; nothing was done."""


def count(address: str, network: str) -> FollowRequest | None:
    """Count one request; others for the same address wait for the end of this transaction.

    Args:
        address: Where mail would be sent.
        network: Where the request came from; only keyed digests of both are kept, for a day.

    Returns:
        The request; None when the address has had its share of messages for the day, so that none may be sent.

    Raises:
        TooMany: over the limit of a network.
    """
    digest, network_digest = digest_of_address(address), keyed("submissions.following.network", network)
    one_at_a_time(digest)
    recent = FollowRequest.objects.filter(network_digest=network_digest, asked_at__gt=Now() - HOUR)
    if recent.count() >= NETWORK_LIMIT:
        raise TooMany
    asked = FollowRequest.objects.filter(address_digest=digest, asked_at__gt=Now() - DAY).count()
    request = FollowRequest.objects.create(address_digest=digest, network_digest=network_digest)
    return request if asked < ADDRESS_LIMIT else None


def forget() -> None:
    """Delete what the limits no longer need."""
    FollowRequest.objects.filter(asked_at__lte=Now() - DAY).delete()
