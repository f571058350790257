"""Where an opportunity was announced: the texts for staff, the record, and the sums."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.formats import EASTERN
from submissions.records.communications.models import Mention
from submissions.records.communications.texts import WRITTEN
from submissions.solicitations.models import Solicitation
from submissions.survey import pool
from submissions.survey.enums import Cohort
from tests.factories import people, proposals

pytestmark = pytest.mark.django_db


def today() -> str:
    return timezone.now().astimezone(EASTERN).date().isoformat()


def sent(**changes: str) -> dict[str, str]:
    values = {"channel": "partner", "place": "Code for all", "announced_on": today()}
    return {**values, "address": "https://example.org/post/1", **changes}


@pytest.fixture
def address(posted_once: Solicitation) -> str:
    return reverse("communications:file", args=[posted_once.pk])


def test_texts_are_ready_in_both_languages(
    client: Client, it_strategy: Any, posted_once: Solicitation, address: str
) -> None:
    client.force_login(it_strategy)
    page = BeautifulSoup(client.get(address).content, "html.parser")
    for language in ("en", "fr"):
        areas = page.select(f'textarea[readonly][lang="{language}"]')
        opportunity = posted_once.page(language)
        assert opportunity is not None
        assert len(areas) == len(WRITTEN)
        assert all(opportunity.url in area.get_text() for area in areas)


def test_nothing_is_to_be_announced_after_the_deadline(
    client: Client, it_strategy: Any, posted_once: Solicitation, address: str
) -> None:
    proposals.pass_deadline(posted_once)
    client.force_login(it_strategy)
    page = client.get(address).content.decode()
    assert "no longer takes applications" in page
    assert '<textarea id="text-' not in page


def test_where_it_was_announced_is_recorded(
    client: Client, it_strategy: Any, posted_once: Solicitation, address: str
) -> None:
    client.force_login(it_strategy)
    assert client.post(address, sent()).status_code == 302
    mention = Mention.objects.get(solicitation=posted_once)
    assert (mention.place, mention.recorded_by) == ("Code for all", it_strategy)
    act = ModelLogEntry.objects.get(action="file.announced")
    assert act.data == {"number": posted_once.number, "channel": "partner"}
    file_page = client.get(reverse("solicitations:inspect", args=[posted_once.pk])).content.decode()
    assert "Code for all" in file_page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("place", " "),
        ("place", "\x00"),
        ("channel", "pigeon"),
        ("announced_on", "yesterday"),
        ("announced_on", "1999-01-01"),
        ("address", "not an address"),
        ("address", "javascript:alert(1)"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    client: Client, it_strategy: Any, address: str, field: str, value: str
) -> None:
    client.force_login(it_strategy)
    response = client.post(address, sent(**{field: value, "place": value if field == "place" else "Kept"}))
    assert response.status_code == 422
    assert not Mention.objects.exists()
    if field != "place":
        assert "Kept" in response.content.decode()


def test_a_day_to_come_is_refused(client: Client, it_strategy: Any, address: str) -> None:
    client.force_login(it_strategy)
    tomorrow = timezone.now().astimezone(EASTERN).date() + timedelta(days=1)
    assert client.post(address, sent(announced_on=tomorrow.isoformat())).status_code == 422


def test_a_mistake_is_struck_out_and_stays(
    client: Client, it_strategy: Any, posted_once: Solicitation, address: str
) -> None:
    client.force_login(it_strategy)
    client.post(address, sent())
    mention = Mention.objects.get()
    strike = reverse("communications:strike", args=[posted_once.pk, mention.pk])
    assert client.get(strike).status_code == 405
    assert client.post(strike).status_code == 302
    client.post(strike)
    mention.refresh_from_db()
    assert mention.struck_by == it_strategy
    assert "Code for all" in client.get(address).content.decode()
    assert not Mention.objects.standing().exists()
    assert ModelLogEntry.objects.filter(action="file.announcement_struck").count() == 1
    connection.check_constraints()  # else no table can be emptied
    for statement in (
        "TRUNCATE submissions_mention",
        "UPDATE submissions_mention SET place = 'elsewhere'",
        "UPDATE submissions_mention SET struck_at = NULL, struck_by_id = NULL",
        "DELETE FROM submissions_mention",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_who_may_only_look_records_nothing(
    client: Client, user_in: Any, posted_once: Solicitation, address: str
) -> None:
    for role, status in ((roles.AUDITOR, 200), (roles.CFOB, 200), (roles.TRANSLATOR, 302)):
        client.force_login(user_in(role))
        assert client.get(address).status_code == status
        assert client.post(address, sent()).status_code in {302, 403}
    client.force_login(people.make_user(roles.CLIENT, "another client"))
    assert client.post(address, sent()).status_code in {302, 403}
    assert not Mention.objects.exists()


def test_the_client_of_the_file_may_record(
    client: Client, author: Any, posted_once: Solicitation, address: str
) -> None:
    client.force_login(author)
    assert client.post(address, sent()).status_code == 302
    assert Mention.objects.count() == 1


def test_sums_are_by_channel_and_year(
    client: Client, it_strategy: Any, posted_once: Solicitation, address: str
) -> None:
    client.force_login(it_strategy)
    for channel in ("partner", "partner", "short"):
        client.post(address, sent(channel=channel))
    page = BeautifulSoup(client.get(reverse("communications:sums")).content, "html.parser")
    table = page.select_one("#told").find_next("table")  # type: ignore[union-attr]
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]  # type: ignore[union-attr]
    assert [row[1:] for row in rows] == [
        ["Partner organisation", "2", "1"],
        ["Short messages (X, Bluesky)", "1", "1"],
    ]


def test_how_applicants_learned_of_it_hides_small_groups(client: Client, it_strategy: Any) -> None:
    answers: list[dict[str, list[str]]] = [
        *({"found": ["list"]} for _number in range(12)),
        *({"found": ["social"]} for _number in range(7)),
        *({"found": ["person"]} for _number in range(2)),
    ]
    pool.add_to_sums(Cohort.APPLIED, 2026, answers)
    client.force_login(it_strategy)
    page = BeautifulSoup(client.get(reverse("communications:sums")).content, "html.parser")
    cells = {
        row.th.get_text(strip=True): row.td.get_text(strip=True) for row in page.select("tbody tr") if row.th
    }
    assert cells["The mailing list or the feed of this site"] == "12"
    assert cells["Somebody told me"] == "Not shown"
    assert cells["Social media"] == "Not shown" or "2" not in cells.values()


def test_the_sums_of_the_survey_are_shown_only_to_those_who_may_read_them(
    client: Client, user_in: Any, author: Any
) -> None:
    client.force_login(user_in(roles.FINANCE))
    page = client.get(reverse("communications:sums")).content.decode()
    assert "How applicants learned" not in page
    client.force_login(author)
    assert client.get(reverse("communications:sums")).status_code in {302, 403}
