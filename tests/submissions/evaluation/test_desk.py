"""Suppliers who cannot use their link answer questions by telephone or on paper, and staff enter what they answer."""

from __future__ import annotations

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
from submissions.evaluation import asking, boards, desk, people, services
from submissions.evaluation.aids import AnsweredForSupplier, Clarification
from submissions.notices.models import OutgoingMessage
from submissions.solicitations.services import database_clock
from tests.factories import evaluations, proposals
from tests.factories import people as persons

pytestmark = pytest.mark.django_db

ANSWER = "It was a public service, with 2,000 readers a day."


@pytest.fixture
def staff(db: None) -> Any:
    """Who enters applications; named no evaluator, and not the one who opened the file."""
    return persons.make_user(roles.IT_STRATEGY, "desk")


@pytest.fixture
def asked(staff: Any) -> Clarification:
    """A question to a supplier who applied by telephone."""
    file = proposals.make_file()
    proposals.enter(file, staff)
    evaluations.opened(1, file=file)
    (one,) = evaluations.named(file, "anne")
    candidate = next(
        each for each in boards.read(one.round).candidates if each.proposal.entered_by_id == staff.pk
    )
    (item,) = boards.criteria_of(one.round)
    return asking.ask_supplier(
        one, user=one.evaluator, candidate=candidate, item=item, question="For whom was it?"
    )


@pytest.fixture
def browser(client: Client, staff: Any) -> Client:
    client.force_login(staff)
    return client


def url(asked: Clarification) -> str:
    return reverse("evaluation:answer-for", args=[asked.pk])


def typed(asked: Clarification, **changes: Any) -> dict[str, Any]:
    moment = timezone.localtime(asked.asked_at).replace(second=0, microsecond=0)
    return {
        "act": "keep",
        "entered_how": "telephone",
        "taken_at": f"{moment:%Y-%m-%d %H:%M}",
        "answer": ANSWER,
        **changes,
    }


def acts(name: str) -> list[Any]:
    return list(ModelLogEntry.objects.filter(action=name))


def came(asked: Clarification) -> desk.Came:
    return desk.Came("telephone", asked.asked_at)


def test_nobody_is_mailed_and_staff_are_told_whom_to_call(asked: Clarification, staff: Any) -> None:
    assert not OutgoingMessage.objects.filter(kind="clarification_asked").exists()
    (item,) = [each for each in waiting_for(staff) if each.url == url(asked)]
    assert item.label == "Ask a supplier without e-mail, and enter the answer"


def test_staff_see_how_to_reach_the_supplier_and_that_is_recorded(
    asked: Clarification, browser: Client
) -> None:
    assert "613 555-0142" not in browser.get(url(asked)).content.decode()
    page = browser.post(url(asked), {**typed(asked), "act": "reach"}).content.decode()
    assert "613 555-0142" in page
    assert ANSWER in page, "what was typed is not lost"
    assert len(acts("supplier.reach_shown")) == 1
    assert "no-store" in browser.get(url(asked))["Cache-Control"]


def test_what_the_supplier_said_is_kept_with_how_it_came(
    asked: Clarification, browser: Client, staff: Any
) -> None:
    assert browser.post(url(asked), typed(asked)).status_code == 302
    asked.refresh_from_db()
    assert asked.answer() == ANSWER
    row = AnsweredForSupplier.objects.get(clarification=asked)
    assert (row.entered_by, row.entered_how) == (staff, "telephone")
    (entry,) = acts("clarification.answered_for")
    assert entry.user == staff
    assert "2,000" not in str(entry.data)
    assert not [each for each in waiting_for(staff) if each.url == url(asked)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"answer": ""}, "Write what the supplier answered."),
        ({"entered_how": ""}, "Choose how it came."),
        ({"taken_at": "yesterday"}, "Write day and time as"),
        ({"taken_at": "2020-01-01 10:00"}, "This is before the question was asked."),
        ({"taken_at": "2099-01-01 10:00"}, "This is in the future"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    asked: Clarification, browser: Client, changes: dict[str, str], words: str
) -> None:
    response = browser.post(url(asked), typed(asked, **changes))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert changes.get("answer", ANSWER) in response.content.decode()
    assert not AnsweredForSupplier.objects.exists()


def test_the_time_limit_is_that_of_every_answer(asked: Clarification, browser: Client, staff: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Clarification.objects.filter(pk=asked.pk).update(due_at=database_clock() - timedelta(minutes=1))
        cursor.execute("SET session_replication_role = DEFAULT")
    asked.refresh_from_db()
    with pytest.raises(asking.TooLate):
        desk.answer_for(asked, staff, ANSWER, came(asked))
    response = browser.post(url(asked), typed(asked))
    assert response.status_code == 422
    assert "The time to answer has passed" in response.content.decode()


def test_what_was_answered_stays(asked: Clarification, staff: Any) -> None:
    desk.answer_for(asked, staff, ANSWER, came(asked))
    with pytest.raises(asking.TooLate):
        desk.answer_for(asked, staff, "Another.", came(asked))
    with pytest.raises(DatabaseError), transaction.atomic():
        AnsweredForSupplier.objects.update(entered_how="paper")


@pytest.mark.parametrize("role", [roles.CFOB, roles.EVALUATOR, roles.AUDITOR, roles.CLIENT, roles.TRANSLATOR])
def test_others_may_not(asked: Clarification, client: Client, user_in: Any, role: str) -> None:
    person = user_in(role)
    client.force_login(person)
    assert client.get(url(asked)).status_code in (302, 403)
    with pytest.raises(PermissionDenied):
        desk.answer_for(asked, person, ANSWER, came(asked))
    assert acts("evaluation.refused")


def test_who_uses_the_own_link_answers_there(asked: Clarification, staff: Any) -> None:
    (one,) = asked.candidate.round.assignments.all()
    other = next(each for each in boards.read(one.round).candidates if each.proposal.entered_by_id is None)
    question = asking.ask_supplier(
        one, user=one.evaluator, candidate=other, item=asked.item, question="What is it?"
    )
    with pytest.raises(services.Refused, match="own link"):
        desk.reach(question, staff)


def test_who_has_spoken_with_a_supplier_evaluates_none_of_the_file(asked: Clarification, staff: Any) -> None:
    desk.answer_for(asked, staff, ANSWER, came(asked))
    reasons = people.reasons_against_naming(asked.candidate.round.solicitation, None, staff)
    assert "This person has spoken with a supplier of this file." in reasons


def test_the_database_keeps_out_what_the_services_would_refuse(asked: Clarification, staff: Any) -> None:
    (one,) = asked.candidate.round.assignments.all()
    for person in (one.evaluator, staff):  # an evaluator; and before anything is answered
        with pytest.raises(DatabaseError), transaction.atomic():
            AnsweredForSupplier.objects.create(
                clarification=asked, entered_by=person, entered_how="telephone", taken_at=asked.asked_at
            )
