"""Two at once, on connections of their own that really commit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from wagtail.models import ModelLogEntry

from submissions.notices.models import OutgoingMessage
from submissions.proposals import custody, opening, services, under_way
from submissions.proposals.enums import OpeningOutcome
from submissions.proposals.models import OpenedProposal
from submissions.proposals.opening_models import Opening
from submissions.proposals.sealing import SupplierLink
from submissions.proposals.under_way import Signs
from submissions.solicitations.services import database_clock
from tests.factories import people, proposals
from tests.support.threads import PATIENCE, Parallel, wait_until


@pytest.fixture(autouse=True, scope="module")
def user(committed_database: str) -> Any:
    """Somebody who may open files: committed, for all tests of this module."""
    return people.make_user(None)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or raised, all run together."""
    parallel = Parallel()
    for act in acts:
        parallel.start(act)
    return parallel.join()


def test_one_form_sent_many_times_at_once_gives_one_receipt() -> None:
    file = proposals.make_file()
    data = proposals.answers(file, link=SupplierLink.generate().token)
    answers = at_once(*[lambda: Client().post(f"/en/apply/{file.number}/", data)] * 4)
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer["Location"] for answer in answers}) == 1
    assert file.proposals.count() == 1
    assert OutgoingMessage.objects.filter(file_number=file.number).count() == 1


def test_two_texts_with_one_link_at_once_leave_one_in_the_competition() -> None:
    file = proposals.make_file()
    link = SupplierLink.generate()
    outcomes = at_once(*[lambda name=name: proposals.send(file, link, name=name) for name in ("A", "B", "C")])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert file.proposals.count() == 3
    assert file.proposals.sent().count() == 1


def test_an_arrival_under_way_makes_the_opening_wait_and_is_opened(user: Any) -> None:
    file = proposals.make_file()
    proposals.send(file, name="Early")
    holding, opened = threading.Event(), threading.Event()

    def arrive() -> None:
        with transaction.atomic():
            proposals.send(file, name="In the last moment", email="late@example.org")
            holding.set()
            # The opening must not get by while this transaction is open.
            assert not opened.wait(1)

    def open_it() -> int:
        assert holding.wait(PATIENCE)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM submissions_solicitation WHERE id = %s FOR UPDATE", [file.pk])
        opened.set()
        proposals.pass_deadline(file)
        return opening.open_proposals(file, user, custody.custodian_identities())

    assert at_once(arrive, open_it) == [None, 2]
    assert OpenedProposal.objects.filter(proposal__solicitation=file).count() == 2


def test_an_arrival_that_waited_for_the_opening_is_refused(user: Any) -> None:
    file = proposals.make_file()
    text_link = SupplierLink.generate()
    text = proposals.text_for(file, text_link)
    posting = file.current_posting
    began, opened = threading.Event(), threading.Event()

    def arrive() -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT now()")  # the transaction begins before the deadline
            began.set()
            assert opened.wait(PATIENCE)  # and its insert comes when the file is opened
            return services.receive(
                solicitation=file,
                posting=posting,
                link=text_link,
                text=text,
                link_address="https://example.org/",
            )

    def open_it() -> int:
        assert began.wait(PATIENCE)
        try:
            deadline = proposals.set_deadline(file, after=timedelta(milliseconds=100))
            wait_until(lambda: database_clock() > deadline)
            with override_settings(MICROACQ_REQUEST_TIMEOUT=0):
                return opening.open_proposals(file, user, custody.custodian_identities())
        finally:
            opened.set()

    refused, count = at_once(arrive, open_it)
    assert isinstance(refused, services.Closed)
    assert count == 0
    assert file.proposals.count() == 0


def test_two_openings_at_once_open_once(user: Any) -> None:
    file = proposals.make_file()
    proposals.send(file)
    proposals.pass_deadline(file)
    keys = custody.custodian_identities()
    outcomes = at_once(*[lambda: opening.open_proposals(file, user, keys)] * 2)
    assert sorted(map(type, outcomes), key=str) == sorted([int, opening.OpeningRefused], key=str)
    assert OpenedProposal.objects.filter(proposal__solicitation=file).count() == 1


def test_a_refused_attempt_stays_on_record_when_the_request_is_rolled_back(user: Any, settings: Any) -> None:
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    file = proposals.make_file()
    with pytest.raises(RuntimeError), transaction.atomic():
        with pytest.raises(opening.OpeningRefused):
            opening.ask_to_open(file, user)
        raise RuntimeError
    assert ModelLogEntry.objects.filter(action="file.open_refused", object_id=str(file.pk)).count() == 1


def test_others_read_how_far_an_opening_is_before_it_commits(
    user: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    monkeypatch.setattr(under_way, "_PAUSE", 0)
    file = proposals.make_file()
    for number in range(3):
        proposals.send(file, email=f"supplier{number}@example.org")
    proposals.pass_deadline(file)
    opening.ask_to_open(file, user)
    seen: list[tuple[int, int, int]] = []
    told = Signs.opened

    def look(signs: Signs, done: int) -> None:
        told(signs, done)
        row = Opening.objects.using("refusals").get(solicitation=file)
        kept = OpenedProposal.objects.using("refusals").filter(proposal__solicitation=file).count()
        seen.append((row.done, row.total, kept))

    monkeypatch.setattr(Signs, "opened", look)
    opening.open_file.call(file.pk, user.pk)
    assert seen == [(1, 3, 0), (2, 3, 0), (3, 3, 0)]
    assert Opening.objects.get(solicitation=file).outcome == OpeningOutcome.OPENED


def test_two_who_ask_at_once_ask_once(user: Any) -> None:
    file = proposals.make_file()
    proposals.pass_deadline(file)
    at_once(*[lambda: opening.ask_to_open(file, user)] * 4)
    assert Opening.objects.filter(solicitation=file).count() == 1
    assert ModelLogEntry.objects.filter(action="file.opening_asked", object_id=str(file.pk)).count() == 1
