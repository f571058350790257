"""Refusal to run where the demonstration's accounts are open to everybody who has read this repository."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError

DEMO_USERNAMES = (
    *("client", "it-strategy", "it-lead", "cfob", "translator"),
    *("evaluator", "finance", "auditor", "admin"),
)
DEMO_PASSWORD = "demo"  # noqa: S105 (the very password that is refused)


def open_demo_accounts() -> list[str]:
    """Return the names of active accounts that anybody could use."""
    users = get_user_model()._default_manager.filter(username__in=DEMO_USERNAMES, is_active=True)
    return sorted(user.get_username() for user in users if user.check_password(DEMO_PASSWORD))


def refuse_demo_accounts() -> None:
    """Raise if such an account exists where the settings forbid it. Called when the web server starts."""
    for message in check_demo_accounts(None):
        if isinstance(message, Error):
            raise ImproperlyConfigured(f"{message.msg} {message.hint}")


def check_demo_accounts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The same as a system check, so that no command but the one that mends it runs either."""
    if not settings.MICROACQ_REFUSE_DEMO_ACCOUNTS:
        return []
    try:
        names = open_demo_accounts()
    except ProgrammingError:
        return []  # no table of accounts yet
    except OperationalError:
        return [
            Warning(
                "The database does not answer, so its accounts could not be looked at.", id="config.W001"
            ),
        ]
    if not names:
        return []
    return [
        Error(
            f"Demonstration accounts with their published password are present: {', '.join(names)}.",
            hint="Give each a password of its own (manage.py changepassword NAME), or start from an empty database.",
            id="config.E001",
        )
    ]
