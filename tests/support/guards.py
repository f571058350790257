"""Lets tests past the triggers that keep the audit and the files, where nothing else can help.

Owns two things. ``flush_past_guards``: tests marked ``transaction=True`` end with a TRUNCATE of every table, which the
triggers refuse; while it is in force, those triggers are off during that flush only. ``guards_down``: a test that tampers,
to see that tampering is found, switches all triggers of some tables off for a moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

TRUNCATE = 32
"""The bit of ``pg_trigger.tgtype`` that says that a trigger fires on TRUNCATE."""


@contextmanager
def flush_past_guards() -> Iterator[None]:
    """Make the flush after each transactional test possible."""
    original = TransactionTestCase._fixture_teardown

    def teardown(self: Any) -> None:
        with _truncation_allowed():
            original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@contextmanager
def _truncation_allowed() -> Iterator[None]:
    with connection.cursor() as cursor:
        # Rather an error than a wait for a connection that a test forgot to close.
        cursor.execute("SET lock_timeout = '20s'")
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgtype & %s <> 0",
            [TRUNCATE],
        )
        guards = cursor.fetchall()
        for table, trigger in guards:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table, trigger in guards:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
            cursor.execute("RESET lock_timeout")


@contextmanager
def guards_down(*tables: str) -> Iterator[None]:
    """Switch every trigger of these tables off, to tamper with them."""
    connection.check_constraints()  # a table with waiting triggers cannot be altered
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        connection.check_constraints()
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
