"""Work of absent staff: recorded, limited in time and matter, and never a way around separation of duties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, TaskState

from microacq_pages import roles
from microacq_pages.models import Reassignment, StepApproval
from microacq_pages.publishing import PublicationBlocked
from microacq_pages.reviewing import standins
from microacq_pages.waiting import waiting_for
from tests.factories import pages, people

pytestmark = [
    pytest.mark.django_db(databases=["default", "refusals"]),
    pytest.mark.usefixtures("drafted_once"),
]


@pytest.fixture
def lead(user_in: Any) -> Any:
    person = user_in(roles.IT_LEAD)
    person.groups.add(roles.Group.objects.get(name=roles.IT_STRATEGY))
    return person


@pytest.fixture
def deputy(user_in: Any) -> Any:
    """Somebody who has no step of the review."""
    return user_in(roles.FINANCE)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def absent(person: Any, to: Any, lead: Any, first: int = 0, last: int = 5) -> Reassignment:
    """The person is away from and until so many days from today."""
    today = timezone.localdate()
    return standins.mark_absent(
        person,
        to=to,
        starts_on=today + timedelta(days=first),
        until=today + timedelta(days=last),
        reason="The review cannot wait.",
        made_by=lead,
    )


def step(page: Page) -> TaskState:
    state: TaskState = page.specific_class.objects.get(pk=page.pk).current_workflow_task_state
    return state


def test_who_replaces_an_absent_reviewer_sees_reads_and_approves_in_their_own_name(
    author: Any, it_strategy: Any, cfob: Any, deputy: Any, lead: Any
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author, it_strategy)
    screen = reverse("microacq_review", args=[page.pk])
    assert signed_in(deputy).get(screen).status_code == 302
    row = absent(cfob, deputy, lead)

    assert [item.url for item in waiting_for(deputy) if item.kind == "review"] == [screen]
    assert signed_in(deputy).get(screen).status_code == 200
    assert signed_in(deputy).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    pages.approve_step(page, deputy)

    approval = StepApproval.objects.get(group__name=roles.CFOB)
    assert (approval.approved_by, approval.reassignment) == (deputy, row)


@pytest.mark.parametrize(("first", "last"), [(1, 5), (-5, -1)])
def test_outside_the_days_of_the_absence_nobody_replaces_anybody(
    author: Any, it_strategy: Any, cfob: Any, deputy: Any, lead: Any, first: int, last: int
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author, it_strategy)
    absent(cfob, deputy, lead, first, last)

    with pytest.raises(PublicationBlocked) as refusal:
        pages.approve_step(page, deputy)

    assert [b.code for b in refusal.value.blockers] == ["not-your-task"]
    assert waiting_for(deputy) == []


def test_an_ended_reassignment_allows_nothing_any_more(
    author: Any, it_strategy: Any, cfob: Any, deputy: Any, lead: Any
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author, it_strategy)
    row = absent(cfob, deputy, lead)

    signed_in(lead).post(reverse("microacq_end_reassignment", args=[row.pk]))

    with pytest.raises(PublicationBlocked):
        pages.approve_step(page, deputy)
    row.refresh_from_db()
    assert row.ended_by == lead


def test_an_author_does_not_approve_their_own_text_for_an_absent_reviewer(
    author: Any, it_strategy: Any, lead: Any
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    absent(it_strategy, author, lead)

    with pytest.raises(PublicationBlocked) as refusal:
        pages.approve_step(page, author)

    assert [b.code for b in refusal.value.blockers] == ["own-text"]


def test_one_person_does_not_approve_for_two_groups_by_standing_in(
    author: Any, it_strategy: Any, cfob: Any, lead: Any
) -> None:
    absent(cfob, it_strategy, lead)
    page = pages.run_workflow(pages.the_opportunity(author), author, it_strategy)

    with pytest.raises(PublicationBlocked) as refusal:
        pages.approve_step(page, it_strategy)

    assert [b.code for b in refusal.value.blockers] == ["own-approval"]


def test_a_person_named_for_one_text_reviews_that_text_and_no_other(
    author: Any, it_strategy: Any, deputy: Any, lead: Any
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    other = pages.run_workflow(pages.make_opportunity(author, slug="other", title="Other"), author)
    group = roles.Group.objects.get(name=roles.IT_STRATEGY)
    standins.assign_review(page, group, to=deputy, reason="She knows the code.", made_by=lead)

    (item,) = waiting_for(deputy)
    assert item.url == reverse("microacq_review", args=[page.pk])
    assert deputy.get_full_name() in str(item.who)
    with pytest.raises(PublicationBlocked):
        pages.approve_step(other, deputy)
    pages.approve_step(page, deputy)
    assert step(page).task.name.startswith("CFOB")


def test_replacing_is_not_passed_on(author: Any, it_strategy: Any, cfob: Any, deputy: Any, lead: Any) -> None:
    third = people.make_user(roles.EVALUATOR)
    absent(cfob, deputy, lead)
    absent(deputy, third, lead)
    page = pages.run_workflow(pages.the_opportunity(author), author, it_strategy)

    with pytest.raises(PublicationBlocked):
        pages.approve_step(page, third)


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != roles.IT_LEAD])
def test_nobody_else_reassigns_work(role: str, lead: Any, cfob: Any) -> None:
    person = cfob if role == roles.CFOB else people.the(role)
    deputy = people.make_user(roles.FINANCE, "deputy")
    row = absent(cfob, deputy, lead)
    client = signed_in(person)

    for name in ("microacq_reassignments", "microacq_absence"):
        assert client.get(reverse(name)).status_code == 302
    client.post(reverse("microacq_end_reassignment", args=[row.pk]))
    with pytest.raises(PermissionDenied):
        absent(cfob, people.make_user(roles.FINANCE, "third"), person)
    row.refresh_from_db()
    assert row.ended_at is None


def test_the_lead_records_an_absence_on_the_screen_and_it_is_logged(
    cfob: Any, deputy: Any, lead: Any
) -> None:
    today = timezone.localdate()
    data = {
        "absent": cfob.pk,
        "to": deputy.pk,
        "starts_on": today.isoformat(),
        "until": (today + timedelta(days=3)).isoformat(),
        "reason": "The reviews go on.",
    }

    response = signed_in(lead).post(reverse("microacq_absence"), data)

    assert response.headers["Location"] == reverse("microacq_reassignments")
    row = Reassignment.objects.get()
    (entry,) = ModelLogEntry.objects.filter(action="microacq.marked_absent")
    assert (entry.user, entry.object_id) == (lead, str(row.pk))
    assert "The reviews go on." not in str(entry.data)
    assert "The reviews go on." in signed_in(lead).get(reverse("microacq_reassignments")).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "  "},
        {"until": "2020-01-01"},
        {"starts_on": "soon"},
        {"to": "absent"},
        {"to": "lead"},
        {"absent": ""},
    ],
)
def test_a_wrong_absence_is_explained_and_nothing_typed_is_lost(
    cfob: Any, deputy: Any, lead: Any, change: dict[str, str]
) -> None:
    today = timezone.localdate()
    people_by_name = {"absent": str(cfob.pk), "lead": str(lead.pk)}
    data = {
        "absent": str(cfob.pk),
        "to": str(deputy.pk),
        "starts_on": today.isoformat(),
        "until": (today + timedelta(days=3)).isoformat(),
        "reason": "The reviews go on.",
        **{name: people_by_name.get(value, value) for name, value in change.items()},
    }

    response = signed_in(lead).post(reverse("microacq_absence"), data)

    assert response.status_code == 422
    assert not Reassignment.objects.exists()
    assert data["until"] in response.content.decode()


def test_the_lead_assigns_the_review_of_a_text_from_its_screen(author: Any, deputy: Any, lead: Any) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    client = signed_in(lead)
    url = reverse("microacq_assign_review", args=[page.pk])
    assert url in client.get(reverse("microacq_review", args=[page.pk])).content.decode()
    assert client.get(url).status_code == 200
    group = roles.Group.objects.get(name=roles.IT_STRATEGY)

    client.post(url, {"group": group.pk, "to": deputy.pk, "reason": "He wrote the tool.", "until": ""})

    row = Reassignment.objects.get()
    assert (row.kind, row.object_id, row.to_person) == ("review", str(page.pk), deputy)


def test_the_database_keeps_what_was_recorded(cfob: Any, deputy: Any, lead: Any) -> None:
    row = absent(cfob, deputy, lead)

    for change in (
        lambda: Reassignment.objects.filter(pk=row.pk).update(to_person=cfob),
        lambda: Reassignment.objects.filter(pk=row.pk).update(until=date(2099, 1, 1)),
        row.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_record_that_contradicts_itself_is_refused(cfob: Any, lead: Any) -> None:
    with pytest.raises(ValidationError):
        absent(cfob, cfob, lead)
    with pytest.raises(ValidationError):
        absent(cfob, lead, lead)


@pytest.mark.parametrize("way", ["absence", "review"])
def test_who_wrote_a_text_does_not_choose_who_approves_it(
    it_strategy: Any, cfob: Any, deputy: Any, lead: Any, way: str
) -> None:
    page = pages.run_workflow(pages.make_opportunity(lead), lead, it_strategy)
    group = roles.Group.objects.get(name=roles.CFOB)
    if way == "absence":
        absent(cfob, deputy, lead)
    else:
        standins.assign_review(page, group, to=deputy, reason="She has time.", made_by=lead)

    with pytest.raises(PublicationBlocked) as refusal:
        pages.approve_step(page, deputy)

    assert [b.code for b in refusal.value.blockers] == ["chosen-by-author"]
    assert not StepApproval.objects.filter(group=group).exists()
    pages.approve_step(page, cfob)
