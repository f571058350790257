"""Questions in the states that tests need, brought there by the people whose step it is."""

from __future__ import annotations

import uuid
from typing import Any

from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import pairs, roles
from submissions.questions import publication, services
from submissions.questions.models import Question
from submissions.questions.pages import QuestionsPage
from submissions.solicitations.models import Solicitation
from tests.factories import people

TEXT = "May we use TypeScript?"
ANSWER = "Yes. Any language that compiles to standard JavaScript is fine."


def questions_page(language: str = "en") -> QuestionsPage:
    """The live page of a language."""
    return QuestionsPage.objects.get(locale__language_code=language)


def ask(
    file: Solicitation, text: str = TEXT, *, language: str = "en", address: str = "", network: str = ""
) -> Question:
    """A question that was received."""
    return services.receive(
        file,
        text=text,
        language=language,
        address=address,
        form_digest=uuid.uuid4().hex * 2,
        network=network,
    )


def someone(role: str) -> Any:
    """A person of a role who does the steps that are not what a test is about."""
    user = people.get_user_model().objects.filter(username=f"somebody {role}").first()
    return user or people.make_user(role, f"somebody {role}")


def accept(question: Question, user: Any = None, text: str = TEXT, written_in: str = "") -> Question:
    return services.transition(
        question,
        "accept",
        user=user or someone(roles.IT_STRATEGY),
        text=text,
        written_in=written_in or question.language,
    )


def answer(question: Question, user: Any = None, text: str = ANSWER) -> Question:
    """Answered by somebody who may answer everything: a superuser, unless a test says who."""
    return services.transition(question, "answer", user=user or someone_who_answers(), answer=text)


def someone_who_answers() -> Any:
    model = people.get_user_model()
    return model.objects.filter(username="answers").first() or people.make_user(None, "answers")


def send_to_translation(question: Question, user: Any = None) -> Question:
    return services.transition(question, "translate", user=user or someone(roles.IT_STRATEGY))


def translate(question: Question, leave: int = 0) -> None:
    """Translate every piece of text but the last ``leave`` ones, as the translation editor stores it."""
    translation = pairs.translation_of(question.text)
    language = translation.target_locale.language_code
    segments = list(StringSegment.objects.filter(source=translation.source).order_by("order", "pk"))
    for segment in segments[: len(segments) - leave]:
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={"data": f"[{language}] {segment.string.data}"},
        )


def publish(question: Question, user: Any = None) -> Question:
    return services.transition(
        question,
        "publish",
        user=user or someone(roles.IT_STRATEGY),
        digest=publication.readiness(question).digest,
    )


def bring_to(question: Question, state: str) -> Question:
    """The question after every step up to a state, each by another person where the rules want one."""
    steps = {"accepted": accept, "answered": answer, "translating": send_to_translation}
    if state == "received":
        return question
    for name, step in steps.items():
        step(question)
        if name == state:
            return question
    translate(question)
    return publish(question)


def make_published(file: Solicitation, text: str = TEXT, **kwargs: Any) -> Question:
    """A question that is public with its answer."""
    question = ask(file, text, **kwargs)
    accept(question, text=text)
    answer(question)
    send_to_translation(question)
    translate(question)
    return publish(question)
