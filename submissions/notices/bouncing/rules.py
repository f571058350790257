"""What a mail server's word about a recipient means. Pure.

Sources: RFC 3463 (status codes), RFC 5321 section 4.2 (reply codes). A code that blames the message, its content or a
policy says nothing about the address, and a full mailbox may be emptied: such an address is set aside only when it
happens again and again.
"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum

#: So many messages that came back for a passing reason, within so long, set an address aside.
TEMPORARY_LIMIT = 5
WITHIN = timedelta(days=30)

_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\Z")
#: Reply codes that speak of the mailbox: unavailable, not local, name not allowed.
_NO_MAILBOX = frozenset({"550", "551", "553"})


class Verdict(Enum):
    """What is to be done about an address."""

    NOTHING = "nothing"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


def verdict(status: str) -> Verdict:
    """Judge a status.

    Args:
        status: Enhanced, such as ``5.1.1``, or a reply code, such as ``550``.
    """
    enhanced = _ENHANCED.match(status)
    if enhanced is None:
        if not re.fullmatch(r"[45]\d\d", status, re.ASCII):
            return Verdict.NOTHING
        return Verdict.PERMANENT if status in _NO_MAILBOX else Verdict.TEMPORARY
    kind, subject, detail = (int(part) for part in enhanced.groups())
    if kind == 2:
        return Verdict.NOTHING
    if kind == 4:
        return Verdict.TEMPORARY
    # Addressing; nothing said in particular; mailbox disabled.
    return Verdict.PERMANENT if subject in (0, 1) or (subject, detail) == (2, 1) else Verdict.TEMPORARY
