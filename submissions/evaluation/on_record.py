"""What the audit keeps of the texts beside the verdicts, so that one changed letter is found: ``proving`` compares it.

Owns the words of those records: identifiers and salted digests. A question and hidden passages are salted with what
only their own rows hold; an encrypted text is known by the digest of its ciphertext, which is salted by its nature.
Imports no view and no form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from submissions.audit.services import salted_digest
from submissions.proposals import custody

from .aids import AnsweredForSupplier, Clarification, Redaction, WorkingTranslation


def question(asked: Clarification) -> dict[str, str | int]:
    """What is recorded when a supplier is asked something."""
    said = [asked.candidate_id, asked.item_id, asked.asked_by_id, asked.question, _moment(asked.due_at)]
    return {"question": asked.pk, "digest": salted_digest(json.dumps(said), asked.link_digest)}


def answer(asked: Clarification) -> dict[str, str | int]:
    """What is recorded when a supplier has answered."""
    at = _moment(asked.answered_at) if asked.answered_at else ""
    return {"question": asked.pk, "locked": custody.digest(asked.locked_answer), "at": at}


def entered(kept: AnsweredForSupplier) -> dict[str, str | int]:
    """What is recorded when staff typed an answer in for a supplier."""
    return {
        "question": kept.clarification_id,
        "how": str(kept.entered_how),
        "taken": _moment(kept.taken_at),
    }


def translation(written: WorkingTranslation) -> dict[str, str | int]:
    """What is recorded of a working translation that was written."""
    return {
        "translation": written.pk,
        "language": written.language,
        "locked": custody.digest(written.locked_texts),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def hidden(rows: Iterable[Redaction]) -> dict[str, str | list[int]]:
    """What is recorded when passages of an application were hidden.

    Args:
        rows: Saved, at least one, all of one application.
    """
    kept = sorted(rows, key=lambda row: row.pk)
    said = [[row.item_id, row.spans, row.text_digest] for row in kept]
    return {
        "rows": [row.pk for row in kept],
        "digest": salted_digest(json.dumps(said), kept[0].proposal.link_digest),
    }
