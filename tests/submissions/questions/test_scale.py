"""Every list and page asks as little of the database with many questions as with few. What they take: `make bench`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from submissions.notices import crypto
from submissions.questions import waiting
from submissions.questions.enums import State
from submissions.questions.models import PublishedAnswer, Question, QuestionText
from submissions.solicitations.models import Solicitation
from tests.factories import proposals, questions

FILES, QUESTIONS = 3, 5


def fill(files: list[Solicitation], per_file: int, after: int = 0) -> None:
    """Questions in every state, of which half are public; written without the steps, which would take minutes."""
    english = Locale.objects.get(language_code="en")
    original = crypto.encrypt(questions.TEXT.encode()).decode("ascii")
    rows = [
        Question(
            solicitation=file,
            number=number + 1,
            reference=f"Q-{file.pk:05d}-{number:03d}",
            language="en",
            original=original,
            form_digest=f"{file.pk}-{number}",
        )
        for file in files
        for number in range(after, after + per_file)
    ]
    Question.objects.bulk_create(rows)
    QuestionText.objects.bulk_create(
        QuestionText(record=row, locale=english, question=questions.TEXT, answer=questions.ANSWER)
        for row in rows
        if row.number % 5
    )
    sorted_ = Question.objects.filter(pk__in=[row.pk for row in rows if row.number % 5])
    sorted_.update(written_in="en", state=State.TRANSLATING)
    public = [row for row in rows if row.number % 5 in (1, 2)]
    PublishedAnswer.objects.bulk_create(
        PublishedAnswer(
            record=row,
            question_en=questions.TEXT,
            question_fr=questions.TEXT,
            answer_en=questions.ANSWER,
            answer_fr=questions.ANSWER,
        )
        for row in public
    )
    Question.objects.filter(pk__in=[row.pk for row in public]).update(state=State.PUBLISHED)
    Question.objects.filter(pk__in=[row.pk for row in rows if row.number % 5 == 3]).update(
        state=State.ACCEPTED
    )


@pytest.mark.django_db
def test_lists_and_pages_cost_the_same_however_many_questions_there_are(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    staff, public = Client(), Client()
    staff.force_login(it_strategy)
    fill([posted, *(proposals.make_file() for _number in range(FILES))], QUESTIONS)
    some = posted.asked_questions.get(number=1)
    page = posted.page("en")
    assert page is not None
    acts: dict[str, Callable[[], Any]] = {
        "list": lambda: staff.get(reverse("questions:index")),
        "list of one file": lambda: staff.get(f"{reverse('questions:index')}?file={posted.number}"),
        "one question": lambda: staff.get(reverse("questions:inspect", args=[some.pk])),
        "the file": lambda: staff.get(reverse("solicitations:inspect", args=[posted.pk])),
        "the public page": lambda: public.get(page.url),
        "work of IT Strategy": lambda: list(waiting.work_of(it_strategy)),
        "work of the client": lambda: list(waiting.work_of(author)),
    }
    few = {name: queries_of(act) for name, act in acts.items()}
    fill([proposals.make_file() for _number in range(FILES)], 4 * QUESTIONS)
    fill([posted], 4 * QUESTIONS, after=QUESTIONS)

    assert {name: queries_of(act) for name, act in acts.items()} == few
    assert few["work of IT Strategy"] < 12


def queries_of(act: Callable[[], Any]) -> int:
    cache.clear()
    act()  # what a process remembers is not counted
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
