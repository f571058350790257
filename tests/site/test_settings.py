"""Production takes everything from outside, and says everything that is wrong at once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from django.conf import settings

Run = Callable[..., "subprocess.CompletedProcess[str]"]

LOAD = "from django.conf import settings; settings.DEBUG; print('loaded')"
REQUIRED = (
    "SECRET_KEY",
    "DATABASE_URL",
    "MICROACQ_BASE_URL",
    "DEFAULT_FROM_EMAIL",
    "MICROACQ_CONTACT_EMAIL",
    "EMAIL_HOST",
    "MICROACQ_CUSTODIAN_RECIPIENTS",
    "MICROACQ_CUSTODIAN_KEY_FILES",
    "MICROACQ_READING_KEY",
    "MICROACQ_MAIL_KEY",
)


def test_production_starts_with_a_complete_environment(
    run_python: Run, production_environment: dict[str, str]
) -> None:
    result = run_python("-c", LOAD, **production_environment)
    assert result.stdout.strip() == "loaded", result.stderr


def test_production_names_every_missing_variable_in_one_message(run_python: Run) -> None:
    result = run_python("-c", LOAD, DJANGO_SETTINGS_MODULE="config.settings.production")
    assert result.returncode != 0
    assert [name for name in REQUIRED if f"{name} is not set" not in result.stderr] == []


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_to_start_without(
    name: str, run_python: Run, production_environment: dict[str, str]
) -> None:
    del production_environment[name]
    result = run_python("-c", LOAD, **production_environment)
    assert result.returncode != 0
    assert f"{name} is not set" in result.stderr
    assert result.stderr.count(" is not set") == 1


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("DATABASE_URL", "sqlite:///db.sqlite3", "DATABASE_URL does not name a PostgreSQL database"),
        ("MICROACQ_BASE_URL", "http://buy.example.org", "must begin with https://"),
        ("MICROACQ_CUSTODIAN_RECIPIENTS", "age1nonsense", "not an age recipient"),
        ("MICROACQ_READING_KEY", "nonsense", "MICROACQ_READING_KEY holds something that is not a Fernet key"),
        ("MICROACQ_MAIL_KEY", "nonsense", "MICROACQ_MAIL_KEY holds something that is not a Fernet key"),
        ("MICROACQ_DEBUG", "1", "never runs in debug mode"),
        ("DEBUG", "true", "never runs in debug mode"),
        ("MICROACQ_DEMO", "1", "do not belong in production"),
    ],
)
def test_production_refuses(
    name: str, value: str, fault: str, run_python: Run, production_environment: dict[str, str]
) -> None:
    result = run_python("-c", LOAD, **{**production_environment, name: value})
    assert result.returncode != 0
    assert fault in result.stderr
    assert value not in result.stderr or name.endswith(("DEBUG", "DEMO", "KEY")) or name == "DATABASE_URL"


def test_production_refuses_one_key_for_two_purposes(
    run_python: Run, production_environment: dict[str, str]
) -> None:
    production_environment["MICROACQ_MAIL_KEY"] = production_environment["MICROACQ_READING_KEY"]
    result = run_python("-c", LOAD, **production_environment)
    assert "must differ" in result.stderr
    assert production_environment["MICROACQ_READING_KEY"] not in result.stderr


def test_the_applications_come_before_wagtail_so_that_their_commands_win() -> None:
    apps = settings.INSTALLED_APPS
    first_of_wagtail = min(index for index, name in enumerate(apps) if name.startswith("wagtail"))
    assert apps.index("microacq_pages") < first_of_wagtail
    assert apps.index("submissions") < first_of_wagtail


def test_a_refusal_is_recorded_on_a_connection_that_no_request_rolls_back() -> None:
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is True
    assert settings.DATABASES["refusals"]["ATOMIC_REQUESTS"] is False


def test_records_in_sharepoint_need_everything_that_signs_in_there(
    run_python: Run, production_environment: dict[str, str]
) -> None:
    wanted = {"MICROACQ_RECORDS": "sharepoint", "MICROACQ_SHAREPOINT_TENANT": "tenant"}
    refused = run_python("-c", LOAD, **production_environment, **wanted)
    assert refused.returncode != 0
    for name in ("MICROACQ_SHAREPOINT_CLIENT", "MICROACQ_SHAREPOINT_DRIVE", "MICROACQ_SHAREPOINT_SECRET"):
        assert name in refused.stderr
    wanted |= dict.fromkeys(("MICROACQ_SHAREPOINT_CLIENT", "MICROACQ_SHAREPOINT_DRIVE"), "x")
    show = "from django.core.files.storage import storages; print(type(storages['records']).__name__)"
    taken = run_python(
        "-c",
        f"import django; django.setup(); {show}",
        **production_environment,
        **wanted,
        MICROACQ_SHAREPOINT_SECRET="x",
    )
    assert taken.stdout.strip() == "SharePointStorage", taken.stderr
