"""What the database itself refuses, asked in plain SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from submissions.proposals import custody
from submissions.proposals.enums import ProposalState
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.proposals.querysets import NeverDeleted
from submissions.proposals.sealing import SupplierLink, seal
from tests.factories import proposals

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def row(file: Any, **changes: Any) -> Proposal:
    link = SupplierLink.generate()
    values = {
        "solicitation": file,
        "posting": file.current_posting,
        "receipt_number": "R-2222-2222",
        "sealed": seal(b"text", [link.recipient]),
        "text_digest": "a" * 64,
        "link_digest": link.digest,
        "contact": "x",
        "address_digest": "b" * 64,
        "language": "en",
    }
    return Proposal(**{**values, **changes})


def refused(proposal: Proposal) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        proposal.save(force_insert=True)
    return str(error.value.__cause__.diag.constraint_name)


def test_time_size_and_digest_are_the_databases_own(file: Any) -> None:
    import hashlib
    from datetime import UTC, datetime

    from submissions.solicitations.services import database_clock

    proposal = row(file, arrived_at=datetime(2020, 1, 1, tzinfo=UTC), size=1, sealed_digest="forged")
    proposal.save(force_insert=True)
    proposal.refresh_from_db()
    sealed = bytes(proposal.sealed)
    assert proposal.arrived_at == database_clock()
    assert proposal.size == len(sealed)
    assert proposal.sealed_digest == hashlib.sha256(sealed).hexdigest()


@pytest.mark.parametrize("after", [timedelta(0), -timedelta(microseconds=1), -timedelta(days=1)])
def test_nothing_arrives_at_or_after_the_deadline(file: Any, after: timedelta) -> None:
    proposals.set_deadline(file, after=after)
    assert refused(row(file)) == "proposal_before_deadline"


def test_a_microsecond_before_the_deadline_is_in_time(file: Any) -> None:
    proposals.set_deadline(file, after=timedelta(microseconds=1))
    row(file).save(force_insert=True)


@pytest.mark.parametrize("state", ["opened", "cancelled"])
def test_nothing_arrives_in_a_file_that_is_not_posted(file: Any, state: str) -> None:
    sql(
        "UPDATE submissions_solicitation SET state = %s, state_reason = 'x', state_reason_fr = 'x' WHERE id = %s",
        state,
        file.pk,
    )
    assert refused(row(file)) == "proposal_before_deadline"


def test_nothing_arrives_open(file: Any) -> None:
    assert refused(row(file, sealed=b"My name is Camille.")) == "proposal_arrives_sealed"
    assert refused(row(file, state=ProposalState.WITHDRAWN)) == "proposal_arrives_sealed"


def test_nothing_answers_the_posting_of_another_file(file: Any) -> None:
    other = proposals.make_file()
    assert refused(row(file, posting=other.current_posting)) == "proposal_answers_current_posting"


def test_a_link_has_one_version_in_the_competition(file: Any) -> None:
    link = SupplierLink.generate()
    row(file, link_digest=link.digest).save(force_insert=True)
    second = row(file, link_digest=link.digest, receipt_number="R-3333-3333")
    assert refused(second) == "proposal_one_current_version_per_link"


@pytest.mark.parametrize(
    "change",
    [
        "sealed = 'x'",
        "text_digest = repeat('c', 64)",
        "arrived_at = now() - interval '1 day'",
        "receipt_number = 'R-4444-4444'",
        "contact = ''",
        "solicitation_id = NULL",
        "state = 'replaced', language = 'fr'",
        "state = 'opened'",
        "state = 'sent'",
    ],
)
def test_what_was_sent_cannot_be_changed(file: Any, change: str) -> None:
    proposals.send(file)
    with pytest.raises(DatabaseError):
        sql(f"UPDATE submissions_proposal SET {change}")


@pytest.mark.parametrize("state", [ProposalState.REPLACED, ProposalState.WITHDRAWN])
def test_a_proposal_ends_once(file: Any, state: str) -> None:
    proposals.send(file)
    sql("UPDATE submissions_proposal SET state = %s", state)
    assert Proposal.objects.get().state_changed_at is not None
    for again in ("sent", "replaced", "withdrawn"):
        with pytest.raises(DatabaseError):
            sql("UPDATE submissions_proposal SET state = %s", again)


def test_nothing_is_replaced_or_withdrawn_after_the_deadline(file: Any) -> None:
    proposals.send(file)
    proposals.set_deadline(file)
    with pytest.raises(IntegrityError):
        sql("UPDATE submissions_proposal SET state = 'withdrawn'")


@pytest.mark.parametrize("table", ["submissions_proposal", "submissions_openedproposal"])
def test_nothing_is_deleted(file: Any, it_strategy: Any, table: str) -> None:
    from submissions.proposals import opening

    proposals.send(file)
    proposals.pass_deadline(file)
    opening.open_proposals(file, it_strategy, custody.custodian_identities())
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DatabaseError):
            sql(statement)


def test_nothing_is_deleted_through_models_either(file: Any) -> None:
    proposal, _link = proposals.send(file)
    with pytest.raises(NeverDeleted):
        proposal.delete()
    with pytest.raises(NeverDeleted):
        Proposal.objects.all().delete()
    with pytest.raises(NeverDeleted):
        Proposal._base_manager.all().delete() if hasattr(
            Proposal._base_manager.all(), "sent"
        ) else proposal.delete()


def test_an_opened_text_is_refused_before_the_deadline_and_at_it(file: Any) -> None:
    proposal, _link = proposals.send(file)
    opened = OpenedProposal(proposal=proposal, locked_text=custody.lock(b"{}"))
    with pytest.raises(IntegrityError), transaction.atomic():
        opened.save(force_insert=True)
    proposals.set_deadline(file)
    with pytest.raises(IntegrityError), transaction.atomic():
        opened.save(force_insert=True)


def test_an_opened_text_of_a_replaced_version_is_refused(file: Any) -> None:
    proposal, link = proposals.send(file)
    proposals.send(file, link, name="Camille T.")
    proposals.pass_deadline(file)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpenedProposal(proposal=proposal, locked_text="x").save(force_insert=True)


def test_an_opened_text_cannot_be_changed(file: Any, it_strategy: Any) -> None:
    from submissions.proposals import opening

    proposals.send(file)
    proposals.pass_deadline(file)
    opening.open_proposals(file, it_strategy, custody.custodian_identities())
    with pytest.raises(DatabaseError):
        sql("UPDATE submissions_openedproposal SET locked_text = 'x'")
