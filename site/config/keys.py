"""Keys for trying and testing, made once. Production never calls this module: its keys come from outside.

A folder holds the custodian's age identity (and its public recipient), the two Fernet keys and Django's
secret. Nothing is ever overwritten: what was sealed with a key must stay readable.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyrage
from cryptography.fernet import Fernet

CUSTODIAN_FILE = "custodian.age"


@dataclass(frozen=True)
class Keys:
    """What the settings take from a folder of keys."""

    secret_key: str
    custodian_recipient: str
    custodian_file: Path
    reading_key: str
    mail_key: str


def ensure_keys(folder: Path) -> Keys:
    """Return the keys in `folder`, making those that are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    identity = _ensure(folder / CUSTODIAN_FILE, lambda: str(pyrage.x25519.Identity.generate()))
    return Keys(
        secret_key=_ensure(folder / "secret", lambda: secrets.token_urlsafe(64)),
        custodian_recipient=str(pyrage.x25519.Identity.from_str(identity).to_public()),
        custodian_file=folder / CUSTODIAN_FILE,
        reading_key=_ensure(folder / "reading.key", _fernet_key),
        mail_key=_ensure(folder / "mail.key", _fernet_key),
    )


def _fernet_key() -> str:
    return Fernet.generate_key().decode()


def _ensure(path: Path, make: Callable[[], str]) -> str:
    """Return the text of a key file. Two processes may start at once, so the first to link its file wins."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make() + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
