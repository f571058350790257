"""Kept pages: the same to every anonymous reader, gone when anything public changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from microacq_pages import page_cache
from tests.factories import pages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def test_a_second_anonymous_reader_costs_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get("/en/opportunities/")

    with django_assert_num_queries(1):
        second = client.get("/en/opportunities/")

    assert second.content == first.content
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_a_publication_is_seen_at_once(client: Client, author: Any, it_strategy: Any) -> None:
    client.get("/en/opportunities/")

    pages.make_posted_opportunity(author, it_strategy)

    assert b"Accessible date picker" in client.get("/en/opportunities/").content


def test_a_signed_in_person_always_reads_afresh(client: Client, admin: Any) -> None:
    client.get("/en/opportunities/")
    client.force_login(admin)

    assert "Accessible" not in client.get("/en/opportunities/").content.decode()
    assert not page_cache._may_be_kept(client.get("/en/opportunities/").wsgi_request)


@pytest.mark.parametrize(("ahead", "seconds"), [(5, 5), (3600, 60), (0, 0), (-3, 0)])
def test_nothing_is_kept_past_the_next_event_of_the_clock(ahead: int, seconds: int) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    assert page_cache._seconds_until(now, now + timedelta(seconds=ahead)) == seconds


def test_without_any_event_a_page_is_kept_a_minute() -> None:
    assert page_cache._seconds_until(datetime(2026, 1, 1, tzinfo=UTC), None) == page_cache.LONGEST
