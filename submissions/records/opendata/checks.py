"""What ``manage.py check`` says of the prefix under which Open Contracting data is published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from . import standard


def check_prefix(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The prefix looks like a registered one, and is that of the standard’s examples in a demonstration only."""
    prefix = standard.prefix()
    if prefix and not standard.PREFIX.fullmatch(prefix):
        return [
            Error(
                f"MICROACQ_OCID_PREFIX is {prefix!r}, which no registered prefix looks like.",
                hint="Register one with the Open Contracting Partnership (ocds- and six letters or digits), or leave "
                "it empty: then no Open Contracting data is published.",
                id="submissions.E009",
            )
        ]
    if prefix == standard.EXAMPLE_PREFIX and not settings.MICROACQ_DEMO:
        return [
            Warning(
                f"MICROACQ_OCID_PREFIX is {prefix}, which is that of the standard’s examples.",
                hint="Register one for the department before anything is published under it.",
                id="submissions.W009",
            )
        ]
    return []
