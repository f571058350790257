"""A contract under way, once a module; each test goes on from it in a savepoint of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection

from submissions.contracts.models import Contract
from submissions.solicitations.models import Solicitation
from tests.factories import contracts


@pytest.fixture(autouse=True)
def _no_page_is_kept_from_another_test() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def _contract_of_module(module_transaction: None) -> int:
    contract = contracts.under_way(passing=3)
    connection.check_constraints()  # what waits for the end of the transaction has happened
    return contract.pk


@pytest.fixture
def contract(_contract_of_module: int, db: None) -> Contract:
    """The first of three suppliers does the work; its file has no client, so IT Strategy stands in."""
    return Contract.objects.get(pk=_contract_of_module)


@pytest.fixture
def file(contract: Contract) -> Solicitation:
    return Solicitation.objects.get(pk=contract.solicitation_id)
