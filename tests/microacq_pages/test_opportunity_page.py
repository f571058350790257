"""What the page of an opportunity tells beside its text: dates, calendar, structured data, sharing, what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar

from microacq_pages import formats, pairs, roles
from microacq_pages.models import Opportunity
from submissions.questions import closing
from submissions.solicitations import services
from submissions.solicitations.models import Solicitation
from tests.factories import amendments, pages, people, proposals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("project_once")]


@pytest.fixture(autouse=True)
def _no_page_is_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def _file_of_module(module_transaction: None) -> int:
    return proposals.make_posted_file(people.the(roles.CLIENT), people.the(roles.IT_STRATEGY), criteria=2).pk


@pytest.fixture
def file(_file_of_module: int, db: None) -> Solicitation:
    return Solicitation.objects.get(pk=_file_of_module)


def both(file: Solicitation) -> list[Opportunity]:
    english = Opportunity.objects.get(translation_key=file.translation_key, locale__language_code="en")
    return [english, pairs.counterpart(english)]


def soup_of(client: Client, url: str) -> BeautifulSoup:
    cache.clear()
    response = client.get(url)
    assert response.status_code == 200, url
    return BeautifulSoup(response.content, "html.parser")


def steps_of(soup: BeautifulSoup) -> dict[str, str]:
    """Text of each step by its name, in order."""
    found = {}
    for step in soup.select("ol.timetable > li"):
        text = " ".join(step.get_text(" ").replace(formats.NO_BREAK, " ").split())
        found[step.select_one(".timetable__name").contents[0].strip()] = text
    return found


def test_the_timetable_has_every_step_in_eastern_time(client: Client, file: Solicitation) -> None:
    english, french = both(file)
    soup = soup_of(client, english.url)
    steps = steps_of(soup)
    assert list(steps) == [
        "Posted",
        "Questions close",
        "Deadline to apply",
        "Applications opened",
        "Supplier selection",
        "Start of work",
        "Delivery of the work",
        "Work accepted",
    ]
    closes = formats.eastern(closing.closes_at(file.deadline), "en").replace(formats.NO_BREAK, " ")
    assert closes in steps["Questions close"]
    times = [time["datetime"] for time in soup.select("ol.timetable > li > p > time")]
    assert file.deadline.astimezone(formats.EASTERN).isoformat() in times
    assert file.delivery_date.isoformat() in times
    assert len(soup.select("ol.timetable > li[aria-current=step]")) == 1
    assert next(iter(steps_of(soup_of(client, french.url)))) == "Affichage"


def test_an_amendment_that_moves_a_date_shows_the_first_one_too(
    client: Client, file: Solicitation, author: Any, it_strategy: Any
) -> None:
    before = file.delivery_date
    amendments.amend(file, author, it_strategy, delivery_date=before + timedelta(days=14))
    steps = steps_of(soup_of(client, both(file)[0].url))
    moved = f"Planned: {formats.date_long(before + timedelta(days=14), 'en')}"
    assert moved in steps["Delivery of the work"]
    assert f"As first posted: {formats.date_long(before, 'en')}" in steps["Delivery of the work"]
    assert "As first posted" not in steps["Deadline to apply"]


def test_a_cancelled_opportunity_stays_and_says_what_came_of_it(
    client: Client, file: Solicitation, it_strategy: Any
) -> None:
    services.transition(
        file, "cancel", user=it_strategy, reason="The need is gone.", reason_fr="Le besoin n’existe plus."
    )
    for page, reason, step in zip(
        both(file),
        ("The need is gone.", "Le besoin n’existe plus."),
        ("Opportunity cancelled", "Annulation de l’opportunité"),
        strict=True,
    ):
        soup = soup_of(client, page.url)
        assert reason in soup.get_text()
        steps = steps_of(soup)
        assert step in steps
        assert list(steps).index(step) == 1
        assert soup.select("ol.timetable > li.timetable__step--dropped")
    calendar = Calendar.from_ical(client.get(both(file)[0].calendar_url).content)
    status = {
        str(entry["uid"]).split("-")[3].split("@")[0]: str(entry["status"])
        for entry in calendar.walk("VEVENT")
    }
    assert status["deadline"] == status["delivery"] == "CANCELLED"


def test_the_opening_is_told_with_its_day(client: Client, file: Solicitation) -> None:
    proposals.pass_deadline(file)
    services.transition(Solicitation.objects.get(pk=file.pk), "open", user=None, data={"count": 0})
    soup = soup_of(client, both(file)[0].url)
    assert "Applications are being evaluated" in soup.get_text()
    assert "Done" in steps_of(soup)["Applications opened"]
    assert soup.select_one("ol.timetable > li.timetable__step--done:nth-of-type(4) time")


def test_the_calendar_holds_the_dates_in_both_languages(client: Client, file: Solicitation) -> None:
    for page, language in zip(both(file), ("en", "fr"), strict=True):
        response = client.get(page.calendar_url)
        assert response["Content-Type"].startswith("text/calendar")
        assert f"{file.number}-{language}.ics" in response["Content-Disposition"]
        entries = {
            str(entry["uid"]).split("-")[3].split("@")[0]: entry
            for entry in Calendar.from_ical(response.content).walk("VEVENT")
        }
        assert set(entries) == {"questions", "deadline", "selection", "delivery"}
        assert entries["deadline"].decoded("dtstart") == file.deadline
        assert entries["delivery"].decoded("dtstart") == file.delivery_date
        assert file.number in str(entries["deadline"]["summary"])


def test_a_draft_has_no_calendar_and_no_structured_data(
    client: Client, author: Any, django_user_model: Any
) -> None:
    draft = pages.make_opportunity(author)
    assert draft.calendar_url == ""
    assert client.get(f"{draft.url}calendar/").status_code == 404
    assert Opportunity.objects.get(pk=draft.pk).timetable


def test_structured_data_says_what_the_page_says_and_cannot_end_its_block(
    client: Client, author: Any, it_strategy: Any
) -> None:
    title = "Repair </script><script>alert(1)</script> & <b>co</b>"
    file = proposals.make_posted_file(author, it_strategy, title=title)
    page = both(file)[0]
    soup = soup_of(client, page.url)
    (block,) = soup.find_all("script", type="application/ld+json")
    said = json.loads(block.string)
    assert said["mainEntity"]["name"] == title
    assert said["mainEntity"]["identifier"] == file.number
    assert said["mainEntity"]["validThrough"] == file.deadline.isoformat()
    assert said["mainEntity"]["priceSpecification"]["price"] == str(file.price)
    assert not [
        script for script in soup.find_all("script") if "alert" in script.text and script is not block
    ]


def test_a_shared_link_shows_our_own_picture_in_its_language(
    client: Client, file: Solicitation, settings: Any
) -> None:
    for page, language in zip(both(file), ("en", "fr"), strict=True):
        head = soup_of(client, page.url).head
        said = {tag["property"]: tag["content"] for tag in head.find_all("meta", property=True)}
        assert said["og:title"] == page.title
        assert said["og:description"] == page.teaser
        assert said["og:url"] == f"{settings.MICROACQ_BASE_URL}{page.url}"
        assert said["og:locale"] == f"{language}_CA"
        assert (
            said["og:image"]
            == f"{settings.MICROACQ_BASE_URL}/static/microacq_pages/share/card-{language}.png"
        )


def test_the_page_costs_a_constant_number_of_queries(
    client: Client, file: Solicitation, author: Any, it_strategy: Any, django_assert_max_num_queries: Any
) -> None:
    url = both(file)[0].url
    client.get(url)
    with django_assert_max_num_queries(60) as few:
        soup_of(client, url)
    for day in range(2):
        amendments.amend(
            file, author, it_strategy, delivery_date=file.delivery_date + timedelta(days=7 * (day + 1))
        )
    with django_assert_max_num_queries(len(few.captured_queries) + 8) as some:
        soup_of(client, url)
    for day in range(2, 4):
        amendments.amend(
            file, author, it_strategy, delivery_date=file.delivery_date + timedelta(days=7 * (day + 1))
        )
    with django_assert_max_num_queries(len(some.captured_queries)):
        soup_of(client, url)


def test_a_planned_day_is_no_instant(file: Solicitation) -> None:
    planned = {step.kind: step.planned for step in both(file)[0].timetable}
    assert type(planned["delivery"]) is date
