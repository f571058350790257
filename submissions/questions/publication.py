"""When a question may become public: one predicate, and the exact text that it holds for.

Nothing else makes a question visible: ``services`` copies what ``readiness`` read, in both languages, into one row of
``PublishedAnswer``. The rows that translators work on are never shown to the public. Knows no request.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import rfc8785
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry
from wagtail_localize.models import MissingTranslationError, Translation

from microacq_pages import pairs
from microacq_pages.blockers import Blocker

from .models import Question

if TYPE_CHECKING:
    from .models import PublishedAnswer, QuestionText

#: Acts by which an answer is written.
WRITING = ("question.answered", "question.corrected")
PUBLISHING = "question.published"


@dataclass(frozen=True)
class Readiness:
    """What could be published now, and what stands against it.

    Attributes:
        texts: ``question_en``, ``question_fr``, ``answer_en``, ``answer_fr``; empty while a language is incomplete.
        blockers: Empty when nothing stands against publication.
    """

    texts: dict[str, str] = field(default_factory=dict)
    blockers: tuple[Blocker, ...] = ()

    @property
    def digest(self) -> str:
        """Names exactly these texts, so that a person publishes what they have read."""
        return hashlib.sha256(rfc8785.dumps(dict(self.texts))).hexdigest()


def digest_of(published: PublishedAnswer) -> str:
    """The digest that was recorded when these texts were published, unless they were changed since."""
    names = ("question_en", "question_fr", "answer_en", "answer_fr")
    return Readiness({name: getattr(published, name) for name in names}).digest


def readiness(question: Question) -> Readiness:
    """Read both languages once, and say whether exactly that may be published."""
    source = question.text
    if source is None or not source.answer.strip():
        return Readiness(blockers=(Blocker("no-answer", _("The question is not answered yet.")),))
    translation = pairs.translation_of(source)
    if translation is None:
        return Readiness(
            blockers=(Blocker("no-translation", _("The answer was not sent to translation yet.")),)
        )
    language = translation.target_locale.language_code
    blockers = []
    if not translation.enabled:
        blockers.append(
            Blocker("translation-stopped", _("The translation was stopped: start it again."), language)
        )
    if _is_outdated(translation, source):
        blockers.append(
            Blocker(
                "translation-outdated",
                _("The text changed after it was translated: send it to translation again."),
                language,
            )
        )
    target = _translated(translation)
    if target is None:
        blockers.append(Blocker("translation-incomplete", _("It is not translated completely."), language))
        return Readiness(blockers=tuple(blockers))
    sides = {source.locale.language_code: source, language: target}
    texts = {
        f"{name}_{code}": getattr(side, name).strip()
        for code, side in sides.items()
        for name in ("question", "answer")
    }
    if not all(texts.values()):
        blockers.append(Blocker("translation-incomplete", _("It is not translated completely."), language))
    return Readiness(texts, tuple(blockers))


def _is_outdated(translation: Translation, source: QuestionText) -> bool:
    """Whether translators were shown another text than the one that is written now."""
    shown: dict[str, Any] = json.loads(translation.source.content_json)
    return (shown["question"], shown["answer"]) != (source.question, source.answer)


def _translated(translation: Translation) -> QuestionText | None:
    """The translation with every string that translators have saved; None while one is missing."""
    try:
        target: QuestionText = translation.source.get_ephemeral_translated_instance(translation.target_locale)
    except MissingTranslationError:
        return None
    return target


def authors_of_answer(question: Question) -> set[int]:
    """Users who wrote the answer that is now to be published, as the record of acts has it."""
    return authors_of_answers([question])[question.pk]


def authors_of_answers(questions: Iterable[Question]) -> dict[int, set[int]]:
    """As ``authors_of_answer``, for many questions in one query, by their primary keys."""
    authors: dict[int, set[int]] = {question.pk: set() for question in questions}
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Question),
        object_id__in=[str(key) for key in authors],
        action__in=[*WRITING, PUBLISHING],
    )
    for key, action, user in entries.order_by("pk").values_list("object_id", "action", "user_id"):
        if action == PUBLISHING:
            authors[int(key)].clear()
        elif user is not None:
            authors[int(key)].add(user)
    return authors
