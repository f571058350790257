"""Questions about the open opportunities, each brought to its state by the people whose step it is.

An opportunity about which something was asked already is left alone, and so is one that takes no questions any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import pairs
from microacq_pages.models import Opportunity
from submissions.questions import closing, publication, services
from submissions.questions.models import Question
from submissions.solicitations.models import Solicitation

from . import files
from .accounts import person


def load() -> Iterator[str]:
    """Ask what the content file holds, and take each question as far as it says."""
    rows: list[dict[str, Any]] = files.load("questions.yaml")
    for ref in dict.fromkeys(row["opportunity"] for row in rows):
        file = _file_of(ref)
        if file is None or file.asked_questions.exists() or not closing.takes_questions(file, file.clock):
            continue
        made = _load_file(file, [row for row in rows if row["opportunity"] == ref])
        yield f"questions about {file.number}: {made}"


def _file_of(ref: str) -> Solicitation | None:
    page = Opportunity.objects.filter(import_ref=ref).first()
    if page is None:
        return None
    return Solicitation.objects.with_clock().filter(translation_key=page.translation_key).first()


@transaction.atomic
def _load_file(file: Solicitation, rows: list[dict[str, Any]]) -> int:
    asked: dict[str, Question] = {}
    for row in rows:
        asked[row["key"]] = services.receive(
            file,
            text=row["sent"],
            language=row["language"],
            address=row.get("address", ""),
            form_digest=hashlib.sha256(f"demo/{file.number}/{row['key']}".encode()).hexdigest(),
        )
    for row in rows:
        _bring_about(asked[row["key"]], row, asked)
    return len(asked)


def _bring_about(question: Question, row: dict[str, Any], asked: dict[str, Question]) -> None:
    """Sorted by IT Strategy, answered by the client, translated by the translator, published by IT Strategy."""
    team = person("it-strategy")
    if row["state"] == "received":
        return
    if row["state"] == "merged":
        services.transition(question, "merge", user=team, kept=asked[row["merged"]])
        return
    language = row["language"]
    services.transition(question, "accept", user=team, text=row["question"][language], written_in=language)
    if row["state"] == "accepted":
        return
    services.transition(question, "answer", user=person("client"), answer=row["answer"][language])
    if row["state"] == "answered":
        return
    services.transition(question, "translate", user=team)
    if row.get("untranslated"):
        return
    other = "fr" if language == "en" else "en"
    _translate(question, {"question": row["question"][other], "answer": row["answer"][other]})
    _publish(question, team)
    if "corrected" in row:
        corrected = row["corrected"]
        # Another than the one who publishes: the demonstration's superuser stands in for a second person.
        services.transition(
            question, "correct", user=person("admin"), answer=corrected[language], reason=corrected["reason"]
        )
        services.transition(question, "translate", user=team)
        _translate(question, {"answer": corrected[other]})
        _publish(question, team)


def _publish(question: Question, user: Any) -> None:
    services.transition(question, "publish", user=user, digest=publication.readiness(question).digest)


def _translate(question: Question, texts: dict[str, str]) -> None:
    """Store each text as the translation editor does."""
    written = question.text
    translation = pairs.translation_of(written) if written else None
    if translation is None:
        raise ValueError(f"Question {question} was not sent to translation.")
    for segment in StringSegment.objects.filter(source=translation.source, context__path__in=texts):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={
                "data": texts[segment.context.path],
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "tool_name": "load_demo",
                "last_translated_by": person("translator"),
            },
        )
