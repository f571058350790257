"""What a proposal says, as data: the shape that is sealed, and the clean form of what a person types.

Owns: the keys of the sealed text, normalisation, and what cannot be part of it. Imports no model and no form.
"""

from __future__ import annotations

import unicodedata
from typing import Literal, TypedDict

SCHEMA = "proposal/1"

#: How a browser or Django shows bytes that are no text in the encoding announced.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

Residency = Literal["canadian", "first_nations", "metis", "inuit", "permanent_resident", "work_permit"]


class Eligibility(TypedDict):
    """What the law asks of whoever signs a contract."""

    age_and_capacity: bool
    status: Residency


class AcceptedTerms(TypedDict):
    """The terms as they stood: which item of the posting, and the digest of its text in both languages."""

    identity: str
    digest: str


class ProposalText(TypedDict):
    """The text that is sealed. ``identity`` keys are those of the posted items."""

    schema: str
    number: str
    posting: str
    locale: str
    name: str
    business_name: str
    email: str
    correspondence_language: str
    eligibility: Eligibility
    answers: dict[str, str]
    checklist: list[str]
    questions: dict[str, str | list[str]]
    confirmations: list[str]
    terms: list[AcceptedTerms]
    nonce: str


def normalise(text: str) -> str:
    """The same text, whatever keyboard or browser sent it: composed letters, line feeds, no white space around."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_unreadable(text: str) -> bool:
    """Whether ``text`` has what no person typed: broken encoding, control characters, halves of surrogate pairs."""
    return any(
        character == REPLACEMENT
        or (unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r")
        for character in text
    )


def has_line_break(text: str) -> bool:
    """Whether ``text`` runs over a line: in a name or an address that is an attempt on the headers of a message."""
    return len(text.splitlines()) > 1 or text != text.strip("\r\n")
