"""The payment: invoices with what was sent back, section 34 approval, the payment with its numbers. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.contracts import results
from submissions.contracts.payment import amounts
from submissions.contracts.payment.models import Invoice, Payment, Section34Approval
from submissions.contracts.payment.permissions import READ as READ_INVOICE
from submissions.contracts.payment.taxes import PROVINCES

from ..documents import document
from ..words import About, Run, Words, Writer
from .saying import FACTS, moment, person, written

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


@document(
    "payment",
    order=620,
    title=gettext_lazy("Invoice, section 34 approval and payment"),
    permission=READ_INVOICE,
)
def write_payment(file: Solicitation, writer: Writer) -> None:
    """Each invoice of each contract, who approved it or why it was sent back, and how it was paid."""
    for contract in results.contracts_of(file):
        invoices = Invoice.objects.filter(contract=contract).defer("locked_content").order_by("sequence")
        rows = list(invoices.select_related("returned__returned_by", "approval__approved_by", "entered_by"))
        if rows:
            writer.heading(_("Contract with %(supplier)s") % {"supplier": contract.supplier})
        for invoice in rows:
            _write_invoice(invoice, writer)
        paid = Payment.objects.filter(contract=contract).select_related("recorded_by", "invoice").first()
        if paid is not None:
            _write_paid(paid, writer)


def _write_invoice(invoice: Invoice, writer: Writer) -> None:
    language = writer.language
    writer.heading(_("Invoice %(number)s") % {"number": invoice.number}, 3)
    writer.facts(
        _("Invoice"),
        FACTS,
        [
            (_("Received"), moment(invoice.received_at, language)),
            (_("Date of the invoice"), moment(invoice.day, language)),
            (_("Entered for the supplier by"), person(invoice.entered_by) if invoice.entered_by else ""),
            *_who_charges(invoice),
            (_("Before tax"), amounts.exact(invoice.subtotal, language)),
            *(
                (f"{label} ({amounts.rate(percent, language)})", amounts.exact(amount, language))
                for label, percent, amount in invoice.taxes
            ),
            (_("Total"), amounts.exact(invoice.total, language)),
            (_("Digest of the document, SHA-256"), invoice.digest),
        ],
    )
    returned = getattr(invoice, "returned", None)
    if returned is not None:
        writer.facts(
            _("Invoice sent back"),
            FACTS,
            [
                (_("Sent back by"), person(returned.returned_by)),
                (_("Sent back on"), moment(returned.returned_at, language)),
                (_("What to mend"), written(returned.reason, by=returned.language, document=language)),
            ],
        )
    approval: Section34Approval | None = getattr(invoice, "approval", None)
    if approval is not None:
        writer.facts(
            _("Section 34 approval"),
            FACTS,
            [
                (_("Approved by"), person(approval.approved_by)),
                (_("Approved on"), moment(approval.approved_at, language)),
                (_("SAP fund reservation number"), approval.fund_reservation),
            ],
        )


def _who_charges(invoice: Invoice) -> list[tuple[str, Words]]:
    """What the supplier says of itself; nothing of it once it was erased."""
    words = invoice.words()
    address = "\n".join(words[name] for name in ("street", "city", "postal_code") if words.get(name))
    return [
        (_("Supplier"), Run(words.get("name", ""), about=About.NAME)),
        (_("Address"), Run(address, about=About.CONTACT)),
        (_("Province or territory"), Run(str(PROVINCES[invoice.province]), about=About.CONTACT)),
        (_("GST/HST number"), Run(words.get("gst_number", ""), about=About.CONTACT)),
        (_("QST number"), Run(words.get("provincial_number", ""), about=About.CONTACT)),
        (_("Where to pay"), Run(words.get("pay_to", ""), about=About.CONTACT)),
    ]


def _write_paid(paid: Payment, writer: Writer) -> None:
    language = writer.language
    writer.heading(_("Payment"), 3)
    writer.facts(
        _("Payment"),
        FACTS,
        [
            (_("Invoice number"), paid.invoice.number),
            (_("Amount paid"), amounts.exact(paid.amount, language)),
            (_("Paid on"), moment(paid.paid_on, language)),
            (_("Method of payment"), paid.get_method_display()),
            (_("Reference of the payment"), paid.reference),
            (_("SAP document number"), paid.sap_document),
            (_("Days to pay"), str(paid.days)),
            (_("Recorded by"), person(paid.recorded_by)),
            (_("Recorded"), moment(paid.recorded_at, language)),
        ],
    )
