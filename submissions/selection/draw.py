"""The draw itself, as arithmetic: the order of candidates by ICANN OCTO-41, and the texts that it is made of.

Source: ICANN OCTO-41, *A Verifiable and Reproducible Random Candidate Selection Process* (25 February 2025). Each
candidate's name, a slash and one public text are written as lower-case hexadecimal of their UTF-8 bytes; the SHA-256 of
that is the candidate's hash; the candidates stand in descending order of their hashes. Nothing depends on the order in
which they are given. Here a candidate is the receipt number of an application.

Owns: the version of the method, the canonical list, digest, commitment, the public text, the order. Imports nothing of
Django or of the project: no database, no settings, no clock. ``verify.py`` beside it computes the same from the
published bundle alone and shares no line with this module.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import rfc8785

#: Names the whole method; the first field of the public text and a field of the canonical list.
VERSION = "v1"


class DrawError(ValueError):
    """These candidates, or this text, cannot be drawn with."""


@dataclass(frozen=True)
class Ranked:
    """A candidate in its place.

    Attributes:
        rank: 1 is selected, the others are the reserve in this order.
        name: The candidate.
        hashed: What was hashed, in hexadecimal: digits and letters only, so that it is safe in any command line.
        hash: Its SHA-256, in lower-case hexadecimal.
    """

    rank: int
    name: str
    hashed: str
    hash: str


def order(candidates: Iterable[str], public_text: str) -> list[Ranked]:
    """Every candidate in the drawn order, by OCTO-41.

    Args:
        candidates: Their names, in any order.
        public_text: The text that OCTO-41 calls D.

    Raises:
        DrawError: there is no candidate, one is named twice, or a text holds control characters.
    """
    names = list(candidates)
    _require_drawable(names, public_text)
    hashed = {name: f"{name}/{public_text}".encode().hex() for name in names}
    hashes = {name: sha256(text) for name, text in hashed.items()}
    in_order = sorted(names, key=lambda name: (hashes[name], name), reverse=True)
    return [Ranked(rank, name, hashed[name], hashes[name]) for rank, name in enumerate(in_order, start=1)]


def _require_drawable(names: list[str], public_text: str) -> None:
    if not names:
        raise DrawError("There is no candidate.")
    if len(set(names)) != len(names):
        raise DrawError("A candidate is named twice.")
    # OCTO-41's own program writes bytes below 16 with one digit: with control characters its hash would be another.
    if not all(text and text.isprintable() for text in (*names, public_text)):
        raise DrawError("Names and the public text are printable and not empty.")


def sha256(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of a text, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits, in hexadecimal."""
    return secrets.token_hex(32)


def commitment(secret: str) -> str:
    """What is published of a secret before anybody applies: its SHA-256."""
    return sha256(secret)


def canonical_list(number: str, sequence: int, evaluation: str, candidates: Iterable[str]) -> str:
    """The list of candidates as RFC 8785 JSON: the one text whose digest is published when the list is frozen.

    Args:
        number: Number of the file.
        sequence: Which list of the file it is, from 1.
        evaluation: Digest of the verdicts that were signed off, so that they are as fixed as the list.
        candidates: Receipt numbers, in any order; the list holds them sorted.

    Raises:
        DrawError: there is none, or one is named twice.
    """
    names = sorted(candidates)
    _require_drawable(names, number)
    document: dict[str, Any] = {
        "candidates": names,
        "evaluation": evaluation,
        "file": number,
        "list": sequence,
        "method": VERSION,
    }
    return rfc8785.dumps(document).decode()


def public_text(number: str, list_digest: str, secret: str, public_input: str) -> str:
    """The text D: method, file, frozen list, secret, and what nobody could know when the list was frozen.

    The first four fields hold no slash, so that no two different sets of fields give the same text.

    Raises:
        DrawError: one of the first three holds a slash, or one is empty.
    """
    fields = (VERSION, number, list_digest, secret)
    if not public_input or not all(fields) or any("/" in field for field in fields):
        raise DrawError("The fields before the public input are not empty and hold no slash.")
    return "/".join((*fields, public_input))
