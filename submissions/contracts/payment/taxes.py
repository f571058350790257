"""Which sales taxes a supplier charges to a department, by place and day. The rates are rows (``models.TaxRate``).

Pure: knows no database. Rates are in percent; amounts in CAD, rounded half up to the cent for each tax, as the Canada
Revenue Agency rounds (Excise Tax Act, s. 165.2).

Only taxes that the Government of Canada pays are here: GST and HST like everybody, and the QST by its agreement with
Quebec. It is exempt from the sales taxes of British Columbia, Saskatchewan and Manitoba (Constitution Act, 1867,
s. 125; Treasury Board, “Summary of Reciprocal Taxation Agreements with Provinces and Territories”).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")

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
#: Where rates can be.
TAXED = {code: name for code, name in PROVINCES.items() if code != ABROAD}
#: Where the only tax of the province is one that a department does not pay.
EXEMPT = frozenset({"BC", "MB", "SK"})
QUEBEC = "QC"


class Tax(models.TextChoices):
    """The sales taxes that a department pays, as invoices name them."""

    GST = "GST", _("GST")
    HST = "HST", _("HST")
    QST = "QST", _("QST")

    @property
    def is_federal(self) -> bool:
        """Whether it is charged under the number for GST and HST."""
        return self != Tax.QST


LABELS: dict[str, Any] = {tax.value: tax.label for tax in Tax}


@dataclass(frozen=True)
class Rate:
    """One rate of a tax in one place.

    Attributes:
        tax: Which.
        province: Code of the province or territory.
        since: The first day on which it counts.
        percent: Of the price before tax; 0 where the tax ended.
    """

    tax: Tax
    province: str
    since: date
    percent: Decimal


def percents_on(rates: Iterable[Rate], province: str, day: date) -> dict[Tax, Decimal]:
    """What is charged in a place on a day: of each tax the newest rate that counts, without those of nothing."""
    newest: dict[Tax, Rate] = {}
    for rate in rates:
        if rate.province == province and rate.since <= day:
            before = newest.get(rate.tax)
            if before is None or before.since < rate.since:
                newest[rate.tax] = rate
    return {tax: newest[tax].percent for tax in Tax if tax in newest and newest[tax].percent}


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


def compute(subtotal: Decimal, percents: dict[Tax, Decimal], *, federal: bool, provincial: bool) -> Computed:
    """The taxes of a supplier.

    Args:
        subtotal: In CAD before tax.
        percents: Of each tax in the place of the supply on the day of the invoice.
        federal: Whether the supplier is registered for GST and HST.
        provincial: Whether it is registered for the QST.
    """
    charged: dict[bool, Charged] = {True: Charged(), False: Charged()}
    for tax, percent in percents.items():
        if federal if tax.is_federal else provincial:
            amount = (subtotal * percent / 100).quantize(CENT, ROUND_HALF_UP)
            charged[tax.is_federal] = Charged(tax.value, percent, amount)
    return Computed(subtotal, charged[True], charged[False])


def place_of_supply(supplier: str, department: str) -> str:
    """Where a service is supplied: by the address of who receives it, where the department has said it.

    Source: New Harmonized Value-added Tax System Regulations, s. 13(1): for a service, the province of the business
    address of the recipient. A department without such an address here has the place of its supplier, as the pilot
    reckoned.

    Args:
        supplier: Code of the province from which the supplier works; ``XX`` abroad.
        department: Code of the province of the address to which suppliers send invoices; empty where none is set.
    """
    return department or supplier
