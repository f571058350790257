"""What the public types as an address is one that can be written to, or is refused with a sentence."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from hypothesis import given
from hypothesis import strategies as st

from submissions.typed_text import Address


def cleaned(typed: str) -> str | None:
    """What is taken of an address; None when it is refused."""
    try:
        return str(Address().clean(typed))
    except ValidationError:
        return None


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("camille@example.org", "camille@example.org"),
        (" Camille.T+x@EXAMPLE.org ", "Camille.T+x@EXAMPLE.org"),
        ("a@forêt.ca", "a@xn--fort-ipa.ca"),
        ("a@exemple。ca", "a@exemple.ca"),
        ("\N{LATIN SMALL LETTER DOTLESS I}da@example.org", None),
        ("\N{LATIN SMALL LETTER LONG S}am@example.org", None),
        ("a@\N{ZERO WIDTH JOINER}.ca", None),
        ("a@.example.org", None),
        ("a@א1b.ca", None),
        ("a@" + "é" * 63 + ".ca", None),
        ("root@localhost", None),
        ("root@[127.0.0.1]", None),
        ('"a\x01b"@example.org', None),
        ("a@example.org\r\nBcc: b@example.org", None),
    ],
)
def test_an_address_is_taken_as_mail_writes_it_or_refused(typed: str, taken: str | None) -> None:
    assert cleaned(typed) == taken


@given(st.text(max_size=12), st.text(min_size=1, max_size=20))
def test_whatever_address_is_taken_a_message_to_it_can_be_made(local: str, domain: str) -> None:
    if address := cleaned(f"{local or 'a'}@{domain}.ca"):
        assert address.isascii()
        assert EmailMessage("subject", "body", "from@example.ca", [address]).message()["To"]
