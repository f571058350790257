"""Spreadsheets that staff download.

Owns the protections that Wagtail's export lacks: a text that a spreadsheet program would run as a formula, and
characters that no workbook can hold. Imports no model.
"""

from __future__ import annotations

import re
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

#: What begins a formula (OWASP, CSV injection), with the wide and small forms that some programs take for the same.
SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
#: What stands before it without being seen: spaces, controls, marks of direction and width.
UNSEEN = "\\s\x00-\x20\x7f-\xa0\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
_START = re.compile(f"[\"'{UNSEEN}]*[{SIGNS}]|'*[\t\r\n]")
#: Where a cell may begin within a text: a French Excel cuts the lines of a file at semicolons, some programs at tabs,
#: and each begins a line where it did not take the end of one for part of a cell. Each run is looked at once.
_GAP = f"\"';{UNSEEN}"
_BEFORE_A_SIGN = re.compile(f"(?<![{_GAP}])[{_GAP}]++(?=[{SIGNS}])")
_SEPARATORS = frozenset(";\t\r\n")
#: What XML 1.0 cannot hold (section 2.2), and how much a cell holds (ECMA-376, part 1, 18.3.1.4 and Excel's limits).
NOT_IN_A_WORKBOOK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_767


def disarm_formula(value: str) -> str:
    """Put an apostrophe before whatever a spreadsheet program would take for a formula, where a cell may begin."""
    safe = _BEFORE_A_SIGN.sub(lambda gap: f"{gap[0]}'" if _SEPARATORS & {*gap[0]} else gap[0], value)
    return f"'{safe}" if _START.match(safe) else safe


def as_it_was(value: str) -> str:
    """The text that ``disarm_formula`` made safe, for files that are read back."""
    safe = value[1:] if value.startswith("'") and _START.match(value[1:]) else value
    return _BEFORE_A_SIGN.sub(
        lambda gap: gap[0][:-1] if _SEPARATORS & {*gap[0]} and gap[0].endswith("'") else gap[0], safe
    )


def fit_for_a_workbook(value: str) -> str:
    """Leave out what would make the workbook unreadable, and what no cell has room for."""
    return NOT_IN_A_WORKBOOK.sub("", value)[:LONGEST_CELL]


#: What is done to every text on its way into a file. In a workbook a text stays one: its cell says so.
_MADE_SAFE = {
    SpreadsheetExportMixin.FORMAT_CSV: disarm_formula,
    SpreadsheetExportMixin.FORMAT_XLSX: fit_for_a_workbook,
}


class SafeExportMixin(SpreadsheetExportMixin):
    """Wagtail's export, made safe: whatever becomes a text, lists and other objects as well."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        written = super().preprocess_field_value(field, value, export_format)
        return _MADE_SAFE[export_format](written) if isinstance(written, str) else written
