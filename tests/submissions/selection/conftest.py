"""What the tests of selections share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from microacq_pages import roles
from submissions.solicitations.models import Solicitation
from tests.factories import evaluations, people, proposals, selections
from tests.support.committed import committed_database

__all__ = ["committed_database"]


@pytest.fixture(autouse=True)
def _no_page_is_kept_from_another_test() -> None:
    cache.clear()


@pytest.fixture
def drawer(db: None) -> Any:
    """Who freezes and draws."""
    return selections.drawer()


@pytest.fixture
def reader(db: None) -> Any:
    """Who reads the public input as well."""
    return selections.readers()[1]


@pytest.fixture(scope="module")
def _evaluated_of_module(module_transaction: None) -> Callable[[int], int]:
    made: dict[int, int] = {}

    def key(passing: int) -> int:
        if passing not in made:
            made[passing] = selections.evaluated(passing).pk
        return made[passing]

    for passing in (0, 1, 3):
        key(passing)
    return key


@pytest.fixture
def evaluated(_evaluated_of_module: Callable[[int], int], db: None) -> Callable[..., Solicitation]:
    """A signed evaluation in which so many passed, made once a module; a lottery was announced."""
    return lambda passing=3: Solicitation.objects.get(pk=_evaluated_of_module(passing))


@pytest.fixture(scope="module")
def _public_file_of_module(module_transaction: None) -> int:
    file = proposals.make_posted_file(people.the(roles.CLIENT), people.the(roles.IT_STRATEGY))
    evaluations.evaluated(4, failing=1, file=file)
    return file.pk


@pytest.fixture
def file(_public_file_of_module: int, db: None) -> Solicitation:
    """The file of a public opportunity, in both languages; three applications passed, one did not."""
    return Solicitation.objects.get(pk=_public_file_of_module)
