"""A file whose supplier is selected, once a module; each test goes on from it in a savepoint of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from submissions.solicitations.models import Solicitation
from tests.factories import awards, selections
from tests.support.committed import committed_database

__all__ = ["committed_database"]


@pytest.fixture(autouse=True)
def _no_page_is_kept_from_another_test() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def _selected_of_module(module_transaction: None) -> int:
    return selections.selected(3, failing=2).pk


@pytest.fixture
def file(_selected_of_module: int, db: None) -> Solicitation:
    """Five applications: three passed and were drawn, two did not meet the criterion."""
    return Solicitation.objects.get(pk=_selected_of_module)


@pytest.fixture
def drawer(db: None) -> Any:
    """Who drew, and makes the offers."""
    return selections.drawer()


@pytest.fixture
def signer(db: None) -> Any:
    """Who signs for the department."""
    return awards.signer()


@pytest.fixture(scope="module")
def _published_of_module(_posted_of_module: int) -> int:
    return selections.selected(3, failing=2, file=Solicitation.objects.get(pk=_posted_of_module)).pk


@pytest.fixture
def published(_published_of_module: int, db: None) -> Solicitation:
    """The same of an opportunity that is public in both languages."""
    return Solicitation.objects.get(pk=_published_of_module)
