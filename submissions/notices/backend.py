"""The outbox as Django's e-mail backend.

Owns the way of every message of the site, Wagtail's own included, into ``OutgoingMessage``: in the
transaction of the act that causes it, one row for each recipient, so that nobody sees who else received it.
Imports no later stage.

Headers that a caller may set, none of which leaves the server:

- ``X-Microacq-Kind``: what kind of message it is.
- ``X-Microacq-Key``: idempotency key; a second message with the same key to the same recipient is not queued.
- ``X-Microacq-File``: number of the procurement file.
- ``X-Microacq-Language``: language of the message.
- ``X-Microacq-Private``: ``1`` if it carries a link or personal data. A message that names no kind is taken
  as private, because nothing is known of what it carries.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterator, Sequence
from email.utils import formatdate, make_msgid, parseaddr
from functools import cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from wagtail.log_actions import get_active_log_context

from submissions.audit.masking import mask_address

from .crypto import encrypt
from .envelope import write_down
from .following.subscribers import digest_of_address
from .kinds import KINDS
from .letters import kept_of
from .models import OutgoingMessage
from .tasks import deliver_message, queue

HEADER_PREFIX = "x-microacq-"
UNNAMED_KIND = "other"


class OutboxBackend(BaseEmailBackend):
    """Writes messages into the outbox; delivery is the business of ``submissions.notices.delivery``."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue messages; returns how many were taken, repeated ones included.

        Errors are never silenced: in a transaction a failed insert must undo the act as well.
        """
        messages = [message for message in email_messages or () if message.recipients()]
        rows = [row for message in messages for row in _rows_of(message)]
        # No savepoint of its own: what cannot be stored takes the act with it.
        with transaction.atomic(savepoint=False):
            for address, row in rows:
                pk = _keep(row, address)
                if pk is not None:
                    of_a_crowd = row.kind in KINDS and KINDS[row.kind].of_a_crowd
                    queue(deliver_message, pk, of_a_crowd=of_a_crowd)
        return len(messages)


def _rows_of(message: EmailMessage) -> Iterator[tuple[str, OutgoingMessage]]:
    """A row for each recipient, with the address."""
    # Raises in the caller's sight what would otherwise fail at delivery: a line break in a header, say.
    message.message()
    marks, headers = _split_headers(message)
    kind = marks.get("kind", UNNAMED_KIND)
    private = marks.get("private") == "1" or "kind" not in marks
    recipients = list(dict.fromkeys(message.recipients()))
    for recipient in recipients:
        address = parseaddr(recipient)[1]
        message_id = _message_id(message, headers, alone=len(recipients) == 1)
        own_headers = {**headers, "Message-ID": message_id, "Date": headers.get("Date") or formatdate()}
        yield (
            address,
            OutgoingMessage(
                idempotency_key=_key(marks.get("key"), recipient, alone=len(recipients) == 1),
                kind=kind,
                message_id=message_id,
                file_number=marks.get("file", ""),
                language=marks.get("language", ""),
                to_masked=mask_address(address),
                subject="" if private else str(message.subject),
                private=private,
                payload=encrypt(write_down(message, recipient, own_headers)),
                letter=kept_of(kind, str(message.subject), str(message.body)) if marks.get("file") else b"",
                cause=get_active_log_context().uuid,
            ),
        )


def _keep(row: OutgoingMessage, address: str) -> int | None:
    """Insert a row, with the subscriber of its address; returns its key, or nothing where one has its key already."""
    sql, fields = _insertion()
    values = [
        digest_of_address(address)
        if field.name == "subscriber"
        else field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        kept = cursor.fetchone()
    return kept[0] if kept else None


@cache
def _insertion() -> tuple[str, list[Any]]:
    """One statement for what would be four with a savepoint: Django has none that says whether it inserted a row."""
    meta = OutgoingMessage._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key and not field.has_db_default()]
    subscriber = "(SELECT id FROM submissions_subscriber WHERE address_digest = %s)"
    values = ", ".join(subscriber if field.name == "subscriber" else "%s" for field in fields)
    columns = ", ".join(str(field.column) for field in fields)
    statement = (
        f"INSERT INTO {meta.db_table} ({columns}) VALUES ({values}) "  # noqa: S608 (names, no values)
        "ON CONFLICT (idempotency_key) DO NOTHING RETURNING id"
    )
    return statement, fields


def _split_headers(message: EmailMessage) -> tuple[dict[str, str], dict[str, str]]:
    """What the headers tell the outbox, and the headers that go out."""
    marks: dict[str, str] = {}
    headers: dict[str, str] = {}
    for name, value in message.extra_headers.items():
        lowered = name.lower()
        if lowered.startswith(HEADER_PREFIX):
            marks[lowered.removeprefix(HEADER_PREFIX)] = str(value)
        elif lowered not in {"to", "cc", "bcc"}:
            headers[_canonical(name)] = str(value)
    return marks, headers


def _canonical(name: str) -> str:
    return {"message-id": "Message-ID", "date": "Date"}.get(name.lower(), name)


def _message_id(message: EmailMessage, headers: dict[str, str], *, alone: bool) -> str:
    """The caller's Message-ID, or a new one: two recipients never share one."""
    if alone and "Message-ID" in headers:
        return headers["Message-ID"]
    domain = parseaddr(message.from_email)[1].rpartition("@")[2]
    return make_msgid(domain=domain or "localhost")


def _key(key: str | None, recipient: str, *, alone: bool) -> str:
    """The key of one row; recipients of one message are told apart by a digest that does not name them."""
    if key is None:
        return uuid.uuid4().hex
    if alone:
        return key
    digest = hmac.new(settings.SECRET_KEY.encode(), recipient.lower().encode(), hashlib.sha256).hexdigest()
    return f"{key}:{digest[:16]}"
