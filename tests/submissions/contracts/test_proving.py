"""`verify_file` proves contracts again, and names the link that fails when a rule was gone around."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from submissions.contracts import ending, proving
from submissions.solicitations import proofs
from submissions.solicitations.models import Solicitation
from tests.factories import awards, contracts, selections

Found = dict[str, list[str]]


@pytest.fixture(scope="module")
def _proved_of_module(module_transaction: None) -> int:
    """A file whose first contract ended for default and whose second was delivered twice and accepted."""
    from submissions.awards import offers

    first = contracts.under_way(passing=2)
    contracts.ended(first)
    ending.pass_on(first, selections.drawer(), first.delivery_date + timedelta(days=60))
    file = Solicitation.objects.get(pk=first.solicitation_id)
    second = contracts.under_way_of(awards.accepted(offers.make(file, selections.drawer())))
    contracts.not_accepted(contracts.delivered(second))
    contracts.accepted(contracts.judged(contracts.delivered(second)))
    connection.check_constraints()
    return file.pk


@pytest.fixture
def found(_proved_of_module: int, db: None) -> Callable[[], Found]:
    """What all checks find of it."""

    def find() -> Found:
        fresh = Solicitation.objects.get(pk=_proved_of_module)
        every = [
            check for check in proofs.checks_of(fresh) if check.name.split(".")[0] in ("contracts", "awards")
        ]
        outcomes = [proofs.carry_out(check, lambda _done, _all: None) for check in every]
        return {one.check.name: [each.sentence for each in one.findings] for one in outcomes if one.findings}

    return find


def test_nothing_is_found_of_what_the_software_wrote(found: Callable[[], Found]) -> None:
    assert found() == {}
    assert proving.ACTS


@pytest.mark.parametrize(
    ("check", "sql"),
    [
        ("contracts.states", "UPDATE submissions_contract SET state = 'paid' WHERE state = 'accepted'"),
        ("contracts.states", "UPDATE submissions_contract SET price = price - 1"),
        ("contracts.dates", "UPDATE submissions_contract SET delivery_date = delivery_date + 1"),
        ("contracts.rounds", "DELETE FROM submissions_delivery WHERE round = 1"),
        ("contracts.rounds", "UPDATE submissions_criterionjudgement SET passed = NOT passed"),
        (
            "contracts.rounds",
            "UPDATE submissions_concurrence c SET concurred_by_id = j.judged_by_id "
            "FROM submissions_judgement j WHERE j.id = c.judgement_id",
        ),
        ("contracts.acceptance", "UPDATE submissions_workacceptance SET commit = repeat('0', 40)"),
        ("contracts.acceptance", "DELETE FROM submissions_contractend"),
        ("contracts.acceptance", "UPDATE submissions_endanswer SET agreed = false, locked_reason = 'x'"),
        ("contracts.evidence", "UPDATE submissions_evidence SET digest = repeat('0', 64) WHERE size > 0"),
    ],
)
def test_a_change_behind_the_rules_is_found(found: Callable[[], Found], check: str, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")
    assert check in found()
