"""How far an opening is: for the person who asked, and after a worker died."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from microacq_pages import roles
from submissions.audit.models import AuditEntry
from submissions.proposals import opening, under_way
from submissions.proposals.enums import OpeningOutcome
from submissions.proposals.models import OpenedProposal
from submissions.proposals.opening_models import Opening, newest
from submissions.proposals.querysets import NeverDeleted
from submissions.solicitations.enums import State
from submissions.solicitations.services import database_clock
from tests.factories import people, proposals

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(file: Any, it_strategy: Any) -> Opening:
    """An opening of two applications that IT Strategy asked for."""
    proposals.send(file)
    proposals.send(file, email="second@example.org")
    proposals.pass_deadline(file)
    opening.ask_to_open(file, it_strategy)
    found = newest(file)
    assert found is not None
    return found


def tasks() -> int:
    return DBTaskResult.objects.filter(task_path__endswith="open_file").count()


def page_of(asked: Opening, name: str = "opening") -> str:
    return reverse(f"proposals:{name}", args=[asked.solicitation_id])


def run(asked: Opening) -> Opening:
    opening.open_file.call(asked.solicitation_id, asked.asked_by_id)
    asked.refresh_from_db()
    return asked


def left_for(asked: Opening, ago: timedelta, attempts: int = 1) -> None:
    """As a worker leaves it that died so long ago."""
    Opening.objects.filter(pk=asked.pk).update(
        attempts=attempts, total=2, done=1, moved_at=database_clock() - ago
    )


def acts(action: str) -> int:
    connection.check_constraints()
    return AuditEntry.objects.filter(action=action).count()


def test_who_asks_is_shown_how_far_it_is(file: Any, it_strategy: Any, client: Client) -> None:
    proposals.send(file)
    proposals.pass_deadline(file)
    client.force_login(it_strategy)
    answer = client.post(reverse("proposals:open", args=[file.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("proposals:opening", args=[file.pk])
    text = answer.content.decode()
    assert "The worker begins in a moment." in text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in text


def test_the_page_has_a_progress_element_and_the_numbers(asked: Opening, client: Client) -> None:
    left_for(asked, timedelta(0))
    client.force_login(asked.asked_by)
    text = client.get(page_of(asked)).content.decode()
    assert "1 of 2 applications opened." in text
    assert 'value="1" max="2"' in text
    assert client.get(page_of(asked, "signs")).json() == {
        "done": 1,
        "total": 2,
        "begun": True,
        "over": False,
        "sentence": "1 of 2 applications opened.",
    }


def test_when_it_is_over_the_page_says_so_and_stops_asking(asked: Opening, client: Client) -> None:
    run(asked)
    assert (asked.outcome, asked.done, asked.attempts) == (OpeningOutcome.OPENED, 2, 1)
    client.force_login(asked.asked_by)
    text = client.get(page_of(asked)).content.decode()
    assert "All 2 applications are opened." in text
    assert "refresh" not in text
    assert client.get(page_of(asked, "signs")).json()["over"] is True


def test_a_file_without_applications_ends_and_the_page_says_so(
    file: Any, it_strategy: Any, client: Client
) -> None:
    proposals.pass_deadline(file)
    opening.ask_to_open(file, it_strategy)
    found = newest(file)
    assert found is not None
    run(found)
    client.force_login(it_strategy)
    assert "the file has ended" in client.get(page_of(found)).content.decode()


@pytest.mark.parametrize("role", [roles.CLIENT, roles.EVALUATOR, roles.CFOB, roles.AUDITOR])
def test_others_see_neither_page_nor_numbers(asked: Opening, client: Client, user_in: Any, role: str) -> None:
    client.force_login(user_in(role))
    for name in ("opening", "signs"):
        assert client.get(page_of(asked, name)).status_code in (302, 403)


def test_before_anybody_asked_there_is_no_page(file: Any, it_strategy: Any, client: Client) -> None:
    client.force_login(it_strategy)
    answer = client.get(reverse("proposals:opening", args=[file.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("solicitations:inspect", args=[file.pk]))


def test_asking_twice_opens_once(asked: Opening) -> None:
    opening.ask_to_open(asked.solicitation, people.make_user(roles.IT_STRATEGY, "another"))
    assert tasks() == 1
    assert acts("file.opening_asked") == 1


def test_what_a_worker_left_is_begun_again_from_the_first_application(asked: Opening) -> None:
    left_for(asked, timedelta(seconds=30))
    assert opening.begin_again_what_was_left() == 0
    left_for(asked, timedelta(minutes=2))
    assert opening.begin_again_what_was_left() == 1
    assert opening.begin_again_what_was_left() == 0
    assert tasks() == 2
    run(asked)
    assert (asked.outcome, asked.done, asked.attempts) == (OpeningOutcome.OPENED, 2, 2)
    assert OpenedProposal.objects.count() == 2


def test_what_no_worker_begins_is_handed_over_again(asked: Opening) -> None:
    Opening.objects.update(asked_at=database_clock() - timedelta(minutes=11))
    assert opening.begin_again_what_was_left() == 1
    assert opening.begin_again_what_was_left() == 0


def test_whoever_asks_again_after_a_worker_died_need_not_wait_for_the_clock(asked: Opening) -> None:
    left_for(asked, timedelta(minutes=2))
    opening.ask_to_open(asked.solicitation, asked.asked_by)
    assert tasks() == 2


def test_a_file_that_kills_every_worker_has_failed_on_record(asked: Opening, client: Client) -> None:
    left_for(asked, timedelta(minutes=2), attempts=under_way.MOST_ATTEMPTS)
    assert opening.begin_again_what_was_left() == 0
    asked.refresh_from_db()
    assert (asked.outcome, asked.fault) == (OpeningOutcome.FAILED, "WorkerLost")
    assert acts("file.opening_failed") == 1
    client.force_login(asked.asked_by)
    text = client.get(page_of(asked)).content.decode()
    assert "Nothing was opened." in text
    assert "Open the applications" in text


def test_a_failure_is_shown_with_what_helps(
    asked: Opening, client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MICROACQ_CUSTODIAN_KEY_FILES = [str(tmp_path / "gone.age")]
    run(asked)
    assert (asked.outcome, asked.fault) == (OpeningOutcome.FAILED, "KeyFileError")
    client.force_login(asked.asked_by)
    assert "cannot read a custodian’s key" in client.get(page_of(asked)).content.decode()


def test_an_unexpected_fault_is_on_record_and_nothing_stays_under_way(
    asked: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(opening, "_open_all", fail)
    with pytest.raises(ZeroDivisionError):
        run(asked)
    asked.refresh_from_db()
    assert (asked.outcome, asked.fault) == (OpeningOutcome.FAILED, "ZeroDivisionError")
    assert acts("file.opening_failed") == 1
    asked.solicitation.refresh_from_db()
    assert asked.solicitation.state == State.POSTED


def test_a_second_task_for_an_opened_file_changes_nothing(asked: Opening) -> None:
    run(asked)
    ended = asked.ended_at
    run(asked)
    assert (asked.ended_at, asked.outcome, acts("file.opened")) == (ended, OpeningOutcome.OPENED, 1)


def test_openings_stay_on_record(asked: Opening) -> None:
    with pytest.raises(NeverDeleted):
        asked.delete()
    with pytest.raises(NeverDeleted):
        Opening.objects.all().delete()
