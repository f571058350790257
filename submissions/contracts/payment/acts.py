"""What a person of staff may do about a payment now, with the way there, and its facts. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.contracts.acts import Act
from submissions.solicitations.panels import money, when

from . import invoicing, paying, permissions, results
from .enums import METHODS, Step
from .standing import Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .models import Invoice


def acts_of(where: Standing, invoice: Invoice | None, user: User) -> list[Act]:
    """What this person may do now: what the payment waits for comes first."""
    return sorted(_acts(where, invoice, user), key=lambda act: not act.waits)


def _acts(where: Standing, invoice: Invoice | None, user: User) -> Iterator[Act]:
    approves, pays = user.has_perm(permissions.APPROVE), user.has_perm(permissions.PAY)

    def act(name: str, label: str, *, waits: bool = False) -> Act:
        return Act(label, reverse(f"payments:{name}", args=[where.contract.pk]), waits)

    if where.step == Step.INVOICE and invoicing.may_enter(user, where.contract):
        yield act("enter", _("Enter the invoice for the supplier"))
        yield act("enter_own", _("Enter the supplier’s own invoice"))
    if invoice is None:
        return
    if where.step == Step.APPROVE:
        if approves and not paying.reasons_against_approving(invoice, user):
            yield act("approve", _("Approve under section 34"), waits=True)
        if approves or pays:
            yield act("send_back", _("Send the invoice back"))
    if where.step == Step.PAY and pays and not paying.reasons_against_paying(invoice, user):
        yield act("pay", _("Record the payment"), waits=True)


def _named(person: User) -> str:
    return str(person.get_full_name() or person.get_username())


def days_text(days: int) -> str:
    """A number of calendar days."""
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def facts(where: Standing, invoice: Invoice | None, now: datetime) -> list[tuple[str, str]]:
    """Labels and values: days against the target, numbers of SAP, the payment. Nothing personal."""
    approval = results.approval_of(invoice) if invoice is not None else None
    payment = results.paid(where.contract)
    found = [
        (_("Supplier"), where.contract.supplier),
        (_("To be paid since"), when(where.since)),
        (_("To be paid by"), when(where.due)),
        (
            _("Days to pay"),
            _("%(days)s; the target is %(target)s")
            % {"days": days_text(where.days_so_far(now)), "target": days_text(results.target_days())},
        ),
    ]
    if approval is not None:
        found += [
            (_("SAP fund reservation number"), approval.fund_reservation),
            (
                _("Approved under section 34"),
                f"{_named(approval.approved_by)}, {when(approval.approved_at)}",
            ),
        ]
    if payment is not None:
        found += [
            (_("Paid"), f"{money(payment.amount)}, {when(payment.paid_on)}"),
            (_("Method of payment"), str(METHODS[payment.method])),
            (_("Reference of the payment"), payment.reference),
            (_("SAP document number"), payment.sap_document),
        ]
    return found
