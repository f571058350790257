"""Feeds of a search, read as their readers do: feedparser, the JSON Feed's rules, icalendar."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from icalendar import Calendar

from microacq_pages.models import Opportunity

ADDRESS = {"en": "/en/opportunities/", "fr": "/fr/opportunites/"}
TITLES = {
    "en": {
        "Accessible date picker",
        "French stemming for search",
        "Validator of open data sets",
        "Improve the translated documentation",
    },
    "fr": {
        "Sélecteur de dates accessible",
        "Racinisation du français pour la recherche",
        "Validateur de jeux de données ouvertes",
        "Améliorer la documentation traduite",
    },
}
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])


def entries(client: Client, language: str, kind: str, query: str = "") -> Any:
    response = client.get(f"{ADDRESS[language]}feed/{kind}/{query}")
    assert response.status_code == 200
    assert response["Content-Language"] == language
    return response


@LANGUAGES
def test_atom_is_well_formed_and_complete(client: Client, opportunities: Any, language: str) -> None:
    response = entries(client, language, "atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.language.startswith(language)
    assert feed.feed.title and feed.feed.updated and feed.feed.id and feed.feed.author
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"].endswith("/feed/atom/")
    assert links["alternate"].endswith(ADDRESS[language])
    assert {entry.title for entry in feed.entries} == TITLES[language]
    assert len({entry.id for entry in feed.entries}) == 4
    for entry in feed.entries:
        assert entry.link.startswith("http")
        assert entry.updated_parsed and entry.published_parsed
        assert entry.id.startswith("tag:") and entry.id.endswith(f"/{language}")


@LANGUAGES
def test_json_feed_keeps_the_rules_of_version_1_1(client: Client, opportunities: Any, language: str) -> None:
    response = entries(client, language, "json")
    assert response["Content-Type"] == "application/feed+json"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == f"{language}-CA"
    assert feed["feed_url"].endswith("/feed/json/")
    assert feed["home_page_url"].endswith(ADDRESS[language])
    assert {item["title"] for item in feed["items"]} == TITLES[language]
    for item in feed["items"]:
        assert isinstance(item["id"], str) and item["url"].startswith("http")
        assert item["content_text"] and item["summary"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert datetime.fromisoformat(item["date_modified"]) >= datetime.fromisoformat(item["date_published"])
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert {name for name in item if name.startswith("_")} == {"_microacq"}
    states = {item["title"]: item["_microacq"]["state"] for item in feed["items"]}
    assert sorted(states.values()) == ["closed", "open", "open", "open"]


@LANGUAGES
def test_the_calendar_holds_each_deadline(
    client: Client, opportunities: dict[str, Opportunity], language: str
) -> None:
    response = entries(client, language, "calendar")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    calendar = Calendar.from_ical(response.content)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    events = calendar.walk("VEVENT")
    assert not any(event.errors for event in events)
    deadlines = {page.public_deadline.replace(microsecond=0) for page in opportunities.values()}
    assert {event["DTSTART"].dt.astimezone(UTC) for event in events} == deadlines
    assert len({str(event["UID"]) for event in events}) == 4
    assert all(event["DTSTAMP"] and event["URL"] for event in events)
    word = "Eastern time" if language == "en" else "heure de l’Est"
    assert all(word in event["DESCRIPTION"] for event in events)


def test_a_deadline_is_the_same_event_in_every_calendar(
    client: Client, opportunities: dict[str, Opportunity]
) -> None:
    page = opportunities["date-picker"]
    known = set()
    for address in (
        "/en/opportunities/feed/calendar/",
        "/fr/opportunites/feed/calendar/",
        page.calendar_url,
        page.get_translations().get().specific.calendar_url,
    ):
        events = Calendar.from_ical(client.get(address).content).walk("VEVENT")
        (deadline,) = [
            event
            for event in events
            if str(event["UID"]).startswith(f"{page.public_status.number}-deadline@")
        ]
        known.add((str(deadline["UID"]), deadline["DTSTART"].dt, int(deadline["SEQUENCE"])))
    assert len(known) == 1


def test_what_is_open_comes_before_what_has_closed(
    client: Client, opportunities: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microacq_pages.feeds.MOST_DEADLINES", 3)
    events = Calendar.from_ical(client.get("/en/opportunities/feed/calendar/").content).walk("VEVENT")
    starts = [event["DTSTART"].dt for event in events]
    assert starts == sorted(starts) and min(starts) > datetime.now(UTC)


@pytest.mark.parametrize("kind", ["atom", "json", "calendar"])
def test_a_feed_is_the_same_search_as_the_page(client: Client, opportunities: Any, kind: str) -> None:
    soup = BeautifulSoup(client.get("/en/opportunities/?q=data&state=open&page=1&x=1").content, "html.parser")
    link = soup.find("link", rel="alternate", href=lambda href: f"/feed/{kind}/" in href)
    visible = soup.select_one(f".feeds a[href*='/feed/{kind}/']")
    assert link["href"] == visible["href"] == f"/en/opportunities/feed/{kind}/?q=data&state=open"
    assert link["type"] == visible["type"] and link["title"]
    content = client.get(link["href"]).content.decode()
    assert "Validator of open data sets" in content.replace("\r\n ", "")
    assert "date picker" not in content


def test_a_reader_that_has_the_feed_is_told_so(client: Client, opportunities: Any) -> None:
    for kind in ("atom", "json", "calendar"):
        address = f"/en/opportunities/feed/{kind}/"
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert not again.content
        assert first["Cache-Control"] == "public, max-age=300" or "max-age=300" in first["Cache-Control"]
        assert not first.cookies


def test_what_closed_long_ago_is_not_in_the_calendar(client: Client, opportunities: Any) -> None:
    from microacq_pages import feeds

    assert timedelta(days=30) < feeds.REMEMBERED
