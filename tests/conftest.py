"""What every test may use: the site as it is set up, people, and the language put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from microacq_pages import roles
from tests.factories import people

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
def author(user_in: Callable[..., Any]) -> Any:
    return user_in(roles.CLIENT)


@pytest.fixture
def it_strategy(user_in: Callable[..., Any]) -> Any:
    return user_in(roles.IT_STRATEGY)


@pytest.fixture
def cfob(user_in: Callable[..., Any]) -> Any:
    return user_in(roles.CFOB)


@pytest.fixture
def translator(user_in: Callable[..., Any]) -> Any:
    return user_in(roles.TRANSLATOR)


@pytest.fixture
def admin(user_in: Callable[..., Any]) -> Any:
    return user_in(None)
