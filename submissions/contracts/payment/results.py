"""What later stages, public pages and reports ask of payments. Reads only; imports no view."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings

from submissions.contracts import timing
from submissions.contracts.enums import ContractState
from submissions.contracts.work_models import WorkAcceptance

from .models import Invoice, Payment, Section34Approval

if TYPE_CHECKING:
    from submissions.contracts.models import Contract


def target_days() -> int:
    """Calendar days from acceptance within which a supplier should be paid, by setting.

    Half of the 30 that government took before the pilot, unless a department sets another number.
    """
    return int(getattr(settings, "MICROACQ_PAYMENT_TARGET_DAYS", 15))


def paid(contract: Contract) -> Payment | None:
    """The payment of a contract, with its invoice; None before it."""
    found: Payment | None = Payment.objects.filter(contract=contract).select_related("invoice").first()
    return found


def invoice_of(contract: Contract) -> Invoice | None:
    """The invoice that stands, without its document; None before it, and after it was sent back."""
    found: Invoice | None = (
        Invoice.objects.standing()
        .filter(contract=contract)
        .select_related("contract__solicitation", "contract__offer__proposal")
        .defer("locked_content", "contract__offer__proposal__sealed")
        .first()
    )
    return found


def sent_back(contract: Contract) -> list[Invoice]:
    """The invoices of a contract that were sent back, each with why, the newest first; without their documents."""
    rows = Invoice.objects.filter(contract=contract, returned__isnull=False)
    return list(rows.select_related("returned__returned_by").defer("locked_content").order_by("-sequence"))


def approval_of(invoice: Invoice) -> Section34Approval | None:
    """The section 34 approval of an invoice; None before it."""
    found: Section34Approval | None = (
        Section34Approval.objects.filter(invoice=invoice).select_related("approved_by").first()
    )
    return found


def due_since(contract: Contract) -> datetime | None:
    """From when days to payment count (UTC): the acceptance, or the agreed end; None while nothing is due."""
    if contract.state in (ContractState.ACCEPTED, ContractState.PAID):
        accepted: datetime | None = (
            WorkAcceptance.objects.filter(contract=contract).values_list("accepted_at", flat=True).first()
        )
        return accepted
    if contract.state == ContractState.ENDED_CONVENIENCE and contract.end.percentage:
        ended: datetime = contract.end.ended_at
        return ended
    return None


def days_between(since: datetime, paid_on: date) -> int:
    """Calendar days, both in Eastern time, as a supplier counts them."""
    return (paid_on - timing.today(since)).days
