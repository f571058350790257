"""What must be true after a rush, told from what suppliers saw and from what the database has.

Owns the claims and the figures, as functions of plain data: no database, no clock, no load program.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

ACCEPTED, LATE = 303, 410


@dataclass(frozen=True)
class Seen:
    """One POST as its supplier saw it. Times are seconds since 1970, by the clock of this machine.

    Attributes:
        token: The link that the form carried.
        attempt: 0 for the first time that this form was sent.
        began: When it was sent.
        ended: When it was answered, or given up.
        status: Of the answer; 0 where there was none.
        place: Where the answer led.
    """

    token: str
    attempt: int
    began: float
    ended: float
    status: int
    place: str = ""


@dataclass(frozen=True)
class Kept:
    """One proposal as the database has it.

    Attributes:
        link_digest: Names the link it was sent with.
        state: ``sent`` for the one in the competition.
        arrived: When, by the clock of the database.
        email: What the sealed text says, opened with the link; None where it cannot be opened.
    """

    link_digest: str
    state: str
    arrived: float
    email: str | None


@dataclass
class Figures:
    """What a rush came to."""

    accepted: int
    refused_late: int
    errors: Counter[str]
    recovered: int
    never_answered: int
    unseen: int
    p50: float
    p95: float
    p99: float
    slowest: float
    rate: float
    broken: list[str] = field(default_factory=list)


def digest_of(token: str) -> str:
    """What the database keeps of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def judge(seen: Sequence[Seen], kept: Sequence[Kept], emails: dict[str, str], deadline: float) -> Figures:
    """Figures and broken promises of one rush.

    Args:
        seen: Every POST.
        kept: Every proposal of the file.
        emails: What each link’s form said.
        deadline: Seconds since 1970.
    """
    by_link: dict[str, list[Kept]] = {}
    for proposal in kept:
        by_link.setdefault(proposal.link_digest, []).append(proposal)
    last = {one.token: one for one in sorted(seen, key=lambda one: one.ended)}
    receipts = {one.token for one in seen if one.status == ACCEPTED}
    broken = [
        *_receipts_without_proposal(seen, by_link, emails),
        *(
            f"accepted {proposal.arrived - deadline:.6f} s after the deadline"
            for proposal in kept
            if proposal.arrived >= deadline
        ),
        *(
            f"refused as late {deadline - one.ended:.3f} s before the deadline"
            for one in seen
            if one.status == LATE and one.ended < deadline
        ),
        *(
            f"{sum(one.state == 'sent' for one in versions)} proposals stand for one form"
            for versions in by_link.values()
            if sum(one.state == "sent" for one in versions) > 1
        ),
        *(
            "a form that has a receipt was told that it was refused"
            for token in receipts
            if any(one.token == token and one.status == LATE for one in seen)
        ),
    ]
    answered = [one for one in seen if one.status in {ACCEPTED, LATE}]
    before = [one for one in answered if one.status == ACCEPTED]
    durations = sorted(one.ended - one.began for one in before)
    errors = Counter(
        f"HTTP {one.status}" if one.status else "no answer"
        for one in seen
        if one.status not in {ACCEPTED, LATE}
    )
    failed_first = {one.token for one in seen if one.status not in {ACCEPTED, LATE}}
    return Figures(
        accepted=len(receipts),
        refused_late=len({one.token for one in last.values() if one.status == LATE}),
        errors=errors,
        recovered=len(failed_first & receipts),
        never_answered=sum(one.status not in {ACCEPTED, LATE} for one in last.values()),
        unseen=len(set(by_link) - {digest_of(token) for token in receipts}),
        p50=percentile(durations, 50),
        p95=percentile(durations, 95),
        p99=percentile(durations, 99),
        slowest=durations[-1] if durations else math.nan,
        rate=rate_of(before),
        broken=broken,
    )


def _receipts_without_proposal(
    seen: Sequence[Seen], by_link: dict[str, list[Kept]], emails: dict[str, str]
) -> list[str]:
    broken = []
    for one in seen:
        if one.status != ACCEPTED:
            continue
        if one.token not in one.place:
            broken.append(f"an answer led to {one.place!r} instead of its receipt")
        versions = by_link.get(digest_of(one.token), [])
        if not versions:
            broken.append("a receipt was shown for which there is no proposal")
        elif versions[0].email != emails[one.token]:
            broken.append("a receipt was shown whose proposal is not what was sent")
    return broken


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest value that so many per cent do not exceed."""
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def silence(seen: Sequence[Seen], event: float, deadline: float) -> tuple[float, int]:
    """The longest time without a receipt from a moment on, and how many receipts came after it before the deadline.

    Args:
        seen: Every POST.
        event: When something happened to the site, in seconds since 1970.
        deadline: The same.
    """
    receipts = [one.ended for one in seen if one.status == ACCEPTED and event <= one.ended < deadline]
    moments = [event, *sorted(receipts), deadline]
    longest, end = max((later - before, later) for before, later in pairwise(moments))
    return longest, sum(moment >= end for moment in receipts)


def rate_of(accepted: Sequence[Seen]) -> float:
    """Accepted a second, from the first sent to the last answered."""
    if len(accepted) < 2:
        return 0.0
    spent = max(one.ended for one in accepted) - min(one.began for one in accepted)
    return len(accepted) / spent
