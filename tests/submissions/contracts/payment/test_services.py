"""From the invoice to the payment, through the services and against the database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.contracts import services, timing
from submissions.contracts.enums import ContractState, EndKind
from submissions.contracts.models import Contract
from submissions.contracts.payment import hooks, invoicing, next_acts, paying, results, standing, waiting
from submissions.contracts.payment.enums import Step
from submissions.contracts.payment.models import Invoice, Payment, Section34Approval
from submissions.contracts.results import owed
from submissions.contracts.services import Refused
from submissions.notices.models import OutgoingMessage
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from tests.factories import contracts, people

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def letters(kind: str) -> int:
    return OutgoingMessage.objects.filter(kind=kind).count()


def step_of(contract: Contract) -> Step:
    where = standing.of_contract(contract)
    assert where is not None
    return where.step


def own(contract: Contract, **changes: Any) -> invoicing.Own:
    tax = (contract.price * 13 / 100).quantize(Decimal("0.01"))
    values: dict[str, Any] = {
        "content_type": "application/pdf",
        "content": PDF,
        "subtotal": contract.price,
        "federal_tax": tax,
        "provincial_tax": Decimal(0),
        "day": timing.today(database_clock()),
    }
    return invoicing.Own(**{**values, **changes})


# --- the invoice -----------------------------------------------------------------------------------


def test_the_invoice_is_made_from_the_file_with_the_taxes_of_the_province(contract: Contract) -> None:
    assert step_of(contract) == Step.INVOICE
    invoice = contracts.invoiced(contract)
    assert invoice.subtotal == contract.price
    assert invoice.total == contract.price + (contract.price * 13 / 100).quantize(Decimal("0.01"))
    text = invoice.content().decode()
    assert contract.solicitation.get_title("en") in text and "HST 13%" in text
    assert b"Main Street" not in bytes(invoice.locked_content)
    assert not invoice.in_capital_region
    assert step_of(contract) == Step.APPROVE
    assert letters("invoice_received") == 1
    assert letters("payment_waiting") >= 1
    assert results.invoice_of(contract) == invoice


def test_sending_it_again_gives_the_same_and_another_is_refused(contract: Contract) -> None:
    charge = contracts.charge(contract)
    assert invoicing.send(contract, charge) == invoicing.send(contract, charge)
    with pytest.raises(Refused):
        contracts.invoiced(contract)


def test_the_suppliers_own_invoice_is_kept_to_the_byte(contract: Contract) -> None:
    invoice = contracts.invoiced(contract, own=own(contract))
    assert (invoice.content(), invoice.name, invoice.is_own) == (PDF, f"{invoice.number}.pdf", True)
    assert PDF not in bytes(invoice.locked_content)


def test_an_own_invoice_is_checked_against_price_taxes_and_form(contract: Contract) -> None:
    for changes in (
        {"subtotal": contract.price + 1},
        {"federal_tax": Decimal("1.00")},
        {"provincial_tax": Decimal("5.00")},
        {"content": b"no pdf"},
        {"federal_tax": Decimal(9999)},
        {"day": timing.today(database_clock()) + timedelta(days=2)},
        {"day": timing.today(database_clock()) - timedelta(days=2)},
    ):
        with pytest.raises(Refused):
            contracts.invoiced(contract, own=own(contract, **changes))
    assert not Invoice.objects.filter(contract=contract).exists()


def test_an_invoice_has_a_day_on_which_it_can_have_been_written(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "due_since", lambda _contract: datetime(2026, 11, 21, 5, 30, tzinfo=UTC))
    now = datetime(2026, 12, 1, 3, 45, tzinfo=UTC)  # November 30 in Ottawa, December 1 in St. John's

    def fault(day: date) -> str:
        return invoicing.fault_of_day(contract, contracts.charge(contract, own=own(contract, day=day)), now)

    # Accepted on November 21 in Ottawa, which was November 20 in Vancouver still.
    assert fault(date(2026, 11, 20)) == fault(date(2026, 12, 1)) == ""
    assert fault(date(2026, 11, 19)) and fault(date(2026, 12, 2))


def test_a_tax_that_the_government_does_not_pay_is_refused(contract: Contract) -> None:
    gst = (contract.price * 5 / 100).quantize(Decimal("0.01"))
    west = {"province": "BC", "postal_code": "V6B 1A1"}
    charged = own(
        contract, federal_tax=gst, provincial_tax=(contract.price * 7 / 100).quantize(Decimal("0.01"))
    )
    with pytest.raises(Refused, match="does not pay the sales tax of this province"):
        contracts.invoiced(contract, own=charged, **west)
    invoice = contracts.invoiced(contract, **west)
    assert (invoice.federal_name, invoice.provincial_name, invoice.total) == ("GST", "", contract.price + gst)


def test_where_the_department_has_an_address_it_decides_the_taxes(contract: Contract, settings: Any) -> None:
    settings.MICROACQ_DEPARTMENT_PROVINCE = "QC"
    invoice = contracts.invoiced(contract, provincial_number="1234567890 TQ0001")
    assert (invoice.province, invoice.tax_province) == ("ON", "QC")
    assert (invoice.federal_name, invoice.provincial_name) == ("GST", "QST")
    assert "QST 9.975% (number 1234567890 TQ0001)" in invoice.content().decode()


def test_a_tax_is_what_its_rate_gives_in_the_database_too(contract: Contract, invoice: Invoice) -> None:
    for change in (
        {"federal_tax": invoice.federal_tax + 1, "total": invoice.total + 1},
        {"provincial_name": "PST", "provincial_percent": 0},
        {"federal_name": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            Invoice.objects.filter(pk=invoice.pk).update(**change)


@pytest.mark.parametrize(
    "changes",
    [
        {"pay_to": "4111 1111 1111 1111"},
        {"pay_to": "12345-006"},
        {"pay_to": "By cheque, please"},
        {"street": "Account number 1234567"},
        {"name": ""},
        {"province": "ZZ"},
        {"postal_code": "K1A"},
        {"gst_number": "123456789RT0001"},
        {"provincial_number": "1234567890TQ0001"},
    ],
)
def test_what_is_not_right_is_refused(contract: Contract, changes: dict[str, str]) -> None:
    with pytest.raises(Refused):
        contracts.invoiced(contract, **changes)


def test_nothing_personal_stands_in_the_audit(contract: Contract, invoice: Invoice) -> None:
    told = str(list(ModelLogEntry.objects.for_instance(contract.solicitation).values_list("data", flat=True)))
    assert invoice.number in told
    for secret in ("Main Street", "P3E", "supplier@example.org", contract.supplier):
        assert secret not in told


def test_an_invoice_is_sent_back_with_its_reason_and_another_follows(
    contract: Contract, invoice: Invoice
) -> None:
    finance = people.the(roles.FINANCE)
    for reason in (" ", "Take out 4111 1111 1111 1111."):
        with pytest.raises(Refused):
            invoicing.send_back(invoice, finance, reason)
    with pytest.raises(PermissionDenied):
        invoicing.send_back(invoice, people.the(roles.CLIENT), "No.")
    invoicing.send_back(invoice, finance, "The address is that of somebody else.")
    where = standing.of_contract(contract)
    assert where is not None
    assert (where.step, where.was_returned) == (Step.INVOICE, True)
    assert letters("invoice_returned") == 1
    with pytest.raises(Refused):
        paying.approve(invoice, people.the(roles.CFOB), "600012345")
    again = contracts.invoiced(contract)
    assert (again.sequence, again.number) == (2, f"{contract.solicitation.number}-2")


def test_finance_enters_an_invoice_that_came_on_paper_and_another_person_approves_it(
    contract: Contract,
) -> None:
    finance = people.the(roles.FINANCE)
    came = contracts.came(contract)
    invoice = invoicing.send(contract, contracts.charge(contract), user=finance, came=came)
    with pytest.raises(Refused):
        paying.approve(invoice, finance, "600012345")
    with pytest.raises(PermissionDenied):
        invoicing.send(contract, contracts.charge(contract), user=people.the(roles.IT_STRATEGY), came=came)
    paying.approve(invoice, people.the(roles.CFOB), "600012345")


def test_reading_an_invoice_is_recorded_and_not_for_everybody(invoice: Invoice) -> None:
    assert invoicing.read_document(invoice, people.the(roles.AUDITOR)) == invoice.content()
    assert ModelLogEntry.objects.filter(action="payment.invoice_read").count() == 1
    for role in (roles.CLIENT, roles.IT_STRATEGY, roles.EVALUATOR, roles.TRANSLATOR):
        with pytest.raises(PermissionDenied):
            invoicing.read_document(invoice, people.the(role))


# --- section 34 ------------------------------------------------------------------------------------


def test_who_accepted_the_work_does_not_approve_its_invoice(contract: Contract, invoice: Invoice) -> None:
    for person in (contract.acceptance.accepted_by, contract.acceptance.concurred_by):
        with pytest.raises(PermissionDenied):
            paying.approve(invoice, person, "600012345")
        person.groups.add(*people.the(roles.CFOB).groups.all())
        fresh = type(person).objects.get(pk=person.pk)
        assert paying.reasons_against_approving(invoice, fresh)
        with pytest.raises(Refused):
            paying.approve(invoice, fresh, "600012345")
        approval = Section34Approval(invoice=invoice, fund_reservation="600012345", approved_by=person)
        with pytest.raises(ValidationError, match="Another person approves"):
            approval.clean()
        with pytest.raises(IntegrityError, match="does not approve"), transaction.atomic():
            Section34Approval.objects.create(
                invoice=invoice, fund_reservation="600012345", approved_by=person
            )


def test_nobody_approves_what_nobody_else_could_pay(contract: Contract, invoice: Invoice) -> None:
    alone = people.the(roles.FINANCE)
    with pytest.raises(Refused, match="only person who can pay"):
        paying.approve(invoice, alone, "600043917")
    people.make_user(roles.FINANCE, "pays-as-well")
    assert paying.approve(invoice, alone, "600043917").approved_by == alone


def test_who_approved_does_not_pay(contract: Contract, invoice: Invoice) -> None:
    finance = people.the(roles.FINANCE)
    people.make_user(roles.FINANCE, "pays-as-well")
    paying.approve(invoice, finance, "600012345")
    with pytest.raises(Refused):
        contracts.payment(invoice)
    with pytest.raises(IntegrityError, match="does not pay"), transaction.atomic():
        Payment.objects.create(
            contract=contract,
            invoice=invoice,
            method="card",
            reference="A1",
            sap_document="1900",
            amount=invoice.total,
            paid_on=timing.today(database_clock()),
            days=0,
            recorded_by=finance,
        )


@pytest.mark.parametrize("typed", ["", "4111 1111 1111 1111", "123456789012", "12345-006", "x" * 41, "<b>"])
def test_references_hold_no_long_number(contract: Contract, invoice: Invoice, typed: str) -> None:
    with pytest.raises(Refused):
        paying.approve(invoice, people.the(roles.CFOB), typed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Section34Approval.objects.create(
            invoice=invoice,
            fund_reservation=typed[:40] if typed != "12345-006" else "1234567890123",
            approved_by=people.the(roles.CFOB) if len(typed) < 41 else None,
        )


# --- payment ---------------------------------------------------------------------------------------


def test_paying_completes_the_file_and_counts_the_days(contract: Contract, invoice: Invoice) -> None:
    with pytest.raises(Refused):
        contracts.payment(invoice)  # not approved yet
    payment = contracts.payment(contracts.approved(invoice))
    connection.check_constraints()
    contract.refresh_from_db()
    file = Solicitation.objects.get(pk=contract.solicitation_id)
    assert (contract.state, file.state) == (ContractState.PAID, State.COMPLETED)
    assert (payment.amount, payment.days) == (invoice.total, 0)
    assert results.paid(contract) == payment
    assert step_of(contract) == Step.PAID
    assert letters("payment_made") == 1
    with pytest.raises(Refused):
        contracts.payment(invoice)


def test_nothing_is_paid_in_the_future_or_before_its_approval(invoice: Invoice) -> None:
    contracts.approved(invoice)
    today = timing.today(database_clock())
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(Refused):
            contracts.payment(invoice, paid_on=day)


def test_a_contract_is_not_paid_without_a_payment(contract: Contract) -> None:
    with pytest.raises(IntegrityError, match="payment is recorded"), transaction.atomic():
        services.mark_paid(contract, people.the(roles.FINANCE))
        connection.check_constraints()


def test_rows_of_payments_are_never_changed(contract: Contract, invoice: Invoice) -> None:
    contracts.payment(contracts.approved(invoice))
    for model in (Invoice, Section34Approval, Payment):
        with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
            model.objects.all().update(id=0)


def test_the_share_of_a_contract_that_ended_for_convenience_is_paid_and_changes_nothing_else(
    db: None,
) -> None:
    contract = contracts.under_way()
    connection.check_constraints()  # the award is over
    assert standing.of_contract(contract) is None
    with pytest.raises(Refused):
        contracts.invoiced(contract)  # nothing is due
    contracts.not_accepted(contracts.delivered(contract))
    contracts.ended(contract, EndKind.CONVENIENCE, percentage=50)
    contract.refresh_from_db()
    state = contract.solicitation.state
    invoice = contracts.invoiced(contract)
    assert invoice.subtotal == (contract.price / 2).quantize(Decimal("0.01"))
    written = invoice.content().decode()
    assert "Agreed share (50%)" in written and "Fixed price, before tax" not in written
    assert owed(contract) == invoice.subtotal
    contracts.payment(contracts.approved(invoice))
    connection.check_constraints()
    contract = Contract.objects.get(pk=contract.pk)
    assert contract.state == ContractState.ENDED_CONVENIENCE
    assert owed(contract) is None
    assert Solicitation.objects.get(pk=contract.solicitation_id).state == state


# --- whose turn it is ------------------------------------------------------------------------------


def test_waiting_work_and_the_tracker_say_whose_turn_it_is(contract: Contract) -> None:
    def waits(role: str) -> list[str]:
        return [item.kind for item in waiting.work_of(people.the(role))]

    def next_act() -> str:
        return str(next_acts.next_acts([contract.solicitation])[contract.solicitation_id].label)

    contract.solicitation.refresh_from_db()
    assert next_act() == "Wait for the invoice"
    assert waits(roles.CFOB) == waits(roles.FINANCE) == []
    invoice = contracts.invoiced(contract)
    assert next_act() == "Approve the invoice under section 34"
    assert waits(roles.CFOB) == ["payment_approve"]
    assert waits(roles.FINANCE) == []  # the only person who can pay approves nothing
    people.make_user(roles.FINANCE, "pays-as-well")
    assert waits(roles.CFOB) == waits(roles.FINANCE) == ["payment_approve"]
    contracts.approved(invoice)
    assert waits(roles.CFOB) == []
    assert waits(roles.FINANCE) == ["payment_pay"]
    assert next_act() == "Pay the invoice"


def test_a_supplier_is_reminded_of_the_invoice_once(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hooks.remind_of_invoices() is None
    later = database_clock() + timedelta(days=10)
    monkeypatch.setattr(hooks, "database_clock", lambda: later)
    assert hooks.remind_of_invoices() is not None
    assert hooks.remind_of_invoices() is None
    assert letters("invoice_asked") == 1


def test_days_are_counted_against_the_target(contract: Contract, settings: Any) -> None:
    settings.MICROACQ_PAYMENT_TARGET_DAYS = 5
    where = standing.of_contract(contract)
    assert where is not None
    assert not where.is_late(database_clock())
    assert where.is_late(database_clock() + timedelta(days=6, hours=12))
    assert where.due == timing.today(where.since) + timedelta(days=5)
