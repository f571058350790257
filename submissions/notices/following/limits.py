"""How often somebody may cause mail to an address that they typed: the gate counts, by network and by address.

Whatever sends mail to such an address asks here first. Imports no view and no later stage.
"""

from __future__ import annotations

from submissions.gate import counting, limits

from .subscribers import digest_of_address, new_token, one_at_a_time


class TooMany(Exception):
    """Too many requests came from this network; nothing was done. ``reached`` says when to try again."""

    def __init__(self, reached: counting.TooMany) -> None:
        self.reached = reached
        super().__init__(reached.limit.name)


def count(address: str, network: str) -> str | None:
    """Count one request; others for the same address wait for the end of this transaction.

    Args:
        address: Where mail would be sent.
        network: Where the request came from.

    Returns:
        A key for the one message that may be sent; None when the address has had its share for the day. Who asks is
        answered alike, since only they would learn whether others asked.

    Raises:
        TooMany: over the limit of a network.
    """
    reached = counting.take((limits.FOLLOWING_OF_NETWORK, network))
    if reached is not None:
        raise TooMany(reached)
    digest = digest_of_address(address)
    one_at_a_time(digest)
    over = counting.take((limits.FOLLOWING_OF_ADDRESS, digest))
    return new_token() if over is None else None
