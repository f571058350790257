"""Refuses settings with which invoices would have the taxes of no place, and warns of those of the wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning

from .rates import department_province
from .taxes import TAXED


def check_department_province(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The province of the department is one of Canada."""
    if department_province() in ("", *TAXED):
        return []
    return [
        Error(
            "MICROACQ_DEPARTMENT_PROVINCE is no code of a province or territory, such as ON or QC.",
            id="submissions.E008",
        )
    ]


def check_place_of_supply(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Where a department has an address, it decides the taxes of its services."""
    if department_province():
        return []
    return [
        Warning(
            "MICROACQ_DEPARTMENT_PROVINCE is not set: invoices have the taxes of the supplier’s province. For services "
            "the address of the recipient decides (New Harmonized Value-added Tax System Regulations, s. 13).",
            hint="Set it to the code of the province of the address to which suppliers send invoices.",
            id="submissions.W002",
        )
    ]
