"""Deadlines as an iCalendar file (RFC 5545), for one opportunity or many.

Pure: knows no model. The times are stored in UTC, so that no calendar has to know our time zone; the words name Eastern
time. Must not import Django's models.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Government of Canada//Micro-acquisition//EN"
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Deadline:
    """One moment in a calendar.

    Args:
        uid: The same for ever, whatever changes and in both languages.
        at: The moment (UTC).
        title: One line.
        words: What a reader needs to know, with the moment in Eastern time.
        url: Address of the opportunity.
        changed_at: When any of this last changed (UTC).
        version: Counted up with each change.
        cancelled: Whether it no longer takes place.
        categories: Words to sort it by.
    """

    uid: str
    at: datetime
    title: str
    words: str
    url: str
    changed_at: datetime
    version: int = 0
    cancelled: bool = False
    categories: tuple[str, ...] = ()


def calendar_of(deadlines: Iterable[Deadline], *, name: str, language: str, url: str = "") -> bytes:
    """The file.

    Args:
        deadlines: What stands in it.
        name: What calendars call it.
        language: Language of its words.
        url: Where it can be had again, for a calendar that subscribes.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name, parameters={"language": language})
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if url:
        calendar.add("source", url, parameters={"value": "URI"})
    for deadline in deadlines:
        calendar.add_component(_event(deadline, language))
    return bytes(calendar.to_ical())


def _event(deadline: Deadline, language: str) -> Event:
    event = Event()
    event.add("uid", deadline.uid)
    event.add("dtstamp", deadline.changed_at)
    event.add("last-modified", deadline.changed_at)
    event.add("sequence", deadline.version)
    event.add("dtstart", deadline.at)
    event.add("summary", deadline.title, parameters={"language": language})
    event.add("description", deadline.words, parameters={"language": language})
    event.add("url", deadline.url)
    event.add("status", "CANCELLED" if deadline.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if deadline.categories:
        event.add("categories", list(deadline.categories))
    return event
