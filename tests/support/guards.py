"""Lets a test tamper with what triggers protect, to see that tampering is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def guards_down(*tables: str) -> Iterator[None]:
    """Switch every trigger of these tables off for a moment."""
    _switch("DISABLE", tables)
    try:
        yield
    finally:
        _switch("ENABLE", tables)


def _switch(state: str, tables: tuple[str, ...]) -> None:
    connection.check_constraints()  # a table with waiting triggers cannot be altered
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {state} TRIGGER USER")
