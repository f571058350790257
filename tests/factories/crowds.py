"""A site with many opportunities and questions: for measuring, and for tests of what many cost.

Opportunities go the way of all others; questions are so many that they are written in bulk, each as its services would
leave it, with every trigger of the database on.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Locale
from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    TranslatableObject,
    Translation,
    TranslationContext,
    TranslationSource,
)

from microacq_pages import roles
from microacq_pages.models import Opportunity
from submissions.notices import crypto
from submissions.proposals import opening
from submissions.questions.enums import State
from submissions.questions.models import PublishedAnswer, Question, QuestionText
from submissions.solicitations.models import Solicitation
from tests.factories import amendments, pages, people, requests, splitting

#: The states of the questions of a file, in turn.
STATES = (State.PUBLISHED, State.RECEIVED, State.ACCEPTED, State.ANSWERED, State.TRANSLATING)
#: The steps at which drafts wait: nobody has approved them, IT Strategy has, CFOB has as well.
STEPS = 3


@dataclass
class Crowd:
    """Who works on the site, and what they work on."""

    users: dict[str, Any] = field(default_factory=dict)
    posted: list[Opportunity] = field(default_factory=list)
    waiting: list[Opportunity] = field(default_factory=list)

    def ensure_people(self) -> None:
        for role in (*roles.ROLES, "reviewer"):
            if role not in self.users:
                self.users[role] = people.make_user(
                    roles.IT_STRATEGY if role == "reviewer" else role, f"crowd {role}"
                )

    def grow(self, opportunities: int, questions: int) -> None:
        """Let there be so many opportunities posted with so many questions each, and a fifth as many in review.

        Every fifth that is posted has an amendment that waits for its translation; for each there is a request.
        """
        self.ensure_people()
        opening.make_trial()
        author, approver = self.users[roles.CLIENT], self.users["reviewer"]
        drafts = [_draft(author, number) for number in range(len(self.posted), opportunities)]
        waiting = [
            _draft(author, number, "Waiting")
            for number in range(len(self.waiting), max(STEPS, opportunities // 5))
        ]
        splitting.justify_all()
        for draft in drafts:
            pages.translate(draft)
            pages.publish(draft, approver)
            requests.make_request(author, title=f"A need like {draft.title}")
        for number, page in enumerate(waiting, len(self.waiting)):
            steps = (self.users[roles.IT_STRATEGY], self.users[roles.CFOB])
            pages.run_workflow(page, author, *steps[: number % STEPS])
        self.posted += [Opportunity.objects.get(pk=draft.pk) for draft in drafts]
        self.waiting += [Opportunity.objects.get(pk=page.pk) for page in waiting]
        files = list(
            Solicitation.objects.filter(translation_key__in=[page.translation_key for page in self.posted])
        )
        add_questions(files, questions)
        for file in files[::5]:
            if not amendments.page_of(file).has_unpublished_changes:
                amendments.change(file, author, teaser=f"{file.number} was written anew.")


def _draft(author: Any, number: int, word: str = "Work") -> Opportunity:
    return pages.make_opportunity(
        author, justified=False, slug=f"{word.lower()}-{number}", title=f"{word} {number}", criteria=2
    )


def add_questions(files: Iterable[Solicitation], count: int) -> None:
    """Let each file have so many questions, in every state in turn."""
    files = list(files)
    there = dict.fromkeys((file.pk for file in files), 0)
    for key in Question.objects.filter(solicitation__in=files).values_list("solicitation_id", flat=True):
        there[key] += 1
    rows = [
        Question(
            solicitation=file,
            number=number + 1,
            reference=f"Q-{uuid.uuid4().hex[:12]}",
            language="en",
            original=crypto.encrypt(b"May we?").decode("ascii"),
            form_digest=uuid.uuid4().hex * 2,
        )
        for file in files
        for number in range(there[file.pk], count)
    ]
    Question.objects.bulk_create(rows)
    sorted_ = [row for row in rows if _state(row) != State.RECEIVED]
    texts = _texts(sorted_)
    translated = [text for text in texts if _state(text.record) in {State.PUBLISHED, State.TRANSLATING}]
    _translations(translated)
    for row in sorted_:
        row.written_in = "en"
        row.state = State.TRANSLATING if _state(row) == State.PUBLISHED else _state(row)
    Question.objects.bulk_update(sorted_, ["written_in", "state"])
    published = [row for row in sorted_ if _state(row) == State.PUBLISHED]
    for row in published:
        question, answer = _words(row)
        # One at a time: a trigger numbers the versions.
        PublishedAnswer.objects.create(
            record=row,
            question_en=question,
            question_fr=f"[fr] {question}",
            answer_en=answer,
            answer_fr=f"[fr] {answer}",
        )
    Question.objects.filter(pk__in=[row.pk for row in published]).update(state=State.PUBLISHED)


def _state(question: Question) -> State:
    return STATES[(question.number - 1) % len(STATES)]


def _words(question: Question) -> tuple[str, str]:
    about = f"{question.solicitation.number}, question {question.number}"
    return f"May we use TypeScript for {about}?", f"Yes: any language that compiles, as in {about}."


def _texts(questions: list[Question]) -> list[QuestionText]:
    """The sources of questions, with a translation for those that have come so far."""
    english, french = (Locale.objects.get(language_code=code) for code in ("en", "fr"))
    sources = []
    for row in questions:
        question, answer = _words(row)
        answered = _state(row) != State.ACCEPTED
        sources.append(
            QuestionText(record=row, locale=english, question=question, answer=answer if answered else "")
        )
    QuestionText.objects.bulk_create(sources)
    QuestionText.objects.bulk_create(
        QuestionText(
            record=text.record,
            locale=french,
            question=text.question,
            answer=text.answer,
            translation_key=text.translation_key,
        )
        for text in sources
        if _state(text.record) in {State.PUBLISHED, State.TRANSLATING}
    )
    return sources


def _translations(texts: list[QuestionText]) -> None:
    """wagtail-localize's records of texts: what is published is translated, of the rest the question alone."""
    english, french = (Locale.objects.get(language_code=code) for code in ("en", "fr"))
    kind = ContentType.objects.get_for_model(QuestionText)
    TranslatableObject.objects.bulk_create(
        TranslatableObject(translation_key=text.translation_key, content_type=kind) for text in texts
    )
    sources = TranslationSource.objects.bulk_create(
        TranslationSource(
            object_id=text.translation_key,
            specific_content_type=kind,
            locale=english,
            object_repr=str(text),
            content_json=text.to_json() if hasattr(text, "to_json") else "{}",
            last_updated_at=timezone.now(),
        )
        for text in texts
    )
    Translation.objects.bulk_create(Translation(source=source, target_locale=french) for source in sources)
    contexts = TranslationContext.objects.bulk_create(
        TranslationContext(
            object_id=text.translation_key,
            path=path,
            path_id=TranslationContext._get_path_id(path),
            field_path=path,
        )
        for text in texts
        for path in ("question", "answer")
    )
    words = [words for text in texts for words in (text.question, text.answer)]
    strings = String.objects.bulk_create(
        String(locale=english, data=each, data_hash=String._get_data_hash(each)) for each in words
    )
    StringSegment.objects.bulk_create(
        StringSegment(source=sources[n // 2], context=context, string=string, order=n % 2, attrs="{}")
        for n, (context, string) in enumerate(zip(contexts, strings, strict=True))
    )
    done = [n for n in range(len(strings)) if n % 2 == 0 or _state(texts[n // 2].record) == State.PUBLISHED]
    StringTranslation.objects.bulk_create(
        StringTranslation(
            translation_of=strings[n], context=contexts[n], locale=french, data=f"[fr] {words[n]}"
        )
        for n in done
    )
