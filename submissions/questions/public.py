"""What the page of an opportunity shows of its questions: what was published, and how to ask. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import closing
from .models import PublishedAnswer
from .pages import page_in

if TYPE_CHECKING:
    from microacq_pages.models import Opportunity


@dataclass
class Entry:
    """One question as the public reads it: the version that counts, and those before it, the newest first."""

    number: int
    current: PublishedAnswer
    earlier: list[PublishedAnswer] = field(default_factory=list)


def entries_of(number: str) -> list[Entry]:
    """Published questions of the file with a number, in the order in which they were asked, in one query."""
    versions: Iterable[PublishedAnswer] = (
        PublishedAnswer.objects.filter(record__solicitation__number=number)
        .select_related("record")
        .order_by("record__number", "-version")
    )
    entries: list[Entry] = []
    for version in versions:
        if entries and entries[-1].number == version.record.number:
            entries[-1].earlier.append(version)
        else:
            entries.append(Entry(version.record.number, version))
    return entries


def shown_for(page: Opportunity) -> dict[str, Any]:
    """The context of the list; before posting it only says that nothing can be asked yet."""
    status = page.public_status
    if status is None:
        return {"closes_at": None}
    now: datetime = status.asked_at  # type: ignore[attr-defined]  # annotated by with_clock
    is_open = closing.takes_questions(status, now)
    closes_at = closing.closes_at(status.deadline)
    form = page_in(page.locale_id) if is_open else None
    entries = entries_of(status.number)
    return {
        "number": status.number,
        "closes_at": closes_at,
        "is_open": is_open,
        "has_passed": now >= closes_at,
        "entries": entries,
        "skips_numbers": bool(entries) and entries[-1].number > len(entries),
        "ask_url": form.address_of("ask", status.number) if form is not None else "",
    }
