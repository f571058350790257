"""Until when questions are taken, with holidays, weekends and the change to summer time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.business_days import is_business_day
from microacq_pages.formats import EASTERN
from submissions.questions import closing


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("deadline", "closes"),
    [
        ("2026-06-18 23:59", "2026-06-16 23:59"),  # a Thursday
        ("2026-06-15 12:00", "2026-06-11 12:00"),  # a Monday: over the weekend
        ("2026-07-02 23:59", "2026-06-29 23:59"),  # over Canada Day
        ("2026-10-01 23:59", "2026-09-28 23:59"),  # over the day for truth and reconciliation
        ("2026-04-07 23:59", "2026-04-01 23:59"),  # over Good Friday and Easter Monday
        ("2027-01-04 17:00", "2026-12-30 17:00"),  # over New Year
        ("2026-12-29 17:00", "2026-12-23 17:00"),  # Christmas, Boxing Day and the Monday it is observed on
        ("2026-03-09 02:30", "2026-03-05 02:30"),  # the clock was put forward in between
    ],
)
def test_questions_close_two_business_days_before_the_deadline(deadline: str, closes: str) -> None:
    assert closing.closes_at(at(deadline)) == at(closes)


@given(
    st.datetimes(
        min_value=datetime(2024, 1, 15), max_value=datetime(2032, 12, 15), timezones=st.just(EASTERN)
    )
)
def test_between_closing_and_deadline_lie_two_business_days(deadline: datetime) -> None:
    closes = closing.closes_at(deadline)

    first, last = closes.astimezone(EASTERN).date(), deadline.astimezone(EASTERN).date()
    assert is_business_day(first)
    # The day of closing counts, the day of the deadline does not.
    between = [first + timedelta(days=n) for n in range((last - first).days)]
    assert sum(is_business_day(day) for day in between) == closing.BUSINESS_DAYS
    # The floor that the trigger holds lies after it.
    assert closes.astimezone(EASTERN).replace(tzinfo=None) <= deadline.replace(tzinfo=None) - timedelta(
        days=2
    )
    assert closing.warns_from(deadline) < closes < deadline


@given(
    st.datetimes(
        min_value=datetime(2024, 1, 15), max_value=datetime(2032, 12, 15), timezones=st.just(EASTERN)
    ),
    st.integers(min_value=0, max_value=60),
)
def test_a_later_deadline_never_closes_questions_earlier(deadline: datetime, days: int) -> None:
    assert closing.closes_at(deadline + timedelta(days=days)) >= closing.closes_at(deadline)
