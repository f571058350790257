"""Personal data goes when its time is over: with a certificate, not before, not otherwise; the rest still holds."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from wagtail import hooks

from microacq_pages import roles
from submissions.audit.verification import verify_chain
from submissions.awards.models import Acceptance, DebriefRequest, Offer
from submissions.contracts import results, talking
from submissions.contracts.enums import EndKind
from submissions.notices.models import OutgoingMessage
from submissions.proposals import reading
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.records.archive import bundle, erasing, retention
from submissions.records.archive.erasing import NotErased
from submissions.records.archive.models import Category, ErasureCertificate
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import carry_out, checks_of
from tests.factories import contracts, people, proposals
from tests.support.guards import behind_the_rules

AUTHORITY = "Disposition authority 2026/001"
NOW = {"applications": timedelta(0), "contract": timedelta(0)}


@pytest.fixture
def over(file: Solicitation) -> Any:
    """The file has ended, and its time is over."""
    end(file)
    with override_settings(MICROACQ_RETENTION=NOW):
        yield file


def end(file: Solicitation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE submissions_solicitation SET state = 'not_accepted' WHERE id = %s", [file.pk])
        cursor.execute(
            "UPDATE submissions_outgoingmessage SET state = 'sent', sent_at = now(),"
            " payload = CASE WHEN private THEN ''::bytea ELSE payload END"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    file.refresh_from_db()


def everything(file: Solicitation) -> str:
    """All that the database holds in the tables that know the file, but the chain."""
    with connection.cursor() as cursor:
        said = []
        for column in erasing.PERSONAL:
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {column.model._meta.db_table} t")
            said.append(cursor.fetchone()[0] or "")
    return "".join(said)


def test_what_is_personal_goes_and_what_proves_stays(over: Solicitation) -> None:
    awarded = over.offers.get().proposal_id
    before = dict(Proposal.objects.filter(solicitation=over).values_list("receipt_number", "sealed_digest"))
    certificate = erasing.erase(over, Category.APPLICATIONS, authority=AUTHORITY, user=people.the(roles.CFOB))
    connection.check_constraints()
    others = Proposal.objects.filter(solicitation=over).exclude(pk=awarded)
    assert all(bytes(each.sealed) == b"erased" and each.is_erased and not each.address for each in others)
    assert all(each.opened.is_erased for each in others.filter(opened__isnull=False))
    assert not OpenedProposal.objects.get(proposal=awarded).is_erased, "the contractor has a longer time"
    assert (
        dict(Proposal.objects.filter(solicitation=over).values_list("receipt_number", "sealed_digest"))
        == before
    )
    assert (
        not DebriefRequest.objects.filter(proposal__solicitation=over).exclude(locked_words="erased").exists()
    )
    assert certificate.counts["submissions_proposal.sealed"] == len(others)
    assert "supplier" not in str(certificate.manifest)
    erasing.erase(over, Category.CONTRACT, authority=AUTHORITY)
    assert Acceptance.objects.get(offer__solicitation=over).words() == {}
    assert Offer.objects.get(solicitation=over).contractor == ""
    assert Offer.objects.get(solicitation=over).award.supplier, "that is public for good"
    assert not set(
        OutgoingMessage.objects.filter(file_number=over.number).values_list("to_masked", flat=True)
    ) - {"erased"}


def test_the_chain_and_the_file_still_hold(over: Solicitation) -> None:
    def broken() -> set[str]:
        connection.check_constraints()
        outcomes = [carry_out(check, lambda done, total: None) for check in checks_of(over)]
        return {finding.sentence for each in outcomes for finding in each.findings}

    before = broken()
    for category in Category:
        erasing.erase(over, category, authority=AUTHORITY)
    assert broken() <= before
    assert not verify_chain().faults
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE submissions_erasurecertificate SET authority = 'nobody'")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert any("certificate" in sentence for sentence in broken() - before)


def test_what_a_supplier_wrote_about_the_work_goes_and_what_was_recorded_of_it_still_holds(
    file: Solicitation,
) -> None:
    contract = results.contract_of(file)
    assert contract is not None
    talking.write(contract, "I am in hospital.", key=uuid.uuid4(), language="en")
    contracts.not_accepted(contracts.delivered(contract))
    withdrawn = contracts.ended(contract, EndKind.WITHDRAWN)
    end(file)

    def broken() -> set[str]:
        connection.check_constraints()
        wanted = [check for check in checks_of(file) if check.name == "contracts.words"]
        outcomes = [carry_out(check, lambda done, total: None) for check in wanted]
        return {finding.sentence for each in outcomes for finding in each.findings}

    assert broken() == set()
    with override_settings(MICROACQ_RETENTION=NOW):
        certificate = erasing.erase(file, Category.CONTRACT, authority=AUTHORITY)
    withdrawn.refresh_from_db()
    assert withdrawn.locked_reason == "erased"
    assert certificate.counts["submissions_contractend.locked_reason"] == 1
    assert broken() == set()
    behind_the_rules("UPDATE submissions_criterionjudgement SET locked_reason = 'erased'")
    assert broken(), "no certificate names these"


def test_documents_and_screens_know_that_it_is_gone(over: Solicitation, client: Client) -> None:
    for category in Category:
        erasing.erase(over, category, authority=AUTHORITY)
    parts = {part.path: part.content for part in bundle.parts_of(over)}
    assert "en/910-erasures.docx" in parts
    assert b"".join(parts.values()).count(b"Supplier") == 0
    file = Solicitation.objects.with_clock().get(pk=over.pk)
    for role in (roles.IT_STRATEGY, roles.CFOB, roles.AUDITOR, None):
        client.force_login(people.the(role))
        assert client.get(reverse("records:documents", args=[over.pk])).status_code == 200
        for answer in hooks.get_hooks("file_panels"):
            if (
                "solicitations" not in answer.__module__
            ):  # what was posted is not erased, and not in this file
                for panel in answer(file, people.the(role)):
                    panel.render_html({})
    opened = over.proposals.filter(opened__isnull=False).first()
    assert "erased" in reading.reason_against_reading(opened, people.the(roles.IT_STRATEGY))


def test_nothing_goes_while_the_file_is_under_way_or_its_time_is_not_over(file: Solicitation) -> None:
    with override_settings(MICROACQ_RETENTION=NOW), pytest.raises(NotErased, match="has not ended"):
        erasing.erase(file, Category.APPLICATIONS, authority=AUTHORITY)
    end(file)
    with pytest.raises(NotErased, match="kept until"):
        erasing.erase(file, Category.APPLICATIONS, authority=AUTHORITY)
    assert not ErasureCertificate.objects.exists()


def test_what_is_gone_is_not_judged_again(over: Solicitation) -> None:
    assert retention.reasons_against_reopening(over, None) == []
    erasing.erase(over, Category.APPLICATIONS, authority=AUTHORITY)
    assert "erased" in retention.reasons_against_reopening(over, None)[0]


def test_twice_is_nothing(over: Solicitation) -> None:
    erasing.erase(over, Category.APPLICATIONS, authority=AUTHORITY)
    with pytest.raises(NotErased, match="left"):
        erasing.erase(over, Category.APPLICATIONS, authority=AUTHORITY)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("submissions_openedproposal", "locked_text = 'erased'"),
        ("submissions_proposal", "sealed = 'erased'"),
        ("submissions_offer", "locked_contractor = 'erased'"),
        ("submissions_acceptance", "locked_words = 'erased'"),
    ],
)
def test_the_database_erases_nothing_without_a_certificate(
    over: Solicitation, table: str, change: str
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")


def test_with_a_certificate_the_database_erases_what_it_names_and_no_more(over: Solicitation) -> None:
    awarded = over.offers.get().proposal_id
    erasing.erase(over, Category.APPLICATIONS, authority=AUTHORITY)
    for change in (
        f"UPDATE submissions_openedproposal SET locked_text = 'erased' WHERE proposal_id = {awarded}",
        "UPDATE submissions_acceptance SET locked_words = 'erased'",
        "UPDATE submissions_proposal SET text_digest = 'erased'",
        "UPDATE submissions_openedproposal SET locked_text = 'other words'",
        "DELETE FROM submissions_openedproposal",
        "DELETE FROM submissions_erasurecertificate",
        "UPDATE submissions_erasurecertificate SET authority = 'mine'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_the_database_takes_no_certificate_before_the_end(file: Solicitation) -> None:
    row = {
        "solicitation": file,
        "category": Category.CONTRACT,
        "ended_at": "2020-01-01T00:00Z",
        "retained_until": "2022-01-01T00:00Z",
        "manifest": {},
        "counts": {},
        "digest": "a" * 64,
        "authority": AUTHORITY,
    }
    with pytest.raises(IntegrityError, match="ended"), transaction.atomic():
        ErasureCertificate.objects.create(**row)
    connection.check_constraints()
    end(file)
    with pytest.raises(IntegrityError, match="last act"), transaction.atomic():
        ErasureCertificate.objects.create(**row)
    with pytest.raises(IntegrityError, match="period is over"), transaction.atomic():
        ErasureCertificate.objects.create(**{**row, "retained_until": "2999-01-01T00:00Z"})


def test_the_database_knows_the_same_columns(db: None) -> None:
    kept = {"submissions_question", "submissions_outgoingmessage"}  # no trigger stands against blanking them
    for column in erasing.PERSONAL:
        table = column.model._meta.db_table
        if table in kept:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT microacq_personal_columns(%s)", [table])
            assert column.column in cursor.fetchone()[0]


def test_the_command_lists_first_and_erases_on_a_persons_word(
    over: Solicitation, capsys: pytest.CaptureFixture[str]
) -> None:
    connection.check_constraints()
    assert (over, Category.APPLICATIONS) in retention.due()
    call_command("erase_personal_data", over.number)
    said = capsys.readouterr().out
    assert f"{over.number} applications" in said and "Nothing was erased" in said
    with pytest.raises(CommandError, match="--authority"):
        call_command("erase_personal_data", over.number, "--erase")
    call_command("erase_personal_data", over.number, "--erase", "--authority", AUTHORITY)
    assert ErasureCertificate.objects.filter(solicitation=over).count() == 2
    call_command("erase_personal_data", over.number)
    assert "Nothing is past" in capsys.readouterr().out.splitlines()[-1]


def test_the_period_begins_with_the_last_use(over: Solicitation) -> None:
    connection.check_constraints()
    first = retention.ended_at(over)
    assert first is not None
    with override_settings(
        MICROACQ_RETENTION={"applications": timedelta(days=730), "contract": timedelta(days=10)}
    ):
        periods = {each.category: each.until for each in retention.periods_of(over)}
    assert periods == {
        Category.APPLICATIONS: first + timedelta(days=730),
        Category.CONTRACT: first + timedelta(days=10),
    }


def test_a_file_under_way_has_no_period(db: None) -> None:
    assert [each.until for each in retention.periods_of(proposals.make_file())] == [None, None]
