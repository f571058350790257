"""What the public may send at most, and the sentence that says so."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from config import sizes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "sentences"),
    [
        ("/en/apply/MA-2026-0001/", ["What you sent is too large"]),
        ("/fr/presenter-une-demande/", ["Ce que vous avez envoyé est trop volumineux"]),
        ("/nowhere/", ["What you sent is too large", "Ce que vous avez envoyé est trop volumineux"]),
    ],
)
def test_a_form_that_is_too_large_is_refused_in_words(
    client: Client, address: str, sentences: list[str]
) -> None:
    answer = client.post(address, {"name": "x" * sizes.LARGEST_FORM})
    assert answer.status_code == 413
    assert all(sentence in answer.content.decode() for sentence in sentences)


class Unread(BytesIO):
    """What is sent, and how much of it was read."""

    taken = 0

    def read(self, *args: Any) -> bytes:
        data = super().read(*args)
        self.taken += len(data)
        return data


@pytest.mark.parametrize("address", ["/en/apply/MA-2026-0001/", "/fr/presenter-une-demande/", "/nowhere/"])
@pytest.mark.parametrize(
    "size", [sizes.LARGEST_FORM + 1, sizes.LARGEST_WITH_FILE - 1, sizes.LARGEST_WITH_FILE + 1]
)
def test_nothing_of_a_form_that_is_too_large_is_read(address: str, size: int) -> None:
    sent = Unread(b"name=" + b"x" * size)
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32  # without it nothing is read anyway
    answer = client.generic(
        "POST",
        address,
        content_type="application/x-www-form-urlencoded",
        **{"wsgi.input": sent, "CONTENT_LENGTH": str(size)},
    )
    assert answer.status_code == 413
    assert sent.taken == 0


def test_too_many_fields_are_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32  # without it nothing is read
    answer = client.post("/en/", {f"field{number}": "x" for number in range(10_001)})
    assert answer.status_code == 413
    assert "What you sent is too large" in answer.content.decode()


def test_staff_may_send_more(admin_client: Client) -> None:
    answer = admin_client.post("/admin/login/", {"name": "x" * sizes.LARGEST_FORM})
    assert answer.status_code != 413


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_cannot_be_read_is_refused_in_words(client: Client, language: str) -> None:
    answer = client.post(f"/{language}/", "x", content_type="text/plain; charset=utf-7")
    assert answer.status_code == 400
    assert {"en": "We could not read what was sent", "fr": "Nous n’avons pas pu lire"}[language] in (
        answer.content.decode()
    )
