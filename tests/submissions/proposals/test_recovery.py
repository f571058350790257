"""A lost link is asked for again: nobody learns who applied, and the new link replaces or withdraws and never reads."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from submissions.audit.models import AuditEntry
from submissions.gate import limits, looking
from submissions.notices import crypto, envelope
from submissions.notices.models import OutgoingMessage
from submissions.proposals import custody, opening, recovery, second, services
from submissions.proposals.models import LinkRequest, MailedLink, OpenedProposal, Proposal
from submissions.proposals.sealing import CannotOpen, SupplierLink
from tests.factories import proposals

pytestmark = pytest.mark.django_db

ADDRESSES = {"en": "/en/apply/", "fr": "/fr/presenter-une-demande/"}
KNOWN, UNKNOWN = "camille@example.org", "nobody.knows@example.org"


def ask(file: Any, address: str = KNOWN, language: str = "en", client: Client | None = None) -> Any:
    data = {"email": address, "stamp": looking.passing_stamp(f"lost-link/{file.number}")}
    return (client or Client()).post(f"{ADDRESSES[language]}{file.number}/lost-link/", data)


def worker() -> None:
    """What the worker does with the requests that wait."""
    for key in LinkRequest.objects.filter(answered_at=None).values_list("pk", flat=True):
        recovery.answer(key)


def bodies(kind: str) -> list[str]:
    rows = OutgoingMessage.objects.filter(kind=kind).order_by("pk")
    return [envelope.make_again(crypto.decrypt(row.payload)).body for row in rows]


def new_link(file: Any) -> SupplierLink:
    """A link in place of a lost one, as the mailbox of the address has it."""
    ask(file)
    worker()
    found = re.search(r"/link/([a-z0-9]+)/", bodies("link_again")[-1])
    assert found
    return SupplierLink.from_token(found.group(1))


def states_of(file: Any) -> list[str]:
    return list(file.proposals.order_by("pk").values_list("state", flat=True))


# --- the same answer -------------------------------------------------------------------------------


def seen(response: Any) -> tuple[Any, ...]:
    text = re.sub(r'(nonce="|csrfmiddlewaretoken" value=")[^"]*"', "", response.content.decode())
    return response.status_code, text, response.headers.get("Location"), response["Cache-Control"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_known_unknown_waiting_and_withdrawn_get_the_same_answer_for_the_same_work(
    file: Any, language: str
) -> None:
    proposals.send(file)
    proposals.send(file)
    _gone, link = proposals.send(file, email="gone@example.org")
    services.withdraw(link, link_address="https://example.org/")
    answers, costs = [], []
    for address in (UNKNOWN, KNOWN, "gone@example.org"):
        with CaptureQueriesContext(connection) as queries:
            answer = ask(file, address, language)
        answers.append((seen(answer), seen(Client().get(answer["Location"]))))
        costs.append(len(queries))
    assert answers[0] == answers[1] == answers[2]
    assert costs[0] == costs[1] == costs[2]
    worker()
    assert OutgoingMessage.objects.filter(kind="link_again").count() == 1
    assert OutgoingMessage.objects.filter(kind="proposals_waiting").count() == 1


def test_the_result_of_the_task_tells_nothing(file: Any) -> None:
    proposals.send(file)
    results = set()
    for address in (KNOWN, UNKNOWN):
        ask(file, address)
        results.add(recovery.answer(LinkRequest.objects.latest("pk").pk))
    assert results == {"answered"}


def test_the_letter_is_in_the_language_of_the_supplier(file: Any) -> None:
    proposals.send(file, language="fr", correspondence_language="fr")
    ask(file)
    worker()
    (body,) = bodies("link_again")
    assert "nouveau lien" in body
    assert "/fr/presenter-une-demande/link/" in body


@pytest.mark.parametrize(
    "address", ["", "nonsense", "a@b", "x\x00@example.org", "x" * 300 + "@example.org", "a\n@b.c"]
)
def test_a_mistake_in_the_address_is_said_and_kept(client: Client, file: Any, address: str) -> None:
    answer = ask(file, address, client=client)
    assert answer.status_code == 422
    assert LinkRequest.objects.count() == 0


@pytest.mark.parametrize(
    "changes", [{looking.BAIT: "x"}, {"stamp": ""}, {"stamp": "forged"}, {"stamp": "of"}]
)
def test_what_looks_like_a_machine_asks_nothing_and_is_taken_the_next_time(
    client: Client, file: Any, form_of: Any, changes: dict[str, str]
) -> None:
    address = f"/en/apply/{file.number}/lost-link/"
    form = form_of(client.get(address))
    if changes.get("stamp") == "of":
        changes = {"stamp": looking.new_stamp("lost-link/MA-2020-0001")}
    answer = client.post(address, {**form.data, "email": KNOWN, **changes})
    assert answer.status_code == 422
    assert not LinkRequest.objects.exists()
    again = form_of(answer)
    assert again.data["email"] == KNOWN
    assert client.post(address, {**again.data, looking.BAIT: "x"}).status_code == 303
    assert LinkRequest.objects.count() == 1


@pytest.mark.parametrize("number", ["MA-2026-9999", "nonsense", "%00"])
def test_an_unknown_number_is_a_friendly_404(client: Client, file: Any, number: str) -> None:
    assert client.get(f"/en/apply/{number}/lost-link/").status_code == 404
    assert client.get(f"/en/apply/{number}/lost-link/asked/").status_code == 404


def test_the_form_has_the_way_to_a_lost_link(client: Client, file: Any) -> None:
    assert f"/en/apply/{file.number}/lost-link/" in client.get(f"/en/apply/{file.number}/").content.decode()


# --- limits ----------------------------------------------------------------------------------------


def test_one_address_is_answered_so_often_a_day_and_nobody_sees_it(file: Any) -> None:
    proposals.send(file)
    most = limits.LOST_LINKS_TO_ADDRESS.most
    answers = {seen(ask(file)) for _n in range(most + 2)}
    assert len(answers) == 1
    worker()
    assert OutgoingMessage.objects.filter(kind="link_again").count() == most


def test_one_network_asks_so_often_an_hour(file: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "LOST_LINKS_OF_NETWORK", replace(limits.LOST_LINKS_OF_NETWORK, most=2))
    assert [ask(file, f"{n}@example.org").status_code for n in range(3)] == [303, 303, 429]
    refused = ask(file, "kept@example.org")
    assert "kept@example.org" in refused.content.decode()


def test_requests_are_forgotten_after_a_day(file: Any) -> None:
    proposals.send(file)
    ask(file)
    worker()
    assert recovery.forget() == 0
    LinkRequest.objects.update(asked_at=LinkRequest.objects.get().asked_at - timedelta(days=1, seconds=1))
    assert recovery.forget() == 1


def test_what_the_worker_left_is_answered_by_the_clock(file: Any) -> None:
    proposals.send(file)
    ask(file)
    assert recovery.answer_overdue() == 0
    LinkRequest.objects.update(asked_at=LinkRequest.objects.get().asked_at - timedelta(minutes=3))
    call_command("tick")
    assert OutgoingMessage.objects.filter(kind="link_again").count() == 1
    worker()
    assert OutgoingMessage.objects.filter(kind="link_again").count() == 1


def test_nothing_kept_of_a_request_names_an_address(file: Any) -> None:
    proposals.send(file)
    ask(file)
    worker()
    connection.check_constraints()
    kept = " ".join(str(value) for value in LinkRequest.objects.values_list().get())
    logged = " ".join(AuditEntry.objects.values_list("payload", flat=True))
    assert "camille" not in kept + logged
    assert AuditEntry.objects.filter(action__in=["proposal.link_asked", "proposal.link_mailed"]).count() == 2


# --- what the new link does ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_new_link_shows_the_receipt_and_not_the_text_and_the_old_one_still_reads(
    client: Client, file: Any, language: str
) -> None:
    proposal, old = proposals.send(file)
    new = new_link(file)
    page = client.get(f"{ADDRESSES[language]}link/{new.token}/")
    assert page.status_code == 200
    content = page.content.decode()
    assert proposal.receipt_number in content
    for secret in ("Camille", "camille@example.org", "I built a keyboard"):
        assert secret not in content
        assert secret not in client.get(f"{ADDRESSES[language]}link/{new.token}/change/").content.decode()
    with pytest.raises(CannotOpen):
        services.what_was_sent(proposal, new)
    assert "I built a keyboard" in client.get(f"{ADDRESSES[language]}link/{old.token}/").content.decode()
    assert "no-store" in page["Cache-Control"]


def test_the_new_link_replaces_and_then_is_a_link_like_any_other(client: Client, file: Any) -> None:
    first, old = proposals.send(file)
    new = new_link(file)
    own = f"/en/apply/link/{new.token}/"
    data = proposals.answers(file, link=new.token, name="Camille T.")
    assert client.post(f"{own}change/", data)["Location"] == own
    assert states_of(file) == ["replaced", "sent"]
    replacement = file.proposals.sent().get()
    assert replacement.replaces == first
    assert "Camille T." in client.get(own).content.decode()
    client.post(f"{own}change/", {**data, "name": "Camille Trem"})
    assert states_of(file) == ["replaced", "replaced", "sent"]
    # The old link reads what it sent, and what it sends now waits.
    assert services.what_was_sent(first, old)["name"] == "Camille Tremblay"
    proposals.send(file, old, name="Old")
    assert states_of(file)[-1] == "waiting"
    connection.check_constraints()
    assert '"with": "mailed link"' in AuditEntry.objects.get(label=replacement.receipt_number).payload


def test_the_new_link_withdraws(client: Client, file: Any) -> None:
    proposal, _old = proposals.send(file)
    new = new_link(file)
    own = f"/en/apply/link/{new.token}/"
    assert proposal.receipt_number in client.get(f"{own}withdraw/").content.decode()
    assert states_of(file) == ["sent"]
    assert client.post(f"{own}withdraw/")["Location"] == own
    assert states_of(file) == ["withdrawn"]
    assert "No application from your address counts" in client.get(own).content.decode()
    assert client.post(f"{own}withdraw/")["Location"] == own


def test_a_new_link_with_another_address_moves_the_application_there(client: Client, file: Any) -> None:
    proposals.send(file)
    new = new_link(file)
    data = proposals.answers(file, link=new.token, email="new@example.org")
    client.post(f"/en/apply/link/{new.token}/change/", data)
    assert states_of(file) == ["replaced", "sent"]
    assert file.proposals.sent().get().address == "new@example.org"


def test_a_new_link_follows_what_its_address_has_in_the_competition(file: Any) -> None:
    proposals.send(file)
    new = new_link(file)
    later, _link = proposals.send(file)
    found = re.search(r"/count/([a-z0-9]+)/", bodies("proposal_second")[-1])
    assert found
    second.confirm(SupplierLink.from_token(found.group(1)))
    services.withdraw(new, link_address="https://example.org/")
    assert Proposal.objects.get(pk=later.pk).state == "withdrawn"


def test_after_the_deadline_the_new_link_changes_nothing_and_follows(
    client: Client, file: Any, it_strategy: Any
) -> None:
    proposals.send(file)
    new = new_link(file)
    own = f"/en/apply/link/{new.token}/"
    proposals.pass_deadline(file)
    data = proposals.answers(file, link=new.token, name="Late")
    late = client.post(f"{own}change/", data)
    assert late.status_code == 410
    assert "Late" in late.content.decode()
    client.post(f"{own}withdraw/")
    assert states_of(file) == ["sent"]
    opening.open_proposals(file, it_strategy, custody.custodian_identities())
    content = client.get(own).content.decode()
    assert "The applications were opened" in content
    assert "I built a keyboard" not in content
    assert OpenedProposal.objects.count() == 1


def test_a_stale_token_on_the_form_of_the_new_link_loses_nothing(file: Any) -> None:
    proposals.send(file)
    new = new_link(file)
    client = Client(enforce_csrf_checks=True)
    data = proposals.answers(file, link=new.token, name="Camille T.")
    answer = client.post(f"/en/apply/link/{new.token}/change/", data)
    assert answer.status_code == 403
    assert "Camille T." in answer.content.decode()


def test_the_new_link_is_of_no_use_elsewhere(client: Client, file: Any) -> None:
    proposals.send(file)
    new = new_link(file)
    assert client.get(f"/en/apply/count/{new.token}/").status_code == 404
    other = proposals.make_file()
    proposals.send(other)
    data = proposals.answers(other, link=new.token, name="Elsewhere")
    assert client.post(f"/en/apply/{other.number}/", data).status_code == 422
    assert states_of(other) == ["sent"]
    assert states_of(file) == ["sent"]
    assert MailedLink.objects.filter(kind="recover").count() == 1
