"""Writes a message down for later, and makes it again from what was written.

Owns the form of an encrypted payload: JSON of the parts of one message to one recipient, with its
Message-ID and date already fixed, so that a repeated delivery is recognizably the same message. The parts
are kept rather than finished MIME text because delivering backends of other services (an HTTP interface)
want subject and body, and because Django then makes the MIME text in the form that its own version of the
SMTP backend expects. Imports no model.
"""

from __future__ import annotations

import base64
import json
from email import message_from_bytes
from email.encoders import encode_base64
from email.message import Message
from email.mime.base import MIMEBase
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives


def write_down(message: EmailMessage, recipient: str, headers: dict[str, str]) -> bytes:
    """The message to one recipient as bytes, without naming the others."""
    return json.dumps(
        {
            "subject": str(message.subject),
            "body": str(message.body),
            "subtype": message.content_subtype,
            "encoding": message.encoding if isinstance(message.encoding, str) else None,
            "from": message.from_email,
            "to": recipient,
            "reply_to": list(message.reply_to),
            "headers": headers,
            "alternatives": [
                [_text(content), mimetype] for content, mimetype in getattr(message, "alternatives", [])
            ],
            "attachments": [_write_attachment(attachment) for attachment in message.attachments],
        },
        ensure_ascii=False,
    ).encode()


def make_again(written: bytes, connection: Any = None) -> EmailMultiAlternatives:
    """The message that was written down, ready to be sent over a connection."""
    parts = json.loads(written)
    message = EmailMultiAlternatives(
        subject=parts["subject"],
        body=parts["body"],
        from_email=parts["from"],
        to=[parts["to"]],
        reply_to=parts["reply_to"],
        headers=parts["headers"],
        alternatives=[tuple(alternative) for alternative in parts["alternatives"]],
        connection=connection,
    )
    message.content_subtype = parts["subtype"]
    message.encoding = parts["encoding"]
    for attachment in parts["attachments"]:
        _attach(message, attachment)
    return message


def _text(content: Any) -> str:
    return content.decode() if isinstance(content, bytes) else str(content)


def _write_attachment(attachment: Any) -> dict[str, Any]:
    if isinstance(attachment, Message):
        return {"mime": base64.b64encode(attachment.as_bytes()).decode()}
    filename, content, mimetype = attachment
    binary = isinstance(content, bytes)
    return {
        "filename": filename,
        "mimetype": mimetype,
        "binary": binary,
        "content": base64.b64encode(content).decode() if binary else str(content),
    }


def _attach(message: EmailMessage, written: dict[str, Any]) -> None:
    if "mime" not in written:
        content = base64.b64decode(written["content"]) if written["binary"] else written["content"]
        message.attach(written["filename"], content, written["mimetype"])
        return
    original = message_from_bytes(base64.b64decode(written["mime"]))
    part = MIMEBase(original.get_content_maintype(), original.get_content_subtype())
    part.set_payload(original.get_payload(decode=True))
    encode_base64(part)
    for name, value in original.items():
        if name.lower() not in {"content-type", "content-transfer-encoding", "mime-version"}:
            part[name] = value
    message.attach(part)
