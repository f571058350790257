"""The state table of a question: each transition from each state, and each role."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from microacq_pages import roles
from submissions.questions import services, states
from submissions.questions.enums import State
from submissions.questions.models import Question
from submissions.questions.services import TransitionRefused
from tests.factories import people, proposals, questions
from tests.submissions.questions.test_transitions import values_for

pytestmark = pytest.mark.django_db

BROUGHT = [State.RECEIVED, State.ACCEPTED, State.ANSWERED, State.TRANSLATING, State.PUBLISHED]


@pytest.fixture(scope="module")
def brought(module_transaction: None) -> dict[str, int]:
    """A question in each state, by the keys of their rows; to bring one there costs more than to try a step."""
    file, brought = proposals.make_file(), {}
    for state in BROUGHT:
        question = questions.bring_to(questions.ask(file), state)
        if state == State.TRANSLATING:
            questions.translate(question)
        brought[str(state)] = question.pk
    connection.check_constraints()
    return brought


@pytest.mark.parametrize(("state", "name"), list(itertools.product(BROUGHT, states.TRANSITIONS)), ids=str)
def test_each_transition_starts_only_where_the_table_says(
    brought: dict[str, int], state: str, name: str
) -> None:
    question = Question.objects.get(pk=brought[state])
    rule, publisher = states.TRANSITIONS[name], people.make_user(None)

    if state in rule.sources:
        services.transition(question, name, user=publisher, **values_for(name, question))
        assert question.state == rule.target
    else:
        with pytest.raises(TransitionRefused):
            services.transition(question, name, user=publisher, **values_for(name, question))
        assert question.state == state


@pytest.mark.parametrize("name", list(states.TRANSITIONS))
@pytest.mark.parametrize("role", [*roles.ROLES])
def test_only_those_whom_the_table_names_may(
    brought: dict[str, int], role: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = states.TRANSITIONS[name]
    start = sorted(rule.sources, key=BROUGHT.index)[0]
    question = Question.objects.get(pk=brought[start])
    person = people.make_user(role, "the-one")
    refusals: list[Any] = []
    # It stays when the transaction is rolled back, on a connection of its own that these tests do not have.
    monkeypatch.setattr(services, "record_refusal", lambda *args, **kwargs: refusals.append((args, kwargs)))

    if role == roles.IT_STRATEGY:
        services.transition(question, name, user=person, **values_for(name, question))
    else:
        with pytest.raises(PermissionDenied):
            services.transition(question, name, user=person, **values_for(name, question))
        assert [(args[1], kwargs["user"]) for args, kwargs in refusals] == [
            ("question.decision_refused", person)
        ]
