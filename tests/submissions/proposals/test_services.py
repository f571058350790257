"""Receiving, replacing and withdrawing without a browser."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from submissions.audit.models import AuditEntry
from submissions.notices.models import OutgoingMessage
from submissions.proposals import custody, sealing, services, visits
from submissions.proposals.enums import ProposalState
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import SupplierLink
from tests.factories import proposals

pytestmark = pytest.mark.django_db


def test_the_suppliers_link_opens_what_was_sent_and_so_does_the_custodian(file: Any) -> None:
    proposal, link = proposals.send(file)
    text = services.what_was_sent(proposal, link)
    assert text["name"] == "Camille Tremblay"
    assert text["number"] == file.number
    (key,) = custody.custodian_identities()
    assert json.loads(sealing.unseal(bytes(proposal.sealed), [key.identity])) == text


def test_the_receipt_digest_is_that_of_the_text(file: Any) -> None:
    proposal, link = proposals.send(file)
    text = services.what_was_sent(proposal, link)
    assert sealing.digest(sealing.canonical(text)) == proposal.text_digest


def test_the_same_answers_with_two_links_cannot_be_told_to_be_the_same(file: Any) -> None:
    first, _link = proposals.send(file)
    second, _link = proposals.send(file)
    assert first.text_digest != second.text_digest
    assert first.address_digest == second.address_digest


def test_one_address_is_not_recognised_across_files(file: Any) -> None:
    first, _link = proposals.send(file)
    second, _link = proposals.send(proposals.make_file())
    assert first.address_digest != second.address_digest


def test_a_receipt_number_that_is_taken_is_given_to_nobody_else(
    file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _link = proposals.send(file)
    numbers = iter([first.receipt_number, first.receipt_number, "R-2346-2346"])
    monkeypatch.setattr(sealing, "receipt_number", lambda: next(numbers))
    second, _link = proposals.send(file, email="somebody.else@example.org")
    assert second.receipt_number == "R-2346-2346"


def test_what_is_remembered_of_the_posting_counts_for_one_look(file: Any) -> None:
    proposals.send(file)
    found = visits.file_for(file.number, SupplierLink.generate())
    assert found is not None
    newest = file.postings.get()
    assert (found.newest_posting, found.link_was_used) == ((newest.pk, newest.digest), False)
    assert found.current_posting == newest
    with CaptureQueriesContext(connection) as queries:
        assert found.current_posting == newest
    assert len(queries) == 1


def test_the_address_is_readable_for_mailing_alone(file: Any) -> None:
    proposal, _link = proposals.send(file, correspondence_language="fr")
    assert (proposal.address, proposal.correspondence_language) == ("camille@example.org", "fr")
    assert "camille" not in proposal.contact


def test_sending_the_same_text_again_changes_and_mails_nothing(file: Any) -> None:
    first, link = proposals.send(file)
    second, _link = proposals.send(file, link)
    assert first == second
    assert (Proposal.objects.count(), OutgoingMessage.objects.count()) == (1, 1)


def test_a_replacement_keeps_the_earlier_version_sealed(file: Any) -> None:
    first, link = proposals.send(file)
    second, _link = proposals.send(file, link, name="Camille T.")
    first.refresh_from_db()
    assert first.state == ProposalState.REPLACED
    assert second.replaces == first
    assert first.receipt_number != second.receipt_number


def test_every_act_is_in_the_chain(file: Any) -> None:
    first, link = proposals.send(file)
    second, _link = proposals.send(file, link, name="Camille T.")
    services.withdraw(link, link_address="https://example.org/")
    connection.check_constraints()
    entries = AuditEntry.objects.filter(action__startswith="proposal.").order_by("sequence")
    assert list(entries.values_list("action", "label", "file_number")) == [
        ("proposal.received", first.receipt_number, file.number),
        ("proposal.replaced", second.receipt_number, file.number),
        ("proposal.withdrawn", second.receipt_number, file.number),
    ]


def test_nothing_is_kept_when_the_receipt_cannot_be_queued(file: Any, monkeypatch: Any) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(services.letters, "send_receipt", broken)
    with pytest.raises(ConnectionError):
        proposals.send(file)
    assert Proposal.objects.count() == 0


def test_too_late_is_said_and_leaves_everything_as_it_was(file: Any) -> None:
    _first, link = proposals.send(file)
    changed = proposals.text_for(file, link, name="Camille T.")
    proposals.set_deadline(file)
    arguments = {
        "solicitation": file,
        "posting": file.current_posting,
        "link_address": "https://example.org/",
    }
    with pytest.raises(services.Closed):
        services.receive(**arguments, link=link, text=changed)
    with pytest.raises(services.Closed):
        services.receive(**arguments, link=SupplierLink.generate(), text=changed)
    with pytest.raises(services.Closed):
        services.withdraw(link, link_address="https://example.org/")
    assert [p.state for p in Proposal.objects.all()] == [ProposalState.SENT]


def test_a_link_serves_one_file(file: Any) -> None:
    _first, link = proposals.send(file)
    with pytest.raises(services.LinkOfAnotherFile):
        proposals.send(proposals.make_file(), link)


def test_withdrawing_twice_withdraws_once(file: Any) -> None:
    _first, link = proposals.send(file)
    assert services.withdraw(link, link_address="https://example.org/") is not None
    assert services.withdraw(link, link_address="https://example.org/") is None
    assert OutgoingMessage.objects.filter(kind="proposal_withdrawn").count() == 1
