"""The staff screens of the procurement file in a real browser: readable by everyone, usable by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from microacq_pages import roles
from submissions.proposals import opening
from submissions.solicitations.models import Solicitation
from tests.factories import people, proposals
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]


@pytest.fixture
def staff(site: SiteServer) -> dict[str, Any]:
    """A client and somebody of IT Strategy who can sign in, and what posting asks for."""
    site.reset()
    opening.make_trial()
    return {
        role: people.make_user(role, username, password="demo")
        for role, username in ((roles.CLIENT, "client"), (roles.IT_STRATEGY, "it-strategy"))
    }


@pytest.fixture
def file(staff: dict[str, Any]) -> Solicitation:
    return proposals.make_posted_file(staff[roles.CLIENT], staff[roles.IT_STRATEGY])


def test_a_file_is_cancelled_with_a_reason_from_its_page(
    site: SiteServer, file: Solicitation, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(site, "it-strategy")
    page.goto(f"{site.url}/admin/")
    page.click("text=Procurement files")
    page.click(f"text={file.number}")
    page.click("text=Cancel the opportunity")

    page.click("button:has-text('Cancel the opportunity')")
    page.locator("text=Write the reason").first.wait_for()
    page.fill("textarea[name=reason]", "The need is gone.")
    page.fill("textarea[name=reason_fr]", "Le besoin n’existe plus.")
    page.click("button:has-text('Cancel the opportunity')")

    page.wait_for_url(f"{site.url}/admin/procurement-files/{file.pk}/")
    page.locator("text=Reason of the last decision: The need is gone.").wait_for()
    assert page.locator("#file-acts-section tr").last.inner_text().count("The need is gone.") == 1
