"""What is kept of a letter for the file: its words without the links that only its reader may have.

The message itself is blanked once it was delivered (DESIGN rule 3); what stands here lets nobody in. Imports no later
stage.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from .crypto import decrypt, encrypt

if TYPE_CHECKING:
    from .models import OutgoingMessage

#: Letters that decide something about an application or tell of a decision: they belong to the file.
OF_RECORD = frozenset(
    {
        "award_made",
        "clarification_asked",
        "contract_end_proposed",
        "contract_ended",
        "debrief_answered",
        "debrief_received",
        "evaluation_reopened",
        "invoice_returned",
        "offer_accepted",
        "offer_declined",
        "offer_lapsed",
        "offer_made",
        "offer_not_eligible",
        "offer_reminder",
        "offer_withdrawn",
        "payment_made",
        "result_not_drawn",
        "result_not_met",
        "result_set_aside",
        "work_accepted",
        "work_dispute_raised",
        "work_dispute_settled",
        "work_due",
        "work_extension",
        "work_not_accepted",
        "work_received",
    }
)
CUT = "[…]"
#: What a purge of personal data leaves.
ERASED = b"erased"
#: An address that holds a secret: tokens have 58 characters, and no other part of our addresses has 40.
_SECRET_ADDRESS = re.compile(r"https?://\S*[0-9A-Za-z_-]{40,}\S*")


class Letter(NamedTuple):
    """A letter without its personal links."""

    subject: str
    text: str


def kept_of(kind: str, subject: str, text: str) -> bytes:
    """What is kept of a message of a kind, encrypted; nothing where it is no letter of the file."""
    if kind not in OF_RECORD:
        return b""
    words = [without_secrets(subject), without_secrets(text)]
    return encrypt(json.dumps(words, ensure_ascii=False).encode())


def without_secrets(text: str) -> str:
    """The text with each address cut out that would let its reader in."""
    return _SECRET_ADDRESS.sub(CUT, text)


def read(row: OutgoingMessage) -> Letter | None:
    """The letter of a message; None where none was kept, or it was erased."""
    kept = bytes(row.letter)
    return Letter(*json.loads(decrypt(kept))) if kept and kept != ERASED else None
