"""Spreadsheets that staff download.

Owns the protections that Wagtail's export lacks: a text that a spreadsheet program would run as a formula, and
characters that no workbook can hold. Imports no model.
"""

from __future__ import annotations

import re
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

#: As OWASP lists them (CSV injection), with the wide signs that East Asian versions take for the same.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What XML 1.0 cannot hold (section 2.2), and how much a cell holds (ECMA-376, part 1, 18.3.1.4 and Excel's limits).
NOT_IN_A_WORKBOOK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_767


def disarm_formula(value: str) -> str:
    """Put an apostrophe before a text that a spreadsheet program would take for a formula."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def fit_for_a_workbook(value: str) -> str:
    """Leave out what would make the workbook unreadable, and what no cell has room for."""
    return NOT_IN_A_WORKBOOK.sub("", value)[:LONGEST_CELL]


class SafeExportMixin(SpreadsheetExportMixin):
    """Wagtail's export, with formulas disarmed in CSV as they already are in XLSX, which any text leaves readable."""

    custom_value_preprocess: dict[Any, dict[str, Any]] = {
        str: {
            SpreadsheetExportMixin.FORMAT_CSV: disarm_formula,
            SpreadsheetExportMixin.FORMAT_XLSX: fit_for_a_workbook,
        },
        **SpreadsheetExportMixin.custom_value_preprocess,
    }
