"""What the database refuses of contracts, whatever the software does."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from submissions.contracts.models import Contract
from submissions.contracts.work_models import Concurrence, Judgement, WorkAcceptance
from tests.factories import contracts


def refused(sql: str, *values: Any, match: str = "") -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        connection.check_constraints()


@pytest.fixture
def accepted(contract: Contract) -> WorkAcceptance:
    """A contract with a row in as many tables as one has."""
    contracts.not_accepted(contracts.delivered(contract))
    return contracts.accepted(contracts.judged(contracts.delivered(contract)))


@pytest.mark.parametrize(
    "table",
    ["contract", "delivery", "evidence", "judgement", "criterionjudgement", "concurrence", "workacceptance"],
)
def test_nothing_of_the_work_is_deleted_or_emptied(accepted: WorkAcceptance, table: str) -> None:
    connection.check_constraints()  # else no table can be emptied
    refused(f"DELETE FROM submissions_{table}", match="kept")
    refused(f"TRUNCATE submissions_{table} CASCADE", match="kept")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("delivery", "commit = repeat('0', 40)"),
        ("delivery", "round = round + 1"),
        ("evidence", "summary = '{}'"),
        ("judgement", "passed = NOT passed"),
        ("criterionjudgement", "passed = NOT passed"),
        ("concurrence", "agreed = NOT agreed"),
        ("workacceptance", "commit = repeat('0', 40)"),
        ("contract", "price = price + 1"),
        ("contract", "rounds = 9"),
        ("contract", "delivery_date = delivery_date + 30"),
        ("contract", "state = 'under_way'"),
        ("contract", "state = 'withdrawn'"),
    ],
)
def test_no_row_of_the_work_is_changed(accepted: WorkAcceptance, table: str, change: str) -> None:
    refused(f"UPDATE submissions_{table} SET {change}")


def test_messages_stay_as_they_were_sent(contract: Contract) -> None:
    from submissions.contracts import talking

    talking.write(contract, "Hello", key=uuid.uuid4(), language="en")
    refused("UPDATE submissions_message SET locked_words = 'x'", match="kept as they were sent")
    refused("DELETE FROM submissions_message", match="kept as they were sent")


def test_work_is_not_accepted_without_its_judgement(contract: Contract) -> None:
    refused("UPDATE submissions_contract SET state = 'accepted' WHERE id = %s", contract.pk)
    refused("UPDATE submissions_solicitation SET state = 'accepted' WHERE id = %s", contract.solicitation_id)
    refused("UPDATE submissions_solicitation SET state = 'completed' WHERE id = %s", contract.solicitation_id)
    refused(
        "UPDATE submissions_solicitation SET state = 'terminated' WHERE id = %s", contract.solicitation_id
    )
    refused("UPDATE submissions_solicitation SET state = 'selected' WHERE id = %s", contract.solicitation_id)


def test_who_judged_does_not_concur(contract: Contract) -> None:
    judgement = contracts.judged(contracts.delivered(contract))
    with pytest.raises(DatabaseError, match="neither who judged"), transaction.atomic():
        Concurrence.objects.create(
            judgement=judgement, agreed=True, language="en", concurred_by=judgement.judged_by
        )


def test_a_judgement_without_each_criterion_is_refused_at_commit(contract: Contract) -> None:
    delivery = contracts.delivered(contract)
    with pytest.raises(DatabaseError, match="each work acceptance criterion"), transaction.atomic():
        Judgement.objects.create(
            delivery=delivery,
            sequence=1,
            passed=True,
            commit=contracts.COMMIT,
            language="en",
            judged_by=contracts.concurring(),
        )
        connection.check_constraints()


def test_no_round_is_skipped_and_none_comes_before_its_judgement(contract: Contract) -> None:
    contracts.delivered(contract)
    columns = (
        "round, posting_id, key, requests, commit, licence, confirmed, language, locked_words, contract_id"
    )
    for number in (2, 3):
        refused(
            f"INSERT INTO submissions_delivery ({columns}) SELECT %s, posting_id, %s, requests, commit, licence, "
            "confirmed, language, locked_words, contract_id FROM submissions_delivery",
            number,
            uuid.uuid4(),
        )


def test_nothing_is_added_to_what_was_sent(contract: Contract) -> None:
    delivery = contracts.delivered(contract)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE submissions_delivery SET delivered_at = delivered_at - interval '1 day'")
        cursor.execute("SET session_replication_role = DEFAULT")
    refused(
        "INSERT INTO submissions_evidence (delivery_id, check_kind, link, name, size, digest, result_format, summary) "
        "VALUES (%s, 'accessibility', 'https://example.org', '', 0, '', '', '{}')",
        delivery.pk,
        match="nothing is added",
    )


def test_a_default_is_not_confirmed_by_who_proposed_it_nor_in_a_dispute(contract: Contract) -> None:
    from submissions.contracts import ending, talking
    from submissions.contracts.enums import EndKind

    proposer = contracts.client_of(contract.solicitation)
    proposal = ending.propose(
        contract, proposer, EndKind.DEFAULT, "Nothing.", percentage=0, key=uuid.uuid4(), language="en"
    )
    insert = (
        "INSERT INTO submissions_endanswer (proposal_id, agreed, answered_by_id, language, locked_reason) "
        "VALUES (%s, true, %s, 'en', '')"
    )
    refused(insert, proposal.pk, proposer.pk, match="another person")
    refused(insert, proposal.pk, None, match="another person")
    talking.dispute(contract, "No.", key=uuid.uuid4(), language="en")
    refused(insert, proposal.pk, contracts.concurring().pk, match="dispute is settled")
