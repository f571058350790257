"""Lines of the log, without what would let their reader into an application or speak for a subscriber.

A supplier's link carries the key that opens the proposal, a subscriber's link the right to stop. Django writes the
path of every refused request into the log, so links are blanked in each line, whoever wrote it.
"""

from __future__ import annotations

import logging
import re

#: The body of an age identity: 58 characters of bech32, in either case, wherever it stands.
_TOKEN = re.compile(
    r"(?<![a-z0-9])[02-9ac-hj-np-z]{58}(?![a-z0-9])|(?<=1)[02-9ac-hj-np-z]{58}", re.IGNORECASE
)
#: 256 random bits in the alphabet of addresses, as a step of a path: links of those who follow by mail.
_LINK = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


class LineFormatter(logging.Formatter):
    """Formats as ever, tracebacks included, then blanks the secret of every link."""

    def format(self, record: logging.LogRecord) -> str:
        return _LINK.sub("•••", _TOKEN.sub("•••", super().format(record)))
