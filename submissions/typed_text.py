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
from django.core.validators import EmailValidator
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


class _ReachableAddress(EmailValidator):
    """An address of somebody elsewhere: a server named by digits, and ours, is not where anybody is written to."""

    def validate_domain_part(self, domain_part: str) -> bool:
        return bool(self.domain_regex.match(domain_part))


class Address(forms.EmailField):
    """An e-mail address to which a message can be sent, its domain as mail servers write it.

    Before the ``@`` only ASCII is taken: a long s, for one, is another address to mail, and the same to whoever
    compares without case.
    """

    default_validators = [_ReachableAddress(allowlist=[])]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if has_unreadable(text):
            raise ValidationError(UNREADABLE, code="unreadable")
        if has_line_break(text):
            raise ValidationError(LINE_BREAK, code="line-break")
        local, at, domain = normalise(super().to_python(text) or "").rpartition("@")
        try:
            return f"{local.encode('ascii').decode()}{at}{as_mail_writes(domain)}"
        except UnicodeError as error:
            message = self.error_messages.get("invalid", EmailValidator.message)
            raise ValidationError(message, code="invalid") from error


def as_mail_writes(domain: str) -> str:
    """A domain in the letters that mail servers know (RFC 3490, as Django’s mail writes it).

    Raises:
        UnicodeError: no domain can be called so.
    """
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")


def typed_in(form: forms.BaseForm) -> list[tuple[str, str]]:
    """What was typed into a form that is not shown again, each text with its label: to be copied to where it can go."""
    if not form.is_bound:
        return []
    texts = [each for each in form.visible_fields() if isinstance(each.field, forms.CharField)]
    return [(str(each.label), text) for each in texts if (text := str(each.value() or "").strip())]
