"""The panel of the guardrails in a real browser: it follows what is typed, in both languages, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from microacq_pages import roles
from tests.browser.axe import OPTIONS
from tests.factories import pages, people
from tests.support.servers import SiteServer

WORDS = {
    "en": {
        "done": "The rules find nothing to change.",
        "must": "3 things must be changed.",  # with the translation
        "osi": "is not approved by the Open Source Initiative",
        "left": "Left below the highest price before tax",
        "saved": "This is the state as last saved.",
    },
    "fr": {
        "done": "Les règles ne relèvent rien à modifier.",
        "must": "3 éléments doivent être modifiés.",
        "osi": "n’est pas approuvée par l’Open Source Initiative",
        "left": "Reste sous le prix maximal avant taxes",
        "saved": "C’est l’état au dernier enregistrement.",
    },
}


@pytest.fixture
def draft(site: SiteServer) -> Any:
    site.reset()
    author = people.make_user(roles.CLIENT, password="demo")
    return pages.make_opportunity(author, section_32_reference="", estimated_hours=70, price=6400)


def _speak(person: Any, language: str) -> None:
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(person)
    profile.preferred_language = language
    profile.save()


def barriers_in_ours(page: Page) -> list[str]:
    """What axe finds in what we add to the editor; the rest of it is Wagtail’s."""
    axe = Axe()
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for part in ("[data-microacq-findings]", "[data-microacq-estimate]", ".microacq-findings-link")
        for violation in axe.run(page, context=part, options=OPTIONS).response["violations"]
        for node in violation["nodes"]
    ]


def test_the_panel_follows_what_is_typed(
    site: SiteServer,
    draft: Any,
    sign_in: Callable[..., Page],
) -> None:
    words = WORDS["fr"]
    _speak(draft.owner, "fr")
    page = sign_in(site, "client")
    page.goto(f"{site.url}/admin/pages/{draft.pk}/edit/")
    panel = page.locator("[data-microacq-findings]")
    expect(panel.get_by_text(words["saved"])).to_be_visible()

    page.locator("#id_licence").fill("CC-BY-4.0")
    expect(panel.locator("[data-summary]")).to_contain_text(words["must"])
    expect(panel.locator("[data-findings]")).to_contain_text(words["osi"])
    expect(panel.locator("[role=status]")).to_contain_text(words["must"])
    expect(panel.get_by_text(words["saved"])).to_be_hidden()
    estimate = page.locator("[data-microacq-estimate]")
    expect(estimate).to_contain_text(words["left"])
    estimate.locator("summary").press("Enter")
    expect(estimate.locator("tbody tr")).to_have_count(13)
    assert barriers_in_ours(page) == []

    page.locator("#id_price").fill("9000")
    expect(estimate.locator("table")).to_be_visible()
    expect(estimate).to_contain_text("10\u00a0350\u00a0$")

    # By keyboard: to the field, and back to the panel from the footer.
    link = panel.locator("a[href='#field-licence']")
    link.focus()
    link.press("Enter")
    expect(page.locator("#id_licence")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("MIT")
    page.locator("#id_section_32_reference").fill("S32-1")
    page.locator("#id_price").fill("6400")
    expect(panel.locator("[data-findings] .microacq-findings__group--blocker")).to_have_count(0)
    page.locator(".microacq-findings-link").press("Enter")
    expect(panel).to_be_in_viewport()


def test_text_in_a_rich_field_is_followed(site: SiteServer, draft: Any, sign_in: Callable[..., Page]) -> None:
    page = sign_in(site, "client")
    page.goto(f"{site.url}/admin/pages/{draft.pk}/edit/")
    link = page.locator("[data-microacq-findings]")
    page.locator("#field-background [contenteditable=true]").click()
    page.keyboard.type("This is PROTECTED B. ")
    expect(link).to_contain_text("“PROTECTED B” is a security marking")


def test_a_new_opportunity_is_followed_before_it_is_saved(
    site: SiteServer, draft: Any, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(site, "client")
    parent = draft.get_parent()
    page.goto(f"{site.url}/admin/pages/add/microacq_pages/opportunity/{parent.pk}/")
    page.locator("#id_title").fill("A need of ours")
    page.locator("#id_teaser").fill("Words about it.")
    panel = page.locator("[data-microacq-findings]")
    expect(panel.locator("[data-findings]")).not_to_contain_text("Missing: the short description.")
    expect(panel.locator("[data-findings]")).to_contain_text("Missing: the fixed price.")
    page.locator("#id_repository").fill("http://example.org/")
    expect(panel.locator("[data-findings]")).to_contain_text("The repository is not on a public code host")
