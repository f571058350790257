"""Where returned mail is fetched from: a Maildir or an IMAP mailbox that the settings name.

Owns: ``MICROACQ_BOUNCES``, ``maildir:/path`` or ``imaps://user:password@host:port/folder``. A report about a message of
this site is deleted once it was taken in, in that order, so that a process killed in between takes it in again, which
changes nothing. Everything else is left for a person, marked as seen, and so is what cannot be taken in: anybody can
write to the mailbox, and one message must not keep the others from being read. Imports no view and no later stage.
"""

from __future__ import annotations

import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError

from .reports import LONGEST
from .services import take

logger = logging.getLogger(__name__)

#: A mailbox is looked into so often at most, in seconds.
EVERY = 300
TIMEOUT = 30
PORTS = {"imap": 143, "imaps": 993}
DUE = "microacq-bounces-fetched"


def fetch_when_due() -> int:
    """Fetch where the settings say, unless somebody did some minutes ago; returns how many were taken in."""
    if not settings.MICROACQ_BOUNCES or not cache.add(DUE, True, EVERY):
        return 0
    return fetch(settings.MICROACQ_BOUNCES)


def fetch(address: str) -> int:
    """Take in what a mailbox holds and nobody has seen.

    Args:
        address: As in the settings.

    Returns:
        How many reports were taken in.

    Raises:
        ImproperlyConfigured: the address is of neither kind.
        OSError, imaplib.IMAP4.error: the mailbox cannot be read.
    """
    parts = urlsplit(address)
    if parts.scheme == "maildir":
        return fetch_maildir(Path(parts.path))
    if parts.scheme in {"imap", "imaps"} and parts.hostname:
        return _fetch_imap(address)
    raise ImproperlyConfigured("MICROACQ_BOUNCES must begin with maildir: or imaps://")


def fetch_maildir(folder: Path) -> int:
    """Take in what is new in a Maildir; returns how many reports were taken in.

    Raises:
        FileNotFoundError: there is none.
    """
    if not (folder / "new").is_dir():
        raise FileNotFoundError(f"{folder} is no Maildir")
    taken = 0
    # As files: Python’s mailbox would read each message as a whole, however deep its parts are within each other.
    for path in sorted((folder / "new").iterdir()):
        with path.open("rb") as file:
            raw = file.read(LONGEST)
        if _taken(raw):
            path.unlink(missing_ok=True)
            taken += 1
        else:
            path.rename(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")
    return taken


def _taken(raw: bytes) -> bool:
    """Whether a message was a report that was taken in; what fails for any reason of its own is left for a person."""
    try:
        return take(raw)
    except (OperationalError, InterfaceError):
        raise  # of the database, not of the message: it is looked at again
    except Exception:
        logger.exception("A returned message could not be taken in")
        return False


def _fetch_imap(address: str) -> int:
    taken = 0
    with _imap(address) as box:
        _kind, found = box.uid("SEARCH", "UNSEEN")
        for number in (found[0] or b"").split():
            _kind, parts = box.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{LONGEST}>)")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            if _taken(raw):
                box.uid("STORE", number.decode(), "+FLAGS", r"(\Seen \Deleted)")
                taken += 1
            else:
                box.uid("STORE", number.decode(), "+FLAGS", r"(\Seen)")
        box.expunge()
    return taken


@contextmanager
def _imap(address: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    # Alone, imaplib believes any certificate.
    trusted = ssl.create_default_context()
    with (
        imaplib.IMAP4_SSL(host, port, ssl_context=trusted, timeout=TIMEOUT)
        if parts.scheme == "imaps"
        else imaplib.IMAP4(host, port, timeout=TIMEOUT)
    ) as box:
        if parts.scheme == "imap" and "STARTTLS" in box.capabilities:
            box.starttls(trusted)
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        kind_of_answer, _said = box.select(f'"{folder}"')
        if kind_of_answer != "OK":
            raise imaplib.IMAP4.error(f"The mailbox has no folder {folder}")
        yield box
