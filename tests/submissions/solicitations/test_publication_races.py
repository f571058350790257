"""Publishing while somebody edits, approving twice, amending twice: who comes second is told, nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail_localize.models import StringTranslation

from microacq_pages import pairs, publishing, review, roles, splitting_records
from microacq_pages.models import Opportunity, PublicationApproval, StepApproval
from microacq_pages.publishing import PublicationBlocked
from microacq_pages.reviewing import looks
from microacq_pages.splitting import OPEN_STANDINGS
from microacq_pages.translating import saving
from submissions.proposals import opening
from submissions.solicitations import outage
from submissions.solicitations.models import Solicitation
from submissions.solicitations.outage import Outage
from tests.factories import amendments as making
from tests.factories import pages, people, proposals, splitting
from tests.support.threads import PATIENCE, Parallel, somebody_waits_for_a_lock, wait_until

pytestmark = pytest.mark.usefixtures("committed_database")

LATER = "[fr] Written while the page was being published."


@pytest.fixture
def person(committed_database: str, django_db_blocker: Any) -> Iterator[Callable[[str], Any]]:
    """Make a person of a role."""
    with django_db_blocker.unblock():
        opening.make_trial()
        yield lambda role: people.make_user(role, uuid4().hex)


@pytest.fixture(autouse=True)
def _connections_are_closed() -> Iterator[None]:
    yield
    connection.close()


def draft(person: Callable[[str], Any]) -> Opportunity:
    """A translated draft that nothing stands against."""
    slug = f"opportunity-{uuid4()}"
    page = pages.make_opportunity(person(roles.CLIENT), slug=slug)
    pages.translate(page)
    return page


def title_of(page: Opportunity) -> tuple[StringTranslation, saving.Written]:
    """The French title as it is stored, and what a translator who has it open sends instead."""
    translation = pairs.translation_of(page)
    stored = StringTranslation.objects.get(
        context__path="title", context__object_id=page.translation_key, locale=translation.target_locale
    )
    written = saving.Written(stored.context_id, stored.translation_of_id, LATER, saving.token_of(stored))
    return stored, written


def french(page: Opportunity) -> Opportunity:
    counterpart: Opportunity = Opportunity.objects.get(pk=pairs.counterpart(page).pk)
    return counterpart


def test_a_translation_that_is_edited_during_publication_goes_live_only_once_it_is_approved(
    person: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = draft(person)
    approver = person(roles.IT_STRATEGY)
    publishing.approve(page, approver)
    stored, _written = title_of(page)
    read, go_on = threading.Event(), threading.Event()
    late = publishing.approval_blockers

    def publish() -> None:
        publishing.publish_pair(page, user=approver)

    calls: list[int] = []

    def stop_at_the_last_look(source: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:  # the strings are read, the approval is asked once more
            read.set()
            assert go_on.wait(PATIENCE)
        return late(source)

    monkeypatch.setattr(publishing, "approval_blockers", stop_at_the_last_look)
    both = Parallel()
    both.start(publish)
    assert read.wait(PATIENCE), both.outcomes
    # By the shortest way: what translators have waits for a publication under way.
    StringTranslation.objects.filter(pk=stored.pk).update(data=LATER)
    go_on.set()
    (published,) = both.join()

    assert isinstance(published, PublicationBlocked)
    assert not Opportunity.objects.get(pk=page.pk).live
    assert not french(page).live
    stored.refresh_from_db()
    assert stored.data == LATER


def test_a_translation_that_is_edited_after_the_last_look_waits_for_the_next_amendment(
    person: Callable[[str], Any],
) -> None:
    page = draft(person)
    approver, translator = person(roles.IT_STRATEGY), person(roles.TRANSLATOR)
    publishing.approve(page, approver)
    stored, written = title_of(page)
    before = stored.data
    published, go_on = threading.Event(), threading.Event()

    def publish() -> None:
        with transaction.atomic():
            publishing.publish_pair(page, user=approver)
            published.set()
            assert go_on.wait(PATIENCE)

    both = Parallel()
    both.start(publish)
    assert published.wait(PATIENCE), both.outcomes
    both.start(lambda: saving.save(pairs.translation_of(page), [written], translator))
    go_on.set()
    outcomes = both.join()

    assert outcomes[0] is None
    assert not isinstance(outcomes[1], Exception), outcomes[1]
    assert Opportunity.objects.get(pk=page.pk).live
    assert (french(page).live, french(page).title) == (True, before)
    file = Solicitation.objects.get(translation_key=page.translation_key)
    assert file.title_fr == before


def test_an_approval_is_not_given_for_a_translation_that_changes_while_it_is_recorded(
    person: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = draft(person)
    author = page.owner
    page = pages.run_workflow(
        page, author, person(roles.IT_STRATEGY), person(roles.CFOB), person(roles.TRANSLATOR)
    )
    approver, translator = person(roles.IT_STRATEGY), person(roles.TRANSLATOR)
    looks.record_look(page, approver)
    _stored, written = title_of(page)
    approving = review.PublicationTask.approving

    def after_an_edit(task: Any, edited: Any, user: Any) -> None:
        other = Parallel()
        other.start(lambda: saving.save(pairs.translation_of(page), [written], translator))
        (outcome,) = other.join()
        assert not isinstance(outcome, Exception), outcome
        approving(task, edited, user)

    monkeypatch.setattr(review.PublicationTask, "approving", after_an_edit)
    state = page.current_workflow_task_state
    with pytest.raises(PublicationBlocked), transaction.atomic():
        state.task.specific.on_action(state.specific, approver, "approve")

    assert not Opportunity.objects.get(pk=page.pk).live
    assert not PublicationApproval.objects.filter(translation_key=page.translation_key).exists()


def test_two_who_approve_the_same_step_at_once_take_one_step(person: Callable[[str], Any]) -> None:
    page = draft(person)
    page = pages.run_workflow(page, page.owner)
    first_step = page.current_workflow_task_state
    address = reverse("microacq_review", args=[page.pk])
    act = reverse("microacq_review_act", args=[page.pk, "approve"])

    def read(who: Any) -> tuple[Client, dict[str, str]]:
        client = Client()
        client.force_login(who)
        form = BeautifulSoup(client.get(address).content, "html.parser").find("form", action=act)
        return client, {field["name"]: field.get("value", "") for field in form.select("input[name]")}

    ready = [read(person(roles.IT_STRATEGY)) for _each in range(2)]
    barrier = threading.Barrier(2)

    def approve(client: Client, values: dict[str, str]) -> str:
        barrier.wait(PATIENCE)
        return str(client.post(act, values).headers["Location"])

    both = Parallel()
    for client, values in ready:
        both.start(lambda client=client, values=values: approve(client, values))
    outcomes = both.join()

    # The second is led back to the screen, where another step stands now.
    assert sorted(outcomes) == sorted([address, reverse("microacq_my_work")])
    page = Opportunity.objects.get(pk=page.pk)
    assert page.current_workflow_task_state.task_id != first_step.task_id
    given = StepApproval.objects.filter(task_state__workflow_state=first_step.workflow_state)
    assert given.count() == 1


def amended_draft(person: Callable[[str], Any]) -> tuple[Solicitation, Opportunity, Any]:
    """A posted file, its page with a translated change, and who may publish it."""
    approver = person(roles.IT_STRATEGY)
    author = person(roles.CLIENT)
    file = proposals.make_posted_file(author, approver, slug=f"opportunity-{uuid4()}")
    page = making.change(file, author, teaser="Another short description.")
    if (assessment := splitting_records.assess(page)).standing in OPEN_STANDINGS:
        splitting.accept(assessment)
    making.translate(page)
    return file, page, approver


def posted_a_day_ago(file: Solicitation) -> None:
    """As if a day had gone by; the rules of the database are off meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, key in (("submissions_solicitation", "number"), ("microacq_pages_publicstatus", "number")):
            cursor.execute(
                f"UPDATE {table} SET posted_at = posted_at - interval '1 day' WHERE {key} = %s",
                [file.number],
            )
        cursor.execute("SET session_replication_role = DEFAULT")


def test_an_amendment_that_two_publish_at_once_is_published_once(person: Callable[[str], Any]) -> None:
    file, page, approver = amended_draft(person)
    publishing.approve(page, approver)
    barrier = threading.Barrier(2)

    def publish() -> Any:
        barrier.wait(PATIENCE)
        return publishing.publish_pair(Opportunity.objects.get(pk=page.pk), user=approver)

    both = Parallel()
    both.start(publish)
    both.start(publish)
    outcomes = both.join()

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PublicationBlocked", "tuple"]
    assert list(file.postings.order_by("amendment").values_list("amendment", flat=True)) == [0, 1]
    assert making.page_of(file).teaser == "Another short description."


@pytest.mark.parametrize("first", ["amend", "extend"])
def test_an_amendment_and_an_extension_at_once_follow_each_other(
    person: Callable[[str], Any], first: str
) -> None:
    file, page, approver = amended_draft(person)
    publishing.approve(page, approver)
    posted_a_day_ago(file)
    deadline, now = Solicitation.objects.get(pk=file.pk).deadline, timezone.now()
    asked = Outage(now - timedelta(hours=3), now - timedelta(minutes=1), 2)
    done, go_on = threading.Event(), threading.Event()

    def act(name: str) -> Any:
        if name == "amend":
            return publishing.publish_pair(Opportunity.objects.get(pk=page.pk), user=approver)
        return [each.number for each in outage.extend(asked, approver)]

    def hold() -> Any:
        with transaction.atomic():
            outcome = act(first)
            done.set()
            assert go_on.wait(PATIENCE)
        return outcome

    both = Parallel()
    both.start(hold)
    assert done.wait(PATIENCE), both.outcomes
    both.start(lambda: act("extend" if first == "amend" else "amend"))
    wait_until(somebody_waits_for_a_lock)
    go_on.set()
    outcomes = both.join()

    kept = list(file.postings.order_by("amendment"))
    file.refresh_from_db()
    assert [posting.amendment for posting in kept] == list(range(len(kept)))
    assert outcomes[0] is not None and not isinstance(outcomes[0], Exception), outcomes
    # What came second was carried out on what the first left, or it was refused and changed nothing.
    second_came = not isinstance(outcomes[1], Exception)
    assert len(kept) == 2 + second_came, outcomes
    if not second_came:
        assert isinstance(outcomes[1], PublicationBlocked), outcomes[1]
    extended = first == "extend" or second_came
    assert (file.deadline > deadline) is extended
    source, target = making.page_of(file), french(page)
    assert source.deadline == target.deadline == file.deadline
    assert source.amendment_summary == target.amendment_summary or not second_came
