"""Fixtures for tests of the outbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from submissions.notices.backend import OutboxBackend
from submissions.notices.models import OutgoingMessage
from tests.support.committed import committed_database

__all__ = ["committed_database"]

OUTBOX = f"{OutboxBackend.__module__}.{OutboxBackend.__qualname__}"
IN_MEMORY = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def outbox(settings: Any) -> Any:
    """The outbox as in real use, where Django's test runner has put a backend of its own in its place.

    What is delivered is then in ``django.core.mail.outbox``.
    """
    settings.EMAIL_BACKEND = OUTBOX
    settings.MICROACQ_DELIVERY_BACKEND = IN_MEMORY
    mail.outbox = []
    return OutgoingMessage.objects


@pytest.fixture(autouse=True)
def _outbox_everywhere(outbox: Any) -> None:
    """Every test here uses it."""


@pytest.fixture
def send() -> Callable[..., None]:
    """Send a message with Django's own means."""

    def send_message(*recipients: str, **changes: Any) -> None:
        parts = {
            "subject": "Deadline moved",
            "body": "The new deadline is on the page.",
            "from_email": "buy@example.gc.ca",
            "to": list(recipients) or ["marie@example.org"],
            "headers": {"X-Microacq-Kind": "deadline_moved"},
            **changes,
        }
        html = parts.pop("html", None)
        message = EmailMultiAlternatives(**parts)
        if html:
            message.attach_alternative(html, "text/html")
        message.send()

    return send_message


@pytest.fixture
def operator(db: None) -> Any:
    """Somebody who may look at outgoing mail and retry it."""
    user = get_user_model().objects.create_user("operator", "operator@example.org", "x")
    user.user_permissions.set(
        Permission.objects.filter(
            codename__in=["view_outgoingmessage", "retry_outgoingmessage", "access_admin"]
        )
    )
    return user
