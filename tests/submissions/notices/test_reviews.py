"""What staff are told at once about reviews: the right people, in their own language, with reason and link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from microacq_pages import roles
from microacq_pages.reviewing import standins
from submissions.notices.delivery import deliver
from tests.factories import pages, people

pytestmark = [
    pytest.mark.django_db(databases=["default", "refusals"]),
    pytest.mark.usefixtures("drafted_once"),
]


@pytest.fixture
def delivered(outbox: Any) -> Any:
    """What was delivered, by recipient; asking delivers."""

    def ask() -> dict[str, Any]:
        mail.outbox.clear()
        for message in outbox.exclude(state="sent"):
            deliver(message.pk)
        return {message.to[0]: message for message in mail.outbox}

    return ask


@pytest.fixture
def lead(user_in: Any) -> Any:
    person = user_in(roles.IT_LEAD)
    person.groups.add(roles.Group.objects.get(name=roles.IT_STRATEGY))
    return person


@pytest.mark.parametrize(
    ("language", "subject", "link_sentence"),
    [
        ("en", "To review: Accessible date picker", "decide here"),
        ("fr", "À examiner\N{NO-BREAK SPACE}: ", "prenez votre décision ici"),
    ],
)
def test_who_has_the_step_is_told_at_once_in_their_own_language(
    author: Any, it_strategy: Any, cfob: Any, delivered: Any, language: str, subject: str, link_sentence: str
) -> None:
    people.prefer(author, "fr" if language == "en" else "en")
    people.prefer(it_strategy, language)
    page = pages.run_workflow(pages.the_opportunity(author), author)

    sent = delivered()

    assert set(sent) == {it_strategy.email}
    message = sent[it_strategy.email]
    assert subject in message.subject.replace(" :", "\N{NO-BREAK SPACE}:")
    assert link_sentence in message.body
    assert reverse("microacq_review", args=[page.pk]) in message.body
    pages.approve_step(page, it_strategy)
    assert set(delivered()) == {cfob.email}


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("en", "To translate", "Translate what is new"),
        ("fr", "À traduire", "Traduisez ici ce qui est nouveau"),
    ],
)
def test_a_translator_is_asked_to_translate_and_not_to_decide(
    author: Any,
    it_strategy: Any,
    cfob: Any,
    translator: Any,
    delivered: Any,
    language: str,
    subject: str,
    sentence: str,
) -> None:
    people.prefer(translator, language)
    page = pages.run_workflow(pages.the_opportunity(author), author, it_strategy, cfob)

    message = delivered()[translator.email]

    assert message.subject.startswith(subject)
    assert sentence in message.body
    assert reverse("wagtailadmin_pages:edit", args=[pages.pairs.counterpart(page).pk]) in message.body


def test_who_chose_no_language_gets_both(author: Any, it_strategy: Any, delivered: Any) -> None:
    people.prefer(author, "fr")
    pages.run_workflow(pages.the_opportunity(author), author)

    body = delivered()[it_strategy.email].body

    assert "A text waits for you" in body
    assert "Un texte vous attend" in body


def test_the_author_is_told_the_reason_and_nobody_else_is(
    author: Any, it_strategy: Any, delivered: Any
) -> None:
    people.prefer(author, "fr")
    page = pages.run_workflow(pages.the_opportunity(author), author)
    delivered()

    page.current_workflow_task_state.specific.reject(user=it_strategy, comment="Nommez les navigateurs.")

    sent = delivered()
    assert set(sent) == {author.email}
    assert "Nommez les navigateurs." in sent[author.email].body
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in sent[author.email].body


def test_who_switched_messages_off_gets_none(author: Any, it_strategy: Any, delivered: Any) -> None:
    people.prefer(it_strategy, "en")
    it_strategy.wagtail_userprofile.submitted_notifications = False
    it_strategy.wagtail_userprofile.save()

    pages.run_workflow(pages.the_opportunity(author), author)

    assert delivered() == {}


def test_superusers_are_not_told_of_what_others_must_do(
    author: Any, admin: Any, it_strategy: Any, delivered: Any
) -> None:
    pages.run_workflow(pages.the_opportunity(author), author)

    assert set(delivered()) == {it_strategy.email}


def test_the_replacement_of_an_absent_reviewer_is_told_instead(
    author: Any, it_strategy: Any, lead: Any, user_in: Any, delivered: Any
) -> None:
    deputy = user_in(roles.FINANCE)
    today = timezone.localdate()
    standins.mark_absent(
        it_strategy,
        to=deputy,
        starts_on=today,
        until=today + timedelta(days=2),
        reason="The reviews go on.",
        made_by=lead,
    )
    assert "The reviews go on." in delivered()[deputy.email].body

    pages.run_workflow(pages.the_opportunity(author), author)

    assert set(delivered()) == {deputy.email, lead.email}


def test_a_named_person_is_told_of_the_text_and_why(
    author: Any, it_strategy: Any, lead: Any, user_in: Any, delivered: Any
) -> None:
    deputy = user_in(roles.FINANCE)
    page = pages.run_workflow(pages.the_opportunity(author), author)
    delivered()

    standins.assign_review(
        page,
        roles.Group.objects.get(name=roles.IT_STRATEGY),
        to=deputy,
        reason="She knows it.",
        made_by=lead,
    )

    message = delivered()[deputy.email]
    assert "She knows it." in message.body
    assert page.title in message.subject


def test_publication_sends_no_message_at_once(
    author: Any, it_strategy: Any, cfob: Any, translator: Any, delivered: Any
) -> None:
    page = pages.the_opportunity(author)
    pages.translate(page, translator)
    page = pages.run_workflow(page, author, it_strategy, cfob, translator)
    delivered()

    pages.approve_step(page, it_strategy)

    assert author.email not in delivered()
