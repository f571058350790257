"""Refuses to run with a source of public input that nobody knows: no opportunity could be posted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

from .sources import SOURCES


def check_source(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The setting names one of the sources."""
    if settings.MICROACQ_DRAW_SOURCE in SOURCES:
        return []
    return [
        Error(
            f"MICROACQ_DRAW_SOURCE names no source of public input: “{settings.MICROACQ_DRAW_SOURCE}”.",
            hint=f"Choose one of {', '.join(SOURCES)}.",
            id="submissions.E007",
        )
    ]
