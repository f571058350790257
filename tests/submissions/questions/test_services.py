"""From a question that was received to an answer that is public in both languages."""

from __future__ import annotations

import pytest

from submissions.questions.models import PublishedAnswer
from submissions.solicitations.models import Solicitation
from tests.factories import questions

pytestmark = pytest.mark.django_db


def test_a_question_is_published_in_both_languages_at_once(posted: Solicitation) -> None:
    questions.make_published(posted, 'a < b & "c"?\n\nSecond paragraph.')

    public = PublishedAnswer.objects.get()
    assert public.question_en == 'a < b & "c"?\n\nSecond paragraph.'
    assert public.question_fr == '[fr] a < b & "c"?\n\nSecond paragraph.'
    assert public.answer_fr.startswith("[fr] Yes.")
