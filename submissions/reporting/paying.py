"""What reporting asks of invoices and payments, of many files at once. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from submissions.contracts.payment.models import Payment


@dataclass(frozen=True)
class Paid:
    """One payment.

    Attributes:
        pk: Its key: payments are numbered as they are recorded.
        supplier: Who was paid: public since the award.
        file: Key of the file.
        contract: Key of the contract.
        amount: What was paid, with tax.
        subtotal: The same before tax.
        paid_on: The day of the payment.
        invoiced_at: When the invoice arrived (UTC).
        approved_at: When it was approved under section 34 (UTC).
        days: Calendar days from acceptance, or from the agreed end.
        in_capital_region: Whether the supplier works in the National Capital Region, by the invoice.
    """

    pk: int
    supplier: str
    file: int
    contract: int
    amount: Decimal
    subtotal: Decimal
    paid_on: date
    invoiced_at: datetime
    approved_at: datetime
    days: int
    in_capital_region: bool


def payments(**wanted: object) -> list[Paid]:
    """Payments, the first first; ``wanted`` as for a filter."""
    rows = Payment.objects.filter(**wanted).order_by("paid_on", "pk")
    return [
        Paid(*row)
        for row in rows.values_list(
            "pk",
            "contract__offer__award__supplier",
            "contract__solicitation_id",
            "contract_id",
            "amount",
            "invoice__subtotal",
            "paid_on",
            "invoice__received_at",
            "invoice__approval__approved_at",
            "days",
            "invoice__in_capital_region",
        )
    ]


def paid_on(contracts: Iterable[int]) -> dict[int, date]:
    """The day on which the supplier was paid, by the key of the contract."""
    return dict(Payment.objects.filter(contract__in=list(contracts)).values_list("contract_id", "paid_on"))
