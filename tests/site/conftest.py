"""Processes with an environment of their own, for what settings do when they are loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pyrage
import pytest
from cryptography.fernet import Fernet

from config import CHECKOUT

# What a developer's shell may hold and a test must not see.
_OURS = (
    "MICROACQ_",
    "DATABASE_URL",
    "DJANGO_",
    "SECRET_KEY",
    "EMAIL_",
    "DEFAULT_FROM_EMAIL",
    "DEBUG",
    "ALLOWED_HOSTS",
)


@pytest.fixture
def production_environment() -> dict[str, str]:
    """Everything that the production settings ask for, made up on the spot. The database does not exist."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": Fernet.generate_key().decode() * 2,
        "DATABASE_URL": "postgresql://nobody@localhost:1/nothing",
        "MICROACQ_BASE_URL": "https://buy.example.org",
        "DEFAULT_FROM_EMAIL": "noreply@example.org",
        "MICROACQ_CONTACT_EMAIL": "help@example.org",
        "EMAIL_HOST": "mail.example.org",
        "MICROACQ_CUSTODIAN_RECIPIENTS": str(pyrage.x25519.Identity.generate().to_public()),
        "MICROACQ_CUSTODIAN_KEY_FILES": "/run/secrets/custodian.age",
        "MICROACQ_READING_KEY": Fernet.generate_key().decode(),
        "MICROACQ_MAIL_KEY": Fernet.generate_key().decode(),
        "MICROACQ_DEPARTMENT_PROVINCE": "ON",
    }


@pytest.fixture
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python with `site/` on its path and nothing of ours in its environment but what is given."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        return subprocess.run(
            [sys.executable, *arguments],
            env={**clean, "PYTHONPATH": str(CHECKOUT / "site"), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run
