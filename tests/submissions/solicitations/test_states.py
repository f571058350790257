"""The state machine of a file: what the table allows happens, nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail import hooks
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.models import PublicStatus
from submissions.solicitations import checks, services, states
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from tests.factories import proposals

pytestmark = pytest.mark.django_db

#: Examples of one test share its database; each leaves it as it found it.
in_one_database = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
reasons = st.one_of(st.just(""), st.text(alphabet=" \t\n", max_size=4), st.text(min_size=1, max_size=30))
steps = st.lists(st.tuples(st.sampled_from(sorted(states.TRANSITIONS)), reasons), max_size=6)


@pytest.fixture
def posted(db: None) -> Solicitation:
    """A file that takes applications; its pages do not matter here."""
    return proposals.make_file()


@pytest.fixture
def guards(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """What stands against each guard of the table, as a stand-in for the stages that answer them."""
    sentences: dict[str, list[str]] = {name: [] for name in states.guard_names()}

    def answer() -> dict[str, services.Guard]:
        return {name: lambda file, user, name=name: sentences[name] for name in sentences}

    monkeypatch.setitem(hooks._hooks, "file_guards", [])
    with hooks.register_temporarily("file_guards", answer):
        yield sentences


def test_the_table_is_sound() -> None:
    assert {rule.name: rule for rule in states.TRANSITIONS.values()} == states.TRANSITIONS
    for rule in states.TRANSITIONS.values():
        assert rule.sources
        assert rule.target not in rule.sources
        assert rule.permission.startswith("submissions.")
    reached = {rule.target for rule in states.TRANSITIONS.values()} | {State.POSTED}
    assert reached == set(State) == set(states.PUBLIC_LABELS)
    assert {state.value for state in State} == {state.value for state in PublicStatus.State}


def test_every_decision_against_suppliers_needs_a_reason() -> None:
    assert states.CANCEL.needs_reason


@in_one_database
@given(steps=steps, closed=st.booleans(), guarded=st.booleans())
@example(steps=[("cancel", "\x00")], closed=False, guarded=False)
@example(steps=[("cancel", "No\x00need.")], closed=False, guarded=False)
def test_a_file_moves_along_the_table_and_never_otherwise(
    posted: Solicitation,
    admin: Any,
    guards: dict[str, list[str]],
    steps: list[tuple[str, str]],
    closed: bool,
    guarded: bool,
) -> None:
    for name in guards:
        guards[name] = ["Something is not done yet."] if guarded else []
    with transaction.atomic():
        if closed:
            proposals.pass_deadline(posted)
        for name, reason in steps:
            _step_as_the_table_says(posted, admin, name, reason, closed=closed, guarded=guarded)
        transaction.set_rollback(True)
    posted.refresh_from_db()


def _step_as_the_table_says(
    file: Solicitation, person: Any, name: str, reason: str, *, closed: bool, guarded: bool
) -> None:
    rule = states.TRANSITIONS[name]
    before = State(file.state)
    lawful = (
        before in rule.sources
        and (closed or not rule.after_deadline)
        and (bool(reason.replace("\x00", "").strip()) or not rule.needs_reason)
        and not (guarded and rule.guards)
    )
    recorded = ModelLogEntry.objects.filter(action=rule.act).count()
    if lawful:
        services.transition(file, name, user=person, reason=reason, reason_fr=reason)
    else:
        with pytest.raises(services.TransitionRefused) as refusal:
            services.transition(file, name, user=person, reason=reason, reason_fr=reason)
        assert all(str(sentence).endswith(".") for sentence in refusal.value.messages)
    stored = Solicitation.objects.get(pk=file.pk)
    assert stored.state == (rule.target if lawful else before)
    assert PublicStatus.objects.get(translation_key=file.translation_key).state == stored.state
    assert ModelLogEntry.objects.filter(action=rule.act).count() == recorded + lawful


@pytest.mark.parametrize("name", sorted(states.TRANSITIONS))
def test_nothing_leaves_a_terminal_state(
    posted: Solicitation, admin: Any, guards: dict[str, list[str]], name: str
) -> None:
    services.transition(
        posted, "cancel", user=admin, reason="The need is gone.", reason_fr="Le besoin n’existe plus."
    )
    assert states.transitions_from(posted.state) == []

    with pytest.raises(services.TransitionRefused):
        services.transition(posted, name, user=admin, reason="Again.", reason_fr="Encore.")


def test_a_file_never_returns_to_posted_not_even_by_plain_update(
    posted: Solicitation, it_strategy: Any
) -> None:
    services.transition(
        posted, "cancel", user=it_strategy, reason="The need is gone.", reason_fr="Le besoin n’existe plus."
    )

    with pytest.raises(IntegrityError, match="does not return"), transaction.atomic():
        Solicitation.objects.filter(pk=posted.pk).update(state=State.POSTED)


def test_the_database_lets_a_file_move_as_the_table_says_and_no_other_way(posted: Solicitation) -> None:
    allowed = {(source, rule.target) for rule in states.TRANSITIONS.values() for source in rule.sources}
    Solicitation.objects.filter(pk=posted.pk).update(state_reason="No need.", state_reason_fr="Sans objet.")

    assert {
        (source, target)
        for source in State
        for target in set(State) - {source, State.POSTED}
        if _moves(posted, source, target)
    } == allowed


def _moves(file: Solicitation, source: State, target: State) -> bool:
    """Whether the table in the database allows this step, whatever else it needs."""
    proposals.pretend_state(file, source)
    try:
        with transaction.atomic():
            Solicitation.objects.filter(pk=file.pk).update(state=target)
            transaction.set_rollback(True)
    except IntegrityError as refused:
        return "a file does not go from" not in str(refused)
    return True


@pytest.mark.parametrize("role", [*roles.ROLES, None])
@pytest.mark.parametrize("name", sorted(states.TRANSITIONS))
def test_only_who_the_table_names_may(
    posted: Solicitation,
    user_in: Callable[..., Any],
    guards: dict[str, list[str]],
    name: str,
    role: str | None,
) -> None:
    proposals.pass_deadline(posted)
    person, rule = user_in(role), states.TRANSITIONS[name]
    if State.POSTED not in rule.sources:
        proposals.pretend_state(posted, sorted(rule.sources)[0])

    if role is None or rule.permission in roles.ROLES[role].models:
        with transaction.atomic():
            services.transition(posted, name, user=person, reason="A reason.", reason_fr="Un motif.")
            assert posted.state == rule.target
            transaction.set_rollback(
                True
            )  # what the guards stand for was not done, as the database would find
    else:
        with pytest.raises(PermissionDenied):
            services.transition(posted, name, user=person, reason="A reason.", reason_fr="Un motif.")


def test_a_guard_that_nobody_answers_keeps_the_door_shut(
    posted: Solicitation, it_strategy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposals.pass_deadline(posted)
    monkeypatch.setattr(services, "guard_answers", dict)

    with pytest.raises(ImproperlyConfigured, match="proposals_opened"):
        services.transition(posted, "open", user=it_strategy)


def test_the_check_names_guards_without_answer_and_answers_without_guard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(services, "guard_answers", lambda: {"proposal_opened": []})

    missing = ["submissions.E003"] * len(states.guard_names())
    assert [message.id for message in checks.check_guards(None)] == [*missing, "submissions.E004"]


def test_the_check_is_content_when_all_are_answered(guards: dict[str, list[str]]) -> None:
    assert checks.check_guards(None) == []


def test_later_stages_hear_of_a_change_in_its_transaction(posted: Solicitation, it_strategy: Any) -> None:
    heard: list[tuple[str, str, Any]] = []

    def listen(file: Solicitation, rule: states.Transition, user: Any) -> None:
        heard.append((file.state, rule.name, user))
        raise RuntimeError("A later stage fails.")

    with hooks.register_temporarily("file_changed", listen), pytest.raises(RuntimeError):
        services.transition(
            posted,
            "cancel",
            user=it_strategy,
            reason="The need is gone.",
            reason_fr="Le besoin n’existe plus.",
        )

    assert heard == [("cancelled", "cancel", it_strategy)]
    assert Solicitation.objects.get(pk=posted.pk).state == State.POSTED


def test_what_else_a_stage_knows_enters_the_record(
    posted: Solicitation, it_strategy: Any, guards: dict[str, list[str]]
) -> None:
    proposals.pass_deadline(posted)

    services.transition(posted, "open", user=it_strategy, data={"count": 3})

    entry = ModelLogEntry.objects.get(action="file.opened")
    assert (entry.data["count"], entry.data["before"], entry.data["after"]) == (3, "posted", "opened")


@pytest.mark.django_db(databases=["default", "refusals"])
def test_a_refusal_is_recorded_though_nothing_else_is(
    posted: Solicitation, it_strategy: Any, guards: dict[str, list[str]], refusals: Any
) -> None:
    with pytest.raises(services.TransitionRefused):
        services.transition(posted, "open", user=it_strategy)

    entry = refusals.get(action="file.decision_refused")
    assert entry.data["act"] == "file.opened"
    assert "deadline" in entry.data["reasons"]
