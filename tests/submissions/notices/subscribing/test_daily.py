"""The daily digest of the list: what is new, said once, and nothing when nothing is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.formats import EASTERN
from microacq_pages.models import PublicStatus
from submissions.notices.subscribing import announcing, daily, services
from submissions.notices.subscribing.content import Posted
from submissions.notices.subscribing.daily import SOON, news
from submissions.notices.subscribing.models import Announcement, Rhythm, Subscription
from submissions.solicitations.models import Solicitation
from tests.factories import mailing, pages, proposals
from tests.factories.mailing import mails

DAY = date(2026, 3, 10)


def posted(announcement: int, closes_in: int, skill: UUID | None = None) -> Posted:
    deadline = datetime.combine(DAY + timedelta(days=closes_in), datetime.min.time(), EASTERN)
    return Posted(
        number=f"MA-{announcement}-{closes_in}",
        deadline=(deadline + timedelta(hours=14)).astimezone(UTC),
        announcement=announcement,
        skills=frozenset({skill or uuid4()}),
    )


def asked(*opportunities: Posted, **changes: Any) -> daily.News | None:
    values = {
        "skills": frozenset(),
        "told": 5,
        "newest": 9,
        "day": DAY,
        "last_day": DAY - timedelta(days=1),
        **changes,
    }
    return news(opportunities, **values)


# --- the rule ------------------------------------------------------------------------------------------


def test_nothing_new_is_nothing_to_say() -> None:
    assert asked() is None
    assert asked(posted(5, 20), posted(10, 20)) is None, "told already, and not yet to be told"


def test_what_came_to_close_soon_is_said_once() -> None:
    closing = posted(3, SOON.days)
    found = asked(closing)
    assert found is not None and list(found.closing) == [closing]
    assert asked(closing, last_day=DAY) is None
    assert asked(posted(3, SOON.days - 1)) is None, "yesterday it closed soon too"


def test_what_closes_soon_stands_beside_what_is_new() -> None:
    new, closing = posted(6, 20), posted(2, 1)
    found = asked(new, closing)
    assert found is not None
    assert (list(found.posted), list(found.closing)) == ([new], [closing])


def test_only_chosen_skills_count() -> None:
    python = uuid4()
    wanted, other = posted(6, 20, python), posted(7, 20)
    found = asked(wanted, other, skills=frozenset({python}))
    assert found is not None and list(found.posted) == [wanted]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 30)), max_size=12),
    st.lists(st.integers(0, 12), min_size=1, max_size=6),
)
def test_whatever_the_days_each_opportunity_is_new_exactly_once(
    opportunities: list[tuple[int, int]], newest: list[int]
) -> None:
    """Digests that follow one another, each told up to the newest announcement of its moment."""
    all_of_them = [posted(number, 10 + days) for number, days in opportunities]
    told, said = 0, []
    for moment in sorted(newest):
        found = asked(*all_of_them, told=told, newest=moment)
        said += list(found.posted) if found else []
        told = max(told, moment)
    assert sorted(said, key=id) == sorted(
        (each for each in all_of_them if 0 < each.announcement <= told), key=id
    )


# --- with the database ---------------------------------------------------------------------------------


@pytest.fixture
def post(project_once: None, author: Any, it_strategy: Any) -> Callable[..., Solicitation]:
    def make(slug: str) -> Solicitation:
        made: Solicitation = proposals.make_posted_file(author, it_strategy, slug=slug, title=slug.title())
        return made

    return make


def morning(days: int = 1, hour: int = 8) -> datetime:
    day = timezone.now().astimezone(EASTERN).date() + timedelta(days=days)
    return datetime.combine(day, datetime.min.time(), EASTERN).replace(hour=hour)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr", ""])
def test_a_digest_names_what_was_posted_since_the_last_one(
    post: Callable[..., Solicitation], language: str
) -> None:
    mailing.subscribe(rhythm=Rhythm.DAILY, language=language)
    first, second = post("first"), post("second")
    assert daily.send_digests(morning(hour=5)) == 0, "too early in the day"
    assert daily.send_digests(morning()) == 1
    assert daily.send_digests(morning(hour=9)) == 0, "once a day"
    (mail,) = mails("list_digest")
    assert first.number in mail.body and second.number in mail.body
    assert ("NEW OPPORTUNITIES" in mail.body) == (language in ("en", ""))
    assert ("NOUVELLES OPPORTUNITÉS" in mail.body) == (language in ("fr", ""))
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert daily.send_digests(morning(2)) == 0, "nothing is new"
    third = post("third")
    assert daily.send_digests(morning(3)) == 1
    assert third.number in mails("list_digest")[-1].body
    assert first.number not in mails("list_digest")[-1].body


@pytest.mark.django_db
def test_a_digest_says_what_comes_to_close_soon_and_not_what_was_cancelled(
    post: Callable[..., Solicitation],
) -> None:
    closing, cancelled = post("closing"), post("cancelled")
    PublicStatus.objects.filter(number=cancelled.number).update(state=PublicStatus.State.CANCELLED)
    mailing.subscribe(rhythm=Rhythm.DAILY, last_day=morning().date())
    Subscription.objects.update(told=Announcement.objects.latest("pk").pk)
    two_days_before = closing.deadline.astimezone(EASTERN).date() - SOON
    days = (two_days_before - morning(0).date()).days
    assert daily.send_digests(morning(days)) == 1
    (mail,) = mails("list_digest")
    assert "CLOSING SOON" in mail.body and "NEW OPPORTUNITIES" not in mail.body
    assert cancelled.number not in mail.body


@pytest.mark.django_db
def test_a_change_of_the_rhythm_loses_nothing_and_says_nothing_twice(
    post: Callable[..., Solicitation],
) -> None:
    subscription = mailing.subscribe(rhythm=Rhythm.DAILY)
    person = subscription.subscriber

    def change(rhythm: str) -> None:
        services.choose(person, language="en", rhythm=rhythm, skills=[])

    first = post("first")
    change("at_once")
    announcing.go_on()
    assert [first.number in mail.body for mail in mails()] == [True], "what the digest would have said, now"
    second = post("second")
    change("daily")
    announcing.go_on()
    third = post("third")
    daily.send_digests(morning())
    assert len(mails()) == 2
    body = mails("list_digest")[-1].body
    assert second.number in body and third.number in body and first.number not in body
    fourth = post("fourth")
    change("at_once")
    change("daily")
    daily.send_digests(morning(2))
    assert sum(fourth.number in mail.body for mail in mails()) == 1


@pytest.mark.django_db
def test_who_was_told_at_once_is_not_told_again_by_the_digest(post: Callable[..., Solicitation]) -> None:
    subscription = mailing.subscribe()
    post("first")
    announcing.go_on()
    services.choose(subscription.subscriber, language="en", rhythm="daily", skills=[])
    assert daily.send_digests(morning()) == 0


@pytest.mark.django_db
def test_a_skill_that_was_deleted_leaves_nobody_in_silence(post: Callable[..., Solicitation]) -> None:
    skill = pages.make_skill("Python")
    gone = uuid4()
    mailing.subscribe("one@example.org", skills=[gone])
    mailing.subscribe("two@example.org", skills=[gone, skill.translation_key])
    mailing.subscribe("three@example.org", skills=[gone], rhythm=Rhythm.DAILY)
    post("python")
    announcing.go_on()
    daily.send_digests(morning())
    assert sorted(mail.to[0] for mail in mails()) == [
        "one@example.org",
        "three@example.org",
        "two@example.org",
    ]


@pytest.mark.django_db
def test_more_subscribers_cost_no_more_queries_than_their_letters(
    post: Callable[..., Solicitation], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(8):
        mailing.subscribe(f"person{number}@example.org", rhythm=Rhythm.DAILY)
    post("first")
    daily.send_digests(morning())
    with django_assert_max_num_queries(30):
        assert daily.send_digests(morning(2)) == 0
