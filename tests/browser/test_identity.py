"""Second applications, lost links and entries by staff in a real browser: both languages, keyboard, no barriers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page
from wagtail.users.models import UserProfile

from microacq_pages import roles
from submissions.notices import crypto
from submissions.notices.envelope import make_again
from submissions.notices.models import OutgoingMessage
from submissions.proposals import opening, recovery
from submissions.proposals.models import LinkRequest, Proposal
from submissions.solicitations.models import Solicitation
from tests.factories import people, proposals
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]

ROOT = {"en": "/en/apply/", "fr": "/fr/presenter-une-demande/"}


@pytest.fixture
def staff(site: SiteServer) -> dict[str, Any]:
    site.reset()
    opening.make_trial()
    return {
        role: people.make_user(role, username, password="demo")
        for role, username in ((roles.CLIENT, "client"), (roles.IT_STRATEGY, "it-strategy"))
    }


@pytest.fixture
def file(staff: dict[str, Any]) -> Solicitation:
    return proposals.make_posted_file(staff[roles.CLIENT], staff[roles.IT_STRATEGY])


def mailed(site: SiteServer, kind: str, route: str) -> str:
    row = OutgoingMessage.objects.filter(kind=kind).latest("pk")
    found = re.search(rf"https?://[^/]+(/\S+/{route}/\S+)", make_again(crypto.decrypt(row.payload)).body)
    assert found
    return f"{site.url}{found.group(1)}"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_owner_of_an_address_chooses_by_keyboard_without_script(
    site: SiteServer,
    file: Solicitation,
    new_context: Callable[..., BrowserContext],
    page: Page,
    barriers: Barriers,
    language: str,
) -> None:
    first, _link = proposals.send(file, language=language, correspondence_language=language)
    later, link = proposals.send(file, language=language, correspondence_language=language)
    page.goto(f"{site.url}{ROOT[language]}link/{link.token}/")
    assert barriers(page) == []
    address = mailed(site, "proposal_second", "count")
    page.goto(address)
    assert page.get_attribute("html", "lang") == language
    assert barriers(page) == []

    plain = new_context(java_script_enabled=False).new_page()
    plain.goto(address)
    plain.locator("main button").focus()
    with plain.expect_navigation():
        plain.keyboard.press("Enter")
    assert later.receipt_number in plain.locator("main .notice--success").inner_text()
    first.refresh_from_db()
    assert (first.state, Proposal.objects.get(pk=later.pk).state) == ("replaced", "sent")
    page.goto(address)
    assert barriers(page) == []
    proposals.set_deadline(file)
    page.goto(address)
    assert barriers(page) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_lost_link_is_asked_for_and_replaces_without_script(
    site: SiteServer,
    file: Solicitation,
    new_context: Callable[..., BrowserContext],
    page: Page,
    barriers: Barriers,
    language: str,
) -> None:
    proposals.send(file, language=language, correspondence_language=language)
    page.goto(f"{site.url}{ROOT[language]}{file.number}/")
    with page.expect_navigation():
        page.locator("a[href$='lost-link/']").click()
    assert barriers(page) == []
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    page.locator("#error-summary").wait_for()
    assert barriers(page) == []

    plain = new_context(java_script_enabled=False).new_page()
    plain.goto(page.url)
    plain.fill("main input[name=email]", "camille@example.org")
    with plain.expect_navigation():
        plain.press("main input[name=email]", "Enter")
    assert plain.url.endswith("/asked/")
    page.goto(plain.url)
    assert barriers(page) == []
    for request in LinkRequest.objects.filter(answered_at=None):
        recovery.answer(request.pk)
    address = mailed(site, "link_again", "link")
    page.goto(address)
    assert barriers(page) == []
    with page.expect_navigation():
        page.locator("main a[href$='change/']").click()
    assert page.input_value("input[name=name]") == ""
    page.goto(address)
    with page.expect_navigation():
        page.locator("main a[href$='withdraw/']").click()
    assert barriers(page) == []
    with page.expect_navigation():
        page.locator("main form button").click()
    assert Proposal.objects.get().state == "withdrawn"
    assert barriers(page) == []


def test_staff_enter_an_application_and_print_its_receipt(
    site: SiteServer,
    file: Solicitation,
    staff: dict[str, Any],
    sign_in: Callable[..., Page],
    barriers: Barriers,
) -> None:
    UserProfile.objects.create(user=staff[roles.IT_STRATEGY], preferred_language="fr")
    page = sign_in(site, "it-strategy")
    page.goto(f"{site.url}/admin/procurement-files/{file.pk}/")
    with page.expect_navigation():
        page.locator("a[href$='/enter/']").click()
    assert barriers(page) == []
    page.fill("input[name=name]", "Odile Marchessault")
    with page.expect_navigation():
        page.locator("main button[type=submit].button").last.click()
    page.locator(".help-critical").first.wait_for()
    assert page.input_value("input[name=name]") == "Odile Marchessault"
    assert barriers(page) == []

    page.check("input[name=entered_how][value=telephone]")
    page.fill("input[name=telephone]", "613 555-0142")
    page.check("input[name=status][value=canadian]")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    for answer in page.locator("main textarea[name^=answer_]").all():
        answer.fill("I did such work for two years, in public.")
    for question in page.locator("main input[name^=question_][type=text]").all():
        question.fill("My answer")
    for choice in page.locator("main input[name^=question_][type=radio][value]").all()[:1]:
        choice.check()
    page.fill("input[name=taken_at]", taken(file))
    with page.expect_navigation():
        page.locator("main button[type=submit].button").last.click()
    page.locator(".entered-receipt").wait_for()
    proposal = Proposal.objects.get()
    assert proposal.receipt_number in page.locator(".entered-receipt").inner_text()
    assert "/link/" in page.locator(".entered-receipt").inner_text()
    assert barriers(page) == []
    page.emulate_media(media="print")
    assert not page.locator(".not-printed").first.is_visible()
    assert page.locator(".entered-receipt").is_visible()


def taken(file: Solicitation) -> str:
    """A moment at which the supplier may have called, as the screen takes it: in Eastern time."""
    return timezone.localtime(file.posted_at).strftime("%Y-%m-%d %H:%M")
