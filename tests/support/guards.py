"""Lets a test tamper with what triggers protect, to see that tampering is found."""

from __future__ import annotations

import string
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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


def behind_the_rules(sql: str, *values: Any) -> int:
    """Carry out a statement as nobody can through the software: no trigger sees it. Returns how many rows it met."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        count = cursor.rowcount
        cursor.execute("SET session_replication_role = DEFAULT")
    return count


def one_byte_changed(table: str, column: str, place: str = "middle") -> int:
    """Change one byte of a stored text: of base64, to the neighbour of the letter that stands there.

    A fixed letter would, once in 64 runs, be the one that chance put there already.

    Args:
        table: Every row of it is changed.
        column: Of text that is not empty, or of bytes.
        place: ``first``, ``middle``, ``last letter`` (before the padding) or ``last`` of the text.

    Returns:
        How many rows were changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {column} FROM {table}")
        rows = cursor.fetchall()
    assert rows
    for key, stored in rows:
        text = stored if isinstance(stored, str) else bytes(stored).decode("ascii")
        changed = changed_text(text, place)
        value = changed if isinstance(stored, str) else changed.encode()
        assert behind_the_rules(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, key)
    return len(rows)


def changed_text(text: str, place: str) -> str:
    """A text of which one byte is another; the places are those of ``one_byte_changed``."""
    last = len(text) - 1
    places = {
        "first": 0,
        "middle": len(text) // 2,
        "last letter": len(text.rstrip("=")) - 1,
        "last": last,
    }
    at = places[place]
    return text[:at] + _neighbour(text[at]) + text[at + 1 :]


def _neighbour(letter: str) -> str:
    """The next of the alphabet of base64: where the last letter carries unused bits, it means the same bytes."""
    alphabet = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}-_"
    return alphabet[(alphabet.find(letter) + 1) % len(alphabet)]
