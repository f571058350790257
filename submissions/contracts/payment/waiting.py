"""What waits for a person because of payments. Reads only, with as many queries for many contracts as for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microacq_pages.waiting import WaitingItem
from submissions.contracts import desk
from submissions.contracts.desk_models import EnteredForSupplier
from submissions.contracts.enums import ContractState
from submissions.contracts.models import Contract
from submissions.proposals.entering import ENTER_PERMISSION

from . import letters, paying, permissions, standing
from .enums import Step
from .models import Invoice, Section34Approval

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Business days within which each step of staff should be done.
APPROVE_WITHIN, PAY_WITHIN, ASK_WITHIN = 3, 3, 1
STEPS: dict[Step, tuple[str, str, Any, int]] = {
    Step.APPROVE: (permissions.APPROVE, "approve", _("Approve an invoice under section 34"), APPROVE_WITHIN),
    Step.PAY: (permissions.PAY, "pay", _("Pay an approved invoice"), PAY_WITHIN),
}


def work_of(user: User) -> Iterator[WaitingItem]:
    """Invoices that this person may approve or pay, and suppliers without e-mail to ask for theirs."""
    yield from _to_decide(user)
    yield from _to_ask(user)


def _to_ask(user: User) -> Iterator[WaitingItem]:
    """Suppliers without e-mail, whom no letter asks for their invoice; one query."""
    if not user.has_perm(ENTER_PERMISSION):
        return
    unpaid = Contract.objects.filter(payment=None, offer__proposal__entered_by__isnull=False)
    for contract in standing.read(unpaid).order_by("pk"):
        where = standing.of(contract)
        if where.step == Step.INVOICE and desk.may_enter(user, contract) and not letters.has_mail(contract):
            yield WaitingItem(
                kind="amendment-call",
                label=str(_("Ask a supplier without e-mail for the invoice, and enter it")),
                title=contract.solicitation.number,
                url=reverse("contracts:desk", args=[contract.pk]),
                since=where.step_since,
                target_days=ASK_WITHIN,
                detail=contract.solicitation.get_title(),
            )


def _to_decide(user: User) -> Iterator[WaitingItem]:
    """Invoices to approve or to pay: not of work that the person accepted, entered or approved."""
    mine = {step for step, (permission, *_rest) in STEPS.items() if user.has_perm(permission)}
    if Step.APPROVE in mine and paying.pays_alone(user):
        mine.remove(Step.APPROVE)
    if not mine:
        return
    unpaid = Contract.objects.filter(payment=None, invoices__isnull=False).distinct()
    excluded = _others(user)
    for contract in standing.read(unpaid).order_by("pk"):
        where = standing.of(contract)
        if where.step in mine and (where.step, contract.pk) not in excluded:
            _permission, name, label, days = STEPS[where.step]
            yield WaitingItem(
                kind=f"payment_{where.step}",
                label=str(label),
                title=contract.solicitation.number,
                url=reverse(f"payments:{name}", args=[contract.pk]),
                since=where.step_since,
                target_days=days,
                detail=contract.solicitation.get_title(),
            )


def _others(user: User) -> set[tuple[Step, int]]:
    """Steps that are another person’s."""
    entered = (
        *Invoice.objects.filter(entered_by=user).values_list("contract_id", flat=True),
        *EnteredForSupplier.objects.filter(entered_by=user).values_list("contract_id", flat=True),
    )
    accepted = Contract.objects.filter(acceptance__accepted_by=user) | Contract.objects.filter(
        acceptance__concurred_by=user
    )
    ended = Contract.objects.filter(
        state=ContractState.ENDED_CONVENIENCE, end__proposal__proposed_by=user
    ).values_list("pk", flat=True)
    approved = Section34Approval.objects.filter(approved_by=user).values_list(
        "invoice__contract_id", flat=True
    )
    keys = (*entered, *accepted.values_list("pk", flat=True), *ended)
    return {(Step.APPROVE, key) for key in keys} | {(Step.PAY, key) for key in approved}
