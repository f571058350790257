"""The yearly proactive publication of contracts of 10,000 dollars and under, as sums of this site’s contracts.

Owns the fields: their identifiers, order and names are those of the national template. Every contract here is for a
service. The tax depends on the province of the supplier and on whether it is registered, so it is known with the
invoice: a contract counts with the tax of its invoice, and before tax until there is one. Prices are fixed: the one
thing that changes the value of a contract is an end before its work was done, and what is then not paid counts as an
amendment of the year in which it ended. Reads only; imports no view.

Sources: Access to Information Act, sections 86 and 87.1; the template “Aggregated Contracts from -$10,000 to $10,000”
(open-data/ckanext-canada, ``tables/contractsa.yaml``, updated 2023-06-28). It asks for values with tax, once a year, by
calendar year; the year of a contract is that of the day on which both had signed, in Eastern time.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractYear, Round
from django.utils.translation import gettext_lazy as _

from microacq_pages.exports import disarm_formula
from microacq_pages.formats import EASTERN
from submissions.awards.models import Award
from submissions.contracts.enums import EndKind
from submissions.contracts.payment.models import Invoice

ZERO = Decimal("0.00")

#: Identifier and name of each field, in the order of the template.
FIELDS: dict[str, Any] = {
    "year": _("Calendar Year Reporting Period"),
    "contract_goods_number_of": _("Number of Goods Contracts $10K and under"),
    "contracts_goods_original_value": _("Goods Contracts $10K and under - Original Value"),
    "contracts_goods_amendment_value": _(
        "Goods Contracts Amendments from -$10K to $10K - Net Amendment Value"
    ),
    "contract_service_number_of": _("Number of Service Contracts $10K and under"),
    "contracts_service_original_value": _("Service Contracts $10K and under - Original Value"),
    "contracts_service_amendment_value": _("Service Contracts from -$10K to $10K - Net Amendment Value"),
    "contract_construction_number_of": _("Number of Construction Contracts $10K and under"),
    "contracts_construction_original_value": _("Construction Contracts $10K and under - Original Value"),
    "contracts_construction_amendment_value": _(
        "Construction Contracts Amendments from -$10K to $10K - Net Amendment Value"
    ),
    "acquisition_card_transactions_number_of": _(
        "Number of Acquisition Card Transactions for all Dollar Values"
    ),
    "acquisition_card_transactions_total_value": _(
        "Acquisition Card Transactions for all Dollar Values – Total Value"
    ),
}


@dataclass(frozen=True)
class Year:
    """The contracts of one calendar year.

    Attributes:
        year: The year.
        count: How many were signed.
        value: Their prices together, in CAD, with tax where it is known.
        untaxed: How many of them have no invoice yet, and so count before tax.
        amended: By how much contracts that ended in this year changed in value, in CAD: nothing or less.
    """

    year: int
    count: int = 0
    value: Decimal = ZERO
    untaxed: int = 0
    amended: Decimal = ZERO

    def row(self) -> dict[str, Any]:
        """The line of the publication.

        Every contract is paid with the department’s acquisition card, whether the supplier is paid by card or through
        PayPal; what the card paid is known where it is kept, so those two fields are left empty.
        """
        counts = {name: 0 if "number_of" in name else ZERO for name in FIELDS}
        return {
            **counts,
            "year": self.year,
            "contract_service_number_of": self.count,
            "contracts_service_original_value": self.value,
            "contracts_service_amendment_value": self.amended,
            "acquisition_card_transactions_number_of": "",
            "acquisition_card_transactions_total_value": "",
        }

    def fields(self) -> list[tuple[str, Any, Any]]:
        """Identifier, name and value of each field."""
        return [(name, FIELDS[name], value) for name, value in self.row().items()]


def _invoice(column: str) -> Subquery:
    """A column of the invoice that stands under the contract of an award."""
    rows = Invoice.objects.standing().filter(contract__offer=OuterRef("offer"))
    return Subquery(rows.values(column)[:1])


def in_year(rows: Any) -> Any:
    """Awards with what the publication says of each.

    Args:
        rows: Awards.

    Returns:
        The same with ``year``, in which it was signed; ``invoiced``, the invoice with tax, None before it;
        ``original``, the price with tax where that is known; ``now``, what the contract is worth since it ended
        early, else the same; ``amended_year``, in which it ended early, None where it did not.
    """
    end = "offer__contract__end__"
    share = Round(F("value") * F(f"{end}percentage") / Value(100), precision=2)
    amount = DecimalField(max_digits=10, decimal_places=2)
    rows = rows.annotate(
        year=ExtractYear("countersigned_at", tzinfo=EASTERN),
        invoiced=_invoice("total"),
        charged=_invoice("subtotal"),
        amended_year=ExtractYear(f"{end}ended_at", tzinfo=EASTERN),
    )
    rows = rows.annotate(
        original=Coalesce(
            Round(F("value") * F("invoiced") / F("charged"), precision=2), F("value"), output_field=amount
        )
    )
    return rows.annotate(
        now=Case(
            When(**{f"{end}kind": EndKind.CONVENIENCE}, then=Coalesce("invoiced", share)),
            When(**{f"{end}kind__in": [EndKind.DEFAULT, EndKind.WITHDRAWN]}, then=Value(ZERO)),
            default=F("original"),
            output_field=amount,
        )
    )


def years() -> list[Year]:
    """Every year in which a contract was signed or ended early, the newest first; two queries."""
    rows = in_year(Award.objects.order_by())
    signed = rows.values("year").annotate(
        count=Count("pk"), sum=Sum("original"), untaxed=Count("pk", filter=Q(invoiced=None))
    )
    found = {
        each["year"]: Year(each["year"], each["count"], each["sum"], each["untaxed"])
        for each in signed.order_by()
    }
    ended = rows.exclude(amended_year=None).values("amended_year")
    for each in ended.annotate(change=Sum(F("now") - F("original"))).order_by():
        year = each["amended_year"]
        found[year] = replace(found.get(year, Year(year)), amended=each["change"])
    return sorted(found.values(), key=lambda each: each.year, reverse=True)


def year_of(year: int) -> Year:
    """One year, with or without a contract."""
    return next((each for each in years() if each.year == year), Year(year))


def as_csv(year: Year) -> str:
    """The line of one year under the identifiers of the template, which are the same in both languages."""
    written = io.StringIO()
    writer = csv.DictWriter(written, list(FIELDS))
    writer.writeheader()
    # A number below zero is no formula: what an end before the whole work took away.
    writer.writerow(
        {
            name: disarm_formula(value) if isinstance(value, str) else value
            for name, value in year.row().items()
        }
    )
    return written.getvalue()
