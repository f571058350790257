"""What ``verify_file`` proves of the evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from submissions.awards.models import Award
from submissions.evaluation import proving as evaluation_proofs
from submissions.evaluation.models import Round
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check, carry_out
from submissions.survey import inviting
from tests.factories import awards
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(db: None) -> Award:
    return awards.awarded()


def found(checks: Callable[[Solicitation], list[Check]], award: Award) -> list[str]:
    connection.check_constraints()
    outcomes = [carry_out(check, lambda done, total: None) for check in checks(award.offer.solicitation)]
    return [finding.sentence for outcome in outcomes for finding in outcome.findings]


def tamper(table: str, change: str, *parameters: Any) -> None:
    with guards_down(table), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}", parameters)
        assert cursor.rowcount


def test_an_evaluation_that_nobody_touched_holds(award: Award) -> None:
    assert found(evaluation_proofs.checks, award) == []


def test_a_reason_that_was_rewritten_is_named(award: Award) -> None:
    tamper(
        "submissions_verdict",
        "reason = 'Another reason.' WHERE id = (SELECT min(id) FROM submissions_verdict)",
    )
    assert found(evaluation_proofs.checks, award) == [
        "Evaluation, round 1: a verdict or a reason was changed after it was signed off."
    ]


def test_a_digest_changed_together_with_a_verdict_is_named(award: Award) -> None:
    tamper("submissions_round", "digest = %s", "0" * 64)
    sentences = found(evaluation_proofs.checks, award)
    assert "Evaluation, round 1: what was signed off is not what was recorded as submitted." in sentences


def test_a_sign_off_by_an_evaluator_is_named(award: Award) -> None:
    evaluator = Round.objects.get().assignments.first().evaluator_id
    tamper("submissions_round", "signed_by_id = %s", evaluator)
    assert f"Evaluation, round 1: account {evaluator} evaluated and signed off." in found(
        evaluation_proofs.checks, award
    )


def test_an_attestation_that_was_erased_is_named(award: Award) -> None:
    person = Round.objects.get().assignments.first().evaluator_id
    tamper(
        "submissions_assignment",
        "attested_at = handed_in_at + interval '1 minute' WHERE evaluator_id = %s",
        person,
    )
    (sentence,) = found(evaluation_proofs.checks, award)
    assert sentence.startswith(f"Evaluation, round 1: account {person} handed in at")


def test_the_survey_is_told_who_was_awarded(award: Award) -> None:
    assert inviting.awarded_receipt(award.offer.solicitation) == award.offer.proposal.receipt_number
