"""Databases for tests, copied from templates.

Migrating and setting the site up take many seconds, copying a template a fraction of one. Two templates are kept
between runs: the migrated one, named after the migrations, and the site's, named after all the code that it was made
from. What a run makes besides carries the run's mark and goes with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg2 import sql

from tests.support.plugin import RUN_VARIABLE

MIGRATED_PREFIX = "microacq_migrated_"
SITE_PREFIX = "microacq_site_"
RUN_PREFIX = "microacq_run_"
KEPT_TEMPLATES = 3
_CODE = ("microacq_pages", "submissions", "site/config", "locale")
_LOCK = 7_262_001  # any number that nothing else locks


@contextmanager
def connected_to(database: str) -> Iterator[Any]:
    """Yield a cursor, outside any transaction, in a database of the tests' server."""
    wrapper = connections["default"].copy()
    wrapper.settings_dict["NAME"] = database
    connection = wrapper.get_new_connection(wrapper.get_connection_params())
    try:
        connection.rollback()
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def database_url(database: str) -> str:
    """Return DATABASE_URL for another process."""
    parameters = connections["default"].copy().get_connection_params()
    account = quote(parameters.get("user", ""), safe="")
    if parameters.get("password"):
        account += ":" + quote(parameters["password"], safe="")
    host = quote(parameters.get("host", "localhost"), safe="")
    port = f":{parameters['port']}" if parameters.get("port") else ""
    return f"postgresql://{account}@{host}{port}/{database}"


def manage(database: str, *arguments: str, **environment: str) -> str:
    """Run a management command against a database in a process of its own; return what it printed."""
    result = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "site" / "manage.py"), *arguments],
        env=process_environment(database, **environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


def process_environment(database: str, **more: str) -> dict[str, str]:
    """Return the environment of a process that works on a database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": database_url(database),
        **more,
    }


def migrated_template() -> str:
    """Return the name of a database in which every migration has run, making it if need be."""
    return _kept(MIGRATED_PREFIX, _fingerprint(), "template0", "migrate")


def site_template() -> str:
    """Return the name of a database in which `setup_site` has run, making it if need be."""
    return _kept(SITE_PREFIX, _code_fingerprint(), migrated_template(), "setup_site")


def _kept(prefix: str, mark: str, base: str, command: str) -> str:
    """Return the name of a template that outlives the run: its base after one management command."""
    name = prefix + mark
    with _locked(name) as cursor:
        if not _exists(cursor, name):
            draft = f"{name}_draft"
            drop(cursor, draft)
            copy(cursor, base, draft)
            manage(draft, command, "--verbosity", "0", "--skip-checks")
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
            )
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC", [f"{prefix}%"]
        )
        for (stale,) in cursor.fetchall()[KEPT_TEMPLATES:]:
            if stale != name:
                drop(cursor, stale)
    return name


def run_template(kind: str, *commands: str, **environment: str) -> str:
    """Return the name of a template of this run: the site's after some management commands.

    What the commands said is kept with it: see `said_at_making`.
    """
    name = _of_this_run(f"template_{kind}")
    base = site_template()
    with _locked(name) as cursor:
        if not _exists(cursor, name):
            draft = f"{name}_draft"
            copy(cursor, base, draft)
            said = [
                manage(draft, command, "--verbosity", "0", "--skip-checks", **environment)
                for command in commands
            ]
            cursor.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(draft), sql.Literal(json.dumps(dict(zip(commands, said, strict=True))))
                )
            )
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
            )
    return name


def demo_template() -> str:
    """Return the name of this run's template with the demonstration's content."""
    return run_template("demo", "load_demo", MICROACQ_DEMO="1")


def rehearsed_template() -> str:
    """Return the name of this run's template in which the opening has been rehearsed."""
    return run_template("site", "rehearse_opening")


def said_at_making(template: str) -> dict[str, str]:
    """Return what the commands that made a template of this run printed, by command."""
    with connected_to("postgres") as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [template]
        )
        said: dict[str, str] = json.loads(cursor.fetchone()[0])
    return said


def new_database(template: str, label: str) -> str:
    """Copy a template into a database of this run and return its name."""
    mark = hashlib.sha256(f"{os.getpid()} {label}".encode()).hexdigest()[:10]
    name = _of_this_run(mark)
    with _locked(name) as cursor:
        drop(cursor, name)
        copy(cursor, template, name)
    return name


def copy(cursor: Any, template: str, name: str) -> None:
    """Create a database as the copy of another, to which nobody may be connected."""
    cursor.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def drop(cursor: Any, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_run(run: str) -> None:
    """Drop what a run has made, and what runs have left behind whose process is gone."""
    with _locked(RUN_PREFIX) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{RUN_PREFIX}%"])
        for (name,) in cursor.fetchall():
            owner = name.removeprefix(RUN_PREFIX).split("_")[0]
            if owner == run or not (owner.isdigit() and psutil.pid_exists(int(owner))):
                drop(cursor, name)


def _of_this_run(label: str) -> str:
    return f"{RUN_PREFIX}{os.environ[RUN_VARIABLE]}_{label}"


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


@contextmanager
def _locked(name: str) -> Iterator[Any]:
    """Yield a cursor of the server's own database; no other process works on what has this name meanwhile.

    Closing the connection unlocks.
    """
    with connected_to("postgres") as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [_LOCK, name])
        yield cursor


@cache
def _fingerprint() -> str:
    """Return a digest of every migration and of every installed package's version."""
    digest = hashlib.sha256()
    for application in sorted(apps.get_app_configs(), key=lambda found: found.label):
        for file in sorted(Path(application.path, "migrations").glob("*.py")):
            digest.update(f"{application.label} {file.name}".encode() + file.read_bytes())
    for name in sorted(f"{found.name}=={found.version}" for found in distributions()):
        digest.update(name.encode())
    return digest.hexdigest()[:16]


@cache
def _code_fingerprint() -> str:
    """Return a digest of what `setup_site` is made of: code, texts, catalogues, packages, the address of the site."""
    digest = hashlib.sha256(f"{_fingerprint()} {settings.MICROACQ_BASE_URL}".encode())
    for folder in _CODE:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.suffix in {".py", ".yaml", ".csv", ".po"}:
                digest.update(str(file.relative_to(settings.BASE_DIR)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]
