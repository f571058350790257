"""`verify_file` proves contracts again, and names the link that fails when a rule was gone around."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from submissions.contracts import ending, proving, talking
from submissions.contracts.models import Contract
from submissions.proposals.models import KeptModel
from submissions.solicitations import proofs
from submissions.solicitations.models import Solicitation
from tests.factories import awards, contracts, selections
from tests.support.guards import behind_the_rules

Found = dict[str, list[str]]
OPERATIONS = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")


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
    _talked(second)
    contracts.paid(contracts.accepted(contracts.judged(contracts.delivered(second))))
    connection.check_constraints()
    return file.pk


def _talked(contract: Contract) -> None:
    """Everything else that both sides can say."""
    talking.write(contract, "Hello.", key=uuid.uuid4(), language="en")
    until = contract.delivery_date + timedelta(days=10)
    asked = talking.ask_for_extension(contract, until, "Illness.", key=uuid.uuid4(), language="en")
    client = contracts.client_of(contract.solicitation)
    talking.answer_extension(asked, agreed=True, language="en", user=client)
    raised = talking.dispute(contract, "No.", key=uuid.uuid4(), language="en")
    talking.settle(raised, contracts.concurring(), "Thus.", language="en")


@pytest.fixture
def found(_proved_of_module: int, db: None) -> Callable[[], Found]:
    """What all checks find of it."""

    def find() -> Found:
        fresh = Solicitation.objects.get(pk=_proved_of_module)
        every = [
            check
            for check in proofs.checks_of(fresh)
            if check.name.split(".")[0] in ("contracts", "awards", "payments", "reuse")
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
        ("contracts.states", "UPDATE submissions_contract SET state = 'accepted' WHERE state = 'paid'"),
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


#: One column of each table that nothing else looks at.
WRITTEN = {
    "contract": "repository = 'https://example.org/elsewhere'",
    "passedon": "delivery_date = delivery_date + 1",
    "message": "language = 'fr'",
    "extension": "language = 'fr'",
    "extensionanswer": "answered_at = answered_at + interval '1 second'",
    "dispute": "raised_at = raised_at + interval '1 second'",
    "settlement": "language = 'fr'",
    "endproposal": "computed = computed + 1",
    "endanswer": "answered_at = answered_at + interval '1 second'",
    "contractend": "language = 'fr'",
    "delivery": "commit = repeat('0', 40)",
    "evidence": "summary = '{}'",
    "judgement": "mend_by = mend_by + 1 WHERE NOT passed",
    "criterionjudgement": "locked_reason = locked_reason || 'x'",
    "concurrence": "concurred_at = concurred_at + interval '1 second'",
    "workacceptance": "accepted_at = accepted_at + interval '1 second'",
    "invoice": "province = 'MB'",
    "section34approval": "fund_reservation = '600099999'",
    "payment": "reference = 'another'",
}


@pytest.mark.parametrize("change", ["rounds = rounds + 1", "changed_at = changed_at + interval '1 second'"])
def test_nothing_of_a_contract_changes_unnoticed_beside_what_other_checks_follow(
    found: Callable[[], Found], change: str
) -> None:
    assert behind_the_rules(f"UPDATE submissions_contract SET {change}")
    assert any("contract, no." in sentence for sentence in found()["contracts.words"])


@pytest.mark.parametrize(
    "change",
    ["what_fr = 'Autre chose.'", "repository = 'https://example.org/elsewhere'", "maintainer = 'Me'"],
)
def test_an_entry_of_the_catalogue_does_not_change_unnoticed(found: Callable[[], Found], change: str) -> None:
    assert behind_the_rules(f"UPDATE submissions_catalogueentry SET {change}")
    assert any("entry of the catalogue, no." in sentence for sentence in found()["reuse.entry"])
    behind_the_rules("DELETE FROM submissions_catalogueentry")
    assert any("What was recorded is not there" in sentence for sentence in found()["reuse.entry"])


@pytest.mark.parametrize(("table", "change"), WRITTEN.items())
def test_no_row_of_the_work_changes_or_goes_unnoticed(
    found: Callable[[], Found], table: str, change: str
) -> None:
    name = "payments.words" if table in ("invoice", "section34approval", "payment") else "contracts.words"
    assert behind_the_rules(f"UPDATE submissions_{table} SET {change}")
    assert any("is not what was recorded" in sentence for sentence in found()[name])
    behind_the_rules(f"DELETE FROM submissions_{table}")
    assert any("What was recorded is not there" in sentence for sentence in found()[name])


def test_the_role_that_runs_the_site_changes_and_takes_away_nothing_that_is_kept(
    _proved_of_module: int, db: None
) -> None:
    """Twice: by the triggers alone, then with what the guide of operations takes away from the role."""
    grants = re.findall(r"^REVOKE ([A-Z, ]+) ON ([a-z0-9_, ]+) FROM microacq_app;", OPERATIONS, re.MULTILINE)
    refused = {
        (act, table) for acts, tables in grants for act in acts.split(", ") for table in tables.split(", ")
    }
    kept = [model._meta.db_table for model in apps.get_models() if issubclass(model, KeptModel)]
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE microacq_app_of_test")
        cursor.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO microacq_app_of_test"
        )
        tried = set()
        for with_grants in (False, True):
            for table in kept:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
                if cursor.fetchone() is None:
                    continue
                tried.add(table)
                for act, sql in (
                    ("DELETE", f"DELETE FROM {table}"),
                    ("UPDATE", f"UPDATE {table} SET id = id + 1"),
                ):
                    if act == "DELETE" or (act, table) in refused:
                        if with_grants and (act, table) in refused:
                            cursor.execute(f"REVOKE {act} ON {table} FROM microacq_app_of_test")
                        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
                            cursor.execute("SET LOCAL ROLE microacq_app_of_test")
                            cursor.execute(sql)
                        if with_grants and (act, table) in refused:
                            assert "permission denied" in str(refusal.value)
        for sql in (
            "ALTER TABLE submissions_contract DISABLE TRIGGER ALL",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute("SET LOCAL ROLE microacq_app_of_test")
                cursor.execute(sql)
    assert {"submissions_contract", "submissions_passedon", "submissions_catalogueentry"} <= tried


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("message", "locked_words"),
        ("extension", "locked_reason"),
        ("dispute", "locked_words"),
        ("settlement", "locked_words"),
        ("endproposal", "locked_reason"),
        ("contractend", "locked_reason"),
        ("delivery", "locked_words"),
        ("judgement", "locked_mend"),
        ("invoice", "locked_words"),
    ],
)
def test_no_encrypted_text_changes_by_a_byte_or_is_blanked_without_a_certificate(
    found: Callable[[], Found], table: str, column: str
) -> None:
    name = "payments.words" if table == "invoice" else "contracts.words"
    swap = f"overlay({column} placing CASE substr({column}, 40, 1) WHEN 'A' THEN 'B' ELSE 'A' END from 40)"
    for value in (swap, "'erased'"):
        behind_the_rules(f"UPDATE submissions_{table} SET {column} = {value} WHERE {column} <> ''")
        assert name in found()
