"""The queue: what waits for whom, since when, how late, in words; and where an author’s texts are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState

from microacq_pages import roles
from microacq_pages.reviewing import my_work, steps
from microacq_pages.waiting import waiting_for
from tests.factories import pages, people

pytestmark = [
    pytest.mark.django_db(databases=["default", "refusals"]),
    pytest.mark.usefixtures("drafted_once"),
]

HOME = "wagtailadmin_home"


def html(person: Any, name: str, language: str = "en", **query: str) -> BeautifulSoup:
    people.prefer(person, language)
    client = Client()
    client.force_login(person)
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def began(days: int) -> None:
    """Every step that waits began so many days ago."""
    TaskState.objects.update(started_at=timezone.now() - timedelta(days=days))


@pytest.mark.parametrize(("language", "late"), [("en", "Late."), ("fr", "En retard.")])
def test_a_late_review_is_marked_in_words_in_the_queue_and_on_the_dashboard(
    author: Any, it_strategy: Any, language: str, late: str
) -> None:
    pages.run_workflow(pages.the_opportunity(author), author)
    assert late not in html(it_strategy, "microacq_my_work", language).text

    began(days=14)

    assert late in html(it_strategy, "microacq_my_work", language).select_one(".waiting-list table").text
    assert late in html(it_strategy, HOME, language).find(id="my-work-section").text


def test_each_group_sees_its_own_step_and_nobody_elses(author: Any, it_strategy: Any, cfob: Any) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)

    assert [item.kind for item in waiting_for(it_strategy)] == ["review"]
    assert waiting_for(cfob) == []
    pages.approve_step(page, it_strategy)
    assert waiting_for(it_strategy) == []
    (item,) = waiting_for(cfob)
    assert (str(item.label), item.target_days, str(item.who)) == ("CFOB review", 2, "CFOB procurement")


def test_the_author_sees_what_was_sent_back_and_why(author: Any, it_strategy: Any) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    page.current_workflow_task_state.specific.reject(user=it_strategy, comment="Name the browsers.")

    (item,) = waiting_for(author)

    assert (item.kind, item.detail) == ("sent-back", "Name the browsers.")
    assert item.url == reverse("wagtailadmin_pages:edit", args=[page.pk])


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "Step 2 of 4: CFOB review."), ("fr", "Étape 2 de 4 : ")]
)
def test_the_author_sees_on_dashboard_and_editor_what_the_text_waits_for(
    author: Any, it_strategy: Any, language: str, sentence: str
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author, it_strategy)

    text = " ".join(html(author, HOME, language).find(id="own-texts-section").text.split())
    assert sentence.replace(" :", "\N{NO-BREAK SPACE}:") in text or sentence in text
    progress = steps.progress_of(page)
    assert progress is not None
    assert (progress.number, progress.total, progress.groups) == (2, 4, ["CFOB procurement"])


def test_who_wrote_a_text_is_told_that_another_person_must_approve_it(it_strategy: Any) -> None:
    pages.run_workflow(pages.make_opportunity(it_strategy), it_strategy)

    (item,) = [item for item in waiting_for(it_strategy) if item.kind == "review"]

    assert "another person" in str(item.detail)


def test_the_queue_is_filtered_by_kind(author: Any, it_strategy: Any) -> None:
    pages.run_workflow(pages.the_opportunity(author), author)
    back = pages.run_workflow(pages.make_opportunity(it_strategy, slug="own", title="Own text"), it_strategy)
    colleague = people.make_user(roles.IT_STRATEGY, "colleague")
    back.current_workflow_task_state.specific.reject(user=colleague, comment="Shorter.")

    everything = html(it_strategy, "microacq_my_work")
    assert len(everything.select("tbody tr")) == 2
    only = html(it_strategy, "microacq_my_work", kind="sent-back")
    assert [row.th.text.strip() for row in only.select("tbody tr")] == ["Own text (English)"] or len(
        only.select("tbody tr")
    ) == 1
    assert len(html(it_strategy, "microacq_my_work", kind="nonsense").select("tbody tr")) == 2
    assert only.select_one("a[aria-current=page]")["href"].endswith("kind=sent-back")


def test_queue_and_own_texts_cost_the_same_however_many_there_are(
    author: Any, it_strategy: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    pages.run_workflow(pages.the_opportunity(author), author)
    for ask in (lambda: waiting_for(it_strategy), lambda: my_work.own_texts(author)):
        ask()
    with django_assert_max_num_queries(40) as few:
        waiting_for(it_strategy)
    with django_assert_max_num_queries(12) as own:
        my_work.own_texts(author)
    for number in range(4):
        pages.run_workflow(pages.make_opportunity(author, slug=f"more-{number}"), author)

    with django_assert_num_queries(len(few)):
        assert len(waiting_for(it_strategy)) == 5
    with django_assert_num_queries(len(own)):
        assert len(my_work.own_texts(author)) == 5
