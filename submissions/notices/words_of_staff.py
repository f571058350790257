"""Mail texts that staff write: what they may hold, and how they join the standing text.

Pure, but for reading the standing texts. Staff's texts are never templates: ``{{ number }}`` is replaced by the value,
and nothing else is interpreted. Imports no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.template.loader import get_template
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .kinds import KINDS

_VALUE = re.compile(r"\{\{ *(\w+) *\}\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
LONGEST_SUBJECT, LONGEST_TEXT = 200, 5000


class Place(models.TextChoices):
    """Where staff's text stands."""

    AFTER = "after", gettext_lazy("After the standing text")
    INSTEAD = "instead", gettext_lazy("Instead of the standing text")


@dataclass(frozen=True)
class Words:
    """Staff's text of one kind in one language.

    Attributes:
        place: A value of ``Place``.
        subject: Empty for the standing one.
        text: What it says.
    """

    place: str
    subject: str
    text: str

    def subject_with(self, values: Mapping[str, Any], standing: str) -> str:
        """The subject of the message, on one line."""
        return " ".join(filled(self.subject, values).split()) or standing

    def text_with(self, values: Mapping[str, Any], standing: str) -> str:
        """The text of the message."""
        own = filled(self.text, values).strip() + "\n"
        return own if self.place == Place.INSTEAD else f"{standing.rstrip()}\n\n{own}"

    def html_with(self, values: Mapping[str, Any], standing: str | None) -> str | None:
        """The second form of the message; a text of staff has none of its own."""
        if standing is None or self.place == Place.INSTEAD:
            return None
        return f"{standing}{linebreaks(filled(self.text, values), autoescape=True)}"


def filled(text: str, values: Mapping[str, Any]) -> str:
    """A text of staff with its values."""
    return _VALUE.sub(lambda match: str(values[match[1]]), text)


def faults(kind: str, place: str, subject: str, text: str) -> dict[str, list[str]]:
    """What a text of staff may not hold, or lacks, in the reader's language, by field; empty when it can be sent."""
    found: dict[str, list[str]] = {}
    if kind not in KINDS:
        return {"kind": [_("There is no such message.")]}
    for field, content in (("subject", subject), ("body", text)):
        if unknown := sorted(set(_VALUE.findall(content)) - KINDS[kind].needs):
            found.setdefault(field, []).append(
                _("This message has no value of this name: %(names)s.") % {"names": _shown(unknown)}
            )
        if _BRACES.search(_VALUE.sub("", content)):
            found.setdefault(field, []).append(
                _("Braces can only stand around the name of a value: %(names)s.")
                % {"names": _shown(sorted(KINDS[kind].needs))}
            )
    if place == Place.INSTEAD:
        if not can_be_replaced(kind):
            found.setdefault("place", []).append(
                _("The standing text of this message depends on what happened: add to it instead.")
            )
        elif missing := sorted(KINDS[kind].needs - set(_VALUE.findall(f"{subject} {text}"))):
            found.setdefault("body", []).append(
                _("The reader needs these values too: %(names)s.") % {"names": _shown(missing)}
            )
    return found


def can_be_replaced(kind: str) -> bool:
    """Whether the standing text only names values; what it decides by itself cannot be written by staff."""
    return not any("{%" in standing_source(kind, language) for language in ("en", "fr"))


def standing_source(kind: str, language: str) -> str:
    """The file of the standing text, as it is."""
    template: Any = get_template(f"submissions/notices/{kind}.{language}.txt")
    return str(template.template.source)


def _shown(names: list[str]) -> str:
    return ", ".join(f"{{{{ {name} }}}}" for name in names)


class Sample:
    """Stands for a value in a preview: shows its name, whatever a standing text does with it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return f"[{self.name}]"

    def __iter__(self) -> Iterator[Sample]:
        return iter([self])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, key: object) -> Sample:
        if isinstance(key, str) and not key.startswith("_"):
            return Sample(f"{self.name}.{key}")
        raise KeyError(key)


def sample_values(kind: str) -> dict[str, Any]:
    """Values for a preview."""
    return {name: Sample(name) for name in KINDS[kind].needs} | {
        "contact_email": settings.MICROACQ_CONTACT_EMAIL
    }
