"""The mailing list in a real browser: in both languages, without script, by keyboard, without barriers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from microacq_pages import roles
from submissions.notices.following import subscribers
from submissions.notices.following.models import Subscriber
from submissions.notices.subscribing.models import Announcement, Subscription
from submissions.proposals import opening
from tests.browser.conftest import WORDS as OF_WORDS
from tests.factories import mailing, pages, people, proposals
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]

WORDS = {
    "en": (
        "Hear of new opportunities by e-mail",
        "Read your mail to confirm",
        "Change or stop what we send you",
    ),
    "fr": (
        "Recevoir les nouvelles opportunités par courriel",
        "Consultez vos courriels pour confirmer",
        "Modifier ou arrêter ce que nous vous envoyons",
    ),
}


@pytest.fixture
def skills(site: SiteServer) -> None:
    site.reset()
    pages.make_skill("Python", "Python (langage)")
    pages.make_skill("Accessibility", "Accessibilité")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_joins_changes_everything_and_leaves_by_keyboard_without_script(
    site: SiteServer, skills: None, new_context: Callable[..., BrowserContext], language: str
) -> None:
    join, sent, _change = WORDS[language]
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/{language}/")
    page.locator("main").get_by_text(join).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_attribute("html", "lang") == language
    page.fill("input[name=address]", "not an address")
    with page.expect_navigation():
        page.press("input[name=address]", "Enter")
    page.locator("#error-summary").wait_for()
    assert page.input_value("input[name=address]") == "not an address"
    page.fill("input[name=address]", f"camille-{language}@example.org")
    page.locator("input[name=skills]").first.focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.press("input[name=address]", "Enter")
    assert page.locator("h1").inner_text() == sent

    page.goto(f"{site.url}{mailing.link_in(mailing.mails('list_confirm')[-1])}")
    page.locator("main button").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Subscription.objects.confirmed().get().skills.count() == 1
    assert page.locator("input[name=skills]:checked").count() == 1

    page.locator("input[value=daily]").check()
    page.locator("input[value=both]").check()
    with page.expect_navigation():
        page.locator("main button[value=save]").click()
    assert page.locator("[role=status]").count() == 1
    subscription = Subscription.objects.get()
    assert (subscription.rhythm, subscription.subscriber.language) == ("daily", "")

    with page.expect_navigation():
        page.locator("main button[value=stop]").click()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_axe_finds_nothing_on_the_pages_of_the_mailing_list(
    site: SiteServer, skills: None, page: Page, barriers: Barriers, language: str
) -> None:
    join, _sent, change = WORDS[language]
    rules = None if language == "fr" else OF_WORDS  # the other rules know no language
    page.goto(f"{site.url}/{language}/")
    assert barriers(page, rules) == []
    with page.expect_navigation():
        page.locator("footer").get_by_text(join).click()
    assert barriers(page, rules) == []
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    page.locator("#error-summary").wait_for()
    assert barriers(page, rules) == []
    page.fill("input[name=address]", f"robin-{language}@example.org")
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    assert barriers(page, rules) == []
    page.goto(f"{site.url}{mailing.link_in(mailing.mails('list_confirm')[-1])}")
    assert barriers(page, rules) == []
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    own = page.url
    assert barriers(page, rules) == []
    subscribers.set_aside(Subscriber.objects.get(), "5.1.1")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(own)
    assert barriers(page, rules) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    # The other language is one link away, also on a page that only this person can reach.
    with page.expect_navigation():
        page.locator("nav.brand__language a").click()
    assert page.get_attribute("html", "lang") != language
    token = own.split("/")[-2]
    page.goto(f"{site.url}/{subscribers.address('follow:list-stop', language, token).split('/', 3)[3]}")
    assert barriers(page, rules) == []
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    assert barriers(page, rules) == []
    with page.expect_navigation():
        page.locator("footer").get_by_text(change).click()
    assert barriers(page, rules) == []
    page.fill("input[name=address]", f"robin-{language}@example.org")
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    assert barriers(page, rules) == []


def test_the_screen_of_staff_counts_and_has_no_barriers(
    site: SiteServer,
    skills: None,
    sign_in: Callable[..., Page],
    barriers: Barriers,
) -> None:
    opening.make_trial()
    it_strategy = people.make_user(roles.IT_STRATEGY, "it-strategy")
    people.prefer(it_strategy, "fr")
    mailing.subscribe("anne@example.org")
    subscribers.set_aside(mailing.subscribe("bob@example.org").subscriber, "5.1.1")
    proposals.make_posted_file(people.make_user(roles.CLIENT, "client"), it_strategy)
    site.work()
    assert Announcement.objects.get().letters == 1
    page = sign_in(site, "it-strategy")
    page.goto(f"{site.url}/admin/mailing-list/")
    assert "anne@" not in page.content()
    page.fill("input[name=address]", "nobody")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    assert page.input_value("input[name=address]") == "nobody"
    assert barriers(page) == []
    page.fill("input[name=address]", "bob@example.org")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    assert not Subscriber.objects.exclude(set_aside_at=None).exists()
