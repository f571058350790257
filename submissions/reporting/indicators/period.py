"""The time that figures are about: whole days in Eastern time, fiscal years, and the steps of a trend. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from microacq_pages.formats import EASTERN

#: The fiscal year of the Government of Canada begins on the first of this month (Financial Administration Act, s. 2).
FIRST_MONTH = 4
#: A trend has so many steps at most: months, else quarters, else years.
MOST_STEPS = 24
#: Nothing of this site is older, and nobody plans further ahead.
EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not EARLIEST <= self.first <= self.last <= LATEST:
            raise ValueError("A period begins before it ends, in this century.")

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), EASTERN)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), EASTERN)

    @property
    def within(self) -> tuple[datetime, datetime]:
        """For ``__gte`` and ``__lt``."""
        return self.start, self.end

    @property
    def years(self) -> range:
        """The calendar years that it touches."""
        return range(self.first.year, self.last.year + 1)

    @property
    def fiscal_years(self) -> range:
        """The fiscal years that it touches, each by the calendar year in which it begins."""
        return range(fiscal_year_of(self.first), fiscal_year_of(self.last) + 1)

    @property
    def is_fiscal_year(self) -> bool:
        """Whether it is one, whole."""
        year = self.first.year
        return (self.first, self.last) == (date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH - 1, 31))

    @property
    def is_calendar_year(self) -> bool:
        """Whether it is one, whole."""
        year = self.first.year
        return (self.first, self.last) == (date(year, 1, 1), date(year, 12, 31))

    def steps(self) -> list[Period]:
        """Its months, or quarters or years where months would be too many; the first and last may be cut off."""
        for months in (1, 3, 12):
            found = list(self._parts(months))
            if len(found) <= MOST_STEPS:
                break
        return found

    def quarters(self) -> list[Period]:
        """Its quarters of the fiscal year; the first and last may be cut off."""
        return list(self._parts(3))

    def _parts(self, months: int) -> Iterator[Period]:
        begin = self.first
        while begin <= self.last:
            # Quarters and years are those of the fiscal year.
            month = begin.year * 12 + begin.month - FIRST_MONTH
            following = (month // months + 1) * months + FIRST_MONTH - 1
            end = min(date(following // 12, following % 12 + 1, 1) - timedelta(days=1), self.last)
            yield Period(begin, end)
            begin = end + timedelta(days=1)


def fiscal_year(year: int) -> Period:
    """The fiscal year that begins in a calendar year."""
    return Period(date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1) - timedelta(days=1))


def fiscal_year_name(year: int) -> str:
    """``2026–2027``, as the Government of Canada writes it."""
    return f"{year}–{year + 1}"


def fiscal_year_of(day: date) -> int:
    """The calendar year in which the fiscal year of a day began."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1
