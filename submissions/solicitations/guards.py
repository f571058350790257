"""Which triggers keep what is stored, as the migrations put them on, and which of them are missing or off now.

Owns the reading of both. A proof is worth little while somebody can write as they please. Reads only.
"""

from __future__ import annotations

import re
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL
from django.db.migrations.recorder import MigrationRecorder

#: Whose triggers are looked at.
APPS = ("microacq_pages", "submissions")
_CREATED = re.compile(r'\bCREATE\s+(?:CONSTRAINT\s+)?TRIGGER\s+(\w+)\s.*?\sON\s+"?(\w+)"?', re.DOTALL)
_DROPPED = re.compile(r'\bDROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?(\w+)\s+ON\s+"?(\w+)"?')

#: Table and trigger.
Guard = tuple[str, str]


def expected() -> frozenset[Guard]:
    """The triggers that the migrations made that were carried out here."""
    applied = MigrationRecorder(connection).applied_migrations()
    return _made_by(frozenset(key for key in applied if key[0] in APPS))


@cache
def _made_by(applied: frozenset[tuple[str, str]]) -> frozenset[Guard]:
    """The triggers that are left of some migrations, in their order; read from the files, which takes a moment."""
    graph = MigrationLoader(None).graph
    order = [key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf)]
    found: set[Guard] = set()
    for key in dict.fromkeys(key for key in order if key in applied):
        for operation in graph.nodes[key].operations:
            if isinstance(operation, RunSQL):
                sql = str(operation.sql)
                found -= {(table, trigger) for trigger, table in _DROPPED.findall(sql)}
                found |= {(table, trigger) for trigger, table in _CREATED.findall(sql)}
    return frozenset(found)


def on() -> set[Guard]:
    """The triggers that are there and act, whatever their names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
        )
        return {(table, trigger) for table, trigger in cursor.fetchall()}
