"""The screens of the review in a real browser: for everyone, by keyboard, narrow, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from microacq_pages import roles
from microacq_pages.models import Opportunity
from tests.factories import pages, people
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
NARROW = {"width": 320, "height": 800}


@pytest.fixture
def staff(site: SiteServer) -> dict[str, Any]:
    """People who can sign in."""
    site.reset()
    made = {
        role: people.make_user(role, username, password="demo")
        for role, username in (
            (roles.CLIENT, "client"),
            (roles.IT_STRATEGY, "it-strategy"),
            (roles.CFOB, "cfob"),
            (roles.TRANSLATOR, "translator"),
        )
    }
    made[roles.IT_STRATEGY].groups.add(roles.Group.objects.get(name=roles.IT_LEAD))
    return made


@pytest.fixture
def text(staff: dict[str, Any]) -> Opportunity:
    """An opportunity in review, partly translated, sent back once with a reason."""
    page = pages.make_opportunity(staff[roles.CLIENT])
    pages.translate(page, staff[roles.TRANSLATOR], leave=3)
    page = pages.run_workflow(page, staff[roles.CLIENT])
    page.current_workflow_task_state.specific.reject(
        user=staff[roles.IT_STRATEGY], comment="Name the browsers."
    )
    page = Opportunity.objects.get(pk=page.pk)
    page.current_workflow_state.resume(user=staff[roles.CLIENT])
    return Opportunity.objects.get(pk=page.pk)


def test_a_reviewer_reads_both_languages_and_approves_by_keyboard(
    site: SiteServer, text: Opportunity, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(site, "it-strategy")
    page.goto(f"{site.url}/admin/my-work/")
    page.get_by_role("link", name=text.title).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reviews/{text.pk}/")

    for title, heading in (("English, as", text.title), ("French, as", "[fr] ")):
        frame = page.frame_locator(f"iframe[title^='{title}']")
        expect(frame.get_by_role("heading", level=1)).to_contain_text(heading)
    expect(page.locator("#review-reasons-section")).to_contain_text("Name the browsers.")
    page.locator("form[action$='/approve/'] button").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"{site.url}/admin/my-work/")
    assert Opportunity.objects.get(pk=text.pk).current_workflow_task.name.startswith("CFOB")


def test_the_screen_works_without_script(
    site: SiteServer, text: Opportunity, new_context: Callable[..., Any]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/admin/login/")
    page.fill("input[name=username]", "it-strategy")
    page.fill("input[name=password]", "demo")
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    page.goto(f"{site.url}/admin/reviews/{text.pk}/")

    page.locator("form[action$='/reject/'] button").click()
    expect(page.locator("#review-acts-section")).to_contain_text("Write a reason")
    page.fill("textarea[name=comment]", "Say which browsers count.")
    page.locator("form[action$='/reject/'] button").click()

    page.wait_for_url(f"{site.url}/admin/my-work/")


def test_a_text_saved_meanwhile_is_shown_instead_of_approved(
    site: SiteServer, text: Opportunity, staff: dict[str, Any], sign_in: Callable[..., Page]
) -> None:
    page = sign_in(site, "it-strategy")
    page.goto(f"{site.url}/admin/reviews/{text.pk}/")
    draft = Opportunity.objects.get(pk=text.pk).get_latest_revision_as_object()
    draft.teaser = "A sentence typed by a colleague."
    draft.save_revision(user=staff[roles.CFOB])

    page.locator("form[action$='/approve/'] button").click()

    page.wait_for_url(f"**/reviews/{text.pk}/")
    expect(page.locator(".messages")).to_contain_text("The text changed meanwhile")
    expect(page.locator("#review-changes-section")).to_contain_text("A sentence typed by a colleague.")
