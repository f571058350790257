"""Spreadsheets of any length in steady memory: rows are read and written some at a time.

Owns how a listing is cut into parts. Wagtail's own export holds every row at once. Formulas are disarmed by
``microacq_pages.exports``.
"""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override
from wagtail.admin.views.mixins import Echo, ExcelDateFormatter

from microacq_pages.exports import SafeExportMixin

#: So many rows are held at a time.
PART = 200
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PartedExportMixin(SafeExportMixin):
    """A report whose view says what some rows are written as: ``rows_of``."""

    #: Of the request; a file is streamed when its own work is over.
    language: str | None = None

    def rows_of(self, part: Sequence[Any]) -> list[dict[str, Any]]:
        """Some rows as they are exported, with a constant number of queries."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The export, without the screen around it; else the screen."""
        if self.is_export:
            self.language = get_language()
            self.object_list = self.get_filtered_queryset()
            answer: HttpResponseBase = self.as_spreadsheet(self.object_list, request.GET["export"])
            return answer
        screen: HttpResponseBase = super().get(request, *args, **kwargs)
        return screen

    def parts(self, queryset: Any) -> Iterator[list[Any]]:
        """The rows of a listing in its order, some at a time; keys alone are read ahead."""
        keys = list(queryset.values_list("pk", flat=True))
        for start in range(0, len(keys), PART):
            wanted = keys[start : start + PART]
            found = {row.pk: row for row in queryset.filter(pk__in=wanted)}
            yield [found[key] for key in wanted if key in found]

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        """The lines, in the language of the request."""
        import csv

        writer = csv.DictWriter(Echo(), fieldnames=self.list_export)
        with override(self.language):
            headings = {name: self.get_heading(queryset, name) for name in self.list_export}
        # Excel takes a text for UTF-8 only where it begins so; without it, accents are lost.
        yield codecs.BOM_UTF8 + writer.writerow(headings)
        for part in self.parts(queryset):
            with override(self.language):
                lines = [self.write_csv_row(writer, row) for row in self.rows_of(part)]
            yield b"".join(lines)

    def write_xlsx(self, queryset: Any, output: IO[bytes]) -> None:
        """The workbook, row by row."""
        from openpyxl import Workbook

        workbook = Workbook(write_only=True, iso_dates=True)
        sheet = workbook.create_sheet(title="Sheet1")
        sheet.append([self.get_heading(queryset, name) for name in self.list_export])
        date_format = ExcelDateFormatter().get()
        for part in self.parts(queryset):
            for row in self.rows_of(part):
                sheet.append(self.generate_xlsx_row(sheet, row, date_format=date_format))
        workbook.save(output)

    def write_xlsx_response(self, queryset: Any) -> FileResponse:
        """The workbook, from a file of the system rather than from memory."""
        output = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
        self.write_xlsx(queryset, output)
        output.seek(0)
        return FileResponse(
            output, as_attachment=True, content_type=SHEET, filename=f"{self.get_filename()}.xlsx"
        )
