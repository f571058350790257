"""Whatever anybody typed, no spreadsheet that staff download runs it: ours and those that Wagtail brings."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from microacq_pages.exports import SafeExportMixin
from microacq_pages.glossary import tables
from microacq_pages.models import GlossaryTerm

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
#: Where views of exports are; what Wagtail loads besides is found through it.
MODULES = (
    "microacq_pages.intake.report",
    "microacq_pages.splitting_admin",
    "submissions.audit.views",
    "submissions.contracts.payment.listing",
    "submissions.records.opendata.yearly_views",
    "submissions.reporting.register",
    "submissions.reporting.views",
    "wagtail.admin.urls",
    "wagtail.contrib.redirects.views",
)


class Named:
    """What is no text, and becomes one that somebody typed."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name


def _below(view: type) -> Iterator[type]:
    for each in view.__subclasses__():
        yield each
        yield from _below(each)


def exports() -> list[type[Any]]:
    """Every view that writes a spreadsheet."""
    for name in MODULES:
        importlib.import_module(name)
    found = {each for each in _below(SpreadsheetExportMixin) if getattr(each, "list_export", None)}
    return sorted(found, key=lambda each: f"{each.__module__}.{each.__qualname__}")


def is_inert(cell: str) -> bool:
    """Whether no program finds a formula in a line of CSV, wherever it cuts."""
    cells = cell.replace("\r", "\n").replace("\t", "\n").replace(";", "\n").split("\n")
    return all(not each.strip(' \u200b"').startswith(tuple("=+-@＝＋－＠")) for each in cells)


@pytest.mark.parametrize("view", exports(), ids=lambda view: f"{view.__module__}.{view.__qualname__}")
def test_no_export_holds_a_formula(view: type[Any]) -> None:
    made = view()
    sheet = openpyxl.Workbook(write_only=True).create_sheet()
    fields = [name for name in made.list_export if name not in made.custom_field_preprocess]
    for text in HOSTILE:
        for value in (text, [text, "another"], Named(text)):
            for field in fields:
                written = made.preprocess_field_value(field, value, "csv")
                assert is_inert(str(written)), field
            row = dict.fromkeys(fields, value)
            assert {cell.data_type for cell in made.generate_xlsx_row(sheet, row)} <= {"s"}


def test_every_export_of_the_project_is_among_them() -> None:
    ours = {
        each.__name__ for each in exports() if each.__module__.startswith(("microacq_pages", "submissions"))
    }
    assert ours >= {
        "RequestReportView",
        "SplittingReportView",
        "AuditReportView",
        "PaymentsView",
        "ContractsView",
        "RegisterView",
        "TrackerView",
    }
    assert all(issubclass(each, SafeExportMixin) for each in exports() if each.__name__ in ours)
    assert any(each.__module__.startswith("wagtail.admin.views.reports") for each in exports())


@pytest.mark.parametrize("text", HOSTILE)
def test_terms_are_written_inert_and_read_back_as_they_were(text: str) -> None:
    term = GlossaryTerm(english=f"{text}", french="Mot", note=text)
    written = tables.written([term])
    assert all(is_inert(cell) for cell in written.replace('"', "").split(","))
    (row,) = tables.read(written.encode())
    assert row["note"].strip() == text.strip()
