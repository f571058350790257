"""Refuses to run when the state table asks a guard that no stage answers: a door without a lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from . import services, states


def check_guards(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every guard of the table has an answer, and every answer a place in the table."""
    answered = services.guard_answers().keys()
    missing = [
        Error(
            f"Nobody answers the guard “{name}” that the state table of procurement files names.",
            hint="Answer it through the hook `file_guards` in the stage that knows.",
            id="submissions.E003",
        )
        for name in sorted(states.guard_names() - answered)
    ]
    unknown = [
        Error(
            f"The guard “{name}” is answered, but no transition of procurement files asks for it.",
            hint="Name it in submissions/solicitations/states.py, or correct its name.",
            id="submissions.E004",
        )
        for name in sorted(answered - states.guard_names())
    ]
    return [*missing, *unknown]
