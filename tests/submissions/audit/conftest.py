"""Fixtures for tests of the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection, connections, transaction
from django.db.models import QuerySet
from wagtail.models import ModelLogEntry

from submissions.audit.models import AuditEntry
from tests.support.committed import committed_database

__all__ = ["committed_database"]


@pytest.fixture
def refusals(settings: Any) -> Iterator[QuerySet[ModelLogEntry]]:
    """The refusals that a test causes, on their own connection as in real use, undone after the test.

    The test must be marked ``django_db(databases=["default", "refusals"])``.
    """
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    with transaction.atomic(using="refusals"):
        before = ModelLogEntry.objects.using("refusals").values("pk")
        yield ModelLogEntry.objects.using("refusals").exclude(
            pk__in=list(before.values_list("pk", flat=True))
        )
        transaction.set_rollback(True, using="refusals")
    connections["refusals"].close()


@pytest.fixture
def person(db: None) -> Any:
    """Somebody who does things."""
    return get_user_model().objects.create_user("ariane", "ariane@example.org", "x", first_name="Ariane")


@pytest.fixture
def auditor(db: None) -> Any:
    """Somebody who may read the audit and nothing else."""
    user = get_user_model().objects.create_user("auditor", "auditor@example.org", "x")
    user.user_permissions.add(
        Permission.objects.get(codename="view_auditentry"), Permission.objects.get(codename="access_admin")
    )
    return user


@pytest.fixture
def chained() -> Callable[[], list[AuditEntry]]:
    """Chain what was recorded, as a commit would, and return the whole chain."""

    def chain() -> list[AuditEntry]:
        connection.check_constraints()
        return list(AuditEntry.objects.order_by("sequence"))

    return chain
