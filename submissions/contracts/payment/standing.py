"""How far the payment of a contract is and whose turn it is, for one contract or many in one query. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from microacq_pages.formats import EASTERN
from submissions.contracts.enums import ContractState
from submissions.contracts.models import Contract, ContractQuerySet

from . import results
from .enums import Step
from .models import Invoice, InvoiceReturn, Section34Approval

if TYPE_CHECKING:
    from decimal import Decimal

#: What both sides read.
SENTENCES = {
    Step.INVOICE: _("The supplier sends the invoice."),
    Step.APPROVE: _(
        "The invoice waits for its approval under section 34 of the Financial Administration Act."
    ),
    Step.PAY: _("The invoice is approved. Finance pays it next."),
    Step.PAID: _("The invoice is paid."),
}


#: What the supplier reads instead, where it is said to somebody else or in words of the department.
TO_SUPPLIER = {
    Step.INVOICE: _("Send us your invoice. We make it for you, or you send your own."),
    Step.APPROVE: _(
        "A person who did not accept the work approves your invoice (section 34 of the Financial Administration Act). "
        "Then we pay it."
    ),
    Step.PAY: _("Your invoice is approved. We pay it next."),
    Step.PAID: _("Your invoice is paid."),
}


@dataclass(frozen=True)
class Standing:
    """How far the payment of one contract is.

    Attributes:
        contract: Read by ``read``.
        step: What comes next.
        since: From when days to payment count (UTC).
        step_since: Since when it waits for this step (UTC).
        due: The day by which it should be paid.
        was_returned: Whether an invoice was sent back, and no other has come.
        paid_on: The day of the payment.
        days: Calendar days from acceptance to payment.
        total: Of the invoice, in CAD with tax.
    """

    contract: Contract
    step: Step
    since: datetime
    step_since: datetime
    due: date
    was_returned: bool
    paid_on: date | None
    days: int | None
    total: Decimal | None

    @property
    def sentence(self) -> str:
        if self.was_returned:
            return str(_("The invoice was sent back. The supplier mends it."))
        return str(SENTENCES[self.step])

    @property
    def sentence_to_supplier(self) -> str:
        if self.was_returned:
            return str(_("Your invoice was sent back. Mend it and send it again."))
        return str(TO_SUPPLIER[self.step])

    @property
    def is_suppliers(self) -> bool:
        return self.step == Step.INVOICE

    def days_so_far(self, now: datetime) -> int:
        """Calendar days to payment, or until now."""
        if self.days is not None:
            return self.days
        return results.days_between(self.since, now.astimezone(EASTERN).date())

    def is_late(self, now: datetime) -> bool:
        """Whether it was paid, or is, later than the target."""
        return self.days_so_far(now) > results.target_days()


def payable_contracts() -> Q:
    """Contracts under which something is due or was paid."""
    return Q(state__in=[ContractState.ACCEPTED, ContractState.PAID]) | Q(
        state=ContractState.ENDED_CONVENIENCE, end__percentage__gt=0
    )


def read(contracts: ContractQuerySet) -> ContractQuerySet:
    """Of these contracts those under which something is due, with everything that ``of`` looks at."""
    standing = Invoice.objects.filter(contract=OuterRef("pk"), returned=None)
    approvals = Section34Approval.objects.filter(invoice__contract=OuterRef("pk"))
    found: ContractQuerySet = (
        contracts.filter(payable_contracts())
        .select_related("solicitation", "offer__proposal", "offer__award", "end", "acceptance", "payment")
        .defer("offer__proposal__sealed")
        .annotate(
            invoice_at=Subquery(standing.values("received_at")[:1]),
            invoice_total=Subquery(standing.values("total")[:1]),
            approved_at=Subquery(approvals.values("approved_at")[:1]),
            returned_at=Subquery(
                InvoiceReturn.objects.filter(invoice__contract=OuterRef("pk"))
                .order_by("-pk")
                .values("returned_at")[:1]
            ),
            has_invoice=Exists(standing),
        )
    )
    return found


def of(contract: Any) -> Standing:
    """How far a contract is that was read by ``read``."""
    payment = getattr(contract, "payment", None)
    accepted = getattr(contract, "acceptance", None)
    since = accepted.accepted_at if accepted is not None else contract.end.ended_at
    if payment is not None:
        step, step_since = Step.PAID, payment.recorded_at
    elif contract.approved_at is not None:
        step, step_since = Step.PAY, contract.approved_at
    elif contract.has_invoice:
        step, step_since = Step.APPROVE, contract.invoice_at
    else:
        step, step_since = Step.INVOICE, contract.returned_at or since
    return Standing(
        contract=contract,
        step=step,
        since=since,
        step_since=step_since,
        due=since.astimezone(EASTERN).date() + timedelta(days=results.target_days()),
        was_returned=step == Step.INVOICE and contract.returned_at is not None,
        paid_on=payment.paid_on if payment is not None else None,
        days=payment.days if payment is not None else None,
        total=contract.invoice_total,
    )


def of_contract(contract: Contract) -> Standing | None:
    """The same of one contract, read afresh; None while nothing is due under it."""
    found = read(Contract.objects.filter(pk=contract.pk)).first()
    return of(found) if found is not None else None
