"""What search engines are told: every public page, in both languages, and nothing else."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import pages

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def entries(client: Client) -> dict[str, dict[str, str]]:
    """Alternates by address."""
    root = ET.fromstring(client.get("/sitemap.xml").content)
    return {
        url.findtext(f"{SITEMAP}loc", ""): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall(f"{XHTML}link")
        }
        for url in root.findall(f"{SITEMAP}url")
    }


def test_both_languages_are_listed_with_their_counterparts(client: Client, settings: Any) -> None:
    found = entries(client)
    english, french = (
        f"{settings.MICROACQ_BASE_URL}{path}" for path in ("/en/opportunities/", "/fr/opportunites/")
    )
    expected = {"en": english, "fr": french, "x-default": english}
    assert found[english] == expected
    assert found[french] == expected


def test_every_alternate_is_itself_listed(client: Client) -> None:
    found = entries(client)
    assert found
    for alternates in found.values():
        assert set(alternates.values()) <= set(found)


def test_drafts_are_not_listed(client: Client, author: Any) -> None:
    pages.make_content_page(author, slug="not-yet")
    assert not [address for address in entries(client) if "not-yet" in address]


def test_the_number_of_queries_does_not_grow_with_the_pages(
    client: Client, author: Any, it_strategy: Any
) -> None:
    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            return len(entries(client)), len(queries)

    def publish_guide(number: int) -> None:
        page = pages.make_content_page(author, slug=f"guide-{number}", title=f"Guide {number}")
        pages.translate(page)
        pages.publish(page, it_strategy)

    publish_guide(0)
    entries(client)
    listed, queries = cost()
    for number in (1, 2):
        publish_guide(number)
    entries(client)
    assert cost() == (listed + 4, queries)


def test_robots_are_kept_out_of_the_staff_pages_and_told_of_the_sitemap(
    client: Client, settings: Any
) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert "Disallow: /admin/" in lines
    assert f"Sitemap: {settings.MICROACQ_BASE_URL}/sitemap.xml" in lines
