"""The public pages in a browser: no barrier, nothing cut off, nothing that the security policy stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from microacq_pages import pairs, roles
from microacq_pages.models import Opportunity
from submissions.proposals import opening
from tests.factories import pages, people
from tests.support.servers import SiteServer

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def addresses(site: SiteServer) -> list[str]:
    """Every type of page in both languages, the form of a file and a missing page."""
    opening.make_trial()
    author, approver = people.make_user(roles.CLIENT), people.make_user(roles.IT_STRATEGY)
    opportunity = pages.make_posted_opportunity(author, approver, criteria=2)
    project = opportunity.project
    guide = pages.make_content_page(
        author,
        body=[
            ("heading", "Steps"),
            ("steps", {"steps": [{"title": "Apply", "text": "<p>Fill in the form.</p>"}]}),
            ("callout", {"title": "Careful", "text": "<p>You must accept cards.</p>"}),
            ("example", {"title": "A good answer", "text": "<p>In 2024 I wrote tests.</p>"}),
            ("questions", {"questions": [{"question": "May I apply?", "answer": "<p>Yes.</p>"}]}),
        ],
    )
    for page in (project, guide):
        pages.translate(page)
        pages.publish(page, approver)
    english = [Opportunity.objects.get(pk=opportunity.pk), project, guide, opportunity.get_parent()]
    found = [url for page in english for url in (page.url, pairs.counterpart(page).url)]
    number = opportunity.public_status.number
    forms = [f"/en/apply/{number}/", f"/fr/presenter-une-demande/{number}/"]
    return [f"{site.url}{url}" for url in ("/en/", "/fr/", *found, *forms, "/en/nothing/", "/fr/rien/")]


def test_axe_finds_no_barrier(
    addresses: list[str], new_context: Callable[..., BrowserContext], barriers: Callable[[Page], list[str]]
) -> None:
    visitor = new_context(bypass_csp=True).new_page()
    for address in addresses:
        visitor.goto(address)
        visitor.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert barriers(visitor) == [], address


def test_nothing_is_cut_off_on_a_narrow_screen(
    addresses: list[str], new_context: Callable[..., BrowserContext]
) -> None:
    visitor = new_context(viewport=NARROW).new_page()
    for address in addresses:
        visitor.goto(address)
        wide = visitor.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, address


def test_the_security_policy_stops_nothing(
    addresses: list[str], new_context: Callable[..., BrowserContext]
) -> None:
    visitor = new_context().new_page()
    said: list[str] = []
    visitor.on("console", lambda message: said.append(message.text))
    for address in addresses:
        visitor.goto(address)
    assert not [text for text in said if "Content Security Policy" in text]


def test_the_first_stop_of_the_keyboard_leads_to_the_content(addresses: list[str], page: Page) -> None:
    page.goto(addresses[0])
    page.keyboard.press("Tab")
    link: Any = page.locator(":focus")
    assert link.inner_text() == "Skip to main content"
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
