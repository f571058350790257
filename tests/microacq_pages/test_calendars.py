"""Calendar files: read back by the library that calendars are made of, whatever a title holds."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from microacq_pages.calendars import Event, calendar_of
from microacq_pages.formats import EASTERN

CHANGED = datetime(2026, 6, 23, 13, tzinfo=UTC)
DEADLINE = datetime(2026, 7, 12, 23, 59, tzinfo=EASTERN)
texts = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200)


def event(**changes: object) -> Event:
    fields = {
        "uid": "MA-2026-0001-deadline-en@example.org",
        "summary": "Deadline",
        "start": DEADLINE,
        "url": "https://example.org/en/",
        "changed_at": CHANGED,
    }
    return Event(**{**fields, **changes})


def read(*events: Event, language: str = "en") -> list:
    calendar = Calendar.from_ical(calendar_of("Dates", events, language))
    assert not calendar.errors
    return calendar.walk("VEVENT")


def test_an_instant_is_written_so_that_each_reader_sees_their_own_time() -> None:
    (entry,) = read(event())
    assert entry.decoded("dtstart") == DEADLINE
    assert b"DTSTART:20260713T035900Z\r\n" in calendar_of("Dates", [event()], "en")


def test_a_day_is_a_whole_day() -> None:
    (entry,) = read(event(start=date(2026, 7, 15)))
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (date(2026, 7, 15), date(2026, 7, 16))


def test_what_does_not_take_place_is_cancelled_in_the_calendar_too() -> None:
    (entry,) = read(event(is_cancelled=True, sequence=3))
    assert (entry["status"], entry["sequence"]) == ("CANCELLED", 3)


@given(texts, texts)
def test_any_text_is_read_back_as_it_was(summary: str, name: str) -> None:
    (entry,) = read(event(summary=summary, description=name), language="fr")
    assert (str(entry["summary"]), str(entry["description"])) == (summary, name)
    assert entry["summary"].params["LANGUAGE"] == "fr-CA"
    lines = calendar_of(name, [event(summary=summary)], "fr").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
