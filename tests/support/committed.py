"""Tests that really commit: several connections, other processes, what survives a rollback.

Such tests stand in a module of their own and ask for the fixture ``committed_database`` (imported by the conftest of
their folder) instead of the marker ``django_db(transaction=True)``. The module gets a database of its own, copied from
the site's template and dropped afterwards; what its tests leave behind, the next ones find. A transactional test of
Django ends with a TRUNCATE of every table instead: the triggers that keep audit and files refuse that, and it would
take away the site that the whole run has set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connections

from tests.support import databases


@pytest.fixture(scope="module")
def committed_database(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[str]:
    """The site's database, in which everything is committed; every alias leads to it, in every thread."""
    with django_db_blocker.unblock(), copied(databases.site_template(), request.node.nodeid) as name:
        yield name


@contextmanager
def copied(template: str, label: str) -> Iterator[str]:
    """Work, in every thread, on a copy of a template, in which everything is committed; it is dropped afterwards."""
    with ExitStack() as undo:
        name = databases.new_database(template, label)
        undo.callback(_drop, name)
        for alias in connections:
            undo.callback(point, alias, connections[alias].settings_dict["NAME"])
            point(alias, name)
        yield name


def point(alias: str, name: str) -> None:
    """Let an alias lead to another database."""
    connections[alias].close()
    connections[alias].settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
    cache.clear()


def _drop(name: str) -> None:
    with databases.connected_to("postgres") as cursor:
        databases.drop(cursor, name)
