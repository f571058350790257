"""What payments can prove: amounts, days and documents as recorded, and that different people acted.

Answers the hook ``file_proofs``. Reads only; documents are decrypted to compare their digests, and that is recorded by
who asks. Imports no later stage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.contracts import fingerprints
from submissions.contracts import results as contracts
from submissions.contracts.enums import ContractState
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check, Finding, Tell, broken, recorded, unproved

from . import results
from .models import Invoice, InvoiceReturn, Payment, Section34Approval

RECEIVED, APPROVED, PAID = "payment.invoice_received", "payment.approved", "payment.recorded"


def checks(file: Solicitation) -> list[Check]:
    """The checks of payment."""
    return [
        Check(
            "payments.invoices",
            gettext_lazy(
                "Each invoice is for what was due, adds up, and is as it was recorded when it came."
            ),
            partial(invoices, file),
            order=960,
        ),
        Check(
            "payments.people",
            gettext_lazy(
                "Who approved an invoice neither accepted the work, nor entered nor paid the invoice."
            ),
            partial(people, file),
            order=965,
        ),
        Check(
            "payments.payment",
            gettext_lazy("Each contract that is paid has one payment, whole, recorded, after its approval."),
            partial(payments, file),
            order=970,
        ),
        Check(
            "payments.words",
            gettext_lazy("Invoices, what was sent back, approvals and payments are what was recorded."),
            partial(words, file),
            order=972,
        ),
        Check(
            "payments.documents",
            gettext_lazy("Each invoice gives the digest that was noted when it came."),
            partial(documents, file),
            opens_texts=True,
            order=975,
        ),
    ]


def invoices(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Amounts against what was due and against the record."""
    told = {one.data.get("invoice"): one.data for one in recorded(file, [RECEIVED])}
    found = Invoice.objects.filter(contract__solicitation=file).defer("locked_content")
    for invoice in found.select_related("contract__end"):
        due = contracts.payable(invoice.contract)
        taxes = invoice.federal_tax + invoice.provincial_tax
        if invoice.subtotal != due or invoice.total != invoice.subtotal + taxes:
            yield broken(_("The invoice %(invoice)s is not for what was due."), invoice=invoice.number)
        data = told.pop(invoice.number, None)
        if data is None or (data.get("total"), data.get("digest")) != (str(invoice.total), invoice.digest):
            yield broken(_("The invoice %(invoice)s is not as it was recorded."), invoice=invoice.number)
    for number in told:
        yield broken(_("The invoice %(invoice)s was recorded and is not there."), invoice=number)


def people(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Separation of duties."""
    approvals = Section34Approval.objects.filter(invoice__contract__solicitation=file)
    for approval in approvals.select_related("invoice__contract").defer("invoice__locked_content"):
        invoice = approval.invoice
        payer = Payment.objects.filter(invoice=invoice).values_list("recorded_by", flat=True).first()
        others = invoice.approved_by_others_than() | {payer}
        if approval.approved_by_id in others:
            yield broken(
                _("The invoice %(invoice)s was approved by somebody who also accepted, entered or paid."),
                invoice=invoice.number,
            )
        acts = recorded(file, [APPROVED])
        if not any(one.data.get("invoice") == invoice.number for one in acts):
            yield broken(_("The approval of %(invoice)s was not recorded."), invoice=invoice.number)


def payments(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """One payment of a paid contract, as approved and recorded."""
    told = {one.data.get("invoice"): one.data for one in recorded(file, [PAID])}
    for contract in contracts.contracts_of(file):
        payment = results.paid(contract)
        if (contract.state == ContractState.PAID) and payment is None:
            yield broken(_("A contract is paid without a payment."))
        if payment is None:
            continue
        number = payment.invoice.number
        approval = results.approval_of(payment.invoice)
        since = results.due_since(contract)
        whole = payment.amount == payment.invoice.total and payment.invoice.contract_id == contract.pk
        days = results.days_between(since, payment.paid_on) if since is not None else None
        if (
            not whole
            or approval is None
            or payment.recorded_at < approval.approved_at
            or days != payment.days
        ):
            yield broken(_("The payment of %(invoice)s is not as it was approved."), invoice=number)
        data = told.get(number, {})
        if Decimal(str(data.get("total", "0"))) != payment.amount or data.get("days") != payment.days:
            yield broken(_("The payment of %(invoice)s is not as it was recorded."), invoice=number)


def words(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Rows and encrypted texts that were changed, added or taken away since their act was recorded."""
    return fingerprints.findings(
        file,
        (
            Invoice.objects.filter(contract__solicitation=file),
            InvoiceReturn.objects.filter(invoice__contract__solicitation=file),
            Section34Approval.objects.filter(invoice__contract__solicitation=file),
            Payment.objects.filter(contract__solicitation=file),
        ),
    )


def documents(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Invoices as they came."""
    for invoice in Invoice.objects.with_document().filter(contract__solicitation=file):
        try:
            content = invoice.content()
        except ImproperlyConfigured:
            yield unproved(_("The key for the invoice %(invoice)s is not here."), invoice=invoice.number)
            continue
        if hashlib.sha256(content).hexdigest() != invoice.digest or len(content) != invoice.size:
            yield broken(_("The invoice %(invoice)s does not give its digest."), invoice=invoice.number)
