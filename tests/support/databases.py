"""Databases for tests, copied from templates.

Migrating takes many seconds, copying a template a fraction of one. The migrated template is kept between runs and is
named after the migrations it was made from, so a changed migration makes a new one and drops the old.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg2 import sql

CHECKOUT = Path(__file__).resolve().parents[2]
MIGRATED_PREFIX = "microacq_migrated_"
_LOCK = 7_262_001  # any number that nothing else locks


@contextmanager
def administering() -> Iterator[Any]:
    """Yield a cursor outside any transaction, in the server's own database."""
    wrapper = connections["default"].copy()
    wrapper.settings_dict["NAME"] = "postgres"
    wrapper.settings_dict["ATOMIC_REQUESTS"] = False
    with _unblocked():
        wrapper.ensure_connection()
    try:
        wrapper.connection.autocommit = True
        with wrapper.connection.cursor() as cursor:
            yield cursor
    finally:
        wrapper.connection.close()


@contextmanager
def _unblocked() -> Iterator[None]:
    from pytest_django.plugin import blocking_manager_key  # noqa: F401

    yield


def fingerprint() -> str:
    """Return a digest of every migration and of every installed package's version."""
    digest = hashlib.sha256()
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        file = sys.modules[type(migration).__module__].__file__
        digest.update(f"{key}".encode() + (Path(file).read_bytes() if file else b""))
    for name in sorted(f"{found.name}=={found.version}" for found in distributions()):
        digest.update(name.encode())
    return digest.hexdigest()[:16]
