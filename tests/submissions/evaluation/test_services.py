"""An evaluation from the first evaluator to the sign-off, and back: who may, in which order, with which reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from wagtail import hooks
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.evaluation import assigning, boards, handing_in, judging, results, services
from submissions.evaluation.enums import Ended, RoundState
from submissions.evaluation.models import Assignment, Candidate, Round, Verdict
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import TransitionRefused, transition
from tests.factories import evaluations, people, proposals

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

REASONS = {"reason": "A reason was wrong.", "reason_fr": "Un motif était erroné."}


@pytest.fixture
def it_strategy(file: Solicitation) -> Any:
    return people.the(roles.IT_STRATEGY)


@pytest.fixture
def cfob(file: Solicitation) -> Any:
    return people.the(roles.CFOB)


def refused(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises((services.Refused, TransitionRefused)) as refusal:
        act(*args, **kwargs)
    return " ".join(refusal.value.messages)


def judge(assignment: Assignment, choice: bool | None, reason: str, *, at: int = 0, **values: Any) -> Verdict:
    board = boards.read(assignment.round)
    return judging.judge(
        assignment,
        user=values.pop("user", assignment.evaluator),
        candidate=board.candidates[at],
        item=board.items[0],
        choice=choice,
        reason=reason,
        **values,
    )


def test_each_evaluator_has_every_application_in_an_order_of_their_own_by_lot(file: Solicitation) -> None:
    first, second = evaluations.named(file, "anne", "bert")
    labels = [1, 2, 3]
    assert sorted(first.order) == sorted(second.order) == labels
    assert [one.label for one in boards.read(first.round).candidates] == labels
    assert {one.proposal.receipt_number for one in boards.read(first.round).candidates} == set(
        evaluations.receipts(file)
    )


@pytest.mark.parametrize("role", [roles.CLIENT, roles.CFOB, roles.EVALUATOR, roles.TRANSLATOR, roles.AUDITOR])
def test_only_it_strategy_names_evaluators(file: Solicitation, user_in: Any, role: str) -> None:
    with pytest.raises(PermissionDenied):
        assigning.assign(file, evaluations.evaluator("anne"), user=user_in(role, "somebody"))
    assert not Round.objects.exists()


def test_who_can_see_names_evaluates_nothing(file: Solicitation, it_strategy: Any, user_in: Any) -> None:
    for person in (it_strategy, people.the(None), user_in(roles.CFOB)):
        refused(assigning.assign, file, person, user=it_strategy)
    (assignment,) = evaluations.named(file)
    judge(assignment, True, "It shows it.")
    from django.contrib.auth.models import Group

    assignment.evaluator.groups.add(Group.objects.get(name=roles.IT_STRATEGY))
    person = type(assignment.evaluator).objects.get(pk=assignment.evaluator_id)
    assert "see who sent" in refused(judge, assignment, False, "It does not.", user=person)


def test_who_read_applications_with_names_is_not_named(
    file: Solicitation, it_strategy: Any, user_in: Any
) -> None:
    from submissions.proposals import reading

    person = user_in(roles.IT_STRATEGY, "changed-roles")
    reading.read(file.proposals.first(), person)
    person.groups.clear()
    person.groups.add(*evaluations.evaluator().groups.all())
    person = type(person).objects.get(pk=person.pk)
    assert "with the names" in refused(assigning.assign, file, person, user=it_strategy)


def test_nobody_is_named_before_the_opening(it_strategy: Any, db: None) -> None:
    sealed = proposals.make_file()
    assert "once the applications are opened" in refused(
        assigning.assign, sealed, evaluations.evaluator(), user=it_strategy
    )


def test_nothing_is_judged_before_the_attestation(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file, attested=False)
    assert "Attest first" in refused(judge, assignment, True, "It shows it.")
    assigning.attest(assignment, user=assignment.evaluator)
    assert judge(assignment, True, "It shows it.").passed is True
    kept = Assignment.objects.get(pk=assignment.pk)
    assert "no financial" in kept.attestation


def test_nobody_attests_or_judges_for_another(file: Solicitation, it_strategy: Any) -> None:
    (assignment,) = evaluations.named(file, attested=False)
    other = evaluations.evaluator("other")
    for person in (other, it_strategy, people.the(None)):
        assert "do not evaluate" in refused(assigning.attest, assignment, user=person)
        assert "do not evaluate" in refused(judge, assignment, True, "Fine.", user=person)
        assert "do not evaluate" in refused(handing_in.hand_in, assignment, user=person)


@pytest.mark.parametrize(
    ("choice", "reason", "passed"),
    [
        (True, "", None),
        (False, " \n", None),
        (None, "It shows it.", None),
        (True, "Yes.", True),
        (False, "No.", False),
    ],
)
def test_there_is_no_verdict_without_a_reason_but_what_is_typed_is_kept(
    file: Solicitation, choice: bool | None, reason: str, passed: bool | None
) -> None:
    (assignment,) = evaluations.named(file)
    kept = judge(assignment, choice, reason)
    assert (kept.passed, kept.choice, kept.reason) == (passed, choice, reason.strip())


def test_another_window_overwrites_nothing(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    first = judge(assignment, True, "It shows it.")
    second = judge(assignment, False, "It does not.", seen=first.version)
    with pytest.raises(judging.ChangedMeanwhile) as conflict:
        judge(assignment, True, "It shows it after all.", seen=first.version)
    assert conflict.value.stored.reason == "It does not."
    assert judge(assignment, False, "It does not.", seen=first.version).version == second.version


@pytest.mark.parametrize("reason", ["x" * 4001, "a\x07b"])
def test_a_reason_that_cannot_be_kept_is_refused_in_words(file: Solicitation, reason: str) -> None:
    (assignment,) = evaluations.named(file)
    assert refused(judge, assignment, True, reason).endswith(".")


def test_one_evaluator_hands_in_whole_and_the_verdicts_stay(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    judge(assignment, True, "It shows it.")
    assert "missing: 5" in refused(handing_in.hand_in, assignment, user=assignment.evaluator)
    _judge_rest(assignment)
    handing_in.hand_in(assignment, user=assignment.evaluator)
    assert boards.current_round(file).state == RoundState.SUBMITTED  # type: ignore[union-attr]
    assert "can no longer" in refused(judge, assignment, False, "No.", seen=1)
    assert "can no longer" in refused(handing_in.hand_in, assignment, user=assignment.evaluator)


def _judge_rest(assignment: Assignment) -> None:
    board = boards.read(assignment.round)
    for candidate, item in board.missing_of(assignment):
        judging.judge(
            assignment,
            user=assignment.evaluator,
            candidate=Candidate.objects.get(pk=candidate),
            item=next(one for one in board.items if one.pk == item),
            choice=True,
            reason="It shows it.",
        )


def test_several_judge_alone_then_agree_where_they_differ(file: Solicitation, cfob: Any) -> None:
    first, second = evaluations.named(file, "anne", "bert")
    failing = evaluations.receipts(file)[0]
    evaluations.judge_all(first)
    evaluations.judge_all(second, failing=[failing])
    handing_in.hand_in(first, user=first.evaluator)
    assert boards.current_round(file).state == RoundState.WORKING  # type: ignore[union-attr]
    handing_in.hand_in(second, user=second.evaluator)
    board = boards.read(first.round)
    round = boards.current_round(file)
    assert round is not None
    assert round.state == RoundState.AGREEING
    assert len(board.unsettled) == 2
    assert "2" in refused(handing_in.agree, first, user=first.evaluator)
    candidate = next(one for one in board.candidates if one.proposal.receipt_number == failing)
    for item in board.items:
        judging.agree_on(
            first, user=first.evaluator, candidate=candidate, item=item, choice=False, reason="We agree: no."
        )
    handing_in.agree(first, user=first.evaluator)
    assert boards.current_round(file).state == RoundState.AGREEING  # type: ignore[union-attr]
    handing_in.agree(second, user=second.evaluator)
    assert boards.current_round(file).state == RoundState.SUBMITTED  # type: ignore[union-attr]
    transition(file, "sign_off", user=cfob)
    judged = results.verdicts_of(candidate.proposal)
    assert [(one.passed, one.reason) for one in judged] == [(False, "We agree: no.")] * 2
    assert results.passing(file) == [number for number in evaluations.receipts(file) if number != failing]


def test_who_changes_what_is_agreed_has_all_agree_anew(file: Solicitation) -> None:
    first, second = evaluations.named(file, "anne", "bert")
    evaluations.judge_all(first)
    evaluations.judge_all(second, failing=evaluations.receipts(file)[:1])
    for one in (first, second):
        handing_in.hand_in(one, user=one.evaluator)
    board = boards.read(first.round)
    kept = []
    for candidate, item in board.unsettled:
        kept.append(_agree_on(first, board, candidate, item, choice=True))
    handing_in.agree(first, user=first.evaluator)
    candidate, item = board.unsettled[0]
    _agree_on(second, board, candidate, item, choice=False, seen=kept[0].version)
    assert not Assignment.objects.filter(agreed_at__isnull=False).exists()


def _agree_on(assignment: Assignment, board: boards.Board, candidate: int, item: int, **values: Any) -> Any:
    return judging.agree_on(
        assignment,
        user=assignment.evaluator,
        candidate=next(one for one in board.candidates if one.pk == candidate),
        item=next(one for one in board.items if one.pk == item),
        reason="We talked about it.",
        **values,
    )


def test_who_declares_a_conflict_evaluates_no_more_and_no_longer_counts(file: Solicitation) -> None:
    first, second = evaluations.named(file, "anne", "bert")
    evaluations.judge_all(first)
    handing_in.hand_in(first, user=first.evaluator)
    assert "Write the reason" in refused(
        assigning.declare_conflict, second, user=second.evaluator, reason=" "
    )
    assigning.declare_conflict(second, user=second.evaluator, reason="I know one of them.")
    assert boards.current_round(file).state == RoundState.SUBMITTED  # type: ignore[union-attr]
    assert "do not evaluate" in refused(assigning.attest, second, user=second.evaluator)
    assert Assignment.objects.get(pk=second.pk).ended == Ended.CONFLICT


def test_an_absent_evaluator_is_released_with_a_reason_by_it_strategy_alone(
    file: Solicitation, it_strategy: Any, cfob: Any
) -> None:
    first, second = evaluations.named(file, "anne", "bert")
    with pytest.raises(PermissionDenied):
        assigning.release(second, user=cfob, reason="On leave.")
    assigning.release(second, user=it_strategy, reason="On leave.")
    assert "can no longer" in refused(assigning.release, second, user=it_strategy, reason="On leave.")
    assert [one.pk for one in boards.counting(first.round)] == [first.pk]


def test_the_sign_off_is_of_another_person(file: Solicitation, cfob: Any) -> None:
    round = evaluations.submitted(file)
    evaluator = evaluations.evaluator()
    with pytest.raises(PermissionDenied):
        transition(file, "sign_off", user=evaluator)
    from django.contrib.auth.models import Group

    evaluator.groups.add(Group.objects.get(name=roles.CFOB))
    evaluator = type(evaluator).objects.get(pk=evaluator.pk)
    assert "another person" in refused(transition, file, "sign_off", user=evaluator)
    Solicitation.objects.filter(pk=file.pk).update(client=cfob)
    assert "You wrote" in refused(transition, file, "sign_off", user=cfob)
    other = people.make_user(roles.CFOB, "other-cfob")
    transition(file, "sign_off", user=other)
    round.refresh_from_db()
    assert (round.state, round.signed_by, round.digest) == (
        RoundState.SIGNED,
        other,
        boards.read(round).digest(),
    )
    connection.check_constraints()


def test_nothing_is_signed_off_before_it_is_handed_in(file: Solicitation, cfob: Any) -> None:
    assert "not handed in" in refused(transition, file, "sign_off", user=cfob)
    (assignment,) = evaluations.named(file)
    evaluations.judge_all(assignment)
    assert "not handed in" in refused(transition, file, "sign_off", user=cfob)
    assert results.passing(file) == []


def test_what_is_sent_back_can_be_changed_and_is_handed_in_again(file: Solicitation, cfob: Any) -> None:
    round = evaluations.submitted(file)
    assert "Write the reason" in refused(handing_in.send_back, round, user=cfob, reason="")
    handing_in.send_back(round, user=cfob, reason="The reason on number 2 says nothing.")
    assert "not handed in" in refused(transition, file, "sign_off", user=cfob)
    assignment = Assignment.objects.get(round=round)
    judge(assignment, False, "It shows no such work.", seen=1)
    handing_in.hand_in(assignment, user=assignment.evaluator)
    transition(file, "sign_off", user=cfob)
    assert len(results.passing(file)) == 2


def test_reopening_voids_what_followed_and_begins_from_what_was_written(
    file: Solicitation, cfob: Any
) -> None:
    first = evaluations.submitted(file, failing=evaluations.receipts(file)[:1])
    transition(file, "sign_off", user=cfob)
    heard: list[Any] = []

    def listen(file: Solicitation, round: Round, user: Any, reason: str) -> None:
        heard.append((file.state, round.number, round.state, user, reason))

    with hooks.register_temporarily("evaluation_reopened", listen):
        transition(file, "reopen", user=cfob, **REASONS)
    assert heard == [("opened", 1, RoundState.VOIDED, cfob, REASONS["reason"])]
    assert results.passing(file) == []
    again = boards.current_round(file)
    assert again is not None
    assert (again.number, again.state) == (2, RoundState.WORKING)
    assert Verdict.objects.filter(assignment__round=first).count() == 6
    (assignment,) = boards.counting(again)
    assert "Attest first" in refused(handing_in.hand_in, assignment, user=assignment.evaluator)
    assigning.attest(assignment, user=assignment.evaluator)
    judge(assignment, True, "It shows it after all.", seen=1, at=_failed(first))
    handing_in.hand_in(assignment, user=assignment.evaluator)
    transition(file, "sign_off", user=people.the(roles.IT_STRATEGY))
    connection.check_constraints()
    assert len(results.passing(file)) == 2


def _failed(round: Round) -> int:
    board = boards.read(round)
    return next(
        n for n, one in enumerate(board.candidates) if not board.finals[one.pk, board.items[0].pk].passed
    )


def test_only_a_signed_evaluation_is_reopened(file: Solicitation, cfob: Any) -> None:
    evaluations.submitted(file)
    assert refused(transition, file, "reopen", user=cfob, **REASONS)


def test_every_act_is_recorded_and_no_record_holds_a_reason(file: Solicitation, cfob: Any) -> None:
    evaluations.submitted(file)
    transition(file, "sign_off", user=cfob)
    entries = {entry.action: entry for entry in ModelLogEntry.objects.for_instance(file)}
    for act in ("assigned", "attested", "handed_in", "submitted"):
        assert f"evaluation.{act}" in entries
    assert "file.evaluated" in entries
    assert not [entry for entry in entries.values() if "two years" in str(entry.data)]


def test_the_number_of_queries_does_not_grow_with_the_applications(
    file: Solicitation, django_assert_max_num_queries: Any
) -> None:
    round = evaluations.submitted(file)
    with django_assert_max_num_queries(7):
        assert boards.read(round).digest()
