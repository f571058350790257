"""Encryption of what waits in the outbox, under the server's mail key.

Owns the only use of ``MICROACQ_MAIL_KEY``: the first key encrypts, all of them decrypt, so that keys can be
rotated. Imports no model.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class UnreadableMessageError(Exception):
    """No mail key of this server opens the message."""


def encrypt(plain: bytes) -> bytes:
    """Encrypt under the newest key."""
    return _keys(_configured()).encrypt(plain)


def decrypt(sealed: bytes | memoryview) -> bytes:
    """Decrypt with whichever key fits.

    Raises:
        UnreadableMessageError: none does, or the text was changed.
    """
    try:
        return _keys(_configured()).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise UnreadableMessageError("No mail key of this server opens the message.") from error


def _configured() -> tuple[str, ...]:
    value = getattr(settings, "MICROACQ_MAIL_KEY", None) or ()
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(part.strip() for part in parts if part.strip())


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("MICROACQ_MAIL_KEY names no key, so no mail can be kept for sending.")
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured("MICROACQ_MAIL_KEY holds a key that is not a Fernet key.") from error
