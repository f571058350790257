"""The screen of staff about the mailing list: numbers, no address, and addresses written to again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.notices.following import subscribers
from submissions.notices.following.models import Subscriber
from submissions.notices.subscribing import counts
from submissions.notices.subscribing.models import Rhythm
from tests.factories import mailing, pages

pytestmark = pytest.mark.django_db

LIST, RESTORE = "microacq_mailing_list", "microacq_mailing_list_restore"


@pytest.fixture
def staff(client: Client, it_strategy: Any) -> Client:
    client.force_login(it_strategy)
    return client


def test_it_counts_by_skill_language_and_rhythm_and_names_nobody(staff: Client) -> None:
    python, design = pages.make_skill("Python"), pages.make_skill("Design")
    mailing.subscribe("anne@example.org", skills=[python.translation_key], language="fr")
    mailing.subscribe("bob@example.org", skills=[python.translation_key], rhythm=Rhythm.DAILY)
    mailing.subscribe("chi@example.org", language="")
    figures = counts.figures("en")
    assert dict(figures["by_skill"])["Python"] == 2
    assert dict(figures["by_skill"])["Design"] == 0
    assert [count for _name, count in figures["by_rhythm"]] == [2, 1]
    assert dict(figures["by_language"]) == {"English": 1, "French": 1, "English and French": 1}
    assert design and counts.without_choice() == 1
    shown = staff.get(reverse(LIST)).content.decode()
    assert "Python" in shown
    for name in ("anne", "bob", "chi@", "•••@"):
        assert name not in shown


def test_its_queries_do_not_grow(staff: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    def count(most: int) -> None:
        with django_assert_max_num_queries(most):
            counts.figures("en")

    count(11)
    for number in range(12):
        skill = pages.make_skill(f"Skill {number}")
        mailing.subscribe(f"person{number}@example.org", skills=[skill.translation_key])
    count(11)


def test_staff_have_an_address_written_to_again(staff: Client) -> None:
    person = mailing.subscribe("anne@example.org").subscriber
    subscribers.set_aside(person, "5.1.1")
    assert "5.1.1" in staff.get(reverse(LIST)).content.decode()
    assert staff.post(reverse(RESTORE), {"address": "ANNE@example.org"}).status_code == 302
    assert Subscriber.objects.get().set_aside_at is None
    act = ModelLogEntry.objects.get(action="subscriber.restored")
    assert act.user is not None and "anne" not in f"{act.label}{act.data}"


def test_staff_have_all_written_to_again_that_a_fault_set_aside(staff: Client) -> None:
    for name in ("old", "one", "two"):
        subscribers.set_aside(mailing.subscribe(f"{name}@example.org").subscriber, "550")
    old = Subscriber.objects.order_by("pk")[0]
    Subscriber.objects.filter(pk=old.pk).update(set_aside_at=timezone.now() - timedelta(days=3))
    since = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert staff.post(reverse(RESTORE), {"since": since}).status_code == 302
    assert [each.pk for each in Subscriber.objects.exclude(set_aside_at=None)] == [old.pk]


@pytest.mark.parametrize(
    "typed", [{"address": "nobody"}, {"since": "yesterday"}, {"since": "0001-01-01"}, {}]
)
def test_bad_input_is_said_and_stays(staff: Client, typed: dict[str, str]) -> None:
    answer = staff.post(reverse(RESTORE), typed)
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert all(value in answer.content.decode() for value in typed.values())


def test_only_it_strategy_sees_it(client: Client, user_in: Callable[..., Any]) -> None:
    for role in (roles.CLIENT, roles.CFOB, roles.AUDITOR, roles.TRANSLATOR):
        client.force_login(user_in(role))
        assert client.get(reverse(LIST)).status_code == 302
        assert client.post(reverse(RESTORE), {"address": "a@example.org"}).status_code == 302
        assert not ModelLogEntry.objects.filter(action="subscriber.restored").exists()
