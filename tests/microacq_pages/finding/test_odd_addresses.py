"""No address breaks the list or its feeds, and what is not understood is said to be left out."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from microacq_pages.filters import cleaned_parameters
from microacq_pages.finding import words
from microacq_pages.models import Opportunity

#: Each list with what is read of the same address: what an address means is told apart in one place for all.
LISTS = {
    "/en/opportunities/": ("", "feed/atom/", "feed/json/", "feed/calendar/"),
    "/fr/opportunites/": ("",),
}
#: Formats in which a sign of mark-up is a sign like any other.
PLAIN = ("feed/json/", "feed/calendar/")
LONG = "work " * 2_000
ODD = [
    "q=%00",
    "q=a%00b&state=%00",
    "q=%ff%fe&skill=%ed%a0%80",
    "q=%27%3B--&skill=1%27",
    "q=%5C%5C%27%27%22%22%22",
    "q=" + "%26%7C%21%3A*()%3C-%3E",
    "q=%22unclosed",
    "q=%25%25%25s%20%25(a)s",
    "q=%F0%9F%8D%81",
    "q=%02mark%03",
    "q=%CC%81%CC%81",
    urlencode({"q": LONG}),
    urlencode({"q": "x" * 10_000}),
    urlencode({"q": "é" * 3_000}),
    "&".join(["q=work"] * 200),
    "&".join(f"skill={n}" for n in range(800)),
    "skill=99999999999999999999999999&skill=-1&skill=abc&skill=1.5&skill=%D9%A1",
    "state=nothing&state=open&state=posted",
    "project=999999999999999999999&project=x",
    "price_min=-5&price_max=-1",
    "price_min=1e400&price_max=NaN",
    "price_min=Infinity&price_max=-Infinity",
    "price_min=" + "9" * 3_000,
    "price_min=999999999999&price_max=999999999999.99",
    "price_min=%D9%A1%D9%A2&price_max=1,2,3",
    "closing=-1&closing=99999999999999",
    "closing=7&closing=14",
    "page=0",
    "page=-3",
    "page=99999999999999999999999999",
    "page=1.5&page=abc",
    "page=" + "9" * 5_000,
    "page[]=1&q[]=work&q.a=1",
    "unknown=1&utm_source=x",
    "%3Cscript%3E=1&q=%3Cscript%3Ealert(1)%3C/script%3E",
    "=&&&=&q",
]


@pytest.mark.parametrize("path", LISTS)
def test_no_address_breaks_the_list_or_its_feeds(
    client: Client, opportunities: dict[str, Opportunity], path: str
) -> None:
    for odd in ODD:
        for feed in LISTS[path]:
            response = client.get(f"{path}{feed}?{odd}")
            assert response.status_code == 200, (feed, odd[:80])
            assert b"\x00" not in response.content
            assert feed in PLAIN or b"<script>alert" not in response.content
            assert not feed or len(response.content) < 20_000
            if feed == "feed/json/":
                json.loads(response.content)
            if feed == "feed/atom/":
                assert not feedparser.parse(response.content).bozo, odd[:80]


def notice(client: Client, query: str) -> str:
    soup = BeautifulSoup(client.get(f"/en/opportunities/?{query}").content, "html.parser")
    found = soup.select_one("#results .notice")
    return found.get_text() if found else ""


def test_what_is_not_understood_is_said_to_be_left_out(client: Client, opportunities: Any) -> None:
    assert notice(client, "state=nothing&q=picker").endswith("left out: State.")
    assert notice(client, "skill=99999&closing=x").endswith("left out: Skills, Closing.")
    assert notice(client, "q=%21%21").endswith("left out: Keywords.")
    many = "+".join(f"word{number}" for number in range(40))
    assert notice(client, f"q={many}").endswith("left out: Keywords.")
    assert notice(client, "q=picker&state=open&utm_source=x&price_min=1000&page=1") == ""
    soup = BeautifulSoup(client.get("/en/opportunities/?price_min=lots&q=picker").content, "html.parser")
    field = soup.find(id="find-price_min")
    assert field["value"] == "lots"
    assert "dollars" in soup.find(id=field["aria-describedby"]).get_text()
    assert soup.select_one("details.finder__filters").has_attr("open")


def test_searches_are_never_kept_on_the_server(client: Client, opportunities: Any) -> None:
    cache.clear()
    for path in (
        "/en/opportunities/?q=kept",
        "/en/opportunities/feed/atom/",
        "/en/opportunities/feed/json/?q=x",
    ):
        client.get(path)
    assert not [key for key in cache._cache if "microacq" in key]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_whatever_is_typed_gives_short_words(typed: str) -> None:
    found = words.typed_words(typed)
    assert all(0 < len(word) <= words.LONGEST_WORD and "\x00" not in word for word in found)
    assert words.typed_words(" ".join(found)) is not None


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    html = words.shown(f"{words.BEGIN}{text}{words.END} {text}")
    assert set(BeautifulSoup(html, "html.parser").find_all()) == set(
        BeautifulSoup(html, "html.parser").find_all("mark")
    )


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(["q", "skill", "page", "other"]), st.text(), max_size=4))
def test_what_is_read_of_an_address_can_be_read_again(sent: dict[str, str]) -> None:
    from django.http import QueryDict

    asked = QueryDict(urlencode(sent, errors="replace"))
    once = cleaned_parameters(asked)
    again = cleaned_parameters(QueryDict(urlencode(once, doseq=True)))
    assert {name: values[0][:300] for name, values in again.lists()} == {
        name: values[0][:300] for name, values in once.lists()
    }
