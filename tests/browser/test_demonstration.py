"""What `make run` shows: every public page of the demonstration answers, in both languages, to anybody."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page
from wagtail.models import Page as WagtailPage

from microacq_pages.models import GuidanceIndex, GuidancePage
from tests.browser.conftest import WORDS
from tests.support.servers import SiteServer


def test_every_public_page_answers_and_has_no_barrier(
    demo_site: SiteServer, page: Page, barriers: Callable[..., list[str]]
) -> None:
    """Of each page type the first page is held to every rule in both languages, the others in English."""
    types: set[tuple[int, str]] = set()
    found: dict[str, list[str]] = {}
    pages = WagtailPage.objects.live().public().filter(depth__gt=1).not_type(GuidanceIndex, GuidancePage)
    for public in pages.order_by("path"):
        address = demo_site.url + str(public.get_url())
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        language = public.locale.language_code
        assert page.get_attribute("html", "lang") == language
        is_like_another = language == "fr" and (public.content_type_id, language) in types
        found[address] = barriers(page, WORDS if is_like_another else None)
        types.add((public.content_type_id, language))
    assert len(found) > 20
    assert {address: lines for address, lines in found.items() if lines} == {}


def test_every_role_of_the_demonstration_can_sign_in(
    demo_site: SiteServer, sign_in: Callable[..., Page]
) -> None:
    for name in ("client", "it-strategy", "cfob", "translator", "evaluator", "finance", "auditor", "admin"):
        assert sign_in(demo_site, name).url == f"{demo_site.url}/admin/"
