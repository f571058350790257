"""The list of opportunities in a browser: with keys alone, without a script, on a narrow screen, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from microacq_pages import roles
from submissions.proposals import opening
from tests.factories import listings, pages, people
from tests.support.servers import SiteServer

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
LISTS = {"en": "/en/opportunities/", "fr": "/fr/opportunites/"}
#: States of the list: all, filtered, marked, page two, resembling, nothing found, faulty.
STATES = (
    "",
    "?state=open&closing=30",
    "?q=picker&price_max=5000",
    "?page=2",
    "?q=kayboard",
    "?q=zebra&state=open",
    "?price_min=lots&skill=0&q=" + "y" * 250,
)


@pytest.fixture(scope="module", autouse=True)
def many(site: SiteServer) -> None:
    """Sixty opportunities with many skills, open and closed."""
    opening.make_trial()
    author, approver = people.make_user(roles.CLIENT), people.make_user(roles.IT_STRATEGY)
    skills = [pages.make_skill(f"Skill {number}", f"Compétence {number}") for number in range(18)]
    listings.add_copies(pages.make_posted_opportunity(author, approver, skills=skills[:2]), 60, skills)


def test_axe_finds_no_barrier_in_any_state(
    site: SiteServer, new_context: Callable[..., BrowserContext], barriers: Callable[[Page], list[str]]
) -> None:
    visitor = new_context(bypass_csp=True).new_page()
    for address in LISTS.values():
        for state in STATES:
            visitor.goto(f"{site.url}{address}{state}")
            visitor.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert barriers(visitor) == [], f"{address}{state}"


def test_nothing_is_cut_off_on_a_narrow_screen(
    site: SiteServer, new_context: Callable[..., BrowserContext]
) -> None:
    visitor = new_context(viewport=NARROW).new_page()
    for address in LISTS.values():
        for state in STATES:
            visitor.goto(f"{site.url}{address}{state}")
            visitor.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            wide = visitor.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide == 0, f"{address}{state}"


def test_a_search_with_keys_alone(site: SiteServer, page: Page) -> None:
    page.goto(f"{site.url}{LISTS['en']}")
    page.locator("#find-q").focus()
    page.keyboard.type("pickers")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "q=pickers" in page.url
    assert page.locator("#results mark").first.inner_text().lower().startswith("picker")

    page.locator(".finder__filters > summary").focus()
    page.keyboard.press("Enter")
    page.locator("#find-state-open").focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "state=open" in page.url
    assert page.locator(".rows").count() == 0

    with page.expect_navigation():
        page.get_by_role("link", name="Remove the filter: Open").press("Enter")
    assert "state=open" not in page.url
    assert page.locator("#find-q").input_value() == "pickers"


def test_filters_pages_and_languages_without_a_script(site: SiteServer, page_without_script: Any) -> None:
    page = page_without_script
    page.goto(f"{site.url}{LISTS['fr']}")
    page.locator("details.finder__filters > summary").click()
    page.get_by_label("Prix maximal").fill("4 500,00 $")
    with page.expect_navigation():
        page.get_by_role("button", name="Appliquer les filtres").click()
    assert page.get_by_label("Prix maximal").input_value() == "4 500,00 $"
    assert page.get_by_role("link", name="Retirer le filtre : Jusqu’à 4 500 $").count() == 1
    with page.expect_navigation():
        page.get_by_role("link", name="Suivant").click()
    assert "page=2" in page.url and "price_max=4500" in page.url
    with page.expect_navigation():
        page.get_by_role("link", name="English").click()
    assert "/en/opportunities/?price_max=4500&page=2" in page.url
