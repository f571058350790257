"""The production settings pass Django's own deployment checklist, against a real database."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from pytest_django import DjangoDbBlocker

from config import CHECKOUT
from tests.support import databases

Run = Callable[..., "subprocess.CompletedProcess[str]"]
START = "import config.wsgi; print('started')"


@pytest.fixture
def deployed(
    production_environment: dict[str, str], django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> dict[str, str]:
    """The environment of production, with a migrated database."""
    with django_db_blocker.unblock():
        database = databases.new_database(databases.migrated_template(), "deployment")
        production_environment["DATABASE_URL"] = databases.database_url(database)
        with databases.connected_to(database) as cursor:
            cursor.execute("DELETE FROM auth_user")
    return production_environment


def test_the_deployment_checklist_has_no_complaint(run_python: Run, deployed: dict[str, str]) -> None:
    result = run_python(
        str(CHECKOUT / "site" / "manage.py"), "check", "--deploy", "--fail-level", "WARNING", **deployed
    )
    assert result.returncode == 0, result.stderr


def test_the_server_starts(run_python: Run, deployed: dict[str, str]) -> None:
    assert run_python("-c", START, **deployed).stdout.strip() == "started"


def test_no_server_and_no_worker_starts_with_a_demonstration_account(
    run_python: Run, deployed: dict[str, str]
) -> None:
    with databases.connected_to(deployed["DATABASE_URL"].rsplit("/", 1)[1]) as cursor:
        cursor.execute(
            "INSERT INTO auth_user (username, password, is_superuser, first_name, last_name, email, is_staff,"
            " is_active, date_joined) VALUES ('admin', %s, true, '', '', '', true, true, now())",
            [_portable("demo")],
        )
    for command in (["-c", START], [str(CHECKOUT / "site" / "manage.py"), "db_worker", "--batch"]):
        result = run_python(*command, **deployed)
        assert result.returncode != 0
        assert "Demonstration accounts" in result.stderr
        assert "admin" in result.stderr


def _portable(password: str) -> str:
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    hasher = PBKDF2PasswordHasher()
    return hasher.encode(password, hasher.salt(), iterations=1000)
