"""Following an opportunity in a real browser: in both languages, without script, by keyboard, without barriers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from microacq_pages import roles
from submissions.notices import crypto
from submissions.notices.envelope import make_again
from submissions.notices.following.models import Following, Subscriber
from submissions.notices.models import OutgoingMessage
from submissions.proposals import opening
from submissions.solicitations.models import Solicitation
from tests.browser.conftest import WORDS as OF_WORDS
from tests.factories import people, proposals
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]

WORDS = {
    "en": ("Follow this opportunity by e-mail", "Read your mail to confirm", "You no longer follow it"),
    "fr": (
        "Suivre cette opportunité par courriel",
        "Consultez vos courriels pour confirmer",
        "Vous ne suivez plus cette opportunité",
    ),
}


@pytest.fixture
def file(site: SiteServer) -> Solicitation:
    site.reset()
    opening.make_trial()
    return proposals.make_posted_file(
        people.make_user(roles.CLIENT, "client"), people.make_user(roles.IT_STRATEGY, "it-strategy")
    )


def mailed_link(site: SiteServer) -> str:
    row = OutgoingMessage.objects.filter(kind="follow_confirm").latest("pk")
    found = re.search(r"https?://[^/]+(/\S+)", make_again(crypto.decrypt(row.payload)).body)
    assert found
    return f"{site.url}{found.group(1)}"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_follows_confirms_and_stops_by_keyboard_without_script(
    site: SiteServer,
    file: Solicitation,
    new_context: Callable[..., BrowserContext],
    language: str,
) -> None:
    follow, sent, stopped = WORDS[language]
    public = file.page(language)
    assert public is not None
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}{public.url}")
    page.get_by_text(follow).focus()
    page.keyboard.press("Enter")
    page.locator("input[name=address]").wait_for()
    assert page.get_attribute("html", "lang") == language
    page.fill("input[name=address]", "not an address")
    page.press("input[name=address]", "Enter")
    page.locator("#error-summary").wait_for()
    assert page.input_value("input[name=address]") == "not an address"
    page.fill("input[name=address]", f"camille-{language}@example.org")
    with page.expect_navigation():
        page.press("input[name=address]", "Enter")
    assert page.locator("h1").inner_text() == sent

    page.goto(mailed_link(site))
    page.locator("main button").focus()
    page.keyboard.press("Enter")
    page.locator("input[name=language]").first.wait_for()
    assert Following.objects.confirmed().count() == 1

    page.locator("main .followed a").focus()
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.locator("main button").click()
    assert page.locator("h1").inner_text() == stopped
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_axe_finds_nothing_on_the_pages_of_following(
    site: SiteServer, file: Solicitation, page: Page, barriers: Barriers, language: str
) -> None:
    rules = None if language == "fr" else OF_WORDS  # the other rules know no language
    public = file.page(language)
    assert public is not None
    page.goto(f"{site.url}{public.url}")
    with page.expect_navigation():
        page.get_by_text(WORDS[language][0]).click()
    assert barriers(page, rules) == []
    page.click("main button[type=submit]")
    page.locator("#error-summary").wait_for()
    assert barriers(page, rules) == []
    page.fill("input[name=address]", f"robin-{language}@example.org")
    with page.expect_navigation():
        page.click("main button[type=submit]")
    assert barriers(page, rules) == []
    link = mailed_link(site)
    page.goto(link)
    assert barriers(page, rules) == []
    page.click("main button[type=submit]")
    page.locator("input[name=language]").first.wait_for()
    assert barriers(page, rules) == []
    with page.expect_navigation():
        page.locator("main .followed a").click()
    assert barriers(page, rules) == []
    with page.expect_navigation():
        page.click("main button[type=submit]")
    assert barriers(page, rules) == []
    page.goto(link)
    assert barriers(page, rules) == []
    # The other language is one link away, also on a page that only this person can reach.
    with page.expect_navigation():
        page.locator("nav.brand__language a").click()
    assert page.get_attribute("html", "lang") != language
