"""What both formats have in common: the strings that go out, the strings that come back, and why a file is unreadable.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LARGEST_FILE = 1024 * 1024
MOST_STRINGS = 5000


class UnreadableFileError(Exception):
    """Nothing of a file can be taken; the message says why, in the reader's language."""


@dataclass(frozen=True)
class Returned:
    """One string of a file that came back.

    Attributes:
        path: Its place.
        source: The text that was translated; None when the file does not say it in a usable way.
        target: The translation; empty when there is none.
        key: ``units.key_of`` place and text, where the format carries it.
        confirmed: Whether the translator has marked it as done.
        fault: Why it cannot be read at all; empty when it can.
    """

    path: str
    source: str | None
    target: str
    key: str = ""
    confirmed: bool = True
    fault: Any = ""


@dataclass(frozen=True)
class Job:
    """A translation as it goes out.

    Attributes:
        identifier: UUID of wagtail-localize's translation.
        title: What is translated.
        address: Where it is translated on the site.
        source, target: Languages, ``en`` or ``fr``.
        units: The strings.
        terms: By key of a unit: the terms of the glossary that occur, with their counterparts.
    """

    identifier: str
    title: str
    address: str
    source: str
    target: str
    units: list[Any]
    terms: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
