"""Limits: so many within so long, known by a digest, forgotten after a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from submissions.gate import counting, limits, networks, waiting
from submissions.gate.models import Passage

TWO = limits.Limit("test/network", 2)
ONE_OF_ADDRESS = limits.Limit("test/address", 1, limits.DAY, is_exact=True)


@pytest.mark.django_db
def test_so_many_pass_and_the_next_learns_how_long_to_wait() -> None:
    assert [counting.take((TWO, "192.0.2.1/32")) for _n in range(2)] == [None, None]
    Passage.objects.update(passed_at=timezone.now() - timedelta(minutes=50))

    reached = counting.take((TWO, "192.0.2.1/32"))

    assert reached is not None
    assert 590 <= reached.seconds <= 601
    assert "in 10 minutes" in waiting.sentence(reached) or "in 11 minutes" in waiting.sentence(reached)
    assert counting.take((TWO, "192.0.2.2/32")) is None


@pytest.mark.django_db
def test_what_was_refused_counts_by_no_limit() -> None:
    counting.take((ONE_OF_ADDRESS, "a"))

    for _n in range(3):
        assert counting.take((TWO, "n"), (ONE_OF_ADDRESS, "a")) is not None

    assert Passage.objects.count() == 1
    assert counting.take((TWO, "n"), (ONE_OF_ADDRESS, "b")) is None


@pytest.mark.django_db
def test_the_longest_wait_is_told() -> None:
    counting.take((limits.Limit("test/network", 1), "n"), (ONE_OF_ADDRESS, "a"))
    reached = counting.take((limits.Limit("test/network", 1), "n"), (ONE_OF_ADDRESS, "a"))
    assert reached is not None
    assert reached.limit == ONE_OF_ADDRESS
    assert "in 24 hours" in waiting.sentence(reached)


@pytest.mark.django_db
def test_what_passed_long_enough_ago_counts_no_more_and_is_forgotten_after_a_day() -> None:
    for _n in range(2):
        counting.take((TWO, "n"))
    Passage.objects.update(passed_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert counting.take((TWO, "n")) is None
    assert counting.forget() == 0
    Passage.objects.update(passed_at=timezone.now() - timedelta(days=1, seconds=1))
    assert counting.forget() == 3


@pytest.mark.django_db
def test_one_statement_counts_by_every_limit(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        counting.take((TWO, "n"), (limits.VERSIONS_OF_LINK, "l"))
    with django_assert_num_queries(0):
        counting.take((TWO, ""))


@pytest.mark.django_db
def test_nothing_of_the_value_is_kept() -> None:
    counting.take((TWO, "192.0.2.1/32"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(digest, 'escape'), length(digest) FROM submissions_passage")
        ((digest, length),) = cursor.fetchall()
    assert "192." not in digest
    assert length == 16


@pytest.mark.django_db
def test_the_digest_depends_on_the_secret_and_on_what_is_counted(settings: Any) -> None:
    before = counting._digest(TWO, "n")
    assert counting._digest(ONE_OF_ADDRESS, "n") != before
    settings.SECRET_KEY = "another secret of this deployment, long enough"
    assert counting._digest(TWO, "n") != before


def test_a_network_is_an_address_of_ipv4_and_a_64_of_ipv6() -> None:
    assert networks.network_of("192.0.2.77") == "192.0.2.77/32"
    assert networks.network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert networks.network_of("::ffff:192.0.2.77") == "192.0.2.77/32"
    assert networks.network_of("fe80::1%eth0") == "fe80::/64"
    assert networks.network_of(None) == networks.network_of("unix:") == ""


@given(st.ip_addresses(v=6))
def test_the_lower_half_of_an_ipv6_address_makes_no_other_network(address: Any) -> None:
    if address.ipv4_mapped is None:
        assert networks.network_of(str(address)) == networks.network_of(str(type(address)(int(address) ^ 1)))


def test_the_proxy_of_the_project_says_where_a_visitor_comes_from(rf: Any, settings: Any) -> None:
    settings.MICROACQ_PROXY_COUNT = 1
    request = rf.get("/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "198.51.100.9, 192.0.2.1"})
    assert networks.network_of_visitor(request) == "192.0.2.1/32"
    settings.MICROACQ_PROXY_COUNT = 0
    assert networks.network_of_visitor(request) == "127.0.0.1/32"


def test_no_limit_outlives_a_day_and_addresses_wait_for_each_other() -> None:
    table = [value for value in vars(limits).values() if isinstance(value, limits.Limit)]
    assert len({limit.name for limit in table}) == len(table)
    assert all(limit.within <= limits.DAY for limit in table)
    assert all(limit.is_exact for limit in table if limit.name.endswith("/address"))
    assert all(limit.most >= 60 for limit in table if limit.name.endswith("/network"))
