"""A need in a real browser: requested in a minute, decided with a reason, made a draft; no barrier in any screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.users.models import UserProfile

from microacq_pages import roles
from microacq_pages.intake import drafting
from microacq_pages.intake.models import ClientRequest
from microacq_pages.intake.states import RequestState
from tests.factories import people
from tests.support.servers import SiteServer

#: The page of one request.
A_REQUEST = re.compile(r"/requests/\d+/$")


@pytest.fixture
def staff(site: SiteServer, sign_in: Callable[..., Page]) -> tuple[Page, Page]:
    """A client and a person of IT Strategy, who both read French."""
    site.reset()
    for role in (roles.CLIENT, roles.IT_STRATEGY):
        profile = UserProfile.get_for_user(people.make_user(role, password="demo"))
        profile.preferred_language = "fr"
        profile.save()
    return sign_in(site, "client"), sign_in(site, "it-strategy")


def test_a_need_becomes_a_draft_by_keyboard_and_without_barriers(
    site: SiteServer, staff: tuple[Page, Page], barriers: Callable[[Page], list[str]]
) -> None:
    client, it_strategy = staff
    client.goto(f"{site.url}/admin/")
    found = {"dashboard": barriers(client)}

    # The client: from the dashboard, with the keyboard alone.
    new = client.get_by_role("link", name="Nouveau besoin")
    new.focus()
    client.keyboard.press("Enter")
    client.wait_for_url("**/requests/new/")
    found["form"] = barriers(client)
    client.locator("main [name=title]").focus()
    client.keyboard.type("Sous-titres")
    client.keyboard.press("Tab")
    client.locator("textarea[name=description]").focus()
    client.keyboard.type("A script that makes captions.")
    client.locator("main [name=team]").fill("Web publishing")
    client.locator("main [name=needed_by]").fill(str(timezone.localdate() + timedelta(days=60)))
    client.keyboard.press("Escape")
    client.locator("main [name=rough_hours]").fill("40")
    assert client.locator("main [name=language]").input_value() == "fr"
    client.locator("main [name=rough_hours]").press("Enter")
    client.wait_for_url(A_REQUEST)
    request = ClientRequest.objects.get()
    client.reload()  # the message that it was sent is still fading in
    found["request"] = barriers(client)

    # IT Strategy: a decision needs its reason.
    it_strategy.goto(f"{site.url}/admin/requests/")
    found["list"] = barriers(it_strategy)
    it_strategy.goto(f"{site.url}/admin/requests/{request.pk}/decide/fit/")
    found["decision"] = barriers(it_strategy)
    submit = it_strategy.locator("main form button[type=submit]")
    submit.press("Enter")
    expect(it_strategy.locator("[name=reason][aria-invalid=true], .error-message").first).to_be_visible()
    found["decision without a reason"] = barriers(it_strategy)
    it_strategy.fill("[name=reason]", "Small and standalone.")
    submit.press("Enter")
    it_strategy.wait_for_url(f"**/requests/{request.pk}/")
    it_strategy.fill("[name=hours]", "0.5")
    with it_strategy.expect_navigation():
        it_strategy.locator("form[action$='/effort/'] button").press("Enter")
    it_strategy.reload()
    found["triaged"] = barriers(it_strategy)
    it_strategy.goto(f"{site.url}/admin/reports/requests/")
    found["report"] = barriers(it_strategy)

    # The client: one act makes the draft.
    client.reload()
    expect(client.get_by_text("Small and standalone.")).to_be_visible()
    client.locator("form[action$='/decide/draft/'] button").press("Enter")
    client.wait_for_url("**/pages/*/edit/")
    request.refresh_from_db()
    page = drafting.page_of(request)
    assert request.state == RequestState.DRAFTED and page is not None
    assert page.locale.language_code == "fr"
    assert client.locator("main [name=title]").input_value() == request.title
    expect(client.locator(f"a[href='/admin/requests/{request.pk}/']")).to_be_visible()

    # From a field to the page of the guide, in the reader's language.
    client.goto(f"{site.url}/admin/guidance/splitting/")
    expect(client.locator("html")).to_have_attribute("lang", "fr")
    found["guide"] = barriers(client)
    client.locator("nav[aria-label] a, .breadcrumbs a").last.focus()
    client.goto(client.url.rstrip("/").rsplit("/", 1)[0] + "/")
    found["guide's first page"] = barriers(client)

    assert {screen: lines for screen, lines in found.items() if lines} == {}


def test_the_guide_asks_a_visitor_to_sign_in_and_leads_back(site: SiteServer, staff: Any, page: Page) -> None:
    page.goto(f"{site.url}/en/client-guide/contract-splitting/")
    expect(page).to_have_url(f"{site.url}/admin/login/?next=/en/client-guide/contract-splitting/")
    page.fill("input[name=username]", "client")
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Contract splitting")


def test_a_request_can_be_made_without_script(
    site: SiteServer, staff: Any, page_without_script: Page
) -> None:
    page = page_without_script
    page.goto(f"{site.url}/admin/login/?next=/admin/requests/new/")
    page.fill("input[name=username]", "client")
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    for name, value in (
        ("title", "Captions"),
        ("description", "A script."),
        ("team", "Web"),
        ("rough_hours", "8"),
    ):
        page.locator(f"main [name={name}]").fill(value)
    page.locator("[name=needed_by]").fill(str(timezone.localdate() + timedelta(days=60)))
    page.locator("[name=rough_hours]").press("Enter")
    page.wait_for_url(A_REQUEST)
    assert ClientRequest.objects.get().title == "Captions"
