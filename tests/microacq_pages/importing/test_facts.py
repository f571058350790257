"""What the front matter may say, and how."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.importing.facts import (
    EASTERN,
    Facts,
    move_dates,
    read_day,
    read_moment,
    read_money,
    shift_deadline,
)

WALL_TIMES = st.datetimes(datetime(2007, 4, 1), datetime(2060, 1, 1)).filter(lambda moment: moment.hour >= 4)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$6,500 (excluding taxes)", "6500"),
        ("6 500$ (hors les taxes)", "6500"),
        ("6 500 $", "6500"),
        ("6\u00a0500\u00a0$", "6500"),
        ("6\u202f500,50 $", "6500.50"),
        ("$6,500.50", "6500.50"),
        ("6500", "6500"),
        ("CAD $6,500", "6500"),
        ("6 500 $ CA", "6500"),
        ("0,000 $", "0"),
    ],
)
def test_an_amount_is_read_as_english_and_french_write_it(text: str, amount: str) -> None:
    assert read_money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "six thousand",
        "$6.500",
        "$65,00,0",
        "-5 $",
        "$6,500 (taxes included)",
        "6 500 $ (taxes comprises)",
        "٦٥٠٠ $",
    ],
)
def test_what_is_no_amount_before_tax_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|before taxes"):
        read_money(text)


@given(st.decimals(0, 9_999_999, places=2))
def test_any_amount_is_read_back_in_both_languages(amount: Decimal) -> None:
    english = f"${amount:,.2f} (excluding taxes)"
    french = f"{amount:,.2f} $".replace(",", "\u202f").replace(".", ",")
    assert read_money(english) == read_money(french) == amount


def test_a_moment_without_an_offset_is_eastern() -> None:
    assert read_moment("2031-07-12T14:00") == datetime(2031, 7, 12, 18, tzinfo=UTC)
    assert read_moment("2031-01-12T14:00") == datetime(2031, 1, 12, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2031-07-12", "20310712", "tomorrow", "2031-02-30T14:00", "0001-01-01T00:00+14:00"]
)
def test_a_moment_needs_a_day_that_exists_and_a_time(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        read_moment(text)


def test_a_day_with_a_time_is_the_day_in_eastern_time() -> None:
    assert read_day("2031-07-24T03:59:59+00:00") == date(2031, 7, 23)
    assert read_day("2031-07-23") == date(2031, 7, 23)


@given(WALL_TIMES, st.integers(-3000, 3000))
def test_shifting_a_deadline_keeps_the_eastern_wall_time_and_can_be_undone(wall: datetime, days: int) -> None:
    deadline = wall.replace(tzinfo=EASTERN).astimezone(UTC)
    shifted = shift_deadline(deadline, days)
    local = shifted.astimezone(EASTERN)
    assert local.time() == wall.time()
    assert local.date() == wall.date() + timedelta(days=days)
    assert shift_deadline(shifted, -days) == deadline


@given(WALL_TIMES, st.dates(date(2007, 4, 1), date(2060, 1, 1)), st.integers(1, 60), st.integers(1, 60))
def test_later_dates_move_by_as_many_days_as_the_deadline(
    wall: datetime, day: date, until_selection: int, until_delivery: int
) -> None:
    deadline = wall.replace(tzinfo=EASTERN).astimezone(UTC)
    selection = wall.date() + timedelta(days=until_selection)
    facts = Facts(
        deadline=deadline,
        selection_date=selection,
        delivery_date=selection + timedelta(days=until_delivery),
    )
    moved = move_dates(facts, day)
    assert moved.deadline is not None
    assert moved.selection_date is not None
    assert moved.delivery_date is not None
    assert moved.deadline.astimezone(EASTERN).date() == day
    assert (moved.selection_date - day).days == until_selection
    assert (moved.delivery_date - moved.selection_date).days == until_delivery
    assert move_dates(moved, wall.date()) == facts


def test_a_deadline_given_with_its_time_is_taken_as_it_is() -> None:
    facts = Facts(deadline=datetime(2031, 3, 3, 19, tzinfo=UTC), selection_date=date(2031, 3, 7))
    moved = move_dates(facts, datetime(2031, 7, 10, 23, 59, tzinfo=EASTERN))
    assert moved.deadline == datetime(2031, 7, 11, 3, 59, tzinfo=UTC)
    assert moved.selection_date == date(2031, 7, 14)


def test_dates_cannot_be_moved_from_no_deadline_or_out_of_the_calendar() -> None:
    with pytest.raises(ValueError, match="no closing_date"):
        move_dates(Facts(), date(2031, 1, 1))
    late = Facts(deadline=datetime(2031, 3, 3, 19, tzinfo=UTC), delivery_date=date(2031, 4, 18))
    with pytest.raises(ValueError, match="that far"):
        move_dates(late, date(9999, 12, 30))
