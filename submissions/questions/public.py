"""What the page of an opportunity shows of its questions: what was published, and how to ask. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from submissions.solicitations.models import Solicitation

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


def entries_of(file: Solicitation) -> list[Entry]:
    """Published questions of a file in the order in which they were asked, in one query."""
    versions: Iterable[PublishedAnswer] = (
        PublishedAnswer.objects.filter(record__solicitation=file)
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
    file = Solicitation.objects.with_clock().filter(translation_key=page.translation_key).first()
    if file is None:
        return {"closes_at": None}
    is_open = closing.takes_questions(file, file.clock)
    form = page_in(page.locale_id) if is_open else None
    return {
        "number": file.number,
        "closes_at": closing.closes_at(file.deadline),
        "is_open": is_open,
        "entries": entries_of(file),
        "ask_url": form.address_of("ask", file.number) if form is not None else "",
    }
