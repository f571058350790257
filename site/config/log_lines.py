"""Lines of the log, without what would let their reader into an application.

A supplier's link carries the key that opens the proposal. Django writes the path of every refused request into
the log, so the link is blanked in each line, whoever wrote it.
"""

from __future__ import annotations

import logging
import re

#: The body of an age identity: 58 characters of bech32, in either case, wherever it stands.
_TOKEN = re.compile(
    r"(?<![a-z0-9])[02-9ac-hj-np-z]{58}(?![a-z0-9])|(?<=1)[02-9ac-hj-np-z]{58}", re.IGNORECASE
)


class LineFormatter(logging.Formatter):
    """Formats as ever, tracebacks included, then blanks the secret of every supplier's link."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("•••", super().format(record))
