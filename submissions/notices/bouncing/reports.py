"""Reading a delivery status notification (RFC 3464): which message came back, and why. Pure.

Whoever can write to the mailbox can send anything: what is not such a report, or names no message, is None, and nothing
else of it is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser, Parser
from email.policy import compat32

#: Longer ones are read so far: the report stands before the returned text.
LONGEST = 1_000_000
_RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
#: An enhanced code or a reply code; what a server writes after it is for people, and is left out.
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3}|[245]\d\d)(?![\d.])", re.ASCII)


@dataclass(frozen=True)
class Returned:
    """A message that came back.

    Attributes:
        message_id: Of the message that was sent, with its angle brackets.
        status: Why, such as ``5.1.1``; empty where the report does not say.
    """

    message_id: str
    status: str


def read(raw: bytes) -> Returned | None:
    """Read a message that arrived; None when it is no report of a failed delivery of a message that it names."""
    try:
        return _read(raw[:LONGEST])
    except RecursionError:  # parts within parts, a thousand deep: no mail server writes that
        return None


def _read(raw: bytes) -> Returned | None:
    # The modern policy raises at some headers that are broken; this one keeps them as they are.
    report = BytesParser(policy=compat32).parsebytes(raw)
    if report.get_content_type() != "multipart/report" or not report.is_multipart():
        return None
    parts = [part for part in report.get_payload() if isinstance(part, Message)]
    statuses = [status for part in parts for status in _failures(part)]
    identities = [identity for part in parts if (identity := _identity(part))]
    if not statuses or not identities:
        return None
    return Returned(identities[0], max(statuses))


def _failures(part: Message) -> list[str]:
    """The status of each recipient whom the message will never reach."""
    if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
        return []
    groups = [group for group in part.get_payload() if isinstance(group, Message)]
    failed = [group for group in groups if str(group.get("Action", "")).strip().lower() == "failed"]
    found = [_STATUS.match(str(group.get("Status", ""))) for group in failed]
    return [status.group(1) if status else "" for status in found]


def _identity(part: Message) -> str:
    if part.get_content_type() not in _RETURNED:
        return ""
    payload = part.get_payload()
    if isinstance(payload, list):
        returned = payload[0] if payload else None
    else:
        decoded = part.get_payload(decode=True)
        text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""
        returned = Parser(policy=compat32).parsestr(text, headersonly=True)
    return str(returned.get("Message-ID", "")).strip() if isinstance(returned, Message) else ""
