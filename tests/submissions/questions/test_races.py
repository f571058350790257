"""Two people at once: one is served, the other is told, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.gate import limits
from submissions.notices.models import OutgoingMessage
from submissions.proposals import opening
from submissions.questions import publication, services
from submissions.questions.enums import State
from submissions.questions.models import PublishedAnswer, Question
from submissions.questions.services import TransitionRefused
from submissions.solicitations.models import Solicitation
from tests.factories import people, proposals, questions
from tests.support.threads import Parallel


@pytest.fixture(scope="module")
def _set_up(committed_database: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        opening.make_trial()


@pytest.fixture
def file(_set_up: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    with django_db_blocker.unblock():
        yield proposals.make_file()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each returned or raised."""
    parallel = Parallel()
    for act in acts:

        def in_transaction(act: Callable[[], Any] = act) -> Any:
            with transaction.atomic():
                return act()

        parallel.start(in_transaction)
    return parallel.join()


def kinds(outcomes: list[Any]) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def staff(name: str) -> Any:
    found = people.get_user_model().objects.filter(username=name).first()
    return found or people.make_user(roles.IT_STRATEGY, name)


def test_two_who_publish_at_once_publish_once(file: Solicitation) -> None:
    question = questions.bring_to(questions.ask(file), State.TRANSLATING)
    questions.translate(question)
    digest = publication.readiness(question).digest
    first, second = staff("first"), staff("second")

    outcomes = at_once(
        lambda: services.transition(
            Question.objects.get(pk=question.pk), "publish", user=first, digest=digest
        ),
        lambda: services.transition(
            Question.objects.get(pk=question.pk), "publish", user=second, digest=digest
        ),
    )

    assert kinds(outcomes) == ["Question", "TransitionRefused"]
    assert PublishedAnswer.objects.filter(record=question).count() == 1


def test_two_questions_merged_into_each_other_end_with_one_that_is_kept(file: Solicitation) -> None:
    first, second = questions.ask(file, "First?"), questions.ask(file, "Second?")
    person = staff("merges")

    outcomes = at_once(
        lambda: services.transition(Question.objects.get(pk=first.pk), "merge", user=person, kept=second),
        lambda: services.transition(Question.objects.get(pk=second.pk), "merge", user=person, kept=first),
    )

    assert kinds(outcomes) == ["Question", "TransitionRefused"]
    states = sorted(Question.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True))
    assert states == ["merged", "received"]


def test_one_who_publishes_and_one_who_rejects_do_not_both_succeed(file: Solicitation) -> None:
    question = questions.bring_to(questions.ask(file), State.TRANSLATING)
    questions.translate(question)
    digest = publication.readiness(question).digest
    person = staff("both")

    outcomes = at_once(
        lambda: services.transition(
            Question.objects.get(pk=question.pk), "publish", user=person, digest=digest
        ),
        lambda: services.transition(
            Question.objects.get(pk=question.pk), "reject", user=person, rejection="off_topic"
        ),
    )

    assert kinds(outcomes) == ["Question", "TransitionRefused"]
    question.refresh_from_db()
    assert PublishedAnswer.objects.filter(record=question).exists() == (question.state == State.PUBLISHED)


def test_merging_into_a_question_while_it_is_published_tells_its_asker_the_answer(
    file: Solicitation,
) -> None:
    kept = questions.bring_to(questions.ask(file, "Which?"), State.TRANSLATING)
    merged = questions.ask(file, "Which one?", address="asker@example.org")
    questions.translate(kept)
    digest = publication.readiness(kept).digest
    person = staff("both")

    outcomes = at_once(
        lambda: services.transition(Question.objects.get(pk=kept.pk), "publish", user=person, digest=digest),
        lambda: services.transition(Question.objects.get(pk=merged.pk), "merge", user=person, kept=kept),
    )

    # One waits for the other; both are right in either order.
    assert kinds(outcomes) == ["Question", "Question"]
    merged.refresh_from_db()
    assert (merged.state, merged.merged_into_id) == (State.MERGED, kept.pk)
    assert PublishedAnswer.objects.filter(record=kept).count() == 1
    # With the answer as everyone who asked, or because it was there when the question was merged, or both.
    keys = OutgoingMessage.objects.filter(kind="question_published").values_list("idempotency_key", flat=True)
    assert [key for key in keys if kept.reference in key or merged.reference in key]


def test_a_question_that_is_merged_while_it_is_published_is_either_public_or_merged(
    file: Solicitation,
) -> None:
    question = questions.bring_to(questions.ask(file, "This?"), State.TRANSLATING)
    other = questions.ask(file, "That?")
    questions.translate(question)
    digest = publication.readiness(question).digest
    person = staff("both")

    outcomes = at_once(
        lambda: services.transition(
            Question.objects.get(pk=question.pk), "publish", user=person, digest=digest
        ),
        lambda: services.transition(Question.objects.get(pk=question.pk), "merge", user=person, kept=other),
    )

    assert kinds(outcomes) == ["Question", "TransitionRefused"]
    question.refresh_from_db()
    assert PublishedAnswer.objects.filter(record=question).exists() == (question.state == State.PUBLISHED)
    assert (question.merged_into_id is None) == (question.state == State.PUBLISHED)


def test_questions_that_come_at_once_get_numbers_of_their_own(file: Solicitation) -> None:
    outcomes = at_once(*(lambda n=n: questions.ask(file, f"Question {n}?") for n in range(4)))

    assert kinds(outcomes) == ["Question"] * 4
    assert sorted(question.number for question in outcomes) == [1, 2, 3, 4]


def test_a_second_click_while_the_first_is_under_way_asks_once(file: Solicitation) -> None:
    def send() -> Question:
        return services.receive(file, text="Once?", language="en", form_digest="f" * 64)

    outcomes = at_once(send, send)

    assert {outcome.pk for outcome in outcomes} == {Question.objects.get(form_digest="f" * 64).pk}


def test_the_limit_of_a_network_holds_for_questions_that_come_at_once(
    file: Solicitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = limits.Limit("question/network", 2, is_exact=True)
    monkeypatch.setattr(limits, "QUESTIONS_OF_NETWORK", limit)
    network = "192.0.2.0/24"

    outcomes = at_once(*(lambda: questions.ask(file, network=network) for _n in range(4)))

    assert kinds(outcomes) == ["Question", "Question", "TooMany", "TooMany"]


def test_a_refusal_stays_when_the_decision_is_rolled_back(file: Solicitation, settings: Any) -> None:
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    question = questions.ask(file)

    with pytest.raises(TransitionRefused), transaction.atomic():
        services.transition(question, "publish", user=staff("hasty"))

    refused = ModelLogEntry.objects.filter(action="question.decision_refused", object_id=str(question.pk))
    assert refused.count() == 1
