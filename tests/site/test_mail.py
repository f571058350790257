"""Without a mail server, mail can still be read."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage

from config.mail import FolderBackend


def test_each_message_becomes_a_file_and_shows(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MICROACQ_MAIL_FOLDER = tmp_path / "mail"
    messages = [
        EmailMessage(f"Reçu {number}", "Voilà.\n", "a@example.org", ["b@example.org"]) for number in (1, 2)
    ]
    assert FolderBackend().send_messages(messages) == 2
    files = sorted((tmp_path / "mail").glob("*.eml"))
    read = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    assert [message["subject"] for message in read] == ["Reçu 1", "Reçu 2"]
    shown = capsys.readouterr().out
    assert "b@example.org: Reçu 1" in shown
    assert "Voilà." in shown
