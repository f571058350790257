"""The keys of this stage: whom proposals are sealed to, and the reading key of opened ones.

Owns: reading keys from the settings. ``custodian_identities`` is the only function that reads a custodian's
private key; ``opening`` calls it, in the worker or at a terminal, never in a web request. Imports no model.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyrage import IdentityError, x25519

_PREFIX = "AGE-SECRET-KEY-1"
#: What stands in place of a text that was erased at the end of its retention period; no key opens it.
ERASED = "erased"


class Erased(Exception):
    """The text was erased when its retention period ended; a certificate says when and what."""


class KeyFileError(Exception):
    """A custodian's key file cannot be used; the message names the file and never its content."""


@dataclass(frozen=True)
class CustodianKey:
    """A private key and the file it was read from."""

    path: Path
    identity: str

    @property
    def recipient(self) -> str:
        """The public half."""
        return str(x25519.Identity.from_str(self.identity).to_public())

    def __repr__(self) -> str:
        return f"<CustodianKey {self.path.name}>"


def custodian_recipients() -> list[str]:
    """The public keys of the custodians, to whom every proposal is sealed besides its supplier."""
    recipients = list(settings.MICROACQ_CUSTODIAN_RECIPIENTS)
    if not recipients:
        raise ImproperlyConfigured("MICROACQ_CUSTODIAN_RECIPIENTS names nobody who could open a proposal.")
    return recipients


def custodian_identities(paths: Sequence[str | Path] | None = None) -> list[CustodianKey]:
    """The custodians' private keys, from ``paths`` or the files that the settings name.

    Raises:
        KeyFileError: a file cannot be read or holds no age key.
    """
    keys = [
        CustodianKey(Path(path), identity)
        for path in (settings.MICROACQ_CUSTODIAN_KEY_FILES if paths is None else paths)
        for identity in _identities_in(Path(path))
    ]
    if not keys:
        raise KeyFileError("No custodian’s key is configured here: set MICROACQ_CUSTODIAN_KEY_FILES.")
    return keys


def _identities_in(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"The key file {path} cannot be read.") from error
    identities = [line.strip() for line in lines if line.strip().startswith(_PREFIX)]
    try:
        for identity in identities:
            x25519.Identity.from_str(identity)
    except IdentityError as error:
        raise KeyFileError(f"The key file {path} holds a damaged key.") from error
    if not identities:
        raise KeyFileError(f"The key file {path} holds no age key.")
    return identities


def make_key(path: Path) -> str:
    """Write a new private key to ``path``, which must not exist, for its owner’s eyes only.

    Returns:
        The recipient to put into the settings.

    Raises:
        KeyFileError: the file exists or cannot be written.
    """
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyFileError(f"{path} cannot be made: {error.strerror}.") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(f"# public key: {recipient}\n{identity}\n")
    return recipient


def lock(data: bytes) -> str:
    """``data`` under the newest reading key: the text of an opened proposal at rest."""
    return _reading_keys().encrypt(data).decode("ascii")


def unlock(locked: str) -> bytes:
    """What ``lock`` was given.

    Raises:
        Erased: nothing is left of it.
        ImproperlyConfigured: the key that it was locked with is no longer in the settings, or it was changed since.
    """
    if locked == ERASED:
        raise Erased("The text was erased at the end of its retention period.")
    keys = _reading_keys()
    try:
        token = locked.encode("ascii")
        # Base64 reads several spellings of its last letter, and skips what it does not know, as the same bytes.
        if base64.urlsafe_b64encode(base64.urlsafe_b64decode(token)) != token:
            raise InvalidToken
        return keys.decrypt(token)
    except (InvalidToken, ValueError) as error:
        raise ImproperlyConfigured("No key in MICROACQ_READING_KEY opens this.") from error


def digest(locked: str) -> str:
    """By what the audit knows a locked text, whoever has the key; empty for none.

    The SHA-256 of the ciphertext, in which 128 random bits are: nobody guesses the text from it once that is purged.
    """
    return hashlib.sha256(locked.encode()).hexdigest() if locked else ""


def is_as_recorded(recorded: object, computed: object, erased: Collection[str]) -> bool:
    """Whether a digest is the recorded one, or its text was erased and a certificate names the recorded one.

    Args:
        recorded: What the audit says.
        computed: ``digest`` of what is stored now.
        erased: ``solicitations.proofs.erased_digests`` of the file.
    """
    return recorded == computed or (computed == digest(ERASED) and recorded in erased)


def _reading_keys() -> MultiFernet:
    keys = list(settings.MICROACQ_READING_KEY)
    if not keys:
        raise ImproperlyConfigured("MICROACQ_READING_KEY is empty.")
    return MultiFernet([Fernet(key) for key in keys])
