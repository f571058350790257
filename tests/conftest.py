"""What every test may use: the site as it is set up, people, and the language put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation

from microacq_pages import roles
from submissions.solicitations.models import Solicitation
from tests.factories import pages, people, proposals

# Compiled catalogues, databases from templates, the browser.
pytest_plugins = ["tests.support.plugin"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """A trial seal is there before any test, beside the language trees, roles and workflows of the template."""
    from submissions.proposals import opening

    with django_db_blocker.unblock():
        if not str(connection.settings_dict["NAME"]).startswith("test_"):
            return  # pytest-django makes no database for a run in which no test asks for one
        opening.make_trial()


@pytest.fixture(autouse=True)
def _language_of_each_test_is_its_own() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def user_in(db: None) -> Callable[..., Any]:
    """Make a person of a role: ``user_in(roles.CLIENT)``; None makes a superuser."""
    return people.make_user


@pytest.fixture
def author(db: None) -> Any:
    return people.the(roles.CLIENT)


@pytest.fixture
def it_strategy(db: None) -> Any:
    return people.the(roles.IT_STRATEGY)


@pytest.fixture
def cfob(db: None) -> Any:
    return people.the(roles.CFOB)


@pytest.fixture
def translator(db: None) -> Any:
    return people.the(roles.TRANSLATOR)


@pytest.fixture
def admin(db: None) -> Any:
    return people.the(None)


@pytest.fixture(scope="module")
def module_transaction(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Keep a transaction open over the tests of a module, each of which then works in a savepoint of its own.

    What takes long to make is made in it once, by a fixture of the module; a fixture of the test reads it afresh.
    """
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def drafted_once(module_transaction: None) -> None:
    """``pages.the_opportunity`` of ``author`` is made once for the module, with its project and its skill."""
    pages.make_opportunity(people.the(roles.CLIENT))
    connection.check_constraints()


@pytest.fixture(scope="module")
def _posted_of_module(module_transaction: None) -> int:
    file = proposals.make_posted_file(people.the(roles.CLIENT), people.the(roles.IT_STRATEGY))
    connection.check_constraints()  # what waits for the end of the transaction has happened
    return file.pk


@pytest.fixture
def posted_once(_posted_of_module: int, db: None) -> Solicitation:
    """The file of an opportunity that is public in both languages; its client is ``author``.

    Posting costs a thousand statements, so it happens once a module; each test changes it in a savepoint of its own.
    """
    return Solicitation.objects.get(pk=_posted_of_module)
