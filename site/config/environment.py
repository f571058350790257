"""Reading of environment variables for the settings. Imports nothing of Django but its exception."""

from __future__ import annotations

import os
from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}


def flag(name: str, *, default: bool) -> bool:
    """Return a yes-or-no variable; anything but 1, true, yes and on means no."""
    value = os.environ.get(name, "").strip()
    return value.lower() in _TRUE if value else default


def text(name: str, default: str = "") -> str:
    """Return a variable without surrounding space."""
    return os.environ.get(name, "").strip() or default


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


class Requirements:
    """Collects what is missing or wrong, so that one message can name all of it."""

    def __init__(self) -> None:
        self._faults: list[str] = []

    def require(self, name: str, meaning: str) -> str:
        """Return a variable that has to be set."""
        value = text(name)
        if not value:
            self._faults.append(f"{name} is not set ({meaning}).")
        return value

    def check(self, name: str, value: str | list[str], test: Callable[[str], object], fault: str) -> None:
        """Note a fault if `test` raises ValueError on any given value. An absent value is not judged again."""
        for item in [value] if isinstance(value, str) else value:
            if not item:
                continue
            try:
                test(item)
            except ValueError:
                self._faults.append(f"{name} {fault}.")
                return

    def refuse(self, condition: bool, sentence: str) -> None:
        """Note a fault if the condition holds."""
        if condition:
            self._faults.append(sentence)

    def enforce(self) -> None:
        """Raise one error that names every fault."""
        if self._faults:
            raise ImproperlyConfigured(
                "The production settings cannot be used:\n"
                + "\n".join(f"  - {fault}" for fault in self._faults)
            )
