"""Fixtures for tests of the procurement file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from microacq_pages import roles
from submissions.solicitations.models import Solicitation
from tests.submissions.audit.conftest import refusals
from tests.support.committed import committed_database

__all__ = ["committed_database", "refusals"]


@pytest.fixture
def posted(posted_once: Solicitation) -> Solicitation:
    """A file that takes applications; its client is ``author``."""
    return posted_once


@pytest.fixture
def signed_in(client: Client) -> Callable[[Any], Client]:
    """A browser in which a person is signed in."""

    def sign_in(person: Any) -> Client:
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def other_client(user_in: Callable[..., Any]) -> Any:
    """A client to whom the file does not belong."""
    return user_in(roles.CLIENT, "another-client")
