"""Lines of the log, without what would let their reader into an application or speak for a subscriber.

A supplier's link carries the key that opens the proposal, a subscriber's link the right to stop. Django writes the
path of every refused request into the log, so links are blanked in each line, whoever wrote it.
"""

from __future__ import annotations

import logging
import re

#: The body of an age identity: 58 characters of bech32, in either case, wherever it stands. As a step of a path also
#: one that was copied with a letter too many or too few, which is refused and logged: what is missing can be guessed.
_TOKEN = re.compile(
    r"(?<![a-z0-9])[02-9ac-hj-np-z]{58}(?![a-z0-9])|(?<=1)[02-9ac-hj-np-z]{58}|(?<=/)[a-z0-9]{40,}",
    re.IGNORECASE,
)
#: 256 random bits in the alphabet of addresses, as a step of a path, copied well or not: links of those who follow by
#: mail. No other step of a path is so long and has a capital.
_LINK = re.compile(r"(?<=/)(?=[a-z0-9_-]*[A-Z])[A-Za-z0-9_-]{30,}")


class LineFormatter(logging.Formatter):
    """Formats as ever, tracebacks included, then blanks the secret of every link."""

    def format(self, record: logging.LogRecord) -> str:
        return _LINK.sub("•••", _TOKEN.sub("•••", super().format(record)))
