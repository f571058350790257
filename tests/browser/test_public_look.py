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
    data = ["/en/open-data/", "/fr/donnees-ouvertes/"]
    return [
        f"{site.url}{url}" for url in ("/en/", "/fr/", *found, *forms, *data, "/en/nothing/", "/fr/rien/")
    ]


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


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_menu_of_a_telephone_is_folded_and_opens_by_keyboard(
    addresses: list[str], new_context: Callable[..., BrowserContext], script: bool
) -> None:
    visitor = new_context(viewport={"width": 390, "height": 844}, java_script_enabled=script).new_page()
    visitor.goto(addresses[2])
    entry = visitor.locator(".site-menu li a").first
    assert not entry.is_visible()
    assert visitor.locator("h1").bounding_box()["y"] < 844 / 3  # type: ignore[index]
    visitor.locator(".site-menu__home").focus()
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Enter")
    visitor.keyboard.press("Tab")
    assert entry.is_visible()
    visitor.set_viewport_size({"width": 1280, "height": 900})
    visitor.goto(addresses[2])
    assert entry.is_visible() and not visitor.locator(".site-menu summary").is_visible()


def sideways(page: Page) -> int:
    """By how many pixels the page must be scrolled sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, {"width": 640, "height": 900}])
def test_text_of_twice_the_size_stays_whole(
    addresses: list[str], new_context: Callable[..., BrowserContext], viewport: dict[str, int]
) -> None:
    visitor = new_context(viewport=viewport).new_page()
    for address in addresses:
        visitor.goto(address)
        visitor.evaluate("document.documentElement.style.fontSize = '200%'")
        assert sideways(visitor) == 0, address
        assert visitor.evaluate(CUT_OFF) == [], address


def test_spaced_text_stays_whole_on_a_narrow_screen(
    addresses: list[str], new_context: Callable[..., BrowserContext]
) -> None:
    """WCAG 1.4.12, with 1.4.10."""
    visitor = new_context(viewport=NARROW, bypass_csp=True).new_page()
    for address in addresses:
        visitor.goto(address)
        visitor.add_style_tag(
            content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
            " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
        )
        assert sideways(visitor) == 0, address
        assert visitor.evaluate(CUT_OFF) == [], address


def test_forced_colours_hide_nothing(
    addresses: list[str], new_context: Callable[..., BrowserContext]
) -> None:
    visitor = new_context(forced_colors="active", color_scheme="dark").new_page()
    for address in addresses:
        visitor.goto(address)
        assert visitor.evaluate("matchMedia('(forced-colors: active)').matches")
        assert visitor.evaluate(INVISIBLE_IN_FORCED_COLOURS) == [], address


def test_who_wants_less_motion_gets_none(
    addresses: list[str], new_context: Callable[..., BrowserContext]
) -> None:
    visitor = new_context(reduced_motion="reduce").new_page()
    for address in addresses:
        visitor.goto(address)
        assert visitor.evaluate(MOVING) == [], address


def test_paper_has_what_is_read_and_where_links_lead(
    addresses: list[str], new_context: Callable[..., BrowserContext]
) -> None:
    """Letter paper with margins of 18 mm is 680 CSS pixels wide."""
    visitor = new_context(viewport={"width": 680, "height": 900}).new_page()
    visitor.emulate_media(media="print")
    for address in addresses:
        visitor.goto(address)
        assert sideways(visitor) == 0, address
        for furniture in (".site-menu", ".breadcrumbs", ".contents", ".button", ".footer-main"):
            assert not visitor.locator(furniture).first.is_visible(), (address, furniture)
        assert visitor.evaluate(CUT_OFF) == [], address
        unprinted = visitor.evaluate(
            """[...document.querySelectorAll("main a[href]")]
                .filter(link => link.checkVisibility() && /^(http|[/])/.test(link.getAttribute("href")))
                .filter(link => !getComputedStyle(link, "::after").content.includes(link.getAttribute("href")))
                .map(link => link.outerHTML.slice(0, 120))"""
        )
        assert unprinted == [], address
        canonical = visitor.locator("link[rel=canonical]")
        if canonical.count():
            assert visitor.get_by_text(str(canonical.get_attribute("href"))).is_visible(), address


def test_every_target_is_large_enough(
    addresses: list[str], new_context: Callable[..., BrowserContext]
) -> None:
    """WCAG 2.5.8: 24 by 24 pixels, but for links within a sentence."""
    visitor = new_context(viewport=NARROW).new_page()
    for address in addresses:
        visitor.goto(address)
        assert visitor.evaluate(SMALL_TARGETS) == [], address


#: Elements whose text is larger than the box that hides the rest.
CUT_OFF = """[...document.querySelectorAll("body *")].filter(element => {
    const style = getComputedStyle(element);
    const hides = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
    return hides && !element.closest(".sr-only, svg") && element.textContent.trim()
        && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
}).map(element => element.outerHTML.slice(0, 120))"""

#: Buttons without an outline of their own, and drawings of the colour of their ground.
INVISIBLE_IN_FORCED_COLOURS = """[...document.querySelectorAll(".button, input, textarea, select, .fip_text")]
    .filter(element => {
        const style = getComputedStyle(element);
        if (element.closest(".sr-only") || element.type === "hidden") return false;
        const ground = getComputedStyle(document.body).backgroundColor;
        if (element.matches(".fip_text")) return style.fill === ground;
        if (["checkbox", "radio"].includes(element.type)) return style.appearance !== "auto";
        return style.borderTopStyle === "none" || style.borderTopColor === ground;
    }).map(element => element.outerHTML.slice(0, 120))"""

MOVING = """[...document.querySelectorAll("body *")].filter(element => {
    const style = getComputedStyle(element);
    return style.transitionDuration.split(", ").some(time => time !== "0s")
        || style.animationName !== "none" || style.scrollBehavior === "smooth";
}).map(element => element.outerHTML.slice(0, 120))"""

#: Targets smaller than 24 pixels; within a sentence, the line decides (the exception "inline").
SMALL_TARGETS = """[...document.querySelectorAll("a[href], button, input, summary, select, textarea")]
    .filter(element => {
    const box = element.getBoundingClientRect();
    if (!box.width || element.closest(".sr-only, .skip-links, [aria-hidden=true]")) return false;
    const sentence = element.closest("p, dd, li, td, blockquote");
    const inline = getComputedStyle(element).display === "inline"
        && sentence && sentence.textContent.trim() !== element.textContent.trim();
    return !inline && (box.width < 24 || box.height < 24);
}).map(element => `${Math.round(element.getBoundingClientRect().height)} ${element.outerHTML.slice(0, 120)}`)"""
