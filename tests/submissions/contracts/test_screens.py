"""What staff see and do: the work below its file, the tracker, waiting work; and what the public reads."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import hooks
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.models import PublicStatus
from microacq_pages.waiting import waiting_for
from submissions.awards.panels import AwardPanel
from submissions.contracts import ending, judging, next_acts, public, standing, talking
from submissions.contracts.enums import EndKind
from submissions.contracts.models import Contract, ContractEnd, Message
from submissions.contracts.panels import WorkPanel
from submissions.notices.models import OutgoingMessage
from submissions.reporting import tracker
from submissions.reporting.next_acts import track
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.panels import FactsPanel
from tests.factories import contracts, people


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def stands_in(contract: Contract) -> Any:
    """Who does the client’s part."""
    return contracts.client_of(contract.solicitation)


def address(name: str, contract: Contract) -> str:
    return reverse(f"contracts:{name}", args=[contract.pk])


def test_the_story_is_the_same_on_both_sides(contract: Contract, stands_in: Any) -> None:
    talking.write(contract, "Half is done.", key=uuid.uuid4(), language="en", kind="progress")
    client = signed_in(stands_in)
    (row,) = WorkPanel(contract.solicitation, stands_in).get_context_data({})["rows"]
    assert row["url"] == address("work", contract)
    sent = {"kind": "message", "words": "Thank you.", "key": str(uuid.uuid4())}
    assert client.post(address("work", contract), {**sent, "words": " "}).status_code == 422
    assert client.post(address("work", contract), sent).status_code == 302
    page = client.get(address("work", contract)).content.decode()
    assert "Half is done." in page
    assert "Thank you." in page
    assert Message.objects.filter(contract=contract).count() == 2


def test_a_delivery_is_judged_and_concurred_with_on_the_screens(contract: Contract, stands_in: Any) -> None:
    delivery = contracts.delivered(contract)
    client = signed_in(stands_in)
    shown = client.get(address("judge", contract)).content.decode()
    assert "<details open>" in shown  # what was delivered is read without a further step
    assert "git.example.org/project/pull/7" in shown
    assert "1 passed, 1 failed" in shown
    criteria = judging.criteria_of(delivery)
    typed = {f"verdict_{item.pk}": "met" for item in criteria}
    typed |= {f"reason_{item.pk}": f"Because {item.position}." for item in criteria}
    for fault in ({"commit": ""}, {"commit": "main"}, {f"reason_{criteria[0].pk}": " "}):
        refused = client.post(address("judge", contract), {**typed, "commit": contracts.COMMIT, **fault})
        assert refused.status_code == 422
        assert "Because 2." in refused.content.decode()
    not_met = {**typed, f"verdict_{criteria[0].pk}": "not_met", "commit": ""}
    assert client.post(address("judge", contract), not_met).status_code == 422
    assert client.post(address("judge", contract), {**typed, "commit": contracts.COMMIT}).status_code == 302
    assert client.post(address("concur", contract), {"agreed": "yes"}).status_code == 422  # who judged
    other = signed_in(contracts.concurring())
    assert other.post(address("concur", contract), {"agreed": "no"}).status_code == 422
    assert other.post(address("concur", contract), {"agreed": "yes"}).status_code == 302
    assert Solicitation.objects.get(pk=contract.solicitation_id).state == State.ACCEPTED


def test_who_judges_again_changes_what_was_judged_before(contract: Contract, stands_in: Any) -> None:
    delivery = contracts.delivered(contract)
    judgement = contracts.judged(delivery, passed=False, user=stands_in)
    judging.concur(
        judgement, contracts.concurring(), agreed=False, reason="The second one is not met either."
    )
    form = signed_in(stands_in).get(address("judge", contract))
    page = form.content.decode()
    assert "The second one is not met either." in page
    assert "Mend the first criterion." in page
    first, second = judging.criteria_of(delivery)
    bound = form.context["form"]
    assert (bound[f"verdict_{first.pk}"].value(), bound[f"verdict_{second.pk}"].value()) == ("not_met", "met")
    assert bound[f"reason_{first.pk}"].value() == "As the tests show."


def test_a_dispute_is_said_before_anybody_agrees_to_a_default(contract: Contract, stands_in: Any) -> None:
    typed = {"kind": "default", "percentage": "0", "reason": "Nothing came.", "key": str(uuid.uuid4())}
    assert signed_in(stands_in).post(address("end", contract), typed).status_code == 302
    talking.dispute(contract, "I wrote twice.", key=uuid.uuid4(), language="en")
    cfob = signed_in(people.the(roles.CFOB))
    assert "A dispute waits" in cfob.get(address("confirm_end", contract)).content.decode()
    assert cfob.post(address("confirm_end", contract), {"agreed": "yes"}).status_code == 422


def test_a_file_of_results_is_only_ever_a_download(contract: Contract) -> None:
    delivery = contracts.delivered(contract)
    kept = delivery.evidence.get(size__gt=0)
    response = signed_in(people.the(roles.CFOB)).get(reverse("contracts:evidence", args=[kept.pk]))
    assert response.content == contracts.JUNIT
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert ModelLogEntry.objects.filter(action="contract.evidence_read").count() == 1
    link = delivery.evidence.get(size=0)
    missing = signed_in(people.the(roles.CFOB)).get(reverse("contracts:evidence", args=[link.pk]))
    assert missing.status_code in (302, 404)  # the way to an address that is none


def test_the_end_of_a_contract_is_proposed_confirmed_and_followed(contract: Contract, stands_in: Any) -> None:
    client = signed_in(stands_in)
    typed = {"kind": "default", "percentage": "0", "reason": "Nothing came.", "key": str(uuid.uuid4())}
    assert client.post(address("end", contract), {**typed, "reason": ""}).status_code == 422
    assert client.post(address("end", contract), typed).status_code == 302
    assert client.post(address("confirm_end", contract), {"agreed": "yes"}).status_code == 422
    cfob = signed_in(people.the(roles.CFOB))
    assert "Nothing came." in cfob.get(address("confirm_end", contract)).content.decode()
    assert cfob.post(address("confirm_end", contract), {"agreed": "yes"}).status_code == 302
    assert ContractEnd.objects.get(contract=contract).kind == EndKind.DEFAULT
    until = contract.delivery_date + timedelta(days=60)
    early = client.post(address("pass_on", contract), {"until": "2020-01-01"})
    assert early.status_code == 422
    assert "before the supplier would have to answer" in str(early.context["form"].errors["until"])
    passed = client.post(address("pass_on", contract), {"until": until.isoformat()})
    # The offer is sent from the file’s page, not from the story of the contract that ended.
    assert passed["Location"] == reverse("solicitations:inspect", args=[contract.solicitation_id])
    file = Solicitation.objects.get(pk=contract.solicitation_id)
    assert file.state == State.SELECTED
    told = AwardPanel(file, stands_in).get_context_data({})
    assert (told["may_offer"], told["may_end"]) == (True, False)


@pytest.mark.parametrize(
    "role", [roles.CLIENT, roles.EVALUATOR, roles.FINANCE, roles.AUDITOR, roles.TRANSLATOR]
)
def test_nobody_else_changes_anything(contract: Contract, role: str) -> None:
    contracts.judged(contracts.delivered(contract))
    client = signed_in(people.the(role))
    for name in (
        "extension",
        "judge",
        "concur",
        "end",
        "confirm_end",
        "dispute",
        "settle",
        "pass_on",
        "end_file",
    ):
        for method in (client.get, client.post):
            response = method(address(name, contract), {"agreed": "yes", "reason": "x", "words": "x"})
            assert response.status_code in (302, 403), name
    contract.refresh_from_db()
    assert (contract.state, Message.objects.count()) == ("under_way", 0)


def screens_for(user: Any) -> set[str]:
    """The screens to which waiting work leads."""
    return {item.url.rstrip("/").rpartition("/")[2] for item in waiting_for(user) if item.kind == "contract"}


def test_each_step_waits_for_who_can_take_it(contract: Contract, stands_in: Any) -> None:
    cfob, it_strategy = people.the(roles.CFOB), contracts.concurring()
    delivery = contracts.delivered(contract)
    assert screens_for(it_strategy) == {"judge"}
    judgement = contracts.judged(delivery, user=stands_in)
    assert screens_for(it_strategy) == {"concur"}
    assert screens_for(stands_in) == set()
    judging.concur(judgement, it_strategy, agreed=False, reason="Run the tests.")
    ending.propose(
        contract, stands_in, EndKind.DEFAULT, "Nothing.", percentage=0, key=uuid.uuid4(), language="en"
    )
    assert screens_for(cfob) == {"confirm-end"}
    talking.dispute(contract, "No.", key=uuid.uuid4(), language="en")
    assert screens_for(cfob) == {"settle"}


def test_a_dispute_hides_no_delivery_that_is_to_be_judged(contract: Contract, stands_in: Any) -> None:
    contracts.delivered(contract)
    talking.dispute(contract, "The criterion is another.", key=uuid.uuid4(), language="en")
    assert screens_for(stands_in) == {"judge", "settle"}
    where = standing.of_contract(contract)
    assert [step for step, _since in where.steps] == [standing.Step.SETTLE, standing.Step.JUDGE]
    Solicitation.objects.filter(pk=contract.solicitation_id).update(client=people.the(roles.CLIENT))
    assert screens_for(people.the(roles.CLIENT)) == {"judge"}


def test_between_the_end_of_a_contract_and_what_follows_no_file_reads_as_under_way(
    contract: Contract, file: Solicitation, stands_in: Any
) -> None:
    def told() -> set[str]:
        """On the page of the file, in the tracker and in its register."""
        read = Solicitation.objects.with_clock().get(pk=file.pk)
        (tracked,) = track([tracker.tracked(Solicitation.objects.filter(pk=file.pk)).get()])
        export = b"".join(signed_in(stands_in).get(f"{reverse('microacq_tracker')}?export=csv"))
        assert tracked.where in export.decode()
        return {FactsPanel(read, []).get_context_data({})["state"], tracked.where}

    assert told() == {"Awarded", "Awarded, work under way"}
    contracts.ended(contract)
    assert told() == {"Contract ended: what follows is to be decided"}
    assert status_of(contract).public_label == "Awarded"
    columns = f"{reverse('microacq_register')}?export=csv"
    assert "Contract ended: what follows" in b"".join(signed_in(stands_in).get(columns)).decode()
    ending.end_file(contract, stands_in)
    assert told() == {"Ended: contract terminated"}


def test_a_message_that_nobody_answered_and_a_day_that_passed_wait_for_the_client(
    contract: Contract, stands_in: Any, monkeypatch: Any
) -> None:
    talking.write(contract, "Where do the tests go?", key=uuid.uuid4(), language="en")
    assert screens_for(stands_in) == {str(contract.pk)}
    talking.write(contract, "In tests/.", key=uuid.uuid4(), language="en", user=stands_in)
    assert screens_for(stands_in) == set()
    later = contract.delivery_date + timedelta(days=1)
    monkeypatch.setattr("submissions.contracts.timing.today", lambda _now: later)
    assert screens_for(stands_in) == {"end"}


def test_the_tracker_says_whose_step_it_is(contract: Contract, file: Solicitation) -> None:
    assert str(next_acts.next_acts([file])[file.pk].who) == "The supplier"
    contracts.delivered(contract)
    assert str(next_acts.next_acts([file])[file.pk].label) == "Judge what was delivered"


def test_the_supplier_is_reminded_once_of_each_day(contract: Contract, monkeypatch: Any) -> None:
    tick = {step.__name__: step for step in hooks.get_hooks("microacq_tick")}["remind_of_delivery"]
    assert tick() is None
    monkeypatch.setattr("submissions.contracts.timing.REMIND_BEFORE", 400)
    assert tick() == "1 reminders of deliveries queued"
    assert tick() is None
    assert OutgoingMessage.objects.filter(kind="work_due").count() == 1


def test_where_contracts_stand_is_one_query_for_any_number(contract: Contract) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert [standing.of(each).step for each in standing.read(Contract.objects.all())]
    assert len(queries) == 1


# --- the public ----------------------------------------------------------------------------------------


def status_of(contract: Contract) -> PublicStatus:
    return PublicStatus.objects.get(number=contract.solicitation.number)


def notice(contract: Contract, page: Any) -> str:
    template = Template('{% include "submissions/includes/work.html" %}')
    return template.render(Context({"page": page, "status": status_of(contract)}))


class Page:
    """As much of a page as the notice asks."""

    def __init__(self, contract: Contract) -> None:
        self.translation_key = contract.solicitation.translation_key
        self.public_status = status_of(contract)


def test_the_public_reads_where_the_work_is_and_nothing_that_was_written(contract: Contract) -> None:
    assert "is under way" in notice(contract, Page(contract))
    contracts.delivered(contract)
    assert "was delivered" in notice(contract, Page(contract))
    contracts.accepted(contracts.judged(contract.deliveries.get()))
    told = notice(contract, Page(contract))
    assert "The work was accepted" in told
    assert "As the tests show." not in told
    steps = {str(kind): known for kind, known in public.steps(status_of(contract)).items()}
    assert steps["accepted"].actual == contract.acceptance.accepted_at


def test_the_public_reads_that_a_contract_ended_and_not_why(contract: Contract) -> None:
    contracts.ended(contract)
    told = notice(contract, Page(contract))
    assert "The contract ended before the work was done" in told
    assert "Nothing was delivered." not in told
    assert "Nothing of the price is paid." in told
    assert {str(kind) for kind in public.steps(status_of(contract))} == {"delivery", "terminated"}


def test_the_public_reads_which_part_of_the_price_is_due_after_an_end_for_convenience(
    contract: Contract,
) -> None:
    contracts.ended(contract, EndKind.CONVENIENCE, percentage=40)
    contract.refresh_from_db()
    told = notice(contract, Page(contract))
    assert "$2,600 of the price is due, before tax." in told
    assert "The need has gone." not in told
