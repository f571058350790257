"""The reviewer’s screen: what it shows, to whom, and that an approval is of the text that was shown."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState

from microacq_pages import pairs, roles
from microacq_pages.models import Opportunity, ReviewLook
from tests.factories import pages, people

pytestmark = [
    pytest.mark.django_db(databases=["default", "refusals"]),
    pytest.mark.usefixtures("drafted_once"),
]


def signed_in(person: Any, language: str = "") -> Client:
    if language:
        people.prefer(person, language)
    client = Client()
    client.force_login(person)
    return client


def fresh(page: Page) -> Page:
    return page.specific_class.objects.get(pk=page.pk)


def screen(client: Client, page: Page) -> BeautifulSoup:
    response = client.get(reverse("microacq_review", args=[page.pk]))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def act(client: Client, page: Page, action: str, shown: BeautifulSoup, **data: str) -> Any:
    """Send the form of an act as it was shown."""
    url = reverse("microacq_review_act", args=[page.pk, action])
    form = shown.find("form", action=url)
    values = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return client.post(url, {**values, **data})


def waiting(page: Page) -> TaskState:
    state: TaskState = fresh(page).current_workflow_task_state
    return state


@pytest.mark.parametrize("source", ["en", "fr"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_screen_shows_everything_to_a_reviewer_in_their_language(
    author: Any, it_strategy: Any, source: str, language: str
) -> None:
    page = pages.run_workflow(pages.make_opportunity(author, source), author)

    shown = screen(signed_in(it_strategy, language), page)

    assert shown.html["lang"] == language
    for part in ("findings", "changes", "reasons", "text", "acts"):
        assert shown.find(id=f"review-{part}-section"), part
    assert [frame["src"] for frame in shown.find_all("iframe")] == [
        reverse("microacq_review_preview", args=[page.pk, code]) for code in ("en", "fr")
    ]


def test_the_page_of_the_other_language_leads_to_the_same_screen(author: Any, it_strategy: Any) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)

    response = signed_in(it_strategy).get(reverse("microacq_review", args=[pairs.counterpart(page).pk]))

    assert response.headers["Location"] == reverse("microacq_review", args=[page.pk])


def test_the_previews_show_the_latest_draft_in_each_language(
    author: Any, it_strategy: Any, translator: Any
) -> None:
    page = pages.the_opportunity(author)
    pages.translate(page, translator)
    page = pages.run_workflow(page, author)
    client = signed_in(it_strategy)

    english, french = (
        client.get(reverse("microacq_review_preview", args=[page.pk, code])) for code in ("en", "fr")
    )

    assert page.title in english.content.decode()
    assert f"[fr] {page.title}" in french.content.decode()
    assert english.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in french.headers["Content-Security-Policy"]


def test_who_has_nothing_to_do_with_a_text_does_not_see_it(author: Any, user_in: Any) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)

    for role in (roles.FINANCE, roles.EVALUATOR, roles.AUDITOR):
        client = signed_in(user_in(role))
        for name, args in (
            ("microacq_review", [page.pk]),
            ("microacq_review_preview", [page.pk, "en"]),
        ):
            assert client.get(reverse(name, args=args)).status_code == 302
        assert client.post(reverse("microacq_review_act", args=[page.pk, "approve"])).status_code == 302
    assert waiting(page).status == TaskState.STATUS_IN_PROGRESS


def test_an_approval_on_the_screen_takes_the_review_to_its_next_step(author: Any, it_strategy: Any) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    client = signed_in(it_strategy)

    act(client, page, "approve", screen(client, page))

    assert waiting(page).task.name == "CFOB review / Examen par la DGDPF"


def test_sending_back_without_a_reason_keeps_the_screen_and_says_what_is_missing(
    author: Any, it_strategy: Any
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    client = signed_in(it_strategy)
    shown = screen(client, page)

    response = act(client, page, "reject", shown, comment=" ")

    assert response.status_code == 422
    assert "Write a reason" in response.content.decode()
    act(client, page, "reject", shown, comment="Name the browsers.")
    assert "Name the browsers." in screen(client, page).find(id="review-reasons-section").text


def test_a_text_that_changed_meanwhile_is_not_approved_and_is_shown(
    author: Any, it_strategy: Any, admin: Any
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    client = signed_in(it_strategy)
    shown = screen(client, page)
    draft = pairs.latest(fresh(page))
    draft.teaser = "Slipped in while it was read."
    draft.save_revision(user=admin)

    response = act(client, page, "approve", shown)

    assert response.headers["Location"] == reverse("microacq_review", args=[page.pk])
    again = client.get(response.headers["Location"]).content.decode()
    assert "The text changed meanwhile" in again
    assert "Slipped in while it was read." in again
    assert waiting(page).task.name.startswith("IT Strategy")


def test_a_look_in_another_window_does_not_make_an_old_form_valid(
    author: Any, it_strategy: Any, admin: Any
) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    client = signed_in(it_strategy)
    old = screen(client, page)
    draft = pairs.latest(fresh(page))
    draft.teaser = "Another sentence."
    draft.save_revision(user=admin)
    screen(client, page)

    act(client, page, "approve", old)

    assert waiting(page).task.name.startswith("IT Strategy")


def test_others_add_their_parts_to_the_screen(author: Any, it_strategy: Any) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)

    class Part(Component):
        def render_html(self, parent_context: Any = None) -> str:
            return "A part of another feature"

    with hooks.register_temporarily("microacq_review_panels", lambda page, user: [Part()]):
        shown = screen(signed_in(it_strategy), page)

    assert "A part of another feature" in shown.text


def test_looking_again_at_the_same_text_keeps_one_look(author: Any, it_strategy: Any) -> None:
    page = pages.run_workflow(pages.the_opportunity(author), author)
    client = signed_in(it_strategy)

    for _time in range(3):
        screen(client, page)

    assert ReviewLook.objects.filter(user=it_strategy).count() == 1
    assert Opportunity.objects.filter(pk=page.pk).exists()
