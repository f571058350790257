"""Where the demonstration's accounts can be used by anybody, production does not start."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from config import checks


@pytest.fixture
def production(settings: Any) -> None:
    settings.MICROACQ_REFUSE_DEMO_ACCOUNTS = True


@pytest.mark.django_db
@pytest.mark.parametrize("name", checks.DEMO_USERNAMES)
def test_an_account_with_the_published_password_is_refused(name: str, production: None) -> None:
    get_user_model().objects.create_user(name, password=checks.DEMO_PASSWORD)
    (error,) = checks.check_demo_accounts(None)
    assert error.id == "config.E001"
    assert name in error.msg
    with pytest.raises(ImproperlyConfigured, match=name):
        checks.refuse_demo_accounts()


@pytest.mark.django_db
def test_an_account_of_that_name_with_another_password_is_allowed(production: None) -> None:
    get_user_model().objects.create_user("admin", password="a long password of its own")
    assert checks.check_demo_accounts(None) == []
    checks.refuse_demo_accounts()


@pytest.mark.django_db
def test_the_demonstration_keeps_its_accounts() -> None:
    get_user_model().objects.create_user("admin", password=checks.DEMO_PASSWORD)
    assert checks.check_demo_accounts(None) == []


def test_a_silent_database_is_a_warning(production: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> list[str]:
        raise OperationalError

    monkeypatch.setattr(checks, "open_demo_accounts", fail)
    (warning,) = checks.check_demo_accounts(None)
    assert warning.id == "config.W001"
