"""The watch over contract splitting in a real browser: justified and decided by keyboard, without barriers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from wagtail.users.models import UserProfile

from microacq_pages import roles, splitting_records
from microacq_pages.models import Opportunity
from microacq_pages.splitting import Standing
from submissions.proposals import opening
from tests.factories import pages, people
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]


@pytest.fixture
def split(site: SiteServer) -> Opportunity:
    """An opportunity whose team wrote another."""
    site.reset()
    opening.make_trial()
    author = people.make_user(roles.CLIENT, "client", password="demo")
    people.make_user(roles.CFOB, "cfob", password="demo")
    pages.make_opportunity(author, justified=False, slug="other", title="Another picker")
    return pages.make_opportunity(author, justified=False)


def speak(username: str, language: str) -> Any:
    return UserProfile.objects.create(
        user=people.get_user_model().objects.get(username=username), preferred_language=language
    )


def test_author_and_cfob_do_their_part_and_axe_finds_nothing(
    site: SiteServer,
    split: Opportunity,
    sign_in: Callable[..., Page],
    barriers: Barriers,
) -> None:
    for username in ("client", "cfob"):
        speak(username, "fr")
    author = sign_in(site, "client")
    author.goto(f"{site.url}/admin/pages/{split.pk}/edit/")
    author.locator(f"a[href='/admin/splitting/{split.pk}/']").focus()
    author.keyboard.press("Enter")
    author.locator("textarea[name=text]").wait_for()
    assert author.get_attribute("html", "lang") == "fr"
    assert barriers(author) == []
    author.locator("button[value=justify]").click()
    author.locator(".w-field__errors, .error-message").first.wait_for()
    author.fill("textarea[name=text]", "One is for dates, the other for colours.")
    author.press("textarea[name=text]", "Tab")
    author.keyboard.press("Enter")
    author.locator("blockquote").wait_for()
    assert splitting_records.assess(split).standing == Standing.WAITING

    cfob = sign_in(site, "cfob")
    cfob.goto(f"{site.url}/admin/reports/splitting/")
    assert barriers(cfob) == []
    cfob.locator(f"a[href='/admin/splitting/{split.pk}/']").click()
    cfob.locator("textarea[name=reason]").wait_for()
    assert barriers(cfob) == []
    cfob.fill("textarea[name=reason]", "Two separate tools.")
    cfob.press("textarea[name=reason]", "Tab")
    cfob.keyboard.press("Enter")
    cfob.locator("text=Two separate tools.").first.wait_for()
    assert splitting_records.assess(split).standing == Standing.ACCEPTED
