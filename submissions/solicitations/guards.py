"""Which triggers keep what is stored and what their functions do, as the migrations made them, and what there is now.

Owns the reading of both. A proof is worth little while somebody can write as they please. Reads only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL
from django.db.migrations.recorder import MigrationRecorder

#: Whose triggers are looked at.
APPS = ("microacq_pages", "submissions")
_CREATED = re.compile(r'\bCREATE\s+(?:CONSTRAINT\s+)?TRIGGER\s+(\w+)\s.*?\sON\s+"?(\w+)"?', re.DOTALL)
_DROPPED = re.compile(r'\bDROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?(\w+)\s+ON\s+"?(\w+)"?')

_FUNCTION = re.compile(
    r"\bCREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+(\w+)\s*\(.*?\bAS\s+\$\$(.*?)\$\$", re.DOTALL
)
_FORGOTTEN = re.compile(r"\bDROP\s+FUNCTION\s+(?:IF\s+EXISTS\s+)?(\w+)")

#: Table and trigger.
Guard = tuple[str, str]


@dataclass
class _Made:
    """What migrations leave behind: triggers, and the bodies of functions by name."""

    triggers: set[Guard] = field(default_factory=set)
    functions: dict[str, str] = field(default_factory=dict)

    def follow(self, sql: str) -> None:
        """Take over what a script drops and creates."""
        self.triggers -= {(table, trigger) for trigger, table in _DROPPED.findall(sql)}
        self.triggers |= {(table, trigger) for trigger, table in _CREATED.findall(sql)}
        for name in _FORGOTTEN.findall(sql):
            self.functions.pop(name, None)
        self.functions.update(_FUNCTION.findall(sql))


def expected() -> frozenset[Guard]:
    """The triggers that the migrations made that were carried out here."""
    return frozenset(_made().triggers)


def on() -> set[Guard]:
    """The triggers that are there and act, whatever their names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
        )
        return {(table, trigger) for table, trigger in cursor.fetchall()}


def other_functions() -> list[str]:
    """Functions that are gone, or do something else than the migrations wrote, in the order of their names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = current_schema()"
        )
        found = set(cursor.fetchall())
    return sorted(name for name, body in _made().functions.items() if (name, body) not in found)


def _made() -> _Made:
    applied = MigrationRecorder(connection).applied_migrations()
    return _made_by(frozenset(key for key in applied if key[0] in APPS))


@cache
def _made_by(applied: frozenset[tuple[str, str]]) -> _Made:
    """What is left of some migrations, in their order; read from the files, which takes a moment."""
    graph = MigrationLoader(None).graph
    order = [key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf)]
    made = _Made()
    for key in dict.fromkeys(key for key in order if key in applied):
        for operation in graph.nodes[key].operations:
            if isinstance(operation, RunSQL):
                made.follow(str(operation.sql))
    return made
