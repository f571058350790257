"""What an indicator is, what it can say, and when its target is met. Pure; knows no database.

A value that cannot be known says why: there is no number that stands for "we do not know".
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from microacq_pages.formats import NO_BREAK, money, number

if TYPE_CHECKING:
    from .scope import Scope


class Unit(StrEnum):
    """What a number counts."""

    COUNT = "count"
    MEAN = "mean"
    PERCENT = "percent"
    MONEY = "money"
    DAYS = "days"
    HOURS = "hours"


#: To how many decimals a number is computed and shown.
STEPS = {Unit.COUNT: Decimal(1), Unit.MONEY: Decimal("0.01")}
TENTH = Decimal("0.1")
MINUS = "\N{MINUS SIGN}"

NOTHING_YET = gettext_lazy("There is nothing to count in this period.")
TOO_FEW = gettext_lazy("Not shown: it would tell of a group of fewer than five people.")


@dataclass(frozen=True)
class Value:
    """What an indicator says of a period.

    Attributes:
        number: The number; None where it is not known.
        part: For a share: how many.
        whole: For a share: of how many.
        unknown: Why it is not known, as a sentence.
        by_year: For what is told of whole years alone: each year, by its name, with its own value.
        note: What else its reader should know, as a sentence.
        year: The year that it is told of, where that is another time than the one asked for.
    """

    number: Decimal | None
    part: int | None = None
    whole: int | None = None
    unknown: Any = ""
    by_year: tuple[tuple[str, Value], ...] = field(default=())
    note: Any = ""
    year: str = ""

    @property
    def latest(self) -> Decimal | None:
        """The number, or that of the last year that has one."""
        if not self.by_year:
            return self.number
        known = [value.number for _year, value in self.by_year if value.number is not None]
        return known[-1] if known else None


def known(value: Decimal | int | float | None, unit: Unit = Unit.COUNT, **more: Any) -> Value:
    """A number, rounded as its unit is; None says that there is nothing to count."""
    if value is None:
        return Value(None, unknown=NOTHING_YET, **more)
    return Value(rounded(Decimal(value), unit), **more)


def share(part: int, whole: int, **more: Any) -> Value:
    """A percentage; of nothing there is none."""
    if not whole:
        return Value(None, part, whole, unknown=NOTHING_YET, **more)
    return Value(rounded(Decimal(100 * part) / whole, Unit.PERCENT), part, whole, **more)


def unknown(why: Any) -> Value:
    """What cannot be known, and why."""
    return Value(None, unknown=why)


def rounded(value: Decimal, unit: Unit) -> Decimal:
    """As many decimals as the unit has, half up."""
    return value.quantize(STEPS.get(unit, TENTH), ROUND_HALF_UP)


_COMPARE: dict[str, tuple[Callable[[Any, Any], bool], Any]] = {
    ">": (operator.gt, gettext_lazy("more than %(number)s")),
    ">=": (operator.ge, gettext_lazy("at least %(number)s")),
    "<=": (operator.le, gettext_lazy("at most %(number)s")),
}


@dataclass(frozen=True)
class Target:
    """What was aimed at: a comparison and a number."""

    sign: str
    number: Decimal

    def is_met(self, value: Value) -> bool | None:
        """Whether a value meets it; None where the value is not known."""
        latest = value.latest
        return None if latest is None else _COMPARE[self.sign][0](latest, self.number)

    def words(self, unit: Unit, language: str) -> str:
        """As its reader sees it."""
        return str(_COMPARE[self.sign][1]) % {"number": formatted(self.number, unit, language)}


@dataclass(frozen=True)
class Indicator:
    """One metric.

    Attributes:
        name: Stable, in code, tests and documents.
        group: The part of the report that it belongs to.
        label: What is measured.
        unit: What its number counts.
        source: From which events it is computed, as a sentence.
        compute: Computes it.
        target: What was aimed at; None where no target was set.
    """

    name: str
    group: str
    label: Any
    unit: Unit
    source: Any
    compute: Callable[[Scope], Value]
    target: Target | None = None


def _plural(value: Decimal, language: str) -> int:
    """For ``ngettext``: English says 1.5 days and 0 days, French *1,5 jour* and *0 jour*."""
    is_one = abs(value) < 2 if language == "fr" else abs(value) == 1
    return 1 if is_one else 2


def formatted(value: Decimal | None, unit: Unit, language: str) -> str:
    """A number with its unit, as each language writes it."""
    if value is None:
        return "–"
    if unit == Unit.MONEY:
        return money(value, language)
    whole = value == value.to_integral_value()
    text = number(Decimal(int(value)) if whole else value.normalize(), language).replace("-", MINUS)
    if unit == Unit.PERCENT:
        return f"{text}{NO_BREAK}%" if language == "fr" else f"{text}%"
    if unit == Unit.DAYS:
        return ngettext("%(number)s day", "%(number)s days", _plural(value, language)) % {"number": text}
    if unit == Unit.HOURS:
        return ngettext("%(number)s hour", "%(number)s hours", _plural(value, language)) % {"number": text}
    return text


def _of_year(year: str, value: Value, unit: Unit, language: str) -> str:
    return _("%(year)s: %(value)s") % {"year": year, "value": in_words(value, unit, language)}


def in_words(value: Value, unit: Unit, language: str) -> str:
    """A value as it stands in a table: the number, its years, or that it is not known."""
    if value.by_year:
        return "; ".join(_of_year(year, each, unit, language) for year, each in value.by_year)
    if value.year:
        return _of_year(value.year, replace(value, year=""), unit, language)
    if value.number is None:
        return _("Not shown") if value.unknown is TOO_FEW else _("Not known")
    text = formatted(value.number, unit, language)
    if value.part is not None and value.whole is not None:
        return _("%(share)s (%(part)s of %(whole)s)") % {
            "share": text,
            "part": number(value.part, language),
            "whole": number(value.whole, language),
        }
    return text
