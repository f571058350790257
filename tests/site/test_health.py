"""`/healthz` answers those who know nothing of the site, and only says whether the database answers."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError
from django.test import Client


@pytest.mark.django_db
def test_health_is_good_when_the_database_answers(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Content-Type"].startswith("text/plain")
    assert not response.cookies


@pytest.mark.django_db
def test_health_answers_any_host_name(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["buy.example.org"]
    assert client.get("/healthz", HTTP_HOST="10.0.0.7:8000").status_code == 200


def test_health_is_bad_when_the_database_does_not_answer(client: Client) -> None:
    with mock.patch("config.health.connection") as connection:
        connection.cursor.side_effect = DatabaseError
        response = client.get("/healthz")
    assert response.status_code == 503
    assert b"database" in response.content
