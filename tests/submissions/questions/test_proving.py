"""What ``verify_file`` proves of questions."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from submissions.questions import proving
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import carry_out
from tests.factories import questions
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db
ANSWER = "submissions_publishedanswer"


def found(file: Solicitation) -> list[str]:
    connection.check_constraints()
    outcomes = [carry_out(check, lambda done, total: None) for check in proving.checks(file)]
    return [finding.sentence for outcome in outcomes for finding in outcome.findings]


@pytest.fixture
def published(posted_once: Solicitation) -> Any:
    return questions.make_published(posted_once)


def tamper(table: str, statement: str, *parameters: Any) -> None:
    with guards_down(table), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount


def test_questions_that_nobody_touched_hold(published: Any) -> None:
    questions.ask(published.solicitation, "Another?")
    assert found(published.solicitation) == []


def test_a_published_answer_that_was_rewritten_is_named(published: Any) -> None:
    tamper(ANSWER, f"UPDATE {ANSWER} SET answer_fr = 'Non.' WHERE record_id = %s", published.pk)
    assert found(published.solicitation) == [
        f"Question {published.reference}: version 1 was changed after it was published."
    ]


def test_a_published_answer_that_vanished_is_named(published: Any) -> None:
    tamper(ANSWER, f"DELETE FROM {ANSWER} WHERE record_id = %s", published.pk)
    assert found(published.solicitation) == [
        f"Question {published.reference}: version 1 was recorded as published, and is gone."
    ]


def test_a_state_without_an_act_is_named(published: Any) -> None:
    table = "submissions_question"
    tamper(table, f"UPDATE {table} SET state = 'answered' WHERE id = %s", published.pk)
    (sentence,) = found(published.solicitation)
    assert sentence.startswith(f"Question {published.reference} is “")
    assert sentence.endswith("but its recorded acts lead elsewhere.")
