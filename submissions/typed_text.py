"""Text that the public types: one clean form whatever the keyboard, and form fields that give it.

Owns normalisation, what cannot be part of a text, and the fields of single values. Belongs to no stage; imports
nothing of the project.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: How a browser or Django shows bytes that are no text in the encoding announced.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
#: With it the categories Cc, but for white space of a text, and Cs.
_UNREADABLE = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{REPLACEMENT}]")

LINE_LENGTH = 200

UNREADABLE = _("This text has characters that cannot be read. Type it again, or paste it as plain text.")
LINE_BREAK = _("Write this on one line.")


def normalise(text: str) -> str:
    """The same text, whatever keyboard or browser sent it: composed letters, line feeds, no white space around."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_unreadable(text: str) -> bool:
    """Whether ``text`` has what no person typed: broken encoding, control characters, halves of surrogate pairs."""
    return _UNREADABLE.search(text) is not None


def has_line_break(text: str) -> bool:
    """Whether ``text`` runs over a line: in a name or an address that is an attempt on the headers of a message."""
    return len(text.splitlines()) > 1 or text != text.strip("\r\n")


class PlainText(forms.CharField):
    """Several lines of text."""

    widget: Any = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if has_unreadable(text):
            raise ValidationError(UNREADABLE, code="unreadable")
        return normalise(super().to_python(text) or "")


class LineOfText(PlainText):
    """One line of text, which may end up in the header of a message."""

    widget: Any = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LINE_LENGTH, **kwargs})

    def to_python(self, value: Any) -> str:
        if has_line_break(str(value or "")):
            raise ValidationError(LINE_BREAK, code="line-break")
        return super().to_python(value)


class Address(forms.EmailField):
    """An e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if has_unreadable(text):
            raise ValidationError(UNREADABLE, code="unreadable")
        if has_line_break(text):
            raise ValidationError(LINE_BREAK, code="line-break")
        return normalise(super().to_python(text) or "")
