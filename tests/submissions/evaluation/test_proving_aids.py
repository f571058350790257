"""`verify_file` names the question, answer, hidden passage or translation of which a letter was changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.evaluation import asking, boards, desk, proving_aids
from submissions.evaluation.aids import Clarification
from submissions.solicitations.models import Solicitation
from tests.factories import evaluations, people, proposals
from tests.support.guards import behind_the_rules, one_byte_changed

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _judged_of_module(module_transaction: None) -> int:
    """Two suppliers were asked and one has answered by telephone, a text is hidden in part, one is translated."""
    file = proposals.make_file()
    proposals.enter(file, people.make_user(roles.IT_STRATEGY, "enters"))
    (own,) = evaluations.named(evaluations.opened(1, file=file))
    board, team = boards.read(own.round), people.the(roles.IT_STRATEGY)
    for candidate in board.candidates:
        asking.ask_supplier(
            own, user=own.evaluator, candidate=candidate, item=board.items[0], question="Which part is yours?"
        )
    entered = Clarification.objects.get(candidate__proposal__entered_by__isnull=False)
    desk.answer_for(entered, team, "All of it.", desk.Came("telephone", entered.asked_at))
    first = board.candidates[0]
    asking.hide(own.round, user=team, candidate=first, passages={board.items[0].pk: ["keyboard"]})
    wanted = asking.ask_translation(own, user=own.evaluator, candidate=first)
    texts = {str(item.identity): "J’ai bâti un sélecteur de dates." for item in board.items}
    asking.translate(wanted, user=people.the(roles.TRANSLATOR), texts=texts)
    return int(file.pk)


@pytest.fixture
def file(_judged_of_module: int, db: None) -> Solicitation:
    return Solicitation.objects.get(pk=_judged_of_module)


def found(file: Solicitation) -> list[str]:
    connection.check_constraints()  # an act is chained at the end of its transaction
    return [each.sentence for each in proving_aids.aids(file, lambda _done, _all: None)]


def test_nothing_is_found_of_what_the_software_wrote(file: Solicitation) -> None:
    assert found(file) == []


@pytest.mark.parametrize("place", ["first", "middle", "last letter", "last"])
@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("submissions_clarification", "question", "is not the one that was recorded"),
        ("submissions_workingtranslation", "locked_texts", "The working translation of application "),
    ],
)
def test_one_changed_byte_is_named(
    file: Solicitation, table: str, column: str, words: str, place: str
) -> None:
    one_byte_changed(table, column, place)
    assert all(words in sentence for sentence in found(file))
    assert found(file)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            "UPDATE submissions_clarification SET locked_answer = overlay(locked_answer placing '~' from 50)"
            " WHERE locked_answer <> ''",
            "The answer to question ",
        ),
        (
            "UPDATE submissions_clarification SET locked_answer = '', answered_at = NULL WHERE locked_answer <> ''",
            "The answer to",
        ),
        ("UPDATE submissions_clarification SET due_at = due_at + interval '1 day'", "Question "),
        ("DELETE FROM submissions_clarification WHERE locked_answer = ''", "and it is gone"),
        ("UPDATE submissions_answeredforsupplier SET entered_how = 'paper'", "How the answer to question "),
        ("DELETE FROM submissions_answeredforsupplier", "and it is gone"),
        ("UPDATE submissions_redaction SET spans = '[]'", "What was hidden of application "),
        ("UPDATE submissions_redaction SET text_digest = repeat('0', 64)", "What was hidden of application "),
        ("DELETE FROM submissions_redaction", "What was hidden of application "),
        ("DELETE FROM submissions_workingtranslation", "and it is gone"),
        (
            "INSERT INTO submissions_redaction (proposal_id, item_id, spans, text_digest, made_by_id, made_at)"
            " SELECT proposal_id, item_id, '[]', text_digest, made_by_id, made_at FROM submissions_redaction",
            "are hidden without a record",
        ),
    ],
)
def test_what_was_changed_added_or_taken_away_is_named(file: Solicitation, sql: str, words: str) -> None:
    assert behind_the_rules(sql)
    assert words in " ".join(found(file))


def test_no_record_holds_what_was_said(file: Solicitation) -> None:
    recorded: Any = " ".join(str(entry.data) for entry in ModelLogEntry.objects.all())
    for words in ("Which part is yours", "All of it", "keyboard", "sélecteur"):
        assert words not in recorded
