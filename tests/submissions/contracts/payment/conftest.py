"""Accepted work, once a module; each test goes on from it in a savepoint of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection

from submissions.contracts.models import Contract
from submissions.contracts.payment.models import Invoice
from tests.factories import contracts


@pytest.fixture(autouse=True)
def _no_page_is_kept_from_another_test() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def _accepted_of_module(module_transaction: None) -> int:
    acceptance = contracts.accepted()
    connection.check_constraints()
    return acceptance.contract_id


@pytest.fixture
def contract(_accepted_of_module: int, db: None) -> Contract:
    """Work that is accepted and to be paid."""
    return Contract.objects.get(pk=_accepted_of_module)


@pytest.fixture
def invoice(contract: Contract) -> Invoice:
    """An invoice that waits for its approval."""
    return contracts.invoiced(contract)
