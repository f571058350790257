"""Business days: the federal calendar, and arithmetic that holds on any date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages import business_days
from microacq_pages.formats import EASTERN

DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # Boxing Day, observed
        (date(2026, 12, 29), True),
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 4, 7), True),
        (date(2026, 9, 30), False),
        (date(2023, 7, 3), False),  # Canada Day fell on a Saturday
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), True),
        (date(2026, 6, 24), True),
    ],
)
def test_the_federal_calendar_says_who_works(day: date, works: bool) -> None:
    assert business_days.is_business_day(day) is works


def test_a_provincial_holiday_counts_only_for_its_province() -> None:
    national_day_of_quebec = date(2026, 6, 24)
    assert not business_days.is_business_day(national_day_of_quebec, "QC")
    assert business_days.is_business_day(national_day_of_quebec, "ON")
    assert business_days.provinces_off(national_day_of_quebec) == ("QC",)
    assert set(business_days.provinces_off(date(2026, 6, 21))) == {"NT", "YT"}


def test_an_instant_counts_as_its_day_in_ottawa() -> None:
    late_on_friday = datetime(2026, 11, 28, 4, 59, tzinfo=UTC)
    assert business_days.is_business_day(late_on_friday)
    assert business_days.is_friday(late_on_friday)
    with pytest.raises(ValueError, match="time zone"):
        business_days.is_business_day(datetime(2026, 11, 27))


def test_two_business_days_before_a_deadline_step_over_a_weekend_and_a_holiday() -> None:
    deadline = datetime(2026, 10, 13, 23, 59, tzinfo=EASTERN)
    assert business_days.subtract_business_days(deadline, 2) == datetime(2026, 10, 8, 23, 59, tzinfo=EASTERN)


def test_the_hour_in_ottawa_stays_the_same_over_the_change_to_winter_time() -> None:
    deadline = datetime(2026, 11, 3, 4, 59, tzinfo=UTC)  # Monday, 23:59 EST
    earlier = business_days.subtract_business_days(deadline, 1)
    assert earlier == datetime(2026, 10, 31, 3, 59, tzinfo=UTC)  # Friday, 23:59 EDT
    assert earlier.tzinfo is UTC


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        business_days.add_business_days(date(2026, 1, 5), -1)


@given(DAYS, st.integers(0, 60))
def test_counting_finds_what_was_added(day: date, number: int) -> None:
    later = business_days.add_business_days(day, number)
    assert business_days.business_days_between(day, later) == number
    assert number == 0 or business_days.is_business_day(later)


@given(DAYS, st.integers(1, 60))
def test_there_and_back_from_a_business_day_is_the_same_day(day: date, number: int) -> None:
    first = business_days.add_business_days(day, 1)
    there = business_days.add_business_days(first, number)
    assert business_days.subtract_business_days(there, number) == first


@given(DAYS, st.integers(0, 400))
def test_counting_backwards_has_the_other_sign(day: date, number: int) -> None:
    later = day + timedelta(days=number)
    forwards = business_days.business_days_between(day, later)
    assert business_days.business_days_between(later, day) == -forwards
    assert 0 <= forwards <= number


@given(st.datetimes(datetime(2020, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC)), st.integers(0, 30))
def test_instants_move_as_their_days_do(moment: datetime, number: int) -> None:
    later = business_days.add_business_days(moment, number)
    day = business_days.add_business_days(moment.astimezone(EASTERN).date(), number)
    assert later.astimezone(EASTERN).date() == day
