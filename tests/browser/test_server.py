"""The machinery of the browser tests itself: a real server on a database that the test sees, too."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from tests.support.servers import SiteServer


def test_the_home_page_answers_in_both_languages(site: SiteServer, page: Page, page_fr: Page) -> None:
    assert page.goto(f"{site.url}/") is not None
    assert page.url == f"{site.url}/en/"
    assert page.get_attribute("html", "lang") == "en"
    page_fr.goto(f"{site.url}/")
    assert page_fr.url == f"{site.url}/fr/"
    assert page_fr.get_attribute("html", "lang") == "fr"


def test_what_the_test_writes_is_there_for_the_server(site: SiteServer, sign_in: Callable[..., Page]) -> None:
    get_user_model().objects.create_superuser("somebody", password="demo")
    assert site.sql("SELECT count(*) FROM auth_user WHERE username = %s", ["somebody"]) == [(1,)]
    visitor = sign_in(site, "somebody")
    visitor.goto(f"{site.url}/admin/")
    assert visitor.locator("h1").count() >= 1
    site.reset()
    assert not get_user_model().objects.filter(username="somebody").exists()


def test_the_public_policy_forbids_inline_code_and_the_staff_pages_work(site: SiteServer, page: Page) -> None:
    public = page.goto(f"{site.url}/en/")
    assert public is not None
    assert "unsafe" not in public.headers["content-security-policy"]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    staff = page.goto(f"{site.url}/admin/login/")
    assert staff is not None
    assert "'unsafe-inline'" in staff.headers["content-security-policy"]
    assert complaints == []


def test_axe_is_at_work(site: SiteServer, page: Page, barriers: Callable[[Page], list[str]]) -> None:
    page.set_content("<html><body><img src='data:,'></body></html>")
    assert any(line.startswith("image-alt") for line in barriers(page))
