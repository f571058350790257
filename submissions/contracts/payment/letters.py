"""What payment writes: to the supplier in the language of correspondence, to staff in the language each has chosen.

Owns which letter goes to whom; the words are with all notices. Imports no view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microacq_pages import formats
from submissions.contracts.letters import has_mail, language_of_supplier, people_with, tell_supplier
from submissions.notices.models import OutgoingMessage
from submissions.notices.reviews import address_of, language_of
from submissions.notices.services import send_notice

from . import permissions

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.contracts.models import Contract

    from .models import Invoice, InvoiceReturn, Payment, Section34Approval

__all__ = ["has_mail", "language_of_supplier", "people_with"]


class What(StrEnum):
    """What staff are told of."""

    RECEIVED = "received"
    APPROVED = "approved"


#: For each, what the subject says and what is to be done.
NEWS: dict[What, tuple[Any, Any]] = {
    What.RECEIVED: (
        _("an invoice waits for its section 34 approval"),
        _("The invoice has come in. Approve it under section 34, or send it back with the reason."),
    ),
    What.APPROVED: (
        _("an invoice is to be paid"),
        _("The invoice is approved under section 34. Pay it and record the payment."),
    ),
}


def _about(invoice: Invoice) -> dict[str, str]:
    language = language_of_supplier(invoice.contract)
    return {"invoice": invoice.number, "total": formats.money(invoice.total, language)}


def send_received(invoice: Invoice) -> None:
    """To the supplier that it arrived; to those who may approve it."""
    tell_supplier("invoice_received", invoice.contract, str(invoice.pk), **_about(invoice))
    others = invoice.approved_by_others_than()
    payers = {person.pk for person in people_with(permissions.PAY)}
    people = [
        person
        for person in people_with(permissions.APPROVE)
        # Who pays alone does not approve: nobody could pay then.
        if person.pk not in others and payers != {person.pk}
    ]
    _tell_staff(people, invoice, What.RECEIVED)


def send_returned(returned: InvoiceReturn) -> None:
    """To the supplier, with the reason."""
    invoice = returned.invoice
    tell_supplier(
        "invoice_returned", invoice.contract, str(returned.pk), reason=returned.reason, **_about(invoice)
    )


def send_approved(approval: Section34Approval) -> None:
    """To those who may pay."""
    people = [person for person in people_with(permissions.PAY) if person.pk != approval.approved_by_id]
    _tell_staff(people, approval.invoice, What.APPROVED)


def send_paid(payment: Payment) -> None:
    """To the supplier: how much, when and how."""
    language = language_of_supplier(payment.contract)
    tell_supplier(
        "payment_made",
        payment.contract,
        str(payment.pk),
        paid_on=formats.date_long(payment.paid_on, language),
        reference=payment.reference,
        **_about(payment.invoice),
    )


def send_asked(contract: Contract, amount: Any) -> bool:
    """Remind a supplier once that the invoice is awaited. Returns whether a letter was queued now."""
    kind, key = "invoice_asked", str(contract.pk)
    known = OutgoingMessage.objects.filter(idempotency_key=f"{kind}:{contract.solicitation.number}:{key}")
    if not has_mail(contract) or known.exists():
        return False
    tell_supplier(kind, contract, key, price=formats.money(amount, language_of_supplier(contract)))
    return True


def _tell_staff(people: Iterable[User], invoice: Invoice, what: What) -> None:
    file = invoice.contract.solicitation
    for person in people:
        if person.email:
            send_notice(
                "payment_waiting",
                person.email,
                key=f"payment_waiting:{what}:{invoice.number}:{person.pk}",
                language=language_of(person),
                number=file.number,
                context=_values(invoice, what),
            )


def _values(invoice: Invoice, what: What) -> Callable[[str], dict[str, str]]:
    contract = invoice.contract

    def values(language: str) -> dict[str, str]:
        return {
            "number": contract.solicitation.number,
            "title": contract.solicitation.get_title(language),
            "supplier": contract.supplier,
            "news": str(NEWS[what][0]),
            "act": str(NEWS[what][1]),
            "total": formats.money(invoice.total, language),
            "url": address_of(reverse("payments:payment", args=[contract.pk])),
        }

    return values
