"""What a whole run of the tests needs: compiled catalogues, databases from templates, a browser.

Loaded by tests/conftest.py. The controlling process prepares; xdist's workers inherit through the environment.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from config import CHECKOUT, environment
from config.catalogues import compile_catalogues
from tests.support import browser

RUN_VARIABLE = "MICROACQ_TEST_RUN"
#: The mark under which somebody has made databases for the run that comes: the number of a process that outlives it.
PREPARED_VARIABLE = "MICROACQ_PREPARED_RUN"
BROWSER_TESTS = CHECKOUT / "tests" / "browser"
_PROVISION = pytest.StashKey[browser.Provision]()


# How long an example takes says more of the machine than of the rule. Each run looks for other examples, so that fewer
# of them a run find the same in the end.
hypothesis.settings.register_profile("microacq", deadline=None, max_examples=10)


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what all processes of the run share."""
    hypothesis.settings.load_profile("microacq")
    if _is_worker(config):
        return
    os.environ[RUN_VARIABLE] = os.environ.pop(PREPARED_VARIABLE, "") or str(os.getpid())
    compile_catalogues(CHECKOUT / "locale")
    if _may_run_browser_tests(config):
        provision = browser.provide(fetch=environment.flag("MICROACQ_PROVISION_BROWSER", default=False))
        os.environ[browser.PATH_VARIABLE] = provision.path
        config.stash[_PROVISION] = provision


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the garbage collector forget what was loaded, which stays anyway, and look at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the browser tests and let them begin early, because they take long; leave them out without a browser.

    Before them those marked as long: they need the least of what is still being made when a run begins.

    Last of all hooks: pytest-django puts the tests that ask for no database at the end.
    """
    _refuse_flushes(items)
    marked = [item for item in items if item.path.is_relative_to(BROWSER_TESTS)]
    for item in marked:
        item.add_marker("browser")
    if marked and not os.environ.get(browser.PATH_VARIABLE):
        items[:] = [item for item in items if item not in set(marked)]
        config.hook.pytest_deselected(items=marked)
    items.sort(key=lambda item: ("long" not in item.keywords, "browser" not in item.keywords))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say in one line what was not run, and how to mend it."""
    sentence = _not_run(config)
    if sentence:
        terminalreporter.write_line(sentence, red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop the run's databases; fail where every test has to run."""
    if _is_worker(session.config):
        return
    if not session.config.option.collectonly:
        from tests.support import databases

        databases.drop_run(os.environ[RUN_VARIABLE])
    if _not_run(session.config) and environment.flag("CI", default=False):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _refuse_flushes(items: list[pytest.Item]) -> None:
    """Django ends a transactional test by emptying every table: the database refuses, and later tests need the site."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        transactional = bool(marker and marker.kwargs.get("transaction"))
        if transactional or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(
                f"{item.nodeid} would empty the database: use committed_database of tests/support/committed.py"
            )


def _not_run(config: pytest.Config) -> str:
    provision = config.stash.get(_PROVISION, None)
    if provision is None or provision.path:
        return ""
    return f"Not run: the browser tests ({provision.reason}). To run them: {browser.MEND}, then make test"


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _may_run_browser_tests(config: pytest.Config) -> bool:
    """Tell whether the places asked for include the browser tests."""
    asked = [Path(argument.split("::")[0]).absolute() for argument in config.args]
    return any(path.is_relative_to(BROWSER_TESTS) or BROWSER_TESTS.is_relative_to(path) for path in asked)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let the test database be a copy of the template in which the site is set up."""
    from django.db import connections

    from tests.support import databases

    connections["default"].settings_dict["TEST"]["TEMPLATE"] = databases.site_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make sure that there is a test database, and that nothing stays connected to it.

    pytest-django makes none when no selected test is marked for one. Whoever then asks for this fixture would work
    on the database of the settings.
    """
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    from tests.support import databases

    made = None
    with django_db_blocker.unblock():
        if not connections["default"].settings_dict["NAME"].startswith("test_"):
            made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        name = connections["default"].settings_dict["NAME"]
        connections.close_all()
        with databases.connected_to("postgres") as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
        if made is not None:
            teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def mail_goes_through_the_outbox(request: pytest.FixtureRequest) -> Iterator[None]:
    """Undo pytest-django's silent change of the mail backend: the outbox is part of what is tested."""
    from django.test import override_settings

    with override_settings(EMAIL_BACKEND="submissions.notices.backend.OutboxBackend"):
        yield
