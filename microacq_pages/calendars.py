"""Dates as an iCalendar file, for the calendar of a reader: one opportunity's, or a whole list's.

Owns the form of the file (RFC 5545); what is in it is the caller's. Must not import ``submissions`` or a model.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from .formats import known_language

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)
_PRODUCT = {
    "en": "-//Government of Canada//Micro-acquisition//EN",
    "fr": "-//Gouvernement du Canada//Micro-acquisition//FR",
}


@dataclass(frozen=True)
class Event:
    """One entry.

    Attributes:
        uid: The same for ever, so that a newer file replaces the entry and does not add another.
        start: A day, or an instant (any zone; written in UTC, which every calendar shows in its own time).
        changed_at: When what it says last changed (UTC).
        sequence: Counts its changes.
        categories: Words to sort it by.
    """

    uid: str
    summary: str
    start: date | datetime
    url: str
    changed_at: datetime
    description: str = ""
    sequence: int = 0
    is_cancelled: bool = False
    categories: tuple[str, ...] = ()


def calendar_of(name: str, events: Iterable[Event], language: str, source: str = "") -> bytes:
    """The file.

    Args:
        name: What a calendar program calls the whole.
        events: Its entries.
        language: ``en`` or ``fr``, in which the texts are.
        source: Where it can be had again, for a calendar that subscribes.
    """
    language = known_language(language)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT[language])
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    if source:
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
        calendar.add("source", source, parameters={"value": "URI"})
    for event in events:
        calendar.add_component(_entry(event, language))
    content: bytes = calendar.to_ical()
    return content


def _entry(event: Event, language: str) -> CalendarEvent:
    spoken = {"language": f"{language}-CA"}
    entry = CalendarEvent()
    entry.add("uid", event.uid)
    entry.add("dtstamp", event.changed_at.astimezone(UTC))
    entry.add("last-modified", event.changed_at.astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("summary", event.summary, parameters=spoken)
    if event.description:
        entry.add("description", event.description, parameters=spoken)
    if isinstance(event.start, datetime):
        entry.add("dtstart", event.start.astimezone(UTC))
    else:
        entry.add("dtstart", event.start)
        entry.add("dtend", event.start + timedelta(days=1))
    entry.add("url", event.url)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    if event.categories:
        entry.add("categories", list(event.categories))
    return entry
