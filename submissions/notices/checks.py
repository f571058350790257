"""Refuses settings with which mail would be lost, loop, or be sent twice without need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from .delivery import lease

OUTBOX = "submissions.notices.backend.OutboxBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@register
def check_mail_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What is wrong with the settings of outgoing mail."""
    found: list[CheckMessage] = []
    if not getattr(settings, "MICROACQ_MAIL_KEY", None):
        found.append(Error("MICROACQ_MAIL_KEY names no key: no mail could be kept.", id="submissions.E001"))
    delivering = getattr(settings, "MICROACQ_DELIVERY_BACKEND", "")
    if not delivering or delivering == OUTBOX:
        found.append(
            Error(
                "MICROACQ_DELIVERY_BACKEND must name the backend that really sends, not the outbox.",
                id="submissions.E002",
            )
        )
    timeout = getattr(settings, "EMAIL_TIMEOUT", None)
    if delivering == SMTP and (timeout is None or timeout >= lease().total_seconds()):
        found.append(
            Warning(
                "EMAIL_TIMEOUT must be set, and shorter than MICROACQ_MAIL_LEASE: a mail server that hangs "
                "would otherwise let a second worker send the same message.",
                id="submissions.W001",
            )
        )
    return found
