"""Applying in a real browser: from the self-check to the receipt, saved on the way, with and without script.

By keyboard, on a phone-sized window, without a connection, in two windows. Each journey is gone with script in one
language and without it in the other; axe looks at every state once, and in the other language at what depends on words.
Each test has a file of its own, so that nothing has to be taken back after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from microacq_pages import roles
from submissions.notices import crypto
from submissions.notices.envelope import make_again
from submissions.notices.models import OutgoingMessage
from submissions.proposals import opening
from submissions.proposals.draft_models import Draft
from submissions.proposals.models import Proposal
from submissions.solicitations.models import Solicitation
from tests.browser.conftest import WORDS
from tests.factories import people, proposals
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
Contexts = Callable[..., BrowserContext]

PHONE = {"width": 390, "height": 844}
CASES = json.loads((Path(__file__).parents[1] / "submissions/proposals/word_cases.json").read_text())
ADDRESS = {"en": "/en/apply/", "fr": "/fr/presenter-une-demande/"}
RECEIVED = {"en": "We have received your application", "fr": "Nous avons reçu votre demande"}
SAVED = {"en": re.compile(r"^Saved at "), "fr": re.compile(r"^Enregistré à ")}
WROTE = "I built a link checker for my school in 2024, with tests."


@pytest.fixture
def file(site: SiteServer) -> Solicitation:
    """A file of this test alone, without the page of its opportunity, which few of them read."""
    return proposals.make_file()


@pytest.fixture(scope="module")
def posted(site: SiteServer) -> Solicitation:
    """One that was posted from its page, in both languages."""
    opening.make_trial()
    return proposals.make_posted_file(
        people.make_user(roles.CLIENT, "client"), people.make_user(roles.IT_STRATEGY, "it-strategy")
    )


def sent_to(file: Solicitation) -> int:
    return Proposal.objects.filter(solicitation=file).count()


def drafts_of(file: Solicitation) -> int:
    return Draft.objects.filter(solicitation=file).count()


def form_at(site: SiteServer, file: Solicitation, language: str = "en") -> str:
    return f"{site.url}{ADDRESS[language]}{file.number}/"


def fill(page: Page, name: str = "Camille Tremblay", email: str = "camille@example.org") -> None:
    page.fill("[name=name]", name)
    page.fill("[name=email]", email)
    page.check("[name=age_and_capacity]")
    page.check("[name=status][value=metis]")
    for area in page.locator("textarea[name^=answer_]:not([readonly])").all():
        area.fill(WROTE)
    for box in page.locator("[name^=check_], [name^=confirm_], [name^=terms_]").all():
        box.check()


def press(page: Page, act: str) -> None:
    with page.expect_navigation():
        page.locator(f"main button[value={act}]").first.click()


def saving_state(page: Page) -> Any:
    return page.locator("[data-saving-state]")


def wait_until_saved(page: Page, language: str = "en") -> None:
    expect(saving_state(page)).to_have_text(SAVED[language])


# --- the whole way ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "script"), [("en", True), ("fr", False)], ids=["script", "no script"])
def test_from_the_opportunity_to_the_receipt_on_a_phone(
    site: SiteServer,
    posted: Solicitation,
    new_context: Contexts,
    barriers: Barriers,
    language: str,
    script: bool,
) -> None:
    before = sent_to(posted)
    page = new_context(
        java_script_enabled=script, viewport=PHONE, bypass_csp=True, locale=f"{language}-CA"
    ).new_page()
    public = posted.page(language)
    assert public is not None
    look = (lambda: barriers(page)) if script else list
    page.goto(f"{site.url}{public.url}")
    with page.expect_navigation():
        page.locator(".apply a.button").click()
    assert look() == []
    with page.expect_navigation():
        page.click("main form button")
    expect(page.locator("#error-summary")).to_be_visible()
    assert look() == []
    page.check("[name=age_and_capacity][value=no]")
    page.check("[name=status][value=none]")
    with page.expect_navigation():
        page.click("main form button")
    expect(page.locator(".notice--danger")).to_be_visible()
    assert look() == []
    page.check("[name=age_and_capacity][value=yes]")
    page.check("[name=status][value=metis]")
    with page.expect_navigation():
        page.click("main form button")
    assert look() == []
    assert page.locator("[name=status][value=metis]").is_checked()
    press(page, "review")
    expect(page.locator("#error-summary")).to_be_visible()
    assert look() == []
    fill(page, email=f"camille.{language}@example.org")
    if script:
        wait_until_saved(page, language)
        assert look() == []
    press(page, "review")
    expect(page.locator("main")).to_contain_text(WROTE)
    assert look() == []
    assert sent_to(posted) == before
    press(page, "edit")
    page.fill("[name=name]", "Camille T.")
    press(page, "review")
    press(page, "send")
    expect(page.locator("main")).to_contain_text(RECEIVED[language])
    expect(page.locator("main")).to_contain_text("Camille T.")
    assert look() == []
    assert sent_to(posted) == before + 1
    assert drafts_of(posted) == 0


def test_by_keyboard_alone(
    site: SiteServer, file: Solicitation, new_context: Contexts, barriers: Barriers
) -> None:
    page = new_context(viewport=PHONE, bypass_csp=True).new_page()
    page.goto(f"{form_at(site, file, 'fr')}check/")
    assert barriers(page, WORDS) == []

    def reach(selector: str) -> None:
        """Press Tab until the focus is there, and see that the clock does not lie over it."""
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                break
        else:
            raise AssertionError(f"Tab never reaches {selector}")
        covered = page.evaluate(
            """() => {
                const focus = document.activeElement.getBoundingClientRect();
                const clock = document.querySelector('.clock')?.getBoundingClientRect();
                return Boolean(clock) && clock.top <= 0 && focus.bottom <= clock.bottom;
            }"""
        )
        assert not covered, selector

    reach("[name=age_and_capacity]")
    page.keyboard.press("Space")
    reach("[name=status]")
    page.keyboard.press("Space")
    reach("main form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert barriers(page, WORDS) == []
    for name, text in (("name", "Camille Tremblay"), ("email", "camille@example.org")):
        reach(f"[name={name}]")
        page.keyboard.type(text)
    reach("textarea[name^=answer_]")
    page.keyboard.type("Tests.")
    boxes = page.locator("[name^=check_], [name^=confirm_], [name^=terms_]")
    for position in range(boxes.count()):
        reach(f"#{boxes.nth(position).get_attribute('id')}")
        page.keyboard.press("Space")
    reach("button[value=review]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert barriers(page, WORDS) == []
    reach("button[value=send]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(RECEIVED["fr"])
    assert barriers(page, WORDS) == []


def test_enter_in_a_field_never_sends(site: SiteServer, file: Solicitation, page: Page) -> None:
    page.goto(form_at(site, file))
    fill(page)
    with page.expect_navigation():
        page.press("[name=name]", "Enter")
    expect(page.locator("button[value=edit]").first).to_be_visible()
    assert sent_to(file) == 0


@pytest.mark.parametrize(("language", "script"), [("fr", True), ("en", False)], ids=["script", "no script"])
def test_one_goes_on_later_on_another_device_with_the_mailed_link(
    site: SiteServer,
    file: Solicitation,
    new_context: Contexts,
    barriers: Barriers,
    language: str,
    script: bool,
) -> None:
    page = new_context(java_script_enabled=script, bypass_csp=True).new_page()
    address = f"later.{language}@example.org"
    look = (lambda: barriers(page)) if script else list
    page.goto(form_at(site, file, language))
    page.fill("[name=name]", "Camille Tremblay")
    page.locator("textarea[name^=answer_]").first.fill(WROTE)
    press(page, "save")
    assert look() == []
    page.fill("[name=address]", "nowhere")
    with page.expect_navigation():
        page.click("main form button")
    expect(page.locator("#error-summary")).to_be_visible()
    assert look() == []
    page.fill("[name=address]", address)
    with page.expect_navigation():
        page.click("main form button")
    expect(page.locator(".notice--success")).to_contain_text(address)
    assert look() == []

    row = OutgoingMessage.objects.get(kind="draft_link", file_number=file.number)
    found = re.search(r"https?://\S+/link/\S+", make_again(crypto.decrypt(row.payload)).body)
    assert found
    assert row.language == language
    other = new_context(java_script_enabled=script, viewport=PHONE).new_page()
    other.goto(found.group())
    assert other.get_attribute("html", "lang") == language
    assert other.input_value("[name=name]") == "Camille Tremblay"
    assert other.locator("textarea[name^=answer_]").first.input_value() == WROTE
    fill(other, email=address)
    press(other, "send")
    expect(other.locator("main")).to_contain_text(RECEIVED[language])
    page.goto(found.group())
    expect(page.locator("main")).to_contain_text(RECEIVED[language])


def test_a_draft_is_deleted_when_its_writer_says_so(
    site: SiteServer, file: Solicitation, new_context: Contexts, barriers: Barriers
) -> None:
    page = new_context(bypass_csp=True).new_page()
    page.goto(form_at(site, file))
    page.fill("[name=name]", "Camille Tremblay")
    press(page, "save")
    with page.expect_navigation():
        page.locator("a[href$='/discard/']").click()
    assert barriers(page) == []
    with page.expect_navigation():
        page.click("main form button")
    assert barriers(page) == []
    assert drafts_of(file) == 0


# --- saving by itself ------------------------------------------------------------------------------


def test_what_is_written_is_saved_and_found_again_in_the_same_tab(
    site: SiteServer, file: Solicitation, page: Page, barriers: Barriers
) -> None:
    page.goto(form_at(site, file))
    page.locator("textarea[name^=answer_]").first.fill(WROTE)
    wait_until_saved(page)
    expect(page.locator("[data-announcement]")).to_contain_text("saved while you write")
    page.goto(form_at(site, file))
    earlier = page.locator("[data-earlier]")
    expect(earlier).to_be_visible()
    with page.expect_navigation():
        earlier.locator("a").click()
    assert page.locator("textarea[name^=answer_]").first.input_value() == WROTE
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "link checker" not in kept
    assert "Camille" not in kept


def test_without_a_connection_nothing_is_lost_and_it_is_saved_once_it_is_back(
    site: SiteServer, file: Solicitation, new_context: Contexts, barriers: Barriers
) -> None:
    context = new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(form_at(site, file))
    page.fill("[name=name]", "Camille")
    wait_until_saved(page)
    context.set_offline(True)
    page.locator("textarea[name^=answer_]").first.fill(WROTE)
    expect(saving_state(page)).to_contain_text("no connection")
    expect(page.locator("[data-announcement]")).to_contain_text("no connection")
    assert barriers(page) == []
    page.fill("[name=business_name]", "Written without a connection")
    context.set_offline(False)
    wait_until_saved(page)
    expect(page.locator("[data-announcement]")).to_contain_text("The connection is back")
    token = page.input_value("[name=link]")
    other = new_context().new_page()
    other.goto(f"{site.url}/en/apply/link/{token}/")
    assert other.input_value("[name=business_name]") == "Written without a connection"
    assert other.locator("textarea[name^=answer_]").first.input_value() == WROTE


def test_a_refused_form_is_saved_as_it_stands(site: SiteServer, file: Solicitation, page: Page) -> None:
    page.goto(form_at(site, file))
    page.fill("[name=name]", "Camille Tremblay")
    press(page, "send")
    expect(page.locator("#error-summary")).to_be_visible()
    wait_until_saved(page)
    assert drafts_of(file) == 1


def test_a_form_that_nobody_touched_is_not_saved(site: SiteServer, file: Solicitation, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.goto(form_at(site, file))
    page.wait_for_timeout(2_500)
    assert asked == []
    assert drafts_of(file) == 0


def test_two_windows_never_overwrite_each_other_unknowingly(
    site: SiteServer, file: Solicitation, new_context: Contexts
) -> None:
    context = new_context()
    first = context.new_page()
    first.goto(form_at(site, file))
    first.fill("[name=name]", "From the start")
    press(first, "save")
    token = first.url.split("/link/")[1].split("/")[0]
    address = f"{site.url}/en/apply/link/{token}/draft/"
    first.goto(address)
    second = context.new_page()
    second.goto(address)
    first.fill("[name=name]", "From the first window")
    wait_until_saved(first)
    second.fill("[name=business_name]", "From the second window")
    expect(saving_state(second)).to_contain_text("another window saved this draft")
    assert second.input_value("[name=business_name]") == "From the second window"
    third = context.new_page()
    third.goto(address)
    assert third.input_value("[name=name]") == "From the first window"
    press(second, "save")
    third.goto(address)
    assert third.input_value("[name=business_name]") == "From the second window"


def test_a_window_learns_that_another_one_sent(
    site: SiteServer, file: Solicitation, new_context: Contexts
) -> None:
    context = new_context()
    first = context.new_page()
    first.goto(form_at(site, file))
    fill(first)
    wait_until_saved(first)
    second = context.new_page()
    second.goto(f"{site.url}/en/apply/link/{first.input_value('[name=link]')}/")
    press(second, "send")
    first.fill("[name=name]", "Written after it was sent")
    expect(saving_state(first)).to_contain_text("sent with this link from another window")
    assert drafts_of(file) == 0


# --- words and the clock ---------------------------------------------------------------------------


def test_the_script_counts_words_as_the_server_does(site: SiteServer, file: Solicitation, page: Page) -> None:
    page.clock.install()  # the script waits until nothing is typed for half a second
    page.goto(form_at(site, file))
    area = page.locator("textarea[name^=answer_]").first
    counter = page.locator(f"#{area.get_attribute('id')}_count")
    for text, words in CASES:
        area.evaluate(
            "(area, text) => { area.value = text; area.dispatchEvent(new Event('input', {bubbles: true})); }",
            text,
        )
        page.clock.run_for(500)
        expect(counter).to_have_text(f"{words} of 250 words")


def test_deadline_and_clock_are_in_view_in_eastern_and_in_ones_own_time(
    site: SiteServer, file: Solicitation, new_context: Contexts
) -> None:
    page = new_context(timezone_id="America/Vancouver", viewport=PHONE).new_page()
    without = new_context(java_script_enabled=False, viewport=PHONE).new_page()
    for language, eastern, ours in (
        ("en", "Eastern time", "our clock"),
        ("fr", "heure de l’Est", "notre horloge"),
    ):
        page.goto(form_at(site, file, language))
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.locator("button[value=review]").scroll_into_view_if_needed()
        clock = page.locator(".clock")
        expect(clock).to_be_in_viewport()
        expect(clock.locator("[data-own-time]")).to_contain_text(re.compile(r"P[SD]T|HNP|HAP"))
        expect(clock.locator("[data-deadline-words]")).to_contain_text(eastern)
        without.goto(form_at(site, file, language))
        expect(without.locator(".clock")).to_contain_text(ours)


def test_the_last_minutes_are_announced_politely_and_seldom(
    site: SiteServer, file: Solicitation, page: Page, barriers: Barriers
) -> None:
    proposals.set_deadline(file, after=timedelta(minutes=6))
    page.clock.install()
    page.goto(form_at(site, file))
    expect(page.locator(".notice--warning:visible").first).to_contain_text("Little time is left")
    announcement = page.locator("[data-announcement]")
    assert announcement.get_attribute("role") == "status"
    assert announcement.inner_text() == ""
    page.clock.fast_forward(60_000)
    expect(announcement).to_contain_text("5 minutes left until the deadline")
    said = announcement.inner_text()
    left = page.locator("[data-time-left]")
    before = left.inner_text()
    expect(left).not_to_have_text(before)
    assert announcement.inner_text() == said


def test_a_page_that_is_open_for_long_hears_of_a_new_deadline_and_of_its_passing(
    site: SiteServer, file: Solicitation, new_context: Contexts, barriers: Barriers
) -> None:
    page = new_context(bypass_csp=True).new_page()
    page.clock.install()
    page.goto(form_at(site, file))
    fill(page)
    wait_until_saved(page)
    proposals.set_deadline(file, after=timedelta(minutes=4))
    page.fill("[name=name]", "Camille T.")
    expect(page.locator("[data-announcement]")).to_contain_text("The deadline was moved")
    proposals.set_deadline(file)
    page.clock.fast_forward(4 * 60_000)
    expect(page.locator("[data-time-left]")).to_have_text("The deadline has passed.")
    expect(page.locator("[data-announcement]")).to_have_text("The deadline has passed.")
    press(page, "review")
    expect(page.locator("main")).to_contain_text("Camille T.")
    expect(page.locator("main")).to_contain_text(WROTE)
    assert barriers(page) == []
    assert sent_to(file) == 0


# --- how it looks ----------------------------------------------------------------------------------


def test_nothing_is_cut_off_on_a_narrow_screen_or_with_large_text(
    site: SiteServer, file: Solicitation, new_context: Contexts, barriers: Barriers
) -> None:
    """In French, whose words are longer; the English form as it is fetched."""
    page = new_context(viewport={"width": 320, "height": 640}, bypass_csp=True).new_page()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    page.goto(form_at(site, file))
    assert not page.evaluate(wide)
    page.goto(form_at(site, file, "fr"))
    fill(page, name="Anticonstitutionnellement" * 6)
    page.locator("textarea[name^=answer_]").first.fill("mot" * 300 + " " + "word " * 250)
    assert not page.evaluate(wide)
    press(page, "review")
    expect(page.locator("#error-summary")).to_be_visible()
    assert not page.evaluate(wide)
    assert barriers(page) == []
    page.locator("textarea[name^=answer_]").first.fill("mot" * 300)
    press(page, "review")
    assert not page.evaluate(wide)
    page.add_style_tag(content="html { font-size: 200% }")
    assert not page.evaluate(wide)
    assert barriers(page) == []
