"""Passwords cannot be guessed at leisure."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse


def _try(client: Client, password: str, address: str = "192.0.2.1") -> int:
    form = {"username": "somebody", "password": password}
    return client.post(reverse("wagtailadmin_login"), form, REMOTE_ADDR=address).status_code


@pytest.fixture
def throttled(db: None, settings: Any) -> None:
    settings.AXES_ENABLED = True
    get_user_model().objects.create_superuser("somebody", password="right")


def test_the_right_password_signs_in(throttled: None, client: Client) -> None:
    assert _try(client, "wrong") == 200
    assert _try(client, "right") == 302


def test_after_five_failures_even_the_right_password_has_to_wait(throttled: None, client: Client) -> None:
    answers = [_try(client, "wrong") for _attempt in range(5)]
    assert answers[:4] == [200] * 4
    response = client.post(
        reverse("wagtailadmin_login"), {"username": "somebody", "password": "right"}, REMOTE_ADDR="192.0.2.1"
    )
    assert response.status_code == 429
    assert "Wait 15 minutes" in response.content.decode()


def test_nobody_is_locked_out_from_elsewhere(throttled: None, client: Client) -> None:
    for _attempt in range(6):
        _try(client, "wrong")
    assert _try(client, "right", "192.0.2.2") == 302
