"""After the award, staff enter what suppliers without e-mail say, and decide nothing about what they entered."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.waiting import waiting_for
from submissions.contracts import delivering, desk, ending, judging, proving, story, talking
from submissions.contracts.desk_models import EnteredForSupplier
from submissions.contracts.enums import ContractState, EndKind
from submissions.contracts.models import Contract
from submissions.contracts.payment import invoicing, paying
from submissions.contracts.services import Refused
from submissions.contracts.work_models import Concurrence, Judgement
from submissions.notices.models import OutgoingMessage
from submissions.proposals.came import Came
from submissions.solicitations import proofs
from submissions.solicitations.models import Solicitation
from tests.factories import contracts, people

pytestmark = pytest.mark.django_db

STATEMENT = "The supplier called from the number of the application. Noted in the file."


@pytest.fixture(scope="module")
def _contract_of_module(module_transaction: None) -> int:
    """Work under way of the only one who passed, who applied by telephone."""
    contract = contracts.by_telephone(people.make_user(roles.IT_STRATEGY, "enters"))
    connection.check_constraints()
    return contract.pk


@pytest.fixture
def staff(db: None) -> Any:
    return people.make_user(roles.IT_STRATEGY, "desk")


@pytest.fixture
def browser(client: Client, staff: Any) -> Client:
    client.force_login(staff)
    return client


def url(contract: Contract, name: str = "") -> str:
    return reverse(f"contracts:desk_{name}" if name else "contracts:desk", args=[contract.pk])


def came(contract: Contract) -> Came:
    return Came("telephone", contract.started_at, STATEMENT)


def typed(contract: Contract, **changes: Any) -> dict[str, Any]:
    came = contracts.came_typed(contract.started_at)
    return {**came, "statement": STATEMENT, "key": str(uuid.uuid4()), **changes}


def delivery(contract: Contract, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the whole delivery form."""
    items = contract.solicitation.current_posting.items.all()
    said = {
        **{f"answer_{item.identity.hex}": "As in the tests." for item in items if item.kind == "acceptance"},
        **{f"check_{item.identity.hex}": "on" for item in items if item.kind == "delivery"},
        **{f"{kind}_none": "None was run." for kind in ("tests", "security", "accessibility")},
    }
    return typed(
        contract,
        requests="https://git.example.org/project/pull/7",
        commit=contracts.COMMIT,
        licence=contract.solicitation.licence,
        **said,
        **changes,
    )


def delivered(contract: Contract, user: Any) -> Any:
    return desk.enter(
        contract, user, came(contract), lambda locked: delivering.deliver(locked, contracts.sent(locked))
    )


def proposed(contract: Contract, user: Any = None) -> Any:
    return ending.propose(
        contract,
        user or contracts.client_of(contract.solicitation),
        EndKind.CONVENIENCE,
        "The need has gone.",
        percentage=40,
        key=uuid.uuid4(),
        language="en",
    )


def acts(name: str = desk.ACT) -> list[Any]:
    return list(ModelLogEntry.objects.filter(action=name))


def test_staff_see_how_to_reach_the_supplier_and_what_can_be_entered(
    contract: Contract, browser: Client
) -> None:
    page = browser.get(url(contract)).content.decode()
    assert "613 555-0142" not in page
    for name in ("deliver", "message", "ask_date", "dispute", "withdraw"):
        assert url(contract, name) in page
    assert url(contract, "answer_end") not in page
    assert "613 555-0142" in browser.post(url(contract), {"act": "reach"}).content.decode()
    assert len(acts("supplier.reach_shown")) == 1
    assert browser.post(url(contract), {"act": "other"}).status_code == 422


def test_a_delivery_is_entered_whole_and_another_person_judges_and_concurs(
    contract: Contract, browser: Client, staff: Any
) -> None:
    assert browser.get(url(contract, "deliver")).status_code == 200
    sent = delivery(contract)
    assert browser.post(url(contract, "deliver"), sent).status_code == 302
    # The same form again changes nothing.
    browser.post(url(contract, "deliver"), sent)
    (kept,) = EnteredForSupplier.objects.filter(contract=contract)
    assert (kept.what, kept.entered_by, kept.entered_how, kept.statement) == (
        "delivery",
        staff,
        "telephone",
        STATEMENT,
    )
    (entry,) = acts()
    assert entry.user == staff
    assert "called" not in str(entry.data)
    found = kept.delivery
    assert (found.round, found.commit) == (1, contracts.COMMIT)
    with pytest.raises(Refused, match="another person decides"):
        contracts.judged(found, user=staff)
    assert not [each for each in waiting_for(staff) if each.url.endswith("/judge/")]
    browser_of_another = contracts.client_of(contract.solicitation)
    assert [each for each in waiting_for(browser_of_another) if each.url.endswith("/judge/")]
    judgement = contracts.judged(found)
    with pytest.raises(Refused, match="another person decides"):
        judging.concur(judgement, staff, agreed=True)
    assert not OutgoingMessage.objects.filter(
        kind="work_waiting", idempotency_key__endswith=f":{staff.pk}", idempotency_key__contains="judged:"
    ).exists()
    contracts.accepted(judgement)
    connection.check_constraints()
    checks = proving.checks(Solicitation.objects.get(pk=contract.solicitation_id))
    outcomes = [proofs.carry_out(check, lambda _done, _all: None) for check in checks]
    assert [each.sentence for one in outcomes for each in one.findings] == []


def test_the_database_holds_that_another_decides(contract: Contract, staff: Any) -> None:
    found = delivered(contract, staff)
    with pytest.raises(DatabaseError, match="does not decide about it"), transaction.atomic():
        Judgement.objects.create(
            delivery=found, sequence=1, passed=True, commit=contracts.COMMIT, language="en", judged_by=staff
        )
    judgement = contracts.judged(found)
    with pytest.raises(DatabaseError, match="does not decide about it"), transaction.atomic():
        Concurrence.objects.create(judgement=judgement, agreed=True, language="en", concurred_by=staff)
    with pytest.raises(DatabaseError, match="is kept"), transaction.atomic():
        EnteredForSupplier.objects.update(entered_how="paper")
    said = talking.write(contract, "Hello", key=uuid.uuid4(), language="en", user=contracts.concurring())
    with pytest.raises(DatabaseError, match="with the act itself"), transaction.atomic():
        EnteredForSupplier.objects.create(
            contract=contract,
            message=said,
            entered_by=staff,
            entered_how="paper",
            taken_at=contract.started_at,
            locked_statement="x",
        )


def test_messages_and_dates_are_entered_and_another_person_answers_for_the_department(
    contract: Contract, browser: Client, staff: Any
) -> None:
    assert (
        browser.post(
            url(contract, "message"), typed(contract, kind="progress", words="Half is done.")
        ).status_code
        == 302
    )
    until = contract.delivery_date + timedelta(days=7)
    asked = typed(contract, until=until.isoformat(), reason="The data came late.")
    assert browser.post(url(contract, "ask_date"), asked).status_code == 302
    waiting = talking.open_extension(contract)
    assert waiting is not None
    with pytest.raises(Refused, match="another person decides"):
        talking.answer_extension(waiting, agreed=True, language="en", user=staff)
    answer = reverse("contracts:answer_extension", args=[contract.pk])
    assert "another person decides" in browser.get(answer).content.decode()
    assert not [each for each in waiting_for(staff) if each.url == answer]
    talking.answer_extension(waiting, agreed=True, language="en", user=contracts.concurring())
    page = browser.get(reverse("contracts:work", args=[contract.pk])).content.decode()
    assert "Half is done." in page
    assert "How it was received" in page
    told = story.of(contract, for_staff=False)
    assert ("How it came", "By telephone") in [fact for entry in told for fact in entry.facts]
    assert STATEMENT not in str(told)


def test_the_supplier_s_answer_is_entered_by_another_than_who_asked(
    contract: Contract, browser: Client, staff: Any
) -> None:
    client = contracts.client_of(contract.solicitation)
    until = contract.delivery_date + timedelta(days=7)
    asked = talking.ask_for_extension(
        contract, until, "Our tests.", key=uuid.uuid4(), language="en", user=client
    )
    (item,) = [each for each in waiting_for(staff) if each.url == url(contract)]
    assert item.label == "Ask a supplier without e-mail, and enter the answer"
    assert not [each for each in waiting_for(client) if each.url == url(contract)]
    with pytest.raises(Refused, match="another person enters"):
        desk.enter(
            contract,
            client,
            came(contract),
            lambda _locked: talking.answer_extension(asked, agreed=True, language="en"),
            answers=asked,
        )
    with pytest.raises(DatabaseError, match="does not enter the answer"), transaction.atomic():
        answer = talking.answer_extension(asked, agreed=True, language="en")
        desk.keep(contract, client, came(contract), answer)
    refused = browser.post(url(contract, "answer_date"), typed(contract, agreed="no"))
    assert refused.status_code == 422
    assert browser.post(url(contract, "answer_date"), typed(contract, agreed="yes")).status_code == 302
    contract.refresh_from_db()
    assert contract.delivery_date == until


def test_a_share_is_agreed_by_telephone_and_the_invoice_entered(
    contract: Contract, browser: Client, staff: Any
) -> None:
    proposed(contract)
    page = browser.get(url(contract, "answer_end")).content.decode()
    assert "40 percent" in page
    assert browser.post(url(contract, "answer_end"), typed(contract, agreed="yes")).status_code == 302
    contract.refresh_from_db()
    assert contract.state == ContractState.ENDED_CONVENIENCE
    (item,) = [each for each in waiting_for(staff) if each.url == url(contract)]
    assert item.label == "Ask a supplier without e-mail for the invoice, and enter it"
    said = contracts.charge(contract)
    names = ("name", "street", "city", "province", "postal_code", "gst_number", "pay_to")
    fields = {name: str(getattr(said, name)) for name in names}
    charge = typed(contract, **fields) | contracts.came_typed(contract.end.ended_at)
    enter = reverse("payments:enter", args=[contract.pk])
    assert enter in browser.get(url(contract)).content.decode()
    assert browser.post(enter, {**charge, "statement": ""}).status_code == 422
    page = browser.post(
        enter, {**charge, "statement": "Card 4111 1111 1111 1111", "city": ""}
    ).content.decode()
    assert "no card number is ever kept here" in page
    assert "Write the city." in page
    assert browser.post(enter, charge).status_code == 302
    invoice = contract.invoices.get()
    assert invoice.entered_by == staff
    assert "called from the number" in invoice.entered_for.statement
    both = people.make_user(roles.CFOB, "both")
    both.groups.add(roles.Group.objects.get(name=roles.IT_STRATEGY))
    assert paying.reasons_against_approving(invoice, both) == []
    assert paying.reasons_against_approving(invoice, staff) == [
        "You entered this invoice: another person approves it."
    ]


def test_who_spoke_for_the_supplier_does_not_approve_the_invoice(contract: Contract) -> None:
    both = people.make_user(roles.CFOB, "both")
    both.groups.add(roles.Group.objects.get(name=roles.IT_STRATEGY))
    both = type(both).objects.get(pk=both.pk)
    found = delivered(contract, both)
    contracts.accepted(contracts.judged(found))
    contract.refresh_from_db()
    invoice = contracts.invoiced(contract)
    with pytest.raises(Refused, match="another person approves"):
        paying.approve(invoice, both, "600012345")
    assert not [each for each in waiting_for(both) if each.url.endswith("/approve/")]


def test_an_invoice_that_somebody_enters_says_how_it_came(contract: Contract) -> None:
    contracts.accepted(contracts.judged(contracts.delivered(contract)))
    contract.refresh_from_db()
    with pytest.raises(Refused, match="how it came"):
        invoicing.send(contract, contracts.charge(contract), user=people.the(roles.FINANCE))


def test_the_chooser_of_a_moment_has_its_script_at_every_desk(contract: Contract, browser: Client) -> None:
    screens = ["message", "deliver", "ask_date", "dispute", "withdraw"]
    for name in screens:
        assert "date-time-chooser.js" in browser.get(url(contract, name)).content.decode(), name


def test_nobody_is_told_by_mail_who_has_none_and_a_default_in_doubt_is_told_to_nobody(
    contract: Contract, client: Client
) -> None:
    client.force_login(contracts.client_of(contract.solicitation))
    until = (contract.delivery_date + timedelta(days=7)).isoformat()
    ask = {"until": until, "reason": "We are late.", "key": str(uuid.uuid4())}
    where = reverse("contracts:extension", args=[contract.pk])
    said = client.post(where, ask, follow=True).content.decode()
    assert "recorded. This supplier gave no e-mail address: tell them by telephone or by post." in said
    end = {"kind": "default", "reason": "Nothing came.", "key": str(uuid.uuid4())}
    proposed_default = client.post(reverse("contracts:end", args=[contract.pk]), end, follow=True)
    assert f"{contract.solicitation.number}: proposed." in proposed_default.content.decode()


def test_a_client_who_also_pays_does_not_enter_the_invoice(contract: Contract, client: Client) -> None:
    contracts.accepted(contracts.judged(contracts.delivered(contract)))
    payer = people.the(roles.FINANCE)
    Solicitation.objects.filter(pk=contract.solicitation_id).update(client=payer)
    fresh = Contract.objects.get(pk=contract.pk)
    client.force_login(payer)
    assert client.get(reverse("payments:enter", args=[contract.pk])).status_code in (302, 403)
    with pytest.raises(Refused, match="You are the client"):
        invoicing.send(fresh, contracts.charge(fresh), user=payer, came=came(fresh))
    with pytest.raises(DatabaseError, match="the client of a file enters nothing"), transaction.atomic():
        invoice = invoicing._keep(fresh, contracts.charge(fresh), timezone.localdate(), payer)
        desk.keep(fresh, payer, came(fresh), invoice)


def test_disputes_and_withdrawals_are_entered_with_the_rules_of_the_link(
    contract: Contract, browser: Client, staff: Any
) -> None:
    raised = typed(contract, words="This was not agreed.")
    assert browser.post(url(contract, "dispute"), raised).status_code == 302
    assert browser.post(url(contract, "dispute"), typed(contract, words="Again.")).status_code == 422
    waiting = talking.open_dispute(contract)
    assert waiting is not None
    with pytest.raises(Refused, match="another person decides"):
        talking.settle(waiting, staff, "So.", language="en")
    withdrawn = typed(contract, reason="Other work.")
    assert browser.post(url(contract, "withdraw"), withdrawn).status_code == 422
    assert browser.post(url(contract, "withdraw"), {**withdrawn, "sure": "on"}).status_code == 302
    contract.refresh_from_db()
    assert contract.state == ContractState.WITHDRAWN
    assert contract.end.entered_for.entered_by == staff
    late = browser.post(url(contract, "withdraw"), {**withdrawn, "sure": "on"})
    assert late.status_code == 422
    assert "It was not saved. Copy what you still need." in late.content.decode()
    assert "Other work." in late.content.decode() and STATEMENT in late.content.decode()
    assert "The work is not under way." in browser.get(url(contract, "withdraw")).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"statement": " "}, "Write how it was received."),
        ({"statement": "Paid before with 4111 1111 1111 1111."}, "card"),
        ({"entered_how": "pigeon"}, "Select a valid choice"),
        ({"taken_at": "2020-01-01 10:00"}, "This is before the work began."),
        ({"taken_at": "2099-01-01 10:00"}, "This is in the future"),
        ({"commit": "main"}, "Write the commit as Git names it"),
        ({"requests": "not an address"}, "Write each address on its own line"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    contract: Contract, browser: Client, changes: dict[str, str], words: str
) -> None:
    response = browser.post(url(contract, "deliver"), delivery(contract) | changes)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "As in the tests." in page
    assert not EnteredForSupplier.objects.exists()
    assert not contract.deliveries.exists()


@pytest.mark.parametrize("role", [roles.CFOB, roles.EVALUATOR, roles.AUDITOR, roles.CLIENT, roles.FINANCE])
def test_others_may_not(contract: Contract, client: Client, role: str) -> None:
    person = people.make_user(role, "another")
    client.force_login(person)
    for name in ("", "deliver", "withdraw"):
        assert client.get(url(contract, name)).status_code in (302, 403, 404)
    with pytest.raises(PermissionDenied):
        delivered(contract, person)


def test_the_client_enters_nothing_for_the_supplier(contract: Contract, staff: Any) -> None:
    Solicitation.objects.filter(pk=contract.solicitation_id).update(client=staff)
    with pytest.raises(Refused, match="You are the client"):
        delivered(contract, staff)


def test_who_uses_the_own_link_says_it_there(staff: Any, client: Client) -> None:
    other = contracts.under_way(passing=1)
    client.force_login(staff)
    assert client.get(url(other)).status_code in (302, 403)
    with pytest.raises(Refused, match="own link"):
        delivered(other, staff)
