"""The daily digest: once a business day, in the person’s language, only when something waits, and only if wanted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState

from microacq_pages.formats import EASTERN
from submissions.notices.delivery import deliver
from submissions.notices.digest import send_digests
from submissions.notices.models import DailyDigest, OutgoingMessage
from tests.factories import pages, people

pytestmark = [
    pytest.mark.django_db(databases=["default", "refusals"]),
    pytest.mark.usefixtures("project_once"),
]

#: A Tuesday without a holiday, after the hour of the digest.
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=EASTERN)


@pytest.fixture
def waiting(author: Any, it_strategy: Any) -> Any:
    """A text that waits for IT Strategy; the messages at once are gone."""
    page = pages.run_workflow(pages.make_opportunity(author), author)
    OutgoingMessage.objects.all().delete()
    return page


def digests(**kwargs: Any) -> dict[str, Any]:
    """What is sent and delivered, by recipient."""
    send_digests(**kwargs)
    mail.outbox.clear()
    for message in OutgoingMessage.objects.filter(kind="waiting_digest").exclude(state="sent"):
        deliver(message.pk)
    return {message.to[0]: message for message in mail.outbox}


def test_it_is_sent_once_a_day_to_who_has_something_waiting(
    waiting: Any, it_strategy: Any, cfob: Any
) -> None:
    sent = digests(now=TUESDAY)

    assert set(sent) == {it_strategy.email}
    assert waiting.title in sent[it_strategy.email].body
    assert reverse("microacq_review", args=[waiting.pk]) in sent[it_strategy.email].body
    assert digests(now=TUESDAY + timedelta(hours=3)) == {}
    assert set(digests(now=TUESDAY + timedelta(days=1))) == {it_strategy.email}


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 24, 6, 59, tzinfo=EASTERN),
        datetime(2026, 11, 21, 9, 0, tzinfo=EASTERN),
        datetime(2026, 12, 25, 9, 0, tzinfo=EASTERN),
    ],
    ids=["before the hour", "on a Saturday", "on a holiday"],
)
def test_it_is_not_sent_when_nobody_works(waiting: Any, moment: datetime) -> None:
    assert digests(now=moment) == {}


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Reviews:", "since ")), ("fr", ("Examens", "Ce qui vous attend"))]
)
def test_it_is_in_the_language_of_the_person(
    waiting: Any, it_strategy: Any, language: str, words: tuple[str, ...]
) -> None:
    people.prefer(it_strategy, language)

    message = digests(now=TUESDAY)[it_strategy.email]

    assert all(word in f"{message.subject}\n{message.body}" for word in words)


def test_who_does_not_want_it_gets_none(waiting: Any, it_strategy: Any) -> None:
    client = Client()
    client.force_login(it_strategy)
    account = reverse("wagtailadmin_account")
    assert "daily_digest-wanted" in client.get(account).content.decode()
    DailyDigest.objects.filter(user=it_strategy).update(wanted=False)

    assert digests(now=TUESDAY) == {}


def test_late_things_are_said_to_be_late(waiting: Any, it_strategy: Any) -> None:
    TaskState.objects.update(started_at=timezone.now() - timedelta(days=14))

    assert "Late." in digests(now=TUESDAY)[it_strategy.email].body


def test_the_author_reads_that_a_text_was_published_and_where_the_others_are(
    author: Any, it_strategy: Any, cfob: Any, translator: Any
) -> None:
    now = timezone.now()
    DailyDigest.objects.create(user=author, last_day=timezone.localdate(now) - timedelta(days=1))
    page = pages.make_opportunity(author)
    pages.translate(page, translator)
    pages.run_workflow(page, author, it_strategy, cfob, translator, it_strategy)
    pages.run_workflow(pages.make_opportunity(author, slug="other", title="Other text"), author)

    body = digests(now=_next_business_morning(now))[author.email].body

    assert page.title in body.split("Published")[1]
    assert "Other text" in body.split("Published")[0]
    assert "step 1 of 4" in body


def _next_business_morning(now: datetime) -> datetime:
    from microacq_pages.business_days import add_business_days

    return add_business_days(now, 1).astimezone(EASTERN).replace(hour=9)


def test_two_ticks_at_the_same_time_send_one(waiting: Any, it_strategy: Any) -> None:
    digests(now=TUESDAY)
    DailyDigest.objects.update(last_day=None)

    assert digests(now=TUESDAY) == {}
    assert OutgoingMessage.objects.filter(kind="waiting_digest").count() == 1
