"""Which sales taxes a supplier charges, by province and day. The rates, since when and after which act are data.

Pure: knows no database. Rates are in percent; amounts in CAD, rounded half up to the cent for each tax, as the Canada
Revenue Agency rounds (Excise Tax Act, s. 165.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
ETA = "Excise Tax Act, R.S.C. 1985, c. E-15"

#: Where a supplier is who charges no Canadian tax.
ABROAD = "XX"

PROVINCES: dict[str, Any] = {
    "AB": _("Alberta"),
    "BC": _("British Columbia"),
    "MB": _("Manitoba"),
    "NB": _("New Brunswick"),
    "NL": _("Newfoundland and Labrador"),
    "NS": _("Nova Scotia"),
    "NT": _("Northwest Territories"),
    "NU": _("Nunavut"),
    "ON": _("Ontario"),
    "PE": _("Prince Edward Island"),
    "QC": _("Quebec"),
    "SK": _("Saskatchewan"),
    "YT": _("Yukon"),
    ABROAD: _("Outside Canada"),
}


@dataclass(frozen=True)
class Rate:
    """One rate of a tax.

    Attributes:
        since: The first day on which it counts.
        percent: Of the price before tax.
        source: The act and where it says so.
    """

    since: date
    percent: Decimal
    source: str


@dataclass(frozen=True)
class Tax:
    """One sales tax: its name on invoices, where it is charged, and its rates, the oldest first.

    Attributes:
        name: As in the columns of an invoice.
        label: As people call it.
        federal: Whether it is charged under the number for GST and HST; else under one of the province.
        provinces: Codes of the provinces.
        rates: Each since its day.
    """

    name: str
    label: Any
    federal: bool
    provinces: frozenset[str]
    rates: tuple[Rate, ...]

    def percent_on(self, day: date) -> Decimal:
        """The rate of a day; 0 before the first."""
        return max(
            ((rate.since, rate.percent) for rate in self.rates if rate.since <= day),
            default=(day, Decimal(0)),
        )[1]


GST, HST, QST, PST, RST = "GST", "HST", "QST", "PST", "RST"
_NO_HST = frozenset({"AB", "BC", "MB", "NT", "NU", "QC", "SK", "YT"})


def _rate(day: str, percent: str, source: str) -> Rate:
    return Rate(date.fromisoformat(day), Decimal(percent), source)


#: Every sales tax of Canada that a supplier of this site can charge. A new rate is another line, with its first day.
TAXES: tuple[Tax, ...] = (
    Tax(GST, _("GST"), True, _NO_HST, (_rate("2008-01-01", "5", f"{ETA}, s. 165(1)"),)),
    Tax(
        HST, _("HST"), True, frozenset({"ON"}),
        (_rate("2010-07-01", "13", f"{ETA}, s. 165(2); New Harmonized Value-added Tax System Regulations, No. 2"),),
    ),
    Tax(HST, _("HST"), True, frozenset({"NB", "NL"}), (_rate("2016-07-01", "15", f"{ETA}, s. 165(2), sched. VIII"),)),
    Tax(HST, _("HST"), True, frozenset({"PE"}), (_rate("2016-10-01", "15", f"{ETA}, s. 165(2)"),)),
    Tax(
        HST, _("HST"), True, frozenset({"NS"}),
        (
            _rate("2010-07-01", "15", f"{ETA}, s. 165(2), sched. VIII"),
            _rate("2025-04-01", "14", "Nova Scotia HST Regulations, 2025 (rate of the province 9 percent)"),
        ),
    ),
    Tax(
        QST, _("QST"), False, frozenset({"QC"}),
        (_rate("2013-01-01", "9.975", "Act respecting the Québec sales tax, CQLR c. T-0.1, s. 16"),),
    ),
    Tax(
        PST, _("PST"), False, frozenset({"BC"}),
        (_rate("2013-04-01", "7", "Provincial Sales Tax Act, S.B.C. 2012, c. 35, s. 34"),),
    ),
    Tax(
        PST, _("PST"), False, frozenset({"SK"}),
        (_rate("2017-03-23", "6", "The Provincial Sales Tax Act, R.S.S. 1978, c. P-34.1, s. 5"),),
    ),
    Tax(
        RST, _("RST"), False, frozenset({"MB"}),
        (
            _rate("2013-07-01", "8", "The Retail Sales Tax Act, C.C.S.M. c. R130, s. 2"),
            _rate("2019-07-01", "7", "The Retail Sales Tax Act, C.C.S.M. c. R130, s. 2"),
        ),
    ),
)  # fmt: skip
LABELS = {tax.name: tax.label for tax in TAXES}


def taxes_of(province: str) -> list[Tax]:
    """The taxes of a province, the federal one first; none abroad."""
    return sorted((tax for tax in TAXES if province in tax.provinces), key=lambda tax: not tax.federal)


@dataclass(frozen=True)
class Charged:
    """One tax of an invoice: its name (empty for none), rate in percent, and amount in CAD."""

    name: str = ""
    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal("0.00")


@dataclass(frozen=True)
class Computed:
    """What an invoice comes to, in CAD."""

    subtotal: Decimal
    federal: Charged
    provincial: Charged

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.federal.amount + self.provincial.amount


def compute(subtotal: Decimal, province: str, day: date, *, federal: bool, provincial: bool) -> Computed:
    """The taxes of a supplier.

    Args:
        subtotal: In CAD before tax.
        province: Code of the province from which the supplier works.
        day: Of the invoice.
        federal: Whether the supplier is registered for GST and HST.
        provincial: Whether it is registered for the tax of the province.
    """
    charged: dict[bool, Charged] = {True: Charged(), False: Charged()}
    for tax in taxes_of(province):
        if federal if tax.federal else provincial:
            percent = tax.percent_on(day)
            amount = (subtotal * percent / 100).quantize(CENT, ROUND_HALF_UP)
            charged[tax.federal] = Charged(tax.name, percent, amount)
    return Computed(subtotal, charged[True], charged[False])


def has_provincial(province: str) -> bool:
    """Whether a province has a sales tax of its own, with a number of its own."""
    return any(not tax.federal for tax in taxes_of(province))
