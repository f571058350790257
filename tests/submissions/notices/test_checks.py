"""Settings with which mail would be lost are refused."""

from __future__ import annotations

from typing import Any

import pytest

from submissions.notices.checks import OUTBOX, SMTP, check_mail_settings


def found() -> list[str]:
    return [str(message.id) for message in check_mail_settings(None)]


def test_good_settings_pass() -> None:
    assert found() == []


@pytest.mark.parametrize("keys", [[], None, ""])
def test_without_a_key_no_mail_could_be_kept(settings: Any, keys: Any) -> None:
    settings.MICROACQ_MAIL_KEY = keys
    assert found() == ["submissions.E001"]


@pytest.mark.parametrize("backend", ["", OUTBOX])
def test_an_outbox_that_delivers_into_itself_is_refused(settings: Any, backend: str) -> None:
    settings.MICROACQ_DELIVERY_BACKEND = backend
    assert found() == ["submissions.E002"]


@pytest.mark.parametrize(
    ("timeout", "expected"), [(None, ["submissions.W001"]), (301, ["submissions.W001"]), (30, [])]
)
def test_a_mail_server_that_hangs_must_not_outlast_the_lease(
    settings: Any, timeout: int | None, expected: list[str]
) -> None:
    settings.MICROACQ_DELIVERY_BACKEND = SMTP
    settings.EMAIL_TIMEOUT = timeout
    assert found() == expected
