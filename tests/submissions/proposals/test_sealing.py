from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage import x25519

from submissions.proposals import sealing
from submissions.proposals.sealing import CannotOpen, InvalidLink, SealingError, SupplierLink
from submissions.typed_text import has_line_break, has_unreadable, normalise

text = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
documents = st.dictionaries(
    text,
    st.one_of(text, st.booleans(), st.lists(text, max_size=5), st.dictionaries(text, text, max_size=5)),
    max_size=8,
)


@given(documents)
def test_the_canonical_form_says_the_same_and_does_not_depend_on_order(document: dict) -> None:
    canonical = sealing.canonical(document)
    assert json.loads(canonical) == document
    assert sealing.canonical(dict(reversed(document.items()))) == canonical
    assert sealing.canonical(json.loads(canonical)) == canonical


def test_half_a_surrogate_pair_has_no_canonical_form() -> None:
    with pytest.raises(SealingError):
        sealing.canonical({"name": "\ud800"})


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=2000))
def test_each_recipient_alone_opens_what_was_sealed(data: bytes) -> None:
    link, custodian = SupplierLink.generate(), x25519.Identity.generate()
    sealed = sealing.seal(data, [link.recipient, str(custodian.to_public())])
    assert sealing.unseal(sealed, [link.identity]) == data
    assert sealing.unseal(sealed, [str(custodian)]) == data
    assert sealing.unseal(sealed, [str(x25519.Identity.generate()), str(custodian)]) == data


def test_nobody_else_opens_it() -> None:
    sealed = sealing.seal(b"text", [SupplierLink.generate().recipient])
    with pytest.raises(CannotOpen):
        sealing.unseal(sealed, [SupplierLink.generate().identity])
    with pytest.raises(CannotOpen):
        sealing.unseal(sealed, [])


def test_a_damaged_text_is_not_opened() -> None:
    link = SupplierLink.generate()
    sealed = bytearray(sealing.seal(b"text", [link.recipient]))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        sealing.unseal(bytes(sealed), [link.identity])


def test_sealing_to_nobody_or_to_nonsense_is_refused() -> None:
    with pytest.raises(SealingError):
        sealing.seal(b"text", [])
    with pytest.raises(SealingError):
        sealing.seal(b"text", ["age1nonsense"])


def test_a_link_comes_back_from_its_token() -> None:
    link = SupplierLink.generate()
    again = SupplierLink.from_token(link.token)
    assert again == link
    assert (again.recipient, again.digest) == (link.recipient, link.digest)
    assert re.fullmatch(r"[a-z0-9]{58}", link.token)
    assert link.token not in repr(link)


@pytest.mark.parametrize("token", ["", "a", "x" * 58, "A" * 58, "é" * 58, "../etc/passwd", "0" * 5000])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidLink):
        SupplierLink.from_token(token)


def test_a_token_in_capitals_is_not_a_second_name_of_a_link() -> None:
    with pytest.raises(InvalidLink):
        SupplierLink.from_token(SupplierLink.generate().token.upper())


def test_the_nonce_depends_on_link_and_file_alone() -> None:
    link = SupplierLink.generate()
    assert link.nonce("MA-2026-0001") == SupplierLink.from_token(link.token).nonce("MA-2026-0001")
    assert link.nonce("MA-2026-0001") != link.nonce("MA-2026-0002")
    assert link.nonce("MA-2026-0001") != SupplierLink.generate().nonce("MA-2026-0001")


def test_receipt_numbers_can_be_read_aloud_and_do_not_repeat() -> None:
    numbers = {sealing.receipt_number() for _ in range(2000)}
    assert len(numbers) == 2000
    assert all(
        re.fullmatch(rf"R-[{sealing.RECEIPT_ALPHABET}]{{4}}-[{sealing.RECEIPT_ALPHABET}]{{4}}", n)
        for n in numbers
    )
    assert not set("0O1IL5SUNAE") & set(sealing.RECEIPT_ALPHABET)


def test_custodians_are_the_same_in_any_order() -> None:
    assert sealing.recipients_digest(["b", "a", "a"]) == sealing.recipients_digest(["a", "b"])
    assert sealing.recipients_digest(["a"]) != sealing.recipients_digest(["a", "b"])


@given(st.text())
def test_normalising_twice_changes_nothing_more(typed: str) -> None:
    assert normalise(normalise(typed)) == normalise(typed)
    assert "\r" not in normalise(typed)


def test_what_no_person_typed_is_noticed() -> None:
    assert not has_unreadable("Line one\r\n\tline two: é ’ 😀 \u200d")
    for odd in ("\x00", "\x1b[31m", "\ufffd", "\ud800", "\x7f"):
        assert has_unreadable(f"a{odd}b")
    assert has_line_break("a\nBcc: b@example.org")
    assert has_line_break("a\r\n")
    assert has_line_break("a\u2028b")
    assert not has_line_break("Marie-Ève O’Brien")
