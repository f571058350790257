"""What `make run` shows: every public page of the demonstration answers, in both languages, to anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from playwright.sync_api import Page
from wagtail.models import Page as WagtailPage

from microacq_pages.models import ContentPage, GuidanceIndex, GuidancePage, Opportunity
from tests.browser.conftest import WORDS
from tests.support.servers import SiteServer


def kind_of(public: WagtailPage) -> tuple[Any, ...]:
    """What pages look alike: those of a type, opportunities also by how far they have come."""
    status = public.specific.public_status if public.specific_class is Opportunity else None
    state = status.state if status else ""
    return public.content_type_id, public.locale_id, state


def test_every_public_page_answers_and_has_no_barrier(
    demo_site: SiteServer, page: Page, barriers: Callable[..., list[str]]
) -> None:
    """The first page of each kind is held to every rule, what editors wrote elsewhere to those of words."""
    kinds: set[tuple[Any, ...]] = set()
    found: dict[str, list[str]] = {}
    visitor = Client(headers={"host": demo_site.url.removeprefix("http://")})
    pages = WagtailPage.objects.live().public().filter(depth__gt=1).not_type(GuidanceIndex, GuidancePage)
    for public in pages.order_by("path"):
        path = str(public.get_url())
        is_new = kind_of(public) not in kinds
        kinds.add(kind_of(public))
        found[path] = []
        if is_new or public.specific_class is ContentPage:
            answer = page.goto(demo_site.url + path)
            assert answer is not None and answer.status == 200, path
            assert page.get_attribute("html", "lang") == public.locale.language_code
            found[path] = barriers(page, None if is_new else WORDS)
        else:
            said = visitor.get(path)
            assert said.status_code == 200, path
            assert f'<html lang="{public.locale.language_code}"' in said.text
    assert len(found) > 20
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_every_role_of_the_demonstration_can_sign_in(demo_site: SiteServer, page: Page) -> None:
    """The first in the browser, the others as a browser sends the same form."""
    page.goto(f"{demo_site.url}/admin/login/")
    page.fill("input[name=username]", "client")
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{demo_site.url}/admin/")
    for name in ("it-strategy", "cfob", "translator", "evaluator", "finance", "auditor", "admin"):
        answer = Client().post("/admin/login/", {"username": name, "password": "demo"})
        assert answer.headers.get("location") == "/admin/", name
