"""Two people at one invoice at once, on connections of their own: one act is done, the other is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from microacq_pages import roles
from submissions.contracts.models import Contract
from submissions.contracts.payment import invoicing, paying
from submissions.contracts.payment.models import Invoice, InvoiceReturn, Payment, Section34Approval
from submissions.proposals import opening
from tests.factories import contracts, people
from tests.submissions.contracts.test_races import at_once
from tests.support.committed import committed_database

__all__ = ["committed_database"]


@pytest.fixture
def contract(committed_database: str, django_db_blocker: Any, settings: Any) -> Iterator[Contract]:
    """Accepted work, committed."""
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    with django_db_blocker.unblock():
        opening.make_trial()
        begun = contracts.under_way(passing=1)
        yield contracts.accepted(contracts.judged(contracts.delivered(begun))).contract


def fresh(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def test_one_of_two_at_once_invoices_approves_and_pays(contract: Contract) -> None:
    """The whole way in one file: making a file costs more than all of it."""
    same, other = contracts.charge(contract), contracts.charge(contract)
    outcomes = at_once(*(lambda sent=sent: invoicing.send(contract, sent) for sent in (same, same, other)))
    assert outcomes.count("Invoice") in (1, 2)
    invoice = Invoice.objects.get(contract=contract)

    cfob, finance = people.the(roles.CFOB), people.the(roles.FINANCE)
    outcomes = at_once(
        lambda: paying.approve(fresh(invoice), cfob, "600012345"),
        lambda: paying.approve(fresh(invoice), finance, "600012345"),
        lambda: invoicing.send_back(fresh(invoice), finance, "The address is wrong."),
    )
    assert outcomes.count("Refused") == 2
    if InvoiceReturn.objects.filter(invoice=invoice).exists():
        assert not Section34Approval.objects.filter(invoice=invoice).exists()
        invoice = contracts.approved(contracts.invoiced(contract))
    approval = Section34Approval.objects.get(invoice=invoice)

    payers = [people.make_user(roles.FINANCE, f"payer-{number}") for number in (1, 2)]
    assert approval.approved_by not in payers
    outcomes = at_once(
        *(
            lambda payer=payer: contracts.payment(
                fresh(invoice), user=get_user_model().objects.get(pk=payer.pk)
            )
            for payer in payers
        )
    )
    assert outcomes == ["Payment", "Refused"]
    assert Payment.objects.filter(contract=contract).count() == 1
    contract.refresh_from_db()
    assert (
        contract.state,
        contract.solicitation.__class__.objects.get(pk=contract.solicitation_id).state,
    ) == (
        "paid",
        "completed",
    )
