"""Section 34 approval and payment: two acts of two people, neither of whom accepted the work.

Sources: Financial Administration Act, sections 33 and 34; Directive on Delegation of Spending and Financial Authorities
(who certifies under section 34 does not make the payment). Each act in one transaction. Knows no request and no page.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from submissions.audit.services import record
from submissions.awards.enums import Payment as Method
from submissions.contracts import fingerprints, timing
from submissions.contracts.desk_models import EnteredForSupplier
from submissions.contracts.services import locked_contract, mark_paid, named, refuse, require
from submissions.solicitations.services import database_clock

from . import invoicing, letters, permissions, references, results
from .models import Invoice, Payment, Section34Approval

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.contracts.models import Contract


def reasons_against_approving(invoice: Invoice, user: User) -> list[str]:
    """Sentences against a section 34 approval by a person now."""
    found = invoicing.reasons_against_deciding(invoice)
    if invoice.entered_by_id == user.pk:
        found.append(_("You entered this invoice: another person approves it."))
    elif EnteredForSupplier.objects.filter(contract=invoice.contract_id, entered_by=user).exists():
        found.append(_("You entered what this supplier said: another person approves the invoice."))
    elif user.pk in invoice.approved_by_others_than():
        found.append(_("You accepted the work: another person approves the invoice."))
    elif pays_alone(user):
        found.append(_("You are the only person who can pay this invoice: another person approves it."))
    return found


def pays_alone(user: User) -> bool:
    """Whether nobody could pay what this person approves: the two acts are of two people."""
    if not user.has_perm(permissions.PAY):
        return False
    return all(person.pk == user.pk for person in letters.people_with(permissions.PAY))


@transaction.atomic
def approve(invoice: Invoice, user: User, fund_reservation: str) -> Section34Approval:
    """Certify under section 34 that the work was done and that the price is as agreed.

    Raises:
        PermissionDenied: the user may not.
        Refused: the person accepted the work or entered the invoice, or it was decided already. It is recorded.
    """
    contract = locked_contract(invoice.contract)
    require(permissions.APPROVE, contract, user, "payment.approved")
    sentences = [*reasons_against_approving(invoice, user), *references.faults(fund_reservation)]
    if sentences:
        refuse(contract, user, "payment.approved", sentences)
    approval: Section34Approval = Section34Approval.objects.create(
        invoice=invoice, fund_reservation=fund_reservation.strip(), approved_by=user
    )
    record(
        contract.solicitation,
        "payment.approved",
        user=user,
        data={
            **named(contract),
            "invoice": invoice.number,
            "total": str(invoice.total),
            "fund_reservation": approval.fund_reservation,
            fingerprints.KEPT: fingerprints.of(approval),
        },
    )
    letters.send_approved(approval)
    return approval


def reasons_against_paying(invoice: Invoice | None, user: User) -> list[str]:
    """Sentences against recording the payment of an invoice by a person now."""
    if invoice is None:
        return [_("There is no invoice yet.")]
    if Payment.objects.filter(contract=invoice.contract_id).exists():
        return [_("This contract is paid already.")]
    approval = results.approval_of(invoice)
    if approval is None:
        return [_("The invoice is not approved under section 34 yet.")]
    if approval.approved_by_id == user.pk:
        return [_("You approved the invoice: another person pays it.")]
    return []


def fault_of_day(contract: Contract, invoice: Invoice, paid_on: date) -> str:
    """Why a day cannot be that of the payment; empty when it can."""
    since = results.due_since(contract)
    if paid_on > timing.today(database_clock()):
        return _("Choose the day on which it was paid: it cannot be in the future.")
    if since is not None and paid_on < timing.today(since):
        return _("Nothing was due before the work was accepted: choose a later day.")
    approval = results.approval_of(invoice)
    if approval is not None and paid_on < timing.today(approval.approved_at):
        return _("Nothing is paid before its approval under section 34: choose a later day.")
    return ""


@transaction.atomic
def pay(
    invoice: Invoice, user: User, *, method: Method | str, reference: str, sap_document: str, paid_on: date
) -> Payment:
    """Record the payment of an approved invoice; with it the contract is paid and its file complete.

    Args:
        invoice: Approved under section 34.
        user: Who paid; not who approved.
        method: By card or PayPal.
        reference: Of the payment service; never the number of a card or of an account.
        sap_document: Number of the document in SAP.
        paid_on: The day.

    Raises:
        PermissionDenied: the user may not.
        Refused: anything stands against it. It is recorded.
    """
    contract = locked_contract(invoice.contract)
    require(permissions.PAY, contract, user, "payment.recorded")
    since = results.due_since(contract)
    sentences = reasons_against_paying(invoice, user) or [
        *references.faults(reference),
        *references.faults(sap_document),
        *filter(None, [fault_of_day(contract, invoice, paid_on)]),
    ]
    if method not in Method.values:
        sentences.append(_("Choose how it was paid."))
    if sentences or since is None:
        refuse(contract, user, "payment.recorded", sentences)
    payment: Payment = Payment.objects.create(
        contract=contract,
        invoice=invoice,
        method=method,
        reference=reference.strip(),
        sap_document=sap_document.strip(),
        amount=invoice.total,
        paid_on=paid_on,
        days=results.days_between(since, paid_on),
        recorded_by=user,
    )
    data = {"invoice": invoice.number, "total": str(payment.amount), "days": payment.days}
    record(
        contract.solicitation,
        "payment.recorded",
        user=user,
        data={
            **named(contract),
            **data,
            "sap_document": payment.sap_document,
            fingerprints.KEPT: fingerprints.of(payment),
        },
    )
    mark_paid(contract, user)
    letters.send_paid(payment)
    return payment
