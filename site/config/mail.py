"""Mail without a mail server: each message becomes a file, and shows in the worker's log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class FolderBackend(BaseEmailBackend):
    """Writes messages as .eml files into MICROACQ_MAIL_FOLDER and prints them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message and return how many there were."""
        folder = Path(settings.MICROACQ_MAIL_FOLDER)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            path = folder / self._name(message)
            path.write_bytes(message.message().as_bytes())
            self._show(message, path)
        return len(email_messages)

    @staticmethod
    def _name(message: EmailMessage) -> str:
        moment = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
        subject = re.sub(r"[^A-Za-z0-9]+", "-", str(message.subject)).strip("-")[:60]
        return f"{moment}-{secrets.token_hex(2)}-{subject or 'message'}.eml"

    @staticmethod
    def _show(message: EmailMessage, path: Path) -> None:
        rule = "─" * 72
        print(  # noqa: T201 (this is the mail reader of a demonstration)
            rule,
            f"Mail to {', '.join(message.recipients())}: {message.subject}",
            f"({path})",
            "",
            str(message.body).strip(),
            rule,
            sep="\n",
            flush=True,
        )
