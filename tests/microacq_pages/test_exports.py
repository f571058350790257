"""Whatever anybody typed, no spreadsheet that staff download runs it: ours and those that Wagtail brings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from microacq_pages.exports import SafeExportMixin
from microacq_pages.glossary import tables
from microacq_pages.models import GlossaryTerm
from tests.factories import people

HOSTILE = (
    "=HYPERLINK(A1)",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "\u200b =1+1",
    "A word;=1+1;",
    "A word\n=1+1",
)


class Named:
    """What is no text, and becomes one that somebody typed."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name


def _views(resolver: URLResolver, above: str = "") -> Iterator[tuple[str, Any]]:
    for each in resolver.url_patterns:
        address = above + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _views(each, address)
        else:
            yield address, each.callback


def exports() -> dict[str, Any]:
    """Every view that writes a spreadsheet, by its address; of two at one address the first answers."""
    answering: dict[str, Any] = {}
    for address, view in _views(get_resolver()):
        answering.setdefault(address, view)
    made = {
        address: view.view_class(**view.view_initkwargs)
        for address, view in answering.items()
        if issubclass(getattr(view, "view_class", object), SpreadsheetExportMixin)
    }
    return {address: view for address, view in made.items() if view.list_export}


def is_inert(cell: str) -> bool:
    """Whether no program finds a formula in a line of CSV, wherever it cuts."""
    cells = cell.replace("\r", "\n").replace("\t", "\n").replace(";", "\n").split("\n")
    return all(not each.strip(' \u200b"').startswith(tuple("=+-@＝＋－＠")) for each in cells)


@pytest.mark.parametrize("address", exports())
def test_no_export_holds_a_formula(address: str) -> None:
    made = exports()[address]
    sheet = openpyxl.Workbook(write_only=True).create_sheet()
    fields = [name for name in made.list_export if name not in made.custom_field_preprocess]
    for text in HOSTILE:
        for value in (text, [text, "another"], Named(text)):
            for field in fields:
                written = made.preprocess_field_value(field, value, "csv")
                assert is_inert(str(written)), field
            row = dict.fromkeys(fields, value)
            assert {cell.data_type for cell in made.generate_xlsx_row(sheet, row)} <= {"s"}


def test_exports_of_the_project_and_of_wagtail_are_among_them() -> None:
    found = {type(each).__name__ for each in exports().values()}
    assert found >= {
        "RequestReportView",
        "SplittingReportView",
        "AuditReportView",
        "PaymentsView",
        "ContractsView",
        "RegisterView",
        "TrackerView",
        "SafeLogEntriesView",
        "SafeWorkflowView",
    }
    assert all(isinstance(each, SafeExportMixin) for each in exports().values())


def test_reports_of_wagtail_are_for_those_who_may_enter_the_admin(db: None, client: Client) -> None:
    answer = client.get("/admin/reports/site-history/")
    assert answer.status_code == 302 and "/admin/login/" in answer["Location"]


def test_wagtails_names_lead_to_the_safe_reports(db: None, client: Client) -> None:
    client.force_login(people.the(None))
    answer = client.get(reverse("wagtailadmin_reports:site_history"), {"export": "csv"})
    assert isinstance(
        resolve(reverse("wagtailadmin_reports:site_history")).func.view_class(), SafeExportMixin
    )
    assert answer.status_code == 200 and b"Name" in b"".join(answer)


@pytest.mark.parametrize("text", HOSTILE)
def test_terms_are_written_inert_and_read_back_as_they_were(text: str) -> None:
    term = GlossaryTerm(english=f"{text}", french="Mot", note=text)
    written = tables.written([term])
    assert all(is_inert(cell) for cell in written.replace('"', "").split(","))
    (row,) = tables.read(written.encode())
    assert row["note"].strip() == text.strip()
