"""The yearly proactive publication of contracts of 10,000 dollars and under, as sums of this site’s contracts.

Owns the fields: their identifiers, order and names are those of the national template. Every contract here is for a
service, its price is fixed, and nothing is amended, so the other sums are zero. Reads only; imports no view.

Sources: Access to Information Act, sections 86 and 87.1; the template “Aggregated Contracts from -$10,000 to $10,000”
(open-data/ckanext-canada, ``tables/contractsa.yaml``, updated 2023-06-28). It asks for values with tax, once a year, by
calendar year; the year of a contract is that of the day on which both had signed, in Eastern time.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from microacq_pages.exports import disarm_formula
from microacq_pages.formats import EASTERN
from submissions.awards.models import Award

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
        value: Their prices together, in CAD before tax.
    """

    year: int
    count: int
    value: Decimal

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
            "acquisition_card_transactions_number_of": "",
            "acquisition_card_transactions_total_value": "",
        }

    def fields(self) -> list[tuple[str, Any, Any]]:
        """Identifier, name and value of each field."""
        return [(name, FIELDS[name], value) for name, value in self.row().items()]


def in_year(rows: Any) -> Any:
    """Awards with the year in which they were signed."""
    return rows.annotate(year=ExtractYear("countersigned_at", tzinfo=EASTERN))


def years() -> list[Year]:
    """Every year with a contract, the newest first; one query."""
    rows = in_year(Award.objects.order_by()).values_list("year").annotate(Count("pk"), Sum("value"))
    return [Year(year, count, value) for year, count, value in rows.order_by("-year")]


def year_of(year: int) -> Year:
    """One year, with or without a contract."""
    return next((each for each in years() if each.year == year), Year(year, 0, ZERO))


def as_csv(year: Year) -> str:
    """The line of one year under the identifiers of the template, which are the same in both languages."""
    written = io.StringIO()
    writer = csv.DictWriter(written, list(FIELDS))
    writer.writeheader()
    writer.writerow({name: disarm_formula(str(value)) for name, value in year.row().items()})
    return written.getvalue()
