"""The tracker with every column: what each is filled from, who sees which row, how it is saved and exported."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from microacq_pages import roles
from microacq_pages.models import ClientRequest, RequestEffort
from submissions.contracts.enums import EndKind
from submissions.records.reuse.models import CatalogueEntry
from submissions.reporting import entries, register
from submissions.reporting.columns import COLUMNS
from submissions.reporting.models import SavedView, TrackerRow
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from tests.factories import contracts, people, proposals, questions, requests, selections

pytestmark = pytest.mark.django_db
URL = "/admin/reports/tracker/columns/"


def values(row: TrackerRow | None = None, language: str = "en") -> dict[str, Any]:
    """The columns of one row, by name."""
    with override(language):
        rows = list(register.listed().filter(key=row.key if row else TrackerRow.objects.get().key))
        (entry,) = entries.read(rows, language)
        return {column.name: column.value(entry) for column in COLUMNS}


def row_of(file: Solicitation) -> TrackerRow:
    return TrackerRow.objects.get(solicitation=file)


def test_it_has_every_column_of_the_pilot_s_tracker() -> None:
    assert len(COLUMNS) == 45
    assert len({column.name for column in COLUMNS}) == 45
    assert all(str(column.source).endswith(".") for column in COLUMNS)


def test_the_documents_say_what_fills_each_column_and_indicator() -> None:
    call_command("draw_figures", "--check")


def test_a_file_whose_work_was_paid_fills_its_columns_from_events() -> None:
    contract = contracts.paid()
    questions_asked = values(row_of(contract.solicitation))["questions"]
    found = values(row_of(contract.solicitation))
    today = timezone.localdate(database_clock())
    assert found["number"] == contract.solicitation.number
    assert (found["fits"], found["posted"], found["chosen"], found["delivered"], found["paid"]) == (
        "Yes",
    ) * 5
    assert questions_asked == 0
    assert found["passed"] == 2
    assert found["applications"] >= 2
    assert found["offered"] == found["confirmed"] == found["terms"] == found["started"] == today
    assert found["delivered_on"] == today
    assert found["ended"] is None
    assert found["price"] == contract.price
    assert found["exchange"] == ("Yes" if CatalogueEntry.objects.filter(contract=contract).exists() else "No")
    assert values(row_of(contract.solicitation), "fr")["paid"] == "Oui"


def test_what_was_posted_fills_the_columns_of_the_client_and_of_the_writing(
    posted_once: Solicitation,
) -> None:
    questions.ask(posted_once)
    found = values(row_of(posted_once))
    assert found["questions"] == 1
    assert found["department"] and found["contact_email"]
    assert found["drafted"] == found["first_contact"]
    assert found["posted_on"] == timezone.localdate(posted_once.posted_at)


def test_a_signed_evaluation_says_how_many_passed_before_the_list_is_frozen() -> None:
    file = selections.evaluated(3)
    assert values(row_of(file))["passed"] == 3


def test_a_contract_that_ended_says_when_and_that_nothing_was_delivered() -> None:
    contract = contracts.under_way()
    connection.check_constraints()  # what waits for the end of the transaction has happened
    end = contracts.ended(contract, EndKind.WITHDRAWN)
    found = values(row_of(end.contract.solicitation))
    assert (found["delivered"], found["ended"]) == ("No", timezone.localdate(database_clock()))


def test_a_request_of_which_nothing_came_is_a_row_with_the_reason(it_strategy: Any, author: Any) -> None:
    request = requests.make_request(author)
    row = TrackerRow.objects.get(request=request)
    found = values(row)
    assert (found["title"], found["posted"], found["fits"]) == (request.title, "No", "")
    assert found["team"] == request.team
    RequestEffort.objects.create(request=request, hours=Decimal("3.75"), recorded_by=it_strategy)
    assert (values(row)["hours"], values(row)["days"]) == (Decimal("3.75"), Decimal("0.5"))


def test_an_extension_fills_its_own_column(posted_once: Solicitation) -> None:
    assert values(row_of(posted_once))["deadline_extended"] is None
    first = values(row_of(posted_once))["deadline"]
    proposals.set_deadline(posted_once, after=timezone.timedelta(days=90))
    found = values(row_of(posted_once))
    assert found["deadline"] == first
    assert found["deadline_extended"] > first


def test_each_role_sees_the_rows_of_its_files_and_requests(
    author: Any, it_strategy: Any, user_in: Any
) -> None:
    file, other = proposals.make_file(), proposals.make_file()
    Solicitation.objects.filter(pk=file.pk).update(client=author)
    mine, theirs = requests.make_request(author), requests.make_request(it_strategy)

    def seen(user: Any) -> set[Any]:
        rows = TrackerRow.objects.visible_to(type(user).objects.get(pk=user.pk))
        return {row.solicitation_id or f"r{row.request_id}" for row in rows}

    everything = {file.pk, other.pk, f"r{mine.pk}", f"r{theirs.pk}"}
    assert seen(it_strategy) >= everything
    assert seen(author) & everything == {file.pk, f"r{mine.pk}"}
    assert (
        {file.pk, other.pk}
        <= seen(user_in(roles.FINANCE))
        <= set(Solicitation.objects.values_list("pk", flat=True))
    )
    assert seen(user_in(roles.TRANSLATOR)) == set()


def test_staff_narrow_it_down_choose_columns_and_order(client: Client, it_strategy: Any, author: Any) -> None:
    file, request = proposals.make_file(titles=("Narrow", "Étroit")), requests.make_request(author)
    before = set(
        TrackerRow.objects.exclude(solicitation=file).exclude(request=request).values_list("key", flat=True)
    )
    client.force_login(it_strategy)

    def shown(query: str) -> list[str]:
        answer = client.get(f"{URL}?{query}")
        assert answer.status_code == 200
        return [entry.row.key for entry in answer.context["object_list"] if entry.row.key not in before]

    keys = [str(file.translation_key), f"request-{request.pk}"]
    assert set(shown("")) == set(keys)
    assert shown("posted=yes") == shown("stage=taking") == shown(f"words={file.number}") == keys[:1]
    assert shown("posted=no") == shown("stage=request:received") == keys[1:]
    assert shown("ended=yes") == []
    requests.decided(request, it_strategy, "refuse")
    assert shown("ended=yes") == keys[1:]
    assert shown("ended=no") == keys[:1]
    assert set(shown("ordering=-solicitation__deadline")) == set(keys)
    text = client.get(f"{URL}?show=time").content.decode()
    assert "Funds reserved" in text
    assert "Status on the website" not in text


def test_a_view_is_saved_for_oneself_or_shared_and_deleted(
    client: Client, it_strategy: Any, cfob: Any
) -> None:
    client.force_login(it_strategy)
    data = {"name": "Too late", "screen": "columns", "query": "posted=yes&p=3&show=time&export=csv"}
    assert client.post("/admin/reports/tracker/views/save/", data).status_code == 302
    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ("posted=yes&show=time", False)
    client.get(URL)  # says that it is saved
    client.force_login(cfob)
    assert "Too late" not in client.get(URL).content.decode()
    assert client.post(f"/admin/reports/tracker/views/{view.pk}/delete/").status_code in (302, 404)
    assert SavedView.objects.filter(pk=view.pk).exists()
    client.force_login(it_strategy)
    client.post("/admin/reports/tracker/views/save/", {**data, "is_shared": "on", "query": ""})
    client.force_login(cfob)
    assert "Too late" in client.get(URL).content.decode()
    assert client.post(f"/admin/reports/tracker/views/{view.pk}/delete/").status_code in (302, 403)
    assert SavedView.objects.get().is_shared
    client.force_login(it_strategy)
    assert client.post("/admin/reports/tracker/views/save/", {**data, "name": " "}).status_code == 302
    client.post(f"/admin/reports/tracker/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_the_export_is_safe_whole_and_in_the_language_of_its_reader(client: Client, it_strategy: Any) -> None:
    evil = proposals.make_file(titles=("=1+1\x0b", "=1+1\x0b"))
    people.prefer(it_strategy, "fr")
    client.force_login(it_strategy)
    text = b"".join(client.get(f"{URL}?export=csv").streaming_content).decode("utf-8-sig")
    lines = {next(iter(line.values())): line for line in csv.DictReader(io.StringIO(text))}
    line = lines[evil.number]
    with override("fr"):
        assert list(line) == [str(column.label) for column in COLUMNS]
        assert line[str(COLUMNS[1].label)] == "'=1+1\x0b"
    book = b"".join(client.get(f"{URL}?export=xlsx").streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    cells = {row[0].value: row[1] for row in sheet.iter_rows()}
    assert (cells[evil.number].value, cells[evil.number].data_type) == ("=1+1", "s")


def test_the_number_of_queries_does_not_grow(client: Client, it_strategy: Any, author: Any) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
            b"".join(answer.streaming_content) if answer.streaming else answer.content
        return len(captured)

    client.force_login(it_strategy)
    contracts.accepted()
    requests.make_request(author)
    asked(URL)
    few = [asked(URL), asked(f"{URL}?export=csv")]
    for _number in range(6):
        proposals.make_file()
        requests.make_request(author)
    contracts.under_way()
    assert [asked(URL), asked(f"{URL}?export=csv")] == few
    assert ClientRequest.objects.count() == 7
