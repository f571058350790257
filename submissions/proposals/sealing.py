"""Sealing: what turns the text of a proposal into bytes that only its supplier and the custodians can open.

Owns: the supplier's link, the canonical form of a proposal's text and its digest, age encryption, receipt numbers.
Imports nothing of Django or of the project: no database, no settings, no clock. Who the custodians are is the caller's
affair, and no function here reads a key from a file (``custody`` does, for the opening alone).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyrage
import rfc8785
from pyrage import x25519

_PREFIX = "AGE-SECRET-KEY-1"

#: No vowels, so no words by chance, and nothing that is read for something else: no 0 O, 1 I L, 5 S, N.
RECEIPT_ALPHABET = "2346789BCDFGHJKMPQRTVWXY"


class SealingError(Exception):
    """Something could not be sealed or opened."""


class InvalidLink(SealingError):
    """A token that no supplier's link carries."""


class CannotOpen(SealingError):
    """None of the keys given opens the sealed text, or it was damaged."""


@dataclass(frozen=True)
class SupplierLink:
    """The secret in a supplier's own link: an age identity that the server gives out and does not keep.

    ``token`` is the body of the identity in lower case. The database keeps ``digest`` only, to find the proposal again
    when the link comes back.
    """

    token: str

    @classmethod
    def generate(cls) -> SupplierLink:
        """A fresh link."""
        return cls(str(x25519.Identity.generate()).removeprefix(_PREFIX).lower())

    @classmethod
    def from_token(cls, token: str) -> SupplierLink:
        """The link that ``token`` names.

        Raises:
            InvalidLink: it is not the token of a link.
        """
        link = cls(token)
        try:
            link.recipient  # noqa: B018 - reading it parses the token
        except (pyrage.IdentityError, ValueError) as error:
            raise InvalidLink("This is not the token of a supplier’s link.") from error
        return link

    @property
    def identity(self) -> str:
        """The age identity, as the ``age`` program writes it."""
        if not (self.token.isascii() and self.token.isalnum() and self.token.islower()):
            raise ValueError("A token is lower-case letters and digits.")
        return f"{_PREFIX}{self.token.upper()}"

    @cached_property
    def recipient(self) -> str:
        """What to seal to so that this link can open it."""
        return str(x25519.Identity.from_str(self.identity).to_public())

    @cached_property
    def digest(self) -> str:
        """What the database keeps of the link. The token has 256 random bits, so a plain digest gives nothing away."""
        return hashlib.sha256(self.token.encode()).hexdigest()

    def nonce(self, number: str) -> str:
        """What makes the digest of a text sent with this link to file ``number`` impossible to guess from the text.

        It depends on nothing else, so sending the same text twice gives the same digest, hence the same receipt.
        """
        return hmac.new(self.token.encode(), f"nonce/{number}".encode(), hashlib.sha256).hexdigest()

    def __repr__(self) -> str:
        return f"<SupplierLink {self.digest[:8]}>"


def canonical(text: Mapping[str, Any]) -> bytes:
    """``text`` as RFC 8785 JSON: the one byte sequence that is digested, sealed and, later, read.

    Raises:
        SealingError: it holds something that JSON cannot, such as half a surrogate pair.
    """
    try:
        return bytes(rfc8785.dumps(dict(text)))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise SealingError("This text has no canonical form.") from error


def digest(data: bytes) -> str:
    """SHA-256, in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def seal(data: bytes, recipients: Iterable[str]) -> bytes:
    """``data`` encrypted so that each of ``recipients`` (``age1…``) can open it alone.

    Raises:
        SealingError: there is no recipient, or one is malformed.
    """
    try:
        parsed = [x25519.Recipient.from_str(recipient) for recipient in dict.fromkeys(recipients)]
    except pyrage.RecipientError as error:
        raise SealingError("A recipient is not an age X25519 public key.") from error
    if not parsed:
        raise SealingError("There is nobody to seal to.")
    return bytes(pyrage.encrypt(data, parsed))


def unseal(sealed: bytes, identities: Iterable[str]) -> bytes:
    """What ``seal`` was given, opened by any of ``identities`` (``AGE-SECRET-KEY-1…``).

    Raises:
        CannotOpen: no identity opens it, or it was damaged.
    """
    try:
        parsed = [x25519.Identity.from_str(identity) for identity in identities]
        return bytes(pyrage.decrypt(bytes(sealed), parsed))
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise CannotOpen("No key given opens this.") from error


def recipients_digest(recipients: Iterable[str]) -> str:
    """Names a set of custodians, whatever the order they are listed in."""
    return digest("\n".join(sorted(set(recipients))).encode())


def receipt_number() -> str:
    """A number that says nothing of who sent what or when, and that a person can read over the telephone."""
    letters = [secrets.choice(RECEIPT_ALPHABET) for _ in range(8)]
    return f"R-{''.join(letters[:4])}-{''.join(letters[4:])}"
