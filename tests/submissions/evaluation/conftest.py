"""Files that were opened, once a module; each test changes them in a savepoint of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from submissions.solicitations.models import Solicitation
from tests.factories import evaluations
from tests.support.committed import committed_database

__all__ = ["committed_database"]


@pytest.fixture(autouse=True)
def _no_page_is_kept_from_another_test() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def _opened_of_module(module_transaction: None) -> Any:
    return evaluations.opened(3, criteria=2).pk


@pytest.fixture
def file(_opened_of_module: int, db: None) -> Solicitation:
    """An opened file with three applications and two criteria."""
    return Solicitation.objects.get(pk=_opened_of_module)
