"""What a first view costs and whether anything moves: measured in a browser, against the production settings."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Response
from pytest_django import DjangoDbBlocker

from microacq_pages.models import Opportunity, OpportunityIndex
from tests.support.databases import demo_template
from tests.support.servers import ProductionServer, SiteServer

pytestmark = pytest.mark.browser

WITHOUT_FONTS = 60_000  # bytes, headers included (issue 4, item 6)
WITH_FONTS = 130_000
PHONE = {"width": 390, "height": 844}
#: A bad connection: 300 kbit/s, 200 ms.
SLOW = {"offline": False, "latency": 200, "downloadThroughput": 37_500, "uploadThroughput": 37_500}
#: Eastern time, and a zone in which every instant is told twice.
ZONES = ("America/Toronto", "America/St_Johns")

SHIFTS = """new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value }))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 400);
})"""


@pytest.fixture(scope="module")
def production_site(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SiteServer]:
    """The demonstration's content under the production settings."""
    with (
        django_db_blocker.unblock(),
        ProductionServer(demo_template(), tmp_path_factory.mktemp("production")) as server,
    ):
        yield server


@pytest.fixture
def first_views(production_site: SiteServer) -> list[str]:
    """The lists, and every posted opportunity, in both languages."""
    lists = [page.url for page in OpportunityIndex.objects.live()]
    return [production_site.url + url for url in (*lists, *(page.url for page in Opportunity.objects.live()))]


def length_of(address: str) -> int:
    """Bytes of a document as the server compresses it."""
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return len(answer.read())


def transferred(page: Page, address: str) -> dict[str, int]:
    """Bytes of one view as they came over the network, headers included, by kind of resource."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    bytes_of: dict[str, int] = {}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        bytes_of[kind] = bytes_of.get(kind, 0) + int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    page.goto(address, wait_until="networkidle")
    session.detach()
    return bytes_of


def test_a_first_view_is_light(first_views: list[str], new_context: Callable[..., BrowserContext]) -> None:
    """Every list and, of the opportunities, the longest page of each language."""
    lists, opportunities = first_views[:2], first_views[2:]
    assert len(opportunities) > 10
    longest = sorted(opportunities, key=length_of)
    heaviest = [next(one for one in reversed(longest) if f"/{code}/" in one) for code in ("en", "fr")]
    for address in (*lists, *heaviest):
        weights = transferred(new_context().new_page(), address)
        fonts = weights.get("Font", 0)
        assert weights["Document"] > 0 and weights["Stylesheet"] > 0 and fonts > 0, weights
        assert sum(weights.values()) - fonts <= WITHOUT_FONTS, (address, weights)
        assert sum(weights.values()) <= WITH_FONTS, (address, weights)


def test_files_come_compressed_under_names_that_change_with_them(
    production_site: SiteServer, page: Page
) -> None:
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page.on("response", keep)
    page.goto(f"{production_site.url}/en/opportunities/", wait_until="networkidle")
    files = [answer for answer in answers if "/static/" in answer.url]
    assert files
    for answer in files:
        assert "immutable" in answer.headers["cache-control"], answer.url
    texts = [answer for answer in answers if answer.url.endswith((".css", "/"))]
    assert len(texts) == 2
    assert {answer.headers.get("content-encoding") for answer in texts} <= {"gzip", "br"}


@pytest.mark.parametrize(
    ("zone", "viewport"), list(zip(ZONES, [{"width": 1280, "height": 800}, PHONE], strict=True))
)
def test_nothing_moves_while_a_page_is_drawn(
    first_views: list[str], new_context: Callable[..., BrowserContext], zone: str, viewport: dict[str, int]
) -> None:
    for address in (first_views[0], first_views[2]):  # a list and an opportunity
        visitor = new_context(timezone_id=zone, viewport=viewport).new_page()
        session = visitor.context.new_cdp_session(visitor)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        visitor.goto(address, wait_until="networkidle")
        assert visitor.evaluate(SHIFTS) == 0, ("first view on a bad connection", address)
        visitor.reload(wait_until="networkidle")
        assert visitor.evaluate(SHIFTS) == 0, ("fonts at hand", address)
        own = visitor.locator(".own-time").first
        assert own.is_visible() == (zone != "America/Toronto") or own.count() == 0
