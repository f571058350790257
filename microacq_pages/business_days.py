"""Business days of the Government of Canada, and on which days somebody in Canada has a holiday.

Pure: dates in, dates out. Must not import Django or anything else of the project but ``formats``.

Sources: the calendar of the ``holidays`` package (federal public service and provincial statutory holidays, with the
days on which those that fall on a weekend are observed); Easter Monday by the collective agreements of the federal
public service.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar

import holidays

from .formats import EASTERN

#: Codes of the provinces and territories, from east to west, then the north.
PROVINCES = ("NL", "PE", "NS", "NB", "QC", "ON", "MB", "SK", "AB", "BC", "YT", "NT", "NU")
FRIDAY = 4
SATURDAY = 5

Moment = TypeVar("Moment", date, datetime)


def is_business_day(day: date, province: str | None = None) -> bool:
    """Whether people work on this day.

    Args:
        day: A date; an instant counts as its day in Eastern time.
        province: Code of a province or territory whose holidays count too.
    """
    day = _day(day)
    return not (is_weekend(day) or is_federal_holiday(day) or (province and province in provinces_off(day)))


def is_weekend(day: date) -> bool:
    return _day(day).weekday() >= SATURDAY


def is_friday(day: date) -> bool:
    return _day(day).weekday() == FRIDAY


def is_federal_holiday(day: date) -> bool:
    """Whether the federal public service has a holiday."""
    day = _day(day)
    return day in _federal_holidays(day.year)


def provinces_off(day: date) -> tuple[str, ...]:
    """Codes of the provinces and territories in which this day is a statutory holiday."""
    day = _day(day)
    return tuple(code for code in PROVINCES if day in _provincial_holidays(code, day.year))


def add_business_days(moment: Moment, days: int) -> Moment:
    """The business day so many business days later.

    Args:
        moment: A date, or an instant with its time zone.
        days: How many; 0 gives ``moment`` back.

    Returns:
        A date for a date; for an instant, the same time of day in Eastern time.
    """
    return _step(moment, days, timedelta(days=1))


def subtract_business_days(moment: Moment, days: int) -> Moment:
    """The business day so many business days earlier; as ``add_business_days``."""
    return _step(moment, days, timedelta(days=-1))


def business_days_between(start: date, end: date) -> int:
    """How many business days come after the day ``start``, up to and with the day ``end``.

    ``add_business_days(start, n)`` is ``n`` business days after ``start``. Negative when ``end`` is earlier.
    """
    first, last = _day(start), _day(end)
    if last < first:
        return -business_days_between(last, first)
    return sum(is_business_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def _day(moment: date) -> date:
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("an instant without a time zone has no day")
    return moment.astimezone(EASTERN).date()


def _step(moment: Moment, days: int, step: timedelta) -> Moment:
    if days < 0:
        raise ValueError("count business days with a number that is not negative")
    day = _day(moment)
    while days:
        day += step
        days -= is_business_day(day)
    if not isinstance(moment, datetime):
        return day
    local = moment.astimezone(EASTERN)
    # Through UTC and back, so that a time that the change to summer time leaves out becomes a real one.
    return datetime.combine(day, local.timetz()).astimezone(moment.tzinfo)


@lru_cache(maxsize=64)
def _federal_holidays(year: int) -> frozenset[date]:
    calendar = holidays.country_holidays(
        "CA", years=year, categories=("public", "government"), language="en_CA"
    )
    # No calendar is known for years that are far away; they have weekends only.
    easter_mondays = {day + timedelta(days=3) for day in calendar.get_named("Good Friday")}
    return frozenset(day for day in calendar if day.year == year) | easter_mondays


@lru_cache(maxsize=512)
def _provincial_holidays(province: str, year: int) -> frozenset[date]:
    calendar = holidays.country_holidays("CA", subdiv=province, years=year)
    return frozenset(day for day in calendar if day.year == year)
