"""Addresses are shortened so that nobody else learns them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.audit.masking import MASK, mask_address, mask_addresses

NAMES = st.from_regex(r"[a-z0-9._+-]{2,30}", fullmatch=True)
DOMAINS = st.from_regex(r"[a-z0-9-]{2,20}(\.[a-z0-9-]{2,10}){0,2}\.[a-z]{2,6}", fullmatch=True)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("marie@example.ca", "m•••@•••.ca"),
        ("m@example.ca", "•••@•••.ca"),
        ("élise.côté@exemple.québec", "é•••@•••.québec"),
        ("root@localhost", "r•••@•••"),
        ("a@b@c.org", "a•••@•••.org"),
        ("nobody@[192.0.2.1]", "n•••@•••"),
        ("not an address", MASK),
        ("@example.ca", MASK),
        ("", MASK),
    ],
)
def test_an_address_keeps_its_first_letter_and_its_last_domain(address: str, masked: str) -> None:
    assert mask_address(address) == masked


@given(name=NAMES, domain=DOMAINS)
def test_no_more_than_the_first_letter_of_a_name_is_left(name: str, domain: str) -> None:
    masked = mask_address(f"{name}@{domain}")
    assert masked == f"{name[0]}{MASK}@{MASK}.{domain.rpartition('.')[2]}"


@given(before=st.text(), name=NAMES, domain=DOMAINS, after=st.text())
def test_no_address_in_a_text_survives(before: str, name: str, domain: str, after: str) -> None:
    masked = mask_addresses(f"{before} <{name}@{domain}>, {after}")
    assert f"{name}@{domain}" not in masked or f"{name}@{domain}" in f"{before} {after}"


@given(st.text().filter(lambda text: "@" not in text))
def test_a_text_without_addresses_stays_as_it_is(text: str) -> None:
    assert mask_addresses(text) == text


@given(st.text(alphabet="ab@.<>\"'(),;: \n", max_size=60))
def test_masking_never_fails_and_never_leaves_an_unmasked_address(text: str) -> None:
    masked = mask_addresses(text)
    assert mask_addresses(masked).count("@") == masked.count("@")


@given(st.text(max_size=40))
def test_an_address_is_masked_whatever_it_is(text: str) -> None:
    assert MASK in mask_address(text)
