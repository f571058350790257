"""A contract from its start to each of its ends, through the services."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.formats import date_long
from microacq_pages.models import PublicStatus
from microacq_pages.splitting import Evidence
from submissions.awards import offers
from submissions.awards import results as awards
from submissions.contracts import (
    delivering,
    ending,
    history,
    judging,
    panels,
    public,
    results,
    services,
    shared,
    standing,
    states,
    talking,
)
from submissions.contracts.enums import ContractState, EndKind, Side
from submissions.contracts.models import Contract, Message
from submissions.contracts.standing import Step
from submissions.contracts.work_models import Judgement, WorkAcceptance
from submissions.notices.models import OutgoingMessage
from submissions.selection import services as selecting
from submissions.solicitations import services as files
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from tests.factories import awards as award_factory
from tests.factories import contracts, people, proposals, selections


def letters(kind: str) -> int:
    return OutgoingMessage.objects.filter(kind=kind).count()


def step_of(contract: Contract) -> Step:
    return standing.of_contract(contract).step


def settle_transaction() -> None:
    """What the database checks at the end of a transaction."""
    connection.check_constraints()


# --- under way -------------------------------------------------------------------------------------


def test_the_contract_begins_with_the_second_signature(contract: Contract, file: Solicitation) -> None:
    award = contract.offer.award
    assert (contract.state, contract.price, contract.delivery_date) == (
        ContractState.UNDER_WAY,
        award.value,
        award.delivery_date,
    )
    assert contract.started_at == award.countersigned_at
    assert results.contract_of(file) == contract
    assert results.payable(contract) is None
    assert services.start(file) == contract
    assert step_of(contract) == Step.DELIVER


def test_each_side_writes_to_the_other_and_each_letter_goes_once(contract: Contract) -> None:
    key = uuid.uuid4()
    for _time in range(2):
        talking.write(contract, "Where do the tests go?", key=key, language="en")
    client = contracts.client_of(contract.solicitation)
    talking.write(contract, "In tests/.", key=uuid.uuid4(), language="en", user=client)
    assert [(each.side, each.words) for each in Message.objects.filter(contract=contract)] == [
        (Side.SUPPLIER, "Where do the tests go?"),
        (Side.DEPARTMENT, "In tests/."),
    ]
    assert letters("work_message") == 1
    assert letters("work_waiting") >= 1


def test_nothing_that_was_written_stands_in_the_audit(contract: Contract) -> None:
    talking.write(contract, "My telephone is 555-0100.", key=uuid.uuid4(), language="en")
    told = str(list(ModelLogEntry.objects.for_instance(contract.solicitation).values_list("data", flat=True)))
    assert "555-0100" not in told and "telephone" not in told
    assert contract.supplier not in told


def test_a_link_in_other_hands_cannot_fill_the_outbox(contract: Contract) -> None:
    for number in range(talking.MOST_MESSAGES_A_DAY):
        talking.write(contract, f"Message {number}", key=uuid.uuid4(), language="en")
    with pytest.raises(services.Refused):
        talking.write(contract, "One more", key=uuid.uuid4(), language="en")


@pytest.mark.parametrize("role", [roles.CLIENT, roles.CFOB, roles.EVALUATOR, roles.AUDITOR, roles.FINANCE])
def test_who_does_not_do_the_clients_part_writes_nothing(contract: Contract, role: str) -> None:
    """The client of another file among them."""
    with pytest.raises(PermissionDenied):
        talking.write(contract, "Hello", key=uuid.uuid4(), language="en", user=people.the(role))


def test_the_delivery_date_moves_only_when_the_other_side_agrees(contract: Contract) -> None:
    client = contracts.client_of(contract.solicitation)
    until = contract.delivery_date + timedelta(days=10)
    asked = talking.ask_for_extension(contract, until, "Exams.", key=uuid.uuid4(), language="en")
    assert step_of(contract) == Step.ANSWER_SUPPLIER
    with pytest.raises(services.Refused):
        talking.answer_extension(asked, agreed=True, language="en")  # the side that asked
    with pytest.raises(services.Refused):
        talking.answer_extension(asked, agreed=False, reason=" ", language="en", user=client)
    talking.answer_extension(asked, agreed=True, language="en", user=client)
    contract.refresh_from_db()
    assert contract.delivery_date == until
    back = talking.ask_for_extension(
        contract, until + timedelta(days=5), "Holidays.", key=uuid.uuid4(), language="en", user=client
    )
    talking.answer_extension(back, agreed=False, reason="I begin to study then.", language="en")
    contract.refresh_from_db()
    assert contract.delivery_date == until
    assert letters("work_extension") == 2


def test_no_earlier_day_and_no_day_without_a_reason_is_asked_for(contract: Contract) -> None:
    later = contract.delivery_date + timedelta(days=1)
    for until, reason in ((contract.delivery_date, "Because"), (later, " ")):
        with pytest.raises(services.Refused):
            talking.ask_for_extension(contract, until, reason, key=uuid.uuid4(), language="en")


# --- delivery and acceptance -----------------------------------------------------------------------


def test_accepted_work_is_recorded_with_its_commit_by_two_people(contract: Contract) -> None:
    acceptance = contracts.accepted(contracts.judged(contracts.delivered(contract)))
    settle_transaction()
    contract.refresh_from_db()
    file = Solicitation.objects.get(pk=contract.solicitation_id)
    assert (acceptance.commit, contract.state, file.state) == (contracts.COMMIT, "accepted", State.ACCEPTED)
    assert acceptance.accepted_by != acceptance.concurred_by
    assert results.acceptance_of(contract) == acceptance
    assert results.payable(contract) == contract.price
    assert PublicStatus.objects.get(number=file.number).state == "accepted"
    assert awards.awarded(file) is not None
    assert letters("work_accepted") == 1


def test_paid_work_completes_its_file(contract: Contract) -> None:
    paid = contracts.paid(contracts.accepted(contracts.judged(contracts.delivered(contract))))
    settle_transaction()
    assert paid.state == ContractState.PAID
    assert Solicitation.objects.get(pk=contract.solicitation_id).state == State.COMPLETED
    assert step_of(paid) == Step.NOTHING


def test_evidence_is_summed_up_and_kept_encrypted(contract: Contract) -> None:
    delivery = contracts.delivered(contract)
    tests, security = delivery.evidence.order_by("pk")
    assert tests.summary == {"tests": 3, "passed": 1, "failed": 1, "errors": 0, "skipped": 1}
    assert tests.content() == contracts.JUNIT
    assert contracts.JUNIT not in bytes(tests.locked_content)
    assert (security.link, security.size) == ("https://git.example.org/project/security", 0)


def test_what_is_not_met_is_mended_in_another_round_and_each_round_is_kept(contract: Contract) -> None:
    contracts.not_accepted(contracts.delivered(contract))
    assert letters("work_not_accepted") == 1
    where = standing.of_contract(contract)
    assert (where.step, where.round) == (Step.DELIVER, 1)
    assert where.due > contract.delivery_date or where.due == contract.delivery_date
    contracts.accepted(contracts.judged(contracts.delivered(contract)))
    assert [each.round for each in contract.deliveries.all()] == [1, 2]
    assert Judgement.objects.filter(delivery__contract=contract).count() == 2


def test_after_the_last_round_nothing_more_is_delivered(contract: Contract) -> None:
    for _round in range(contract.rounds):
        contracts.not_accepted(contracts.delivered(contract))
    with pytest.raises(services.Refused):
        contracts.delivered(contract)
    assert step_of(contract) == Step.USED_UP


def test_a_delivery_waits_for_its_judgement(contract: Contract) -> None:
    sent = contracts.sent(contract)
    first = delivering.deliver(contract, sent)
    assert delivering.deliver(contract, sent) == first
    with pytest.raises(services.Refused):
        contracts.delivered(contract)


def test_who_judged_does_not_concur_and_no_verdict_is_without_a_reason(contract: Contract) -> None:
    delivery = contracts.delivered(contract)
    judge = contracts.client_of(contract.solicitation)
    criteria = judging.criteria_of(delivery)
    with pytest.raises(services.Refused):
        given = {item.pk: judging.Given(True, " ") for item in criteria}
        judging.judge(delivery, judge, given, judging.Outcome(commit=contracts.COMMIT))
    with pytest.raises(services.Refused):
        given = {criteria[0].pk: judging.Given(True, "Yes.")}
        judging.judge(delivery, judge, given, judging.Outcome(commit=contracts.COMMIT))
    judgement = contracts.judged(delivery, user=judge)
    with pytest.raises(services.Refused):
        judging.concur(judgement, judge, agreed=True)
    assert not WorkAcceptance.objects.filter(contract=contract).exists()


def test_where_nobody_concurs_the_client_judges_again(contract: Contract) -> None:
    judgement = contracts.judged(contracts.delivered(contract))
    with pytest.raises(services.Refused):
        judging.concur(judgement, contracts.concurring(), agreed=False, reason="")
    judging.concur(judgement, contracts.concurring(), agreed=False, reason="The tests were not run.")
    assert letters("work_not_accepted") == 0
    again = contracts.judged(Judgement.objects.get(pk=judgement.pk).delivery, passed=False)
    assert again.sequence == 2


# --- other ends --------------------------------------------------------------------------------------


def test_default_needs_two_people_and_pays_nothing(contract: Contract) -> None:
    end = contracts.ended(contract)
    settle_transaction()
    contract.refresh_from_db()
    assert (contract.state, end.percentage) == (ContractState.ENDED_DEFAULT, 0)
    assert results.payable(results.contracts_of(contract.solicitation)[0]) is None
    assert step_of(contract) == Step.DECIDE
    assert letters("contract_ended") == 1


def test_who_proposed_a_default_does_not_confirm_it(contract: Contract) -> None:
    proposer = contracts.client_of(contract.solicitation)
    proposal = ending.propose(
        contract, proposer, EndKind.DEFAULT, "Nothing came.", percentage=0, key=uuid.uuid4(), language="en"
    )
    with pytest.raises(services.Refused):
        ending.answer(proposal, agreed=True, language="en", user=proposer)
    with pytest.raises(services.Refused):
        ending.answer(proposal, agreed=True, language="en")  # nor does the supplier
    with pytest.raises(PermissionDenied):
        ending.answer(proposal, agreed=True, language="en", user=people.the(roles.FINANCE))
    ending.answer(proposal, agreed=True, language="en", user=people.the(roles.CFOB))
    contract.refresh_from_db()
    assert contract.state == ContractState.ENDED_DEFAULT


def test_a_dispute_is_settled_before_a_default(contract: Contract) -> None:
    proposer = contracts.client_of(contract.solicitation)
    raised = talking.dispute(contract, "I delivered.", key=uuid.uuid4(), language="en")
    proposal = ending.propose(
        contract, proposer, EndKind.DEFAULT, "Nothing came.", percentage=0, key=uuid.uuid4(), language="en"
    )
    assert step_of(contract) == Step.SETTLE
    with pytest.raises(services.Refused):
        ending.answer(proposal, agreed=True, language="en", user=contracts.concurring())
    talking.settle(raised, people.the(roles.CFOB), "Nothing is in the repository.", language="en")
    assert letters("work_dispute_settled") == 1
    ending.answer(proposal, agreed=True, language="en", user=contracts.concurring())


def test_each_side_is_told_of_a_dispute_that_the_other_raised(contract: Contract) -> None:
    raised = talking.dispute(contract, "I delivered.", key=uuid.uuid4(), language="en")
    told = OutgoingMessage.objects.filter(kind="work_waiting", idempotency_key__contains="dispute-raised")
    assert told.exists() and not letters("work_dispute_raised")
    talking.settle(raised, people.the(roles.CFOB), "It is settled.", language="en")
    client = contracts.client_of(contract.solicitation)
    talking.dispute(contract, "It is not delivered.", key=uuid.uuid4(), language="en", user=client)
    assert letters("work_dispute_raised") == 1


def test_nobody_is_late_for_what_was_asked_a_moment_ago(contract: Contract) -> None:
    """A step waits from when somebody asked for it, whatever came long before."""
    delivery = contracts.delivered(contract)
    judgement = contracts.judged(delivery)
    assert standing.of_contract(contract).since == judgement.judged_at
    raised = talking.dispute(contract, "No.", key=uuid.uuid4(), language="en")
    assert standing.of_contract(contract).since == raised.raised_at
    talking.settle(raised, people.the(roles.CFOB), "It is settled.", language="en")
    turned_down = judging.concur(judgement, contracts.concurring(), agreed=False, reason="Run them.")
    where = standing.of_contract(contract)
    assert (where.step, where.since) == (Step.JUDGE, turned_down.concurred_at)
    contracts.judged(delivery, passed=False)
    judging.concur(judging.waiting_judgement(contract), contracts.concurring(), agreed=True)  # type: ignore[arg-type]
    asked = talking.ask_for_extension(
        contract, contract.delivery_date + timedelta(days=9), "Ill.", key=uuid.uuid4(), language="en"
    )
    assert standing.of_contract(contract).since == asked.asked_at


def test_staff_read_when_the_work_was_delivered_accepted_and_paid(contract: Contract) -> None:
    delivery = contracts.delivered(contract)
    acceptance = contracts.accepted(contracts.judged(delivery))
    told = {
        str(step.label): (step.planned, step.actual)
        for step in panels.steps_of(acceptance.contract.solicitation)
    }
    assert told == {
        "Work delivered": (contract.delivery_date, delivery.delivered_at),
        "Work accepted": (None, acceptance.accepted_at),
        "Work paid": (None, None),
    }


def test_staff_read_when_an_agreed_share_was_paid(contract: Contract) -> None:
    end = contracts.ended(contract, EndKind.CONVENIENCE)
    file = end.contract.solicitation

    def told() -> list[tuple[str, object]]:
        return [(str(step.label), step.actual) for step in panels.steps_of(file)]

    ended = ("Contract ended without the work", end.ended_at)
    assert told() == [ended, ("Agreed share paid", None)]
    payment = contracts.payment(contracts.approved(contracts.invoiced(end.contract)))
    assert told() == [ended, ("Agreed share paid", payment.recorded_at)]


def test_a_judgement_is_in_the_language_in_which_the_supplier_reads_it(contract: Contract) -> None:
    with override("fr"):
        assert contracts.judged(contracts.delivered(contract)).language == "en"


def test_convenience_pays_the_computed_share_once_the_supplier_agrees(contract: Contract) -> None:
    contracts.not_accepted(contracts.delivered(contract))
    assert ending.computed_share(contract) == 50  # one criterion of two is met
    client = contracts.client_of(contract.solicitation)
    proposal = ending.propose(
        contract,
        client,
        EndKind.CONVENIENCE,
        "The need has gone.",
        percentage=50,
        key=uuid.uuid4(),
        language="en",
    )
    assert step_of(contract) == Step.ANSWER_END
    with pytest.raises(services.Refused):
        ending.answer(proposal, agreed=True, language="en", user=contracts.concurring())
    ending.answer(proposal, agreed=False, reason="Two thirds are done.", language="en")
    contract.refresh_from_db()
    assert contract.state == ContractState.UNDER_WAY
    contracts.ended(contract, EndKind.CONVENIENCE, percentage=60)
    settle_transaction()
    ended = results.contracts_of(contract.solicitation)[0]
    assert results.payable(ended) == (ended.price * 60 / 100).quantize(Decimal("0.01"))


@given(cents=st.integers(1, 869_565), percentage=st.integers(0, 100))
def test_a_share_never_exceeds_the_price_and_is_whole_cents(cents: int, percentage: int) -> None:
    price = Decimal(cents) / 100
    ended: Any = SimpleNamespace(
        state=ContractState.ENDED_CONVENIENCE, price=price, end=SimpleNamespace(percentage=percentage)
    )
    due = results.payable(ended)
    assert due is None or (0 < due <= price and due == due.quantize(Decimal("0.01")))
    assert (due == price) or percentage < 100


def test_a_supplier_withdraws_with_a_reason(contract: Contract) -> None:
    with pytest.raises(services.Refused):
        ending.withdraw(contract, " ", language="en")
    contracts.ended(contract, EndKind.WITHDRAWN)
    settle_transaction()
    contract.refresh_from_db()
    assert contract.state == ContractState.WITHDRAWN


# --- what follows ------------------------------------------------------------------------------------


def closed_notice(status: PublicStatus) -> str:
    """What the public page says of an opportunity that takes no applications."""
    page = SimpleNamespace(translation_key=status.translation_key, public_status=status, get_url=lambda: "/")
    shown = {"page": page, "status": status, "file": None}
    return render_to_string("microacq_pages/includes/opportunity_closed.html", shown)


def test_the_next_in_the_order_is_asked_with_a_new_date_and_does_the_work(contract: Contract) -> None:
    drawer = selections.drawer()
    contracts.ended(contract)
    until = contract.delivery_date + timedelta(days=60)
    ending.pass_on(contract, drawer, until)
    status = PublicStatus.objects.get(translation_key=contract.solicitation.translation_key)
    assert {str(kind): known.planned for kind, known in public.steps(status).items()} == {"delivery": until}
    assert "The next supplier in the drawn order is asked" in closed_notice(status)
    assert date_long(until, "en") in closed_notice(status)
    asked = Solicitation.objects.get(pk=contract.solicitation_id)
    told = [(str(step.label), step.planned, step.actual) for step in panels.steps_of(asked)]
    assert told == [
        ("Contract ended without the work", None, contract.end.ended_at),
        ("Work delivered", until, None),
    ]
    settle_transaction()
    file = Solicitation.objects.get(pk=contract.solicitation_id)
    assert file.state == State.SELECTED
    assert PublicStatus.objects.get(number=file.number).awarded_value is None
    offer = offers.make(file, drawer)
    assert (offer.rank, offer.delivery_date) == (2, until)
    second = contracts.under_way_of(award_factory.accepted(offer))
    settle_transaction()
    assert second != contract
    assert [each.pk for each in results.contracts_of(file)] == [contract.pk, second.pk]
    assert results.contract_of(file) == second
    assert letters("award_made") == 1


def test_a_file_whose_contract_ended_ends_as_such_and_not_as_unaccepted(contract: Contract) -> None:
    drawer = selections.drawer()
    with pytest.raises(files.TransitionRefused):
        ending.end_file(contract, drawer)
    contracts.ended(contract)
    ending.end_file(contract, drawer)
    settle_transaction()
    file = Solicitation.objects.get(pk=contract.solicitation_id)
    assert file.state == State.TERMINATED


def test_work_is_not_passed_on_while_it_is_under_way_or_by_anybody_else(contract: Contract) -> None:
    until = contract.delivery_date + timedelta(days=60)
    with pytest.raises(files.TransitionRefused):
        ending.pass_on(contract, selections.drawer(), until)
    contracts.ended(contract)
    with pytest.raises(PermissionDenied):
        ending.pass_on(contract, people.the(roles.CFOB), until)
    with pytest.raises(services.Refused):
        ending.pass_on(contract, selections.drawer(), database_today())


def database_today() -> Any:
    return files.database_clock().date()


def test_that_a_supplier_did_not_deliver_is_told_to_it_strategy_before_the_offer_alone(
    contract: Contract,
) -> None:
    contracts.ended(contract)
    address = contract.offer.proposal.address
    it_strategy = selections.drawer()
    again = proposals.make_file()
    proposals.send(again, name="Another name", email=address.upper())
    again = selections.evaluated(0, failing=0, file=again)
    assert history.tell(again, it_strategy) == []
    selecting.freeze(again, it_strategy)
    again.refresh_from_db()
    told = history.tell(again, it_strategy)
    assert [(each.number, each.reason) for each in told] == [
        (contract.solicitation.number, "Nothing was delivered.")
    ]
    assert ModelLogEntry.objects.filter(action="contract.history_read").count() == 1
    for role in (roles.CFOB, roles.EVALUATOR, roles.AUDITOR, roles.CLIENT):
        assert history.tell(again, people.the(role)) == []
    offers.make(again, it_strategy)
    assert history.tell(Solicitation.objects.get(pk=again.pk), it_strategy) == []


def test_what_was_awarded_to_the_same_supplier_is_told_from_the_award_on(contract: Contract) -> None:
    file = Solicitation.objects.get(pk=contract.solicitation_id)
    again = proposals.make_file()
    proposals.send(again, name="Another name", email=contract.offer.proposal.address.upper())
    again = selections.evaluated(0, failing=0, file=again)
    selecting.freeze(again, selections.drawer())
    again.refresh_from_db()
    pages: list[Any] = [SimpleNamespace(translation_key=each.translation_key) for each in (file, again)]
    assert [shared.evidence_of(page) for page in pages] == [[], []]
    award_factory.awarded(award_factory.accepted(offers.make(again, selections.drawer())))
    assert shared.evidence_of(pages[0]) == [Evidence(again.translation_key)]
    assert shared.evidence_of(pages[1]) == [Evidence(file.translation_key)]


# --- the table -----------------------------------------------------------------------------------------


def test_the_table_of_contracts_is_sound() -> None:
    assert {row.name: row for row in states.TRANSITIONS.values()} == states.TRANSITIONS
    reached = {row.target for row in states.TRANSITIONS.values()} | {ContractState.UNDER_WAY}
    assert reached == set(ContractState)
    assert all(row.target not in row.sources for row in states.TRANSITIONS.values())
