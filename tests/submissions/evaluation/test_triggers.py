"""What the database itself refuses of an evaluation, asked past every service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from microacq_pages import roles
from submissions.evaluation import boards, handing_in
from submissions.evaluation.enums import RoundState
from submissions.evaluation.models import Assignment, Candidate, Consensus, Round, Verdict
from submissions.proposals.querysets import NeverDeleted
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition as carry_out
from tests.factories import evaluations, people, proposals

pytestmark = pytest.mark.django_db

NOON = "2026-01-01T12:00Z"


def refused(act: Callable[[], Any]) -> str:
    """The name of the rule by which the database refuses."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return str(error.value.__cause__.diag.constraint_name)


def sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def verdict(assignment: Assignment, **changes: Any) -> Verdict:
    board = boards.read(assignment.round)
    values = {
        "assignment": assignment,
        "candidate": board.candidates[0],
        "item": board.items[0],
        "choice": True,
        "reason": "It shows it.",
        "language": "en",
    }
    return Verdict(**{**values, **changes})


def test_no_verdict_before_the_attestation(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file, attested=False)
    assert refused(verdict(assignment).save) == "verdict_after_attestation"


def test_one_verdict_per_evaluator_application_and_criterion(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    verdict(assignment).save()
    assert refused(verdict(assignment, choice=False).save) == "verdict_once"


@pytest.mark.parametrize("reason", ["", " \t\n"])
def test_no_verdict_without_a_reason_even_in_plain_sql(file: Solicitation, reason: str) -> None:
    (assignment,) = evaluations.named(file)
    row = verdict(assignment)
    row.save()
    sql("UPDATE submissions_verdict SET reason = %s WHERE id = %s", reason, row.pk)
    assert not Verdict.objects.exclude(passed=None).exists()
    with pytest.raises(DatabaseError):
        sql("UPDATE submissions_verdict SET passed = true WHERE id = %s", row.pk)


def test_a_verdict_is_of_its_own_round(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    (other,) = evaluations.named(evaluations.opened(1, file=proposals.make_file()), "other")
    stranger = boards.read(other.round)
    assert refused(verdict(assignment, candidate=stranger.candidates[0]).save) == "verdict_of_its_round"
    assert refused(verdict(assignment, item=stranger.items[0]).save) == "verdict_of_its_round"
    checklist = assignment.round.posting.items.filter(kind="checklist").first()
    assert refused(verdict(assignment, item=checklist).save) == "verdict_of_its_round"
    row = verdict(assignment)
    row.save()
    moved = Verdict.objects.filter(pk=row.pk)
    assert refused(lambda: moved.update(assignment=other)) == "verdict_of_its_own"


def test_nothing_changes_after_handing_in_or_after_the_sign_off(file: Solicitation) -> None:
    round = evaluations.submitted(file)
    rows = Verdict.objects.filter(assignment__round=round)
    assignment = Assignment.objects.get(round=round)
    attested = Assignment.objects.filter(pk=assignment.pk)
    for signed in (False, True):
        if signed:
            carry_out(file, "sign_off", user=people.the(roles.CFOB))
        assert refused(lambda: rows.update(reason="Another.")) == "verdict_before_handing_in"
        assert refused(verdict(assignment).save) in ("verdict_before_handing_in", "verdict_once")
        candidate, item = boards.read(round).cells[0]
        agreed = Consensus(
            candidate_id=candidate,
            item_id=item,
            written_by=assignment,
            choice=False,
            reason="No.",
            language="en",
        )
        assert refused(agreed.save) == "agreed_while_agreeing"
        assert refused(lambda: attested.update(handed_in_at=None)) == "evaluator_acts_in_time"
        assert refused(lambda: attested.update(attestation="Nothing.")) == "evaluator_kept"
        assert refused(lambda: attested.update(order=[])) == "evaluator_kept"


def test_nothing_is_judged_in_a_cancelled_file(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    carry_out(file, "cancel", user=people.the(roles.IT_STRATEGY), reason="No need.", reason_fr="Inutile.")
    assert refused(verdict(assignment).save) == "verdict_before_handing_in"


def test_nobody_who_evaluated_or_wrote_signs(file: Solicitation) -> None:
    round = Round.objects.filter(pk=evaluations.submitted(file).pk)
    evaluator = evaluations.evaluator()
    client = people.the(roles.CLIENT)
    Solicitation.objects.filter(pk=file.pk).update(client=client)
    for person in (evaluator, client):
        signing = {
            "state": RoundState.SIGNED,
            "signed_by": person,
            "digest": "a" * 64,
            "signed_at": "2026-01-01T00:00Z",
        }
        assert refused(lambda signing=signing: round.update(**signing)) == "round_signed_by_another"


def test_a_round_is_handed_in_whole_and_settled(file: Solicitation) -> None:
    first, second = evaluations.named(file, "anne", "bert")
    round = Round.objects.filter(pk=first.round_id)
    for state in (RoundState.AGREEING, RoundState.SUBMITTED):
        assert refused(lambda state=state: round.update(state=state)) == "round_handed_in_whole"
    evaluations.judge_all(first)
    evaluations.judge_all(second, failing=evaluations.receipts(file)[:1])
    assert refused(lambda: round.update(state=RoundState.AGREEING)) == "round_handed_in_whole"
    for one in (first, second):
        handing_in.hand_in(one, user=one.evaluator)
    assert refused(lambda: round.update(state=RoundState.SUBMITTED)) == "round_settled"


@pytest.mark.parametrize("state", [RoundState.SIGNED, RoundState.VOIDED])
def test_a_round_moves_along_its_table(file: Solicitation, state: RoundState) -> None:
    (assignment,) = evaluations.named(file)
    round = Round.objects.filter(pk=assignment.round_id)
    assert refused(lambda: round.update(state=state)) == "round_moves_along_its_table"
    assert refused(lambda: round.update(number=7)) == "round_moves_along_its_table"


def test_a_signature_stays_when_a_round_is_voided(file: Solicitation) -> None:
    round = evaluations.submitted(file)
    carry_out(file, "sign_off", user=people.the(roles.CFOB))
    voiding = {
        "state": RoundState.VOIDED,
        "void_reason": "Wrong.",
        "voided_at": "2026-01-01T00:00Z",
        "digest": "b" * 64,
    }
    assert refused(lambda: Round.objects.filter(pk=round.pk).update(**voiding)) == "round_signature_kept"


@pytest.mark.parametrize(
    ("before", "state"),
    [
        ("opened", "evaluated"),
        ("evaluated", "selected"),
        ("evaluated", "none_suitable"),
        ("selected", "not_accepted"),
    ],
)
def test_nothing_follows_an_evaluation_that_nobody_signed(
    file: Solicitation, before: str, state: str
) -> None:
    connection.check_constraints()
    proposals.pretend_state(file, before)

    def at_commit() -> None:
        Solicitation.objects.filter(pk=file.pk).update(state=state)
        connection.check_constraints()

    assert refused(at_commit) == "file_evaluated_by_a_signed_round"


def test_only_what_was_opened_is_evaluated_and_nothing_joins_later(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    sealed, _link = proposals.send(proposals.make_file())
    joining = Candidate(round=assignment.round, proposal=sealed, label=9)
    assert refused(joining.save) == "candidate_was_opened"
    candidates = Candidate.objects.filter(round=assignment.round)
    with pytest.raises(DatabaseError), transaction.atomic():
        candidates.update(label=9)


def test_who_entered_an_application_is_no_evaluator_of_the_file(file: Solicitation) -> None:
    (assignment,) = evaluations.named(file)
    person = evaluations.evaluator("typist")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE submissions_proposal SET entered_by_id = %s, entered_how = 'paper', taken_at = arrived_at,"
            " entry_key = gen_random_uuid() WHERE receipt_number = %s",
            [person.pk, evaluations.receipts(file)[0]],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    joining = Assignment(round=assignment.round, evaluator=person, order=[])
    assert refused(joining.save) == "evaluator_entered_nothing"


@pytest.mark.parametrize("model", [Round, Candidate, Assignment, Verdict, Consensus])
def test_nothing_is_deleted(file: Solicitation, model: Any) -> None:
    first, second = evaluations.named(file, "anne", "bert")
    evaluations.judge_all(first)
    evaluations.judge_all(second, failing=evaluations.receipts(file)[:1])
    for one in (first, second):
        handing_in.hand_in(one, user=one.evaluator)
    candidate, item = boards.read(first.round).unsettled[0]
    Consensus.objects.create(
        candidate_id=candidate, item_id=item, written_by=first, choice=True, reason="Yes.", language="en"
    )
    with pytest.raises(NeverDeleted):
        model.objects.all().delete()
    with pytest.raises(NeverDeleted):
        model.objects.first().delete()
    for statement in ("DELETE FROM", "TRUNCATE"):
        with pytest.raises(DatabaseError):
            sql(f"{statement} {model._meta.db_table}{' CASCADE' if statement == 'TRUNCATE' else ''}")
