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


def test_behind_a_proxy_nobody_is_locked_out_from_elsewhere(
    throttled: None, client: Client, settings: Any
) -> None:
    settings.MICROACQ_PROXY_COUNT = 1
    address = reverse("wagtailadmin_login")

    def sign_in(password: str, forwarded: str) -> int:
        form = {"username": "somebody", "password": password}
        headers = {"x-forwarded-for": forwarded}
        return client.post(address, form, headers=headers, REMOTE_ADDR="10.0.0.1").status_code

    for attempt in range(6):
        sign_in("wrong", f"203.0.113.{attempt}, 192.0.2.1")
    # What a visitor puts into the header is not believed; what our own proxy added is.
    assert sign_in("right", "203.0.113.99, 192.0.2.1") == 429
    assert sign_in("right", "192.0.2.2") == 302


def test_without_a_proxy_the_header_is_not_believed(throttled: None, client: Client) -> None:
    for attempt in range(6):
        form = {"username": "somebody", "password": "wrong"}
        client.post(reverse("wagtailadmin_login"), form, headers={"x-forwarded-for": f"203.0.113.{attempt}"})
    assert _try(client, "right", "127.0.0.1") == 429
