"""Counts what passes, and says what is too many.

Owns the only call that reads and writes ``Passage``. It looks and counts at once, so that a busy minute pays for
one; where nothing was too many it adds a row a limit, else none. Knows no request and no stage.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db import connection
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from .limits import DAY, Limit
from .models import Passage

#: A function of the migration ``rush_standing``.
_LOOK_AND_COUNT = """
SELECT reached, seconds FROM submissions_passages_take(%s::bigint[], %s::bytea[], %s::integer[], %s::interval[])
"""


@dataclass(frozen=True)
class TooMany:
    """A limit that was reached.

    Attributes:
        limit: Which.
        seconds: After which it lets the next one pass.
    """

    limit: Limit
    seconds: int


def take(*passages: tuple[Limit, str]) -> TooMany | None:
    """Count something by each of these limits, unless one of them was reached: then nothing is counted.

    Belongs into the transaction in which it is stored, so that what was not stored does not count.

    Args:
        passages: Limits, each with the value it counts by. A limit whose value is empty is not asked, because nothing
            is known of it.

    Returns:
        The limit that was reached, with the longest wait; None when it may pass.
    """
    limits = {_digest(limit, value): limit for limit, value in passages if value}
    if not limits:
        return None
    exact = sorted(digest for digest, limit in limits.items() if limit.is_exact)
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOK_AND_COUNT,
            [
                [int.from_bytes(digest[:8], "big", signed=True) for digest in exact],
                list(limits),
                [limit.most for limit in limits.values()],
                [limit.within for limit in limits.values()],
            ],
        )
        reached = cursor.fetchall()
    if not reached:
        return None
    digest, seconds = max(reached, key=lambda row: row[1])
    return TooMany(limits[bytes(digest)], max(1, math.ceil(seconds)))


def forget() -> int:
    """Delete what no limit needs any more; returns how many passages went."""
    return Passage.objects.filter(passed_at__lte=Now() - DAY).delete()[0]


def _digest(limit: Limit, value: str) -> bytes:
    return salted_hmac(f"submissions.gate/{limit.name}", value, algorithm="sha256").digest()[:16]
