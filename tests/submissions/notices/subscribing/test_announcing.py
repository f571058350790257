"""Letters at once about a new opportunity: who gets them, what they say, that everyone gets one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from microacq_pages.models import PublicStatus, Skill
from submissions.notices import hooks
from submissions.notices.following import subscribers
from submissions.notices.models import OutgoingMessage
from submissions.notices.subscribing import announcing, services
from submissions.notices.subscribing.models import Announcement, Rhythm
from submissions.notices.tasks import OF_A_CROWD
from submissions.solicitations.models import Solicitation
from tests.factories import mailing, pages, proposals
from tests.factories.mailing import mails

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("project_once")]


@pytest.fixture
def post(author: Any, it_strategy: Any) -> Callable[..., Solicitation]:
    """Post an opportunity: ``post("date-picker", skill)``."""

    def make(slug: str = "date-picker", *skills: Skill, **fields: Any) -> Solicitation:
        made: Solicitation = proposals.make_posted_file(
            author, it_strategy, slug=slug, title=slug.title(), skills=list(skills) or None, **fields
        )
        return made

    return make


def told() -> list[str]:
    return [mail.to[0].partition("@")[0] for mail in mails("list_opportunity")]


def test_who_chose_one_of_its_skills_or_none_is_told_at_once(post: Callable[..., Solicitation]) -> None:
    python, design = pages.make_skill("Python"), pages.make_skill("Design")
    mailing.subscribe("python@example.org", skills=[python.translation_key])
    mailing.subscribe("both@example.org", skills=[python.translation_key, design.translation_key])
    mailing.subscribe("design@example.org", skills=[design.translation_key])
    mailing.subscribe("all@example.org")
    mailing.subscribe("daily@example.org", rhythm=Rhythm.DAILY)
    post("date-picker", python)
    announcing.go_on()
    assert sorted(told()) == ["all", "both", "python"]
    assert Announcement.objects.get().letters == 3
    assert ModelLogEntry.objects.get(action="list.told").data["count"] == 3


@pytest.mark.parametrize("language", ["en", "fr", ""])
def test_the_letter_is_in_the_language_of_the_reader_and_can_be_stopped_by_one_click(
    post: Callable[..., Solicitation], language: str
) -> None:
    person = mailing.subscribe(language=language).subscriber
    file = post()
    announcing.go_on()
    (mail,) = mails("list_opportunity")
    for code in ("en", "fr"):
        page = file.page(code)
        assert page is not None
        assert (f"{page.title}\n" in mail.body and page.url in mail.body) == (language in (code, ""))
        assert (subscribers.own_link(person, code) in mail.body) == (language in (code, ""))
    assert ("heure de l’Est" in mail.body) == (language in ("fr", ""))
    assert mail.extra_headers["List-Unsubscribe"] == f"<{services.stop_link(person)}>"
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_going_on_again_writes_no_second_letter(post: Callable[..., Solicitation]) -> None:
    mailing.subscribe()
    post()
    assert announcing.go_on() == 1
    assert announcing.go_on() == 0
    # Even if the note of how far it came were lost.
    Announcement.objects.update(reached=0, finished_at=None)
    announcing.go_on()
    assert len(told()) == 1


def test_batches_of_any_size_tell_everyone_once(
    post: Callable[..., Solicitation], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [f"person{number}" for number in range(7)]
    for person in people:
        mailing.subscribe(f"{person}@example.org")
    post()
    monkeypatch.setattr(announcing, "BATCH", 3)
    announcement = Announcement.objects.get()
    assert announcing.tell(announcement.pk, stop_at=0) == 0, "no time"
    assert announcing.tell(announcement.pk) == 7
    assert told() == people


def test_publication_queues_one_task_only_if_somebody_wants_to_hear(
    post: Callable[..., Solicitation],
) -> None:
    post("first")
    tell = DBTaskResult.objects.filter(task_path__endswith="send_letters")
    assert not tell.exists()
    mailing.subscribe()
    post("second")
    assert tell.count() == 1


def test_who_joins_after_the_posting_is_not_told_of_it(post: Callable[..., Solicitation]) -> None:
    post("before")
    person = subscribers.new_subscriber("late@example.org", "en")
    services.choose(person, language="en", rhythm="at_once", skills=[])
    post("after")
    announcing.go_on()
    (mail,) = mails("list_opportunity")
    assert "After" in mail.subject


def test_what_is_published_again_is_not_announced_as_new(
    post: Callable[..., Solicitation], it_strategy: Any
) -> None:
    mailing.subscribe()
    file = post()
    announcing.go_on()
    english, french = file.page("en"), file.page("fr")
    assert english is not None and french is not None
    for first in (False, True):
        hooks.announce_new_opportunity(english, french, it_strategy, first=first)
    announcing.go_on()
    assert len(told()) == 1


def test_nobody_is_told_to_apply_to_what_was_cancelled_meanwhile(post: Callable[..., Solicitation]) -> None:
    mailing.subscribe()
    file = post()
    PublicStatus.objects.filter(number=file.number).update(state=PublicStatus.State.CANCELLED)
    announcing.go_on()
    assert told() == []
    assert Announcement.objects.get().finished_at is not None


def test_an_address_that_is_set_aside_is_left_alone(post: Callable[..., Solicitation]) -> None:
    subscribers.set_aside(mailing.subscribe().subscriber, "5.1.1")
    post()
    announcing.go_on()
    assert told() == []


def test_a_letter_to_the_list_waits_behind_mail_to_one_person(post: Callable[..., Solicitation]) -> None:
    mailing.subscribe()
    post()
    announcing.go_on()
    row = OutgoingMessage.objects.get(kind="list_opportunity")
    deliver = DBTaskResult.objects.filter(task_path__endswith="deliver_message")
    assert [task.priority for task in deliver if task.args_kwargs["args"] == [row.pk]] == [OF_A_CROWD]


def test_the_queries_before_a_batch_do_not_grow_with_what_was_posted_before(
    post: Callable[..., Solicitation], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(4):
        post(f"number-{number}")
    announcing.go_on()
    mailing.subscribe()
    announcement = post("last")
    with django_assert_max_num_queries(32):
        announcing.tell(Announcement.objects.get(number=announcement.number).pk)
