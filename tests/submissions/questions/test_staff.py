"""The staff's screens: list, page and acts of questions, the panel of the file, the editor of translations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail_localize.models import StringSegment

from microacq_pages import page_cache, pairs, roles
from microacq_pages.blockers import Level
from microacq_pages.waiting import waiting_for
from submissions.notices.models import OutgoingMessage
from submissions.questions import closing, waiting
from submissions.questions.enums import State
from submissions.questions.models import PublishedAnswer, Question, QuestionText
from submissions.solicitations.models import Solicitation
from submissions.solicitations.recipients import recipients_of
from submissions.solicitations.services import database_clock
from tests.factories import pages, people, proposals, questions

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Client]
SNIPPET = "wagtailsnippets_submissions_questiontext"


def text_of(response: Any) -> str:
    assert response.status_code == 200, (response.status_code, response.headers)
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def page_of(question: Question) -> str:
    return reverse("questions:inspect", args=[question.pk])


def act_on(question: Question, name: str) -> str:
    return reverse("questions:act", args=[question.pk, name])


def test_a_question_goes_from_received_to_published_through_the_screens(
    posted: Solicitation, author: Any, it_strategy: Any, signed_in: SignIn
) -> None:
    question = questions.ask(posted, "I am Zoé of Example Inc. May we use TypeScript?")
    browser = signed_in(it_strategy)

    form = browser.get(act_on(question, "accept"))
    assert "I am Zoé of Example Inc." in form.content.decode()
    browser.post(act_on(question, "accept"), {"text": questions.TEXT, "written_in": "en"})
    browser = signed_in(author)
    assert "Zoé" not in text_of(browser.get(page_of(question)))
    browser.post(act_on(question, "answer"), {"answer": questions.ANSWER})
    browser = signed_in(it_strategy)
    browser.post(act_on(question, "translate"))
    question.refresh_from_db()
    assert "It is not translated completely." in text_of(browser.get(page_of(question)))
    questions.translate(question)
    page = BeautifulSoup(browser.get(act_on(question, "publish")).content, "html.parser")
    digest = page.find("input", attrs={"name": "digest"})["value"]
    assert f"[fr] {questions.ANSWER}" in page.get_text()

    response = browser.post(act_on(question, "publish"), {"digest": digest})

    assert response["Location"] == page_of(question)
    public = PublishedAnswer.objects.get()
    assert (public.question_en, public.question_fr) == (questions.TEXT, f"[fr] {questions.TEXT}")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("accept", {"text": "", "written_in": "en"}, "Write this text."),
        ("accept", {"text": "x" * 2001, "written_in": "en"}, "the limit is 2000"),
        ("accept", {"text": "x", "written_in": "de"}, "Select a valid choice"),
        ("merge", {"kept": "999999"}, "Select a valid choice"),
        ("merge", {}, "Choose the question that is kept."),
        ("reject", {}, "Choose the reason"),
        ("faq", {"page": "999999", "text": "a", "answer": "b"}, "Select a valid choice"),
        ("faq", {"text": "x" * 201, "answer": "b"}, "the limit is 200"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    posted: Solicitation,
    it_strategy: Any,
    signed_in: SignIn,
    name: str,
    data: dict[str, str],
    sentence: str,
) -> None:
    question = questions.ask(posted)

    response = signed_in(it_strategy).post(act_on(question, name), data)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    question.refresh_from_db()
    assert question.state == State.RECEIVED
    if data.get("text"):
        assert data["text"] in response.content.decode()


def test_what_was_asked_is_never_markup(posted: Solicitation, it_strategy: Any, signed_in: SignIn) -> None:
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ settings.SECRET_KEY }}"
    question = questions.ask(posted, attack)
    browser = signed_in(it_strategy)

    for address in (page_of(question), act_on(question, "accept")):
        assert "<script>alert(1)" not in browser.get(address).content.decode()
        assert "<img src=x" not in browser.get(address).content.decode()
    published = questions.make_published(posted, attack)
    for language in ("en", "fr"):
        shown = Client().get(posted.page(language).url).content.decode()
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script>alert(1)" not in shown
        assert "<img src=x" not in shown
        assert "{{ settings" in shown
    for address in (page_of(published), reverse("questions:index"), reverse(f"{SNIPPET}:list")):
        assert "<script>alert(1)" not in browser.get(address).content.decode()


def test_what_was_typed_about_oneself_is_for_those_who_sort(posted: Solicitation, signed_in: SignIn) -> None:
    question = questions.accept(questions.ask(posted, "I am Zoé."))

    for role in (roles.CFOB, roles.AUDITOR):
        assert "Zoé" not in text_of(signed_in(people.make_user(role)).get(page_of(question)))


@pytest.mark.parametrize("role", [roles.TRANSLATOR, roles.EVALUATOR, roles.FINANCE, "stranger"])
def test_others_see_no_question(posted: Solicitation, signed_in: SignIn, role: str) -> None:
    question = questions.make_published(posted)
    person = people.make_user(roles.CLIENT if role == "stranger" else role, "the-other")
    browser = signed_in(person)

    assert browser.get(page_of(question)).status_code == 302
    assert browser.get(act_on(question, "correct")).status_code == 302
    assert browser.get(reverse("questions:purge", args=[question.pk])).status_code == 302


def test_a_client_sees_nothing_that_was_not_sorted(
    posted: Solicitation, author: Any, signed_in: SignIn
) -> None:
    question = questions.ask(posted)
    browser = signed_in(author)

    assert browser.get(page_of(question)).status_code == 302
    assert question.reference not in text_of(browser.get(reverse("questions:index")))
    assert question.reference not in text_of(browser.get(reverse("solicitations:inspect", args=[posted.pk])))


def test_erasing_is_confirmed_first(posted: Solicitation, it_strategy: Any, signed_in: SignIn) -> None:
    question = questions.accept(questions.ask(posted, address="asker@example.org"))
    browser, address = signed_in(it_strategy), reverse("questions:purge", args=[question.pk])

    assert "erased for good" in text_of(browser.get(address))
    question.refresh_from_db()
    assert question.has_personal_data
    browser.post(address)

    question.refresh_from_db()
    assert not question.has_personal_data


# --- translating ---------------------------------------------------------------------------------


def test_translators_work_in_the_translation_editor_and_publish_nothing(
    posted: Solicitation, translator: Any, signed_in: SignIn
) -> None:
    question = questions.bring_to(questions.ask(posted), State.TRANSLATING)
    translation = pairs.translation_of(question.text)
    target = question.texts.exclude(pk=question.text.pk).get()
    browser = signed_in(translator)

    editor = browser.get(reverse(f"{SNIPPET}:edit", args=[target.pk]))
    assert editor.status_code == 200
    assert b"localize" in editor.content
    for segment in StringSegment.objects.filter(source=translation.source):
        address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
        saved = browser.put(
            address, f"value=[fr] {segment.string.data}", content_type="application/x-www-form-urlencoded"
        )
        assert saved.status_code in (200, 201), saved.content
    browser.post(reverse(f"{SNIPPET}:edit", args=[target.pk]), {"action": "publish"})

    assert not PublishedAnswer.objects.exists()
    target.refresh_from_db()
    assert target.answer == f"[fr] {questions.ANSWER}"
    assert questions.publish(question).state == State.PUBLISHED


@pytest.mark.parametrize("role", [roles.IT_STRATEGY, roles.CLIENT, roles.TRANSLATOR, None])
def test_no_route_of_snippets_writes_publishes_or_deletes_a_text(
    posted: Solicitation, signed_in: SignIn, role: str | None
) -> None:
    question = questions.bring_to(questions.ask(posted), State.TRANSLATING)
    source = question.text
    target = question.texts.exclude(pk=source.pk).get()
    browser = signed_in(people.make_user(role, "the-one"))
    bulk = reverse("wagtail_bulk_action", args=["submissions", "questiontext", "delete"])
    before = sorted(QuestionText.objects.values_list("pk", "question", "answer"))

    browser.post(reverse(f"{SNIPPET}:add"), {"question": "New?", "answer": "Yes."})
    for text in (source, target):
        browser.post(reverse(f"{SNIPPET}:edit", args=[text.pk]), {"question": "x", "answer": "y"})
        browser.post(reverse(f"{SNIPPET}:delete", args=[text.pk]))
    browser.post(f"{bulk}?id={source.pk}&id={target.pk}")
    translation = pairs.translation_of(source)
    browser.post(reverse("wagtail_localize:stop_translation", args=[translation.pk]))
    browser.post(reverse(f"{SNIPPET}:edit", args=[target.pk]), {"question": "x", "answer": "y"})
    browser.post(reverse("microacq_sync_translations", args=[translation.source_id]), {"publish": "on"})

    assert sorted(QuestionText.objects.values_list("pk", "question", "answer")) == before
    assert not PublishedAnswer.objects.exists()


# --- the file, and the work that waits -------------------------------------------------------------


def test_the_file_shows_its_questions_and_until_when_they_are_taken(
    posted: Solicitation, it_strategy: Any, signed_in: SignIn
) -> None:
    question = questions.make_published(posted)

    shown = text_of(signed_in(it_strategy).get(reverse("solicitations:inspect", args=[posted.pk])))

    assert "Questions are taken until" in shown
    assert question.reference in shown
    assert "Published: 1" in shown


@pytest.mark.parametrize(
    ("days_before", "level", "words"),
    [
        (30, None, ""),
        (2.5, Level.WARNING, "Questions close on"),
        (-0.1, Level.BLOCKER, "questions are closed"),
    ],
)
def test_unanswered_questions_are_pointed_out_as_the_deadline_nears(
    posted: Solicitation, days_before: float, level: Level | None, words: str
) -> None:
    questions.ask(posted)
    closes = closing.closes_at(posted.deadline)
    now = closes - timedelta(days=days_before)
    if level == Level.WARNING:
        now = closing.warns_from(posted.deadline)

    found = waiting.findings(posted, now)

    assert [finding.level for finding in found] == ([level] if level else [])
    assert all(words in str(finding) for finding in found)


def test_an_answered_question_is_not_pointed_out(posted: Solicitation) -> None:
    questions.make_published(posted)

    assert waiting.findings(posted, posted.deadline - timedelta(hours=1)) == []


def test_an_extension_is_offered_to_those_who_can_amend(
    posted: Solicitation, it_strategy: Any, signed_in: SignIn
) -> None:
    questions.ask(posted)
    proposals.set_deadline(posted, after=timedelta(days=1))

    shown = text_of(signed_in(it_strategy).get(reverse("solicitations:inspect", args=[posted.pk])))

    assert "waits for its answer and questions are closed" in shown


def test_those_responsible_are_written_to_once_for_each_deadline(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    questions.ask(posted)
    assert waiting.announce() is None
    proposals.set_deadline(posted, after=timedelta(days=1))
    OutgoingMessage.objects.all().delete()

    assert waiting.announce() == "2 people told of questions that wait"
    assert waiting.announce() is None
    assert OutgoingMessage.objects.filter(kind="questions_waiting").count() == 2
    proposals.set_deadline(posted, after=timedelta(days=1, minutes=5))
    assert waiting.announce() == "2 people told of questions that wait"


def test_each_step_waits_for_those_who_can_do_it(posted: Solicitation, author: Any, it_strategy: Any) -> None:
    def labels(person: Any) -> list[str]:
        return [str(item.label) for item in waiting_for(person) if item.kind == "question"]

    question = questions.ask(posted)
    assert (labels(it_strategy), labels(author)) == (["Sort a question"], [])
    questions.accept(question)
    assert (labels(it_strategy), labels(author)) == ([], ["Answer a question"])
    questions.answer(question, author)
    assert (labels(it_strategy), labels(author)) == (["Check an answer and send it to translation"], [])
    questions.send_to_translation(question)
    assert (labels(it_strategy), labels(author)) == ([], [])
    questions.translate(question)
    assert (labels(it_strategy), labels(author)) == (["Publish an answer"], [])
    questions.publish(question)
    assert (labels(it_strategy), labels(author)) == ([], [])
    assert labels(people.make_user(roles.FINANCE)) == []


def test_translators_learn_until_when_an_answer_is_needed(posted: Solicitation) -> None:
    question = questions.bring_to(questions.ask(posted), State.TRANSLATING)
    key = question.text.translation_key

    (due,) = [answer({key}) for answer in hooks.get_hooks("microacq_translation_due") if answer({key})]

    assert due == {key: closing.closes_at(posted.deadline)}


def test_askers_are_recipients_of_the_file(posted: Solicitation, it_strategy: Any) -> None:
    from submissions.questions import services

    questions.ask(posted, address="asker@example.org", language="fr")
    rejected = questions.ask(posted, address="abusive@example.org")
    services.transition(rejected, "reject", user=it_strategy, rejection="abusive")
    questions.ask(posted)

    found = [one for one in recipients_of(posted) if one.role == "asker"]

    assert [(one.address, one.language) for one in found] == [("asker@example.org", "fr")]
    assert "example.org" not in found[0].key


# --- many ----------------------------------------------------------------------------------------


def queries(act: Callable[[], Any]) -> int:
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_lists_cost_the_same_however_many_questions_there_are(
    posted: Solicitation, it_strategy: Any, author: Any, signed_in: SignIn
) -> None:
    browser = signed_in(it_strategy)
    file_page = reverse("solicitations:inspect", args=[posted.pk])
    public = posted.page("en").url

    def counts() -> list[int]:
        from django.core.cache import cache

        cache.clear()
        return [
            queries(lambda: browser.get(reverse("questions:index"))),
            queries(lambda: browser.get(file_page)),
            queries(lambda: Client().get(public)),
            queries(lambda: list(waiting.work_of(it_strategy))),
            queries(lambda: list(waiting.work_of(author))),
            queries(waiting.announce),
        ]

    def one_of_each(text: str) -> None:
        for state in (State.RECEIVED, State.ACCEPTED, State.ANSWERED, State.TRANSLATING, State.PUBLISHED):
            question = questions.bring_to(questions.ask(posted, text), state)
            if state == State.TRANSLATING:
                questions.translate(question)

    one_of_each("First?")
    counts()
    few = counts()
    for number in range(3):
        one_of_each(f"Question {number}?")

    assert counts() == few


def test_the_public_page_shows_questions_in_the_order_in_which_they_were_asked(posted: Solicitation) -> None:
    first, second = (questions.ask(posted, f"Question {n}?") for n in (1, 2))
    for question in (second, first):
        questions.accept(question, text=f"{question.number} asked?")
        questions.answer(question)
        questions.send_to_translation(question)
        questions.translate(question)
        questions.publish(question)

    page = BeautifulSoup(Client().get(posted.page("en").url).content, "html.parser")

    assert [heading.text for heading in page.select("section.question h3")] == ["Question 1", "Question 2"]
    assert page.select_one("#question-1 .question__text").text.strip() == "1 asked?"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_correction_is_shown_with_its_date_and_what_it_replaced(
    posted: Solicitation, it_strategy: Any, language: str
) -> None:
    from submissions.questions import services

    question = questions.make_published(posted)
    services.transition(question, "correct", user=it_strategy, answer="No.", reason="The client erred.")
    during = Client().get(posted.page(language).url).content.decode()
    questions.send_to_translation(question)
    questions.translate(question)
    questions.publish(question)

    after = Client().get(posted.page(language).url).content.decode()

    assert questions.ANSWER in during
    assert {"en": "Corrected on", "fr": "Réponse corrigée le"}[language] in after
    assert "The client erred." not in after
    assert ("[fr] No." if language == "fr" else "No.") in after


def test_a_kept_page_shows_a_new_answer_at_once_and_no_form(posted: Solicitation) -> None:
    url = posted.page("en").url
    before = Client().get(url).content.decode()
    assert "<form" not in before

    questions.make_published(posted)

    assert questions.ANSWER in Client().get(url).content.decode()


def test_a_page_is_not_kept_past_the_time_until_which_questions_are_taken(
    posted: Solicitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = timezone.now() + timedelta(seconds=20)
    monkeypatch.setattr(closing, "subtract_business_days", lambda deadline, days: soon)
    monkeypatch.setattr(page_cache, "_stored", lambda response: kept.append(response) or {})
    kept: list[Any] = []
    seconds: list[int] = []
    until = page_cache._seconds_until
    monkeypatch.setattr(
        page_cache, "_seconds_until", lambda now, event: seconds.append(until(now, event)) or seconds[-1]
    )

    Client().get(posted.page("en").url)

    assert kept
    assert 0 < seconds[0] <= (soon - database_clock()).total_seconds()


def test_before_posting_the_page_says_that_nothing_can_be_asked_yet(
    author: Any, it_strategy: Any, signed_in: SignIn
) -> None:
    draft = pages.make_opportunity(author)

    shown = signed_in(it_strategy).get(reverse("wagtailadmin_pages:view_draft", args=[draft.pk]))

    assert "Questions can be asked once this opportunity is posted." in text_of(shown)
