"""Spreadsheets that staff download.

Owns the one protection that Wagtail's export lacks: a text that a spreadsheet program would run as a formula.
Imports no model.
"""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def disarm_formula(value: str) -> str:
    """Put an apostrophe before a text that a spreadsheet program would take for a formula."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


class SafeExportMixin(SpreadsheetExportMixin):
    """Wagtail's export, with formulas disarmed in CSV as they already are in XLSX."""

    custom_value_preprocess: dict[Any, dict[str, Any]] = {
        str: {SpreadsheetExportMixin.FORMAT_CSV: disarm_formula},
        **SpreadsheetExportMixin.custom_value_preprocess,
    }
