"""A file that takes questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from submissions.solicitations.models import Solicitation
from tests.factories import proposals
from tests.support.committed import committed_database

__all__ = ["committed_database"]


@pytest.fixture(autouse=True)
def _no_page_is_kept_from_another_test() -> None:
    cache.clear()


@pytest.fixture
def posted(posted_once: Solicitation) -> Solicitation:
    """The file of an opportunity that is public in both languages; its client is ``author``."""
    return posted_once


@pytest.fixture
def file(db: None) -> Solicitation:
    """A file that takes questions, without pages."""
    return proposals.make_file()


@pytest.fixture
def visitor() -> Client:
    """A visitor whose CSRF cookie is checked as a real server checks it."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def signed_in(client: Client) -> Callable[[Any], Client]:
    """A browser in which a person is signed in."""

    def sign_in(person: Any) -> Client:
        client.force_login(person)
        return client

    return sign_in


def fields_of(response: Any) -> dict[str, str]:
    """What a browser would send back of the form of a page."""
    form = BeautifulSoup(response.content, "html.parser").find("form", method="post")
    assert form is not None, response.status_code
    found = {}
    for element in form.find_all(["input", "textarea"]):
        text = element.text.lstrip("\n") if element.name == "textarea" else element.get("value", "")
        found[element["name"]] = text
    return found
