"""``verify_file`` finds what was changed behind the software’s back, and names the link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import override_settings
from wagtail import hooks
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.audit.models import AuditEntry
from submissions.audit.services import record
from submissions.proposals import custody
from submissions.proposals.models import OpenedProposal, Proposal
from submissions.selection import services as selection
from submissions.solicitations import guards, proving
from submissions.solicitations.enums import State
from submissions.solicitations.models import Posting, Solicitation
from submissions.solicitations.proofs import Check, Finding
from submissions.solicitations.services import transition
from tests.factories import awards, evaluations, people, selections, whole_files
from tests.support.guards import guards_down

LOG = "wagtailcore_modellogentry"


@pytest.fixture(scope="module")
def opened(committed_database: str) -> Solicitation:
    with override_settings(MICROACQ_DRAW_SOURCE="witnesses"):
        return whole_files.make_opened_file(people.the(roles.CLIENT), people.the(roles.IT_STRATEGY))


@pytest.fixture
def file(opened: Solicitation) -> Iterator[Solicitation]:
    """The file, in a transaction that each test rolls back."""
    with transaction.atomic():
        yield Solicitation.objects.get(pk=opened.pk)
        transaction.set_rollback(True)


def verify(file: Any, **options: Any) -> tuple[int, str, str]:
    """Exit code, what it says, what it complains of."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_file", str(file), stdout=out, stderr=err, no_color=True, **options)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}", err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def tamper(table: str, statement: str, *parameters: Any) -> None:
    """Change bytes as somebody with full rights on the database could."""
    with guards_down(table), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} {statement}", parameters)
        assert cursor.rowcount


def a_proposal(file: Solicitation) -> Proposal:
    return file.proposals.sent().filter(opened__isnull=False).earliest("pk")


def test_a_file_that_nobody_touched_holds(file: Solicitation) -> None:
    code, out, err = verify(file)
    assert (code, err) == (0, ""), out
    assert f"{file.number} holds" in out
    assert "Holds: Each opened text gives the digest" in out
    connection.check_constraints()
    assert AuditEntry.objects.filter(action="file.verified", file_number=file.number).count() == 1


def test_it_says_so_in_french(file: Solicitation) -> None:
    proposal = a_proposal(file)
    tamper(
        "submissions_proposal",
        "SET sealed = set_byte(sealed, 200, get_byte(sealed, 200) # 1) WHERE id = %s",
        proposal.pk,
    )
    code, out, err = verify(file, language="fr")
    assert code == 1
    assert f"Demande {proposal.receipt_number}" in err
    assert "échoue" in out


def test_a_number_that_no_file_has_is_told_apart() -> None:
    assert verify("MA-1999-0001")[0] == 2


def test_one_changed_byte_of_a_sealed_text_is_named(file: Solicitation) -> None:
    proposal = a_proposal(file)
    tamper(
        "submissions_proposal",
        "SET sealed = set_byte(sealed, 200, get_byte(sealed, 200) # 1) WHERE id = %s",
        proposal.pk,
    )
    code, _out, err = verify(file)
    assert code == 1
    assert f"Application {proposal.receipt_number}: its sealed text was changed" in err


def test_a_sealed_text_replaced_together_with_its_digest_is_named(file: Solicitation) -> None:
    proposal = a_proposal(file)
    tamper(
        "submissions_proposal",
        "SET sealed = sealed || '\\x00'::bytea, size = size + 1,"
        " sealed_digest = encode(sha256(sealed || '\\x00'::bytea), 'hex') WHERE id = %s",
        proposal.pk,
    )
    _code, _out, err = verify(file)
    assert "its sealed text was changed" in err
    assert "the digest beside its sealed text is not the recorded one" in err


def test_an_arrival_moved_in_time_is_named(file: Solicitation) -> None:
    proposal = a_proposal(file)
    tamper(
        "submissions_proposal", "SET arrived_at = arrived_at - interval '1 hour' WHERE id = %s", proposal.pk
    )
    _code, _out, err = verify(file)
    assert f"Application {proposal.receipt_number} arrived at" in err
    assert "before the file was posted" in err


def test_an_application_that_came_after_the_deadline_is_named(file: Solicitation) -> None:
    proposal = a_proposal(file)
    tamper("submissions_proposal", "SET arrived_at = %s WHERE id = %s", file.deadline, proposal.pk)
    assert f"Application {proposal.receipt_number} arrived at" in verify(file)[2]


def test_a_deadline_moved_in_the_file_is_named(file: Solicitation) -> None:
    tamper("submissions_solicitation", "SET deadline = deadline + interval '1 second' WHERE id = %s", file.pk)
    code, _out, err = verify(file)
    assert code == 1
    assert "The file’s “deadline to apply” is not what was posted last." in err


def test_an_application_that_vanished_is_named(file: Solicitation) -> None:
    gone = file.proposals.get(state="withdrawn")
    with guards_down("submissions_proposal"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM submissions_proposal WHERE id = %s", [gone.pk])
    assert f"Application {gone.receipt_number}: its receipt is recorded, and it is gone." in verify(file)[2]


def test_an_application_slipped_back_into_the_competition_is_named(file: Solicitation) -> None:
    gone = file.proposals.get(state="withdrawn")
    tamper("submissions_proposal", "SET state = 'sent' WHERE id = %s", gone.pk)
    err = verify(file)[2]
    assert f"Application {gone.receipt_number} is “Received”, but its recorded acts lead to “Withdrawn" in err
    assert f"Application {gone.receipt_number} takes part and was not opened." in err


def test_an_opened_text_that_was_rewritten_is_named(file: Solicitation) -> None:
    proposal = a_proposal(file)
    row = OpenedProposal.objects.get(proposal=proposal)
    changed = custody.lock(json.dumps({**row.text(), "name": "Somebody else"}).encode())
    tamper("submissions_openedproposal", "SET locked_text = %s WHERE proposal_id = %s", changed, proposal.pk)
    assert (
        f"Application {proposal.receipt_number}: the opened text is not the one that was sealed."
        in verify(file)[2]
    )


def test_without_the_reading_key_it_says_what_could_not_be_proved(file: Solicitation, settings: Any) -> None:
    settings.MICROACQ_READING_KEY = []
    code, out, err = verify(file)
    assert (code, err) == (3, "")
    assert "The reading key is not here" in out


def test_leaving_the_texts_closed_writes_nothing(file: Solicitation) -> None:
    before = ModelLogEntry.objects.count()
    code, out, _err = verify(file, without_texts=True)
    assert code == 3
    assert "Left out" in out
    assert ModelLogEntry.objects.count() == before


def test_a_posted_text_that_was_rewritten_is_named(file: Solicitation) -> None:
    text = Posting.objects.get(solicitation=file).text
    text["en"]["title"] = "Another title"
    tamper(
        "submissions_posting", "SET text = %s::jsonb WHERE solicitation_id = %s", json.dumps(text), file.pk
    )
    assert "Posted text 0: it was changed, it no longer gives its digest." in verify(file)[2]


def test_a_criterion_that_was_rewritten_is_named(file: Solicitation) -> None:
    tamper(
        "submissions_posteditem",
        "SET text_en = '<p>Easier.</p>' WHERE kind = 'evaluation' AND posting_id IN"
        " (SELECT id FROM submissions_posting WHERE solicitation_id = %s)",
        file.pk,
    )
    assert (
        "Posted text 0: the Application evaluation criterion at place 1 was changed after posting."
        in verify(file)[2]
    )


def test_a_state_without_an_act_is_named(file: Solicitation) -> None:
    tamper("submissions_solicitation", "SET state = 'awarded' WHERE id = %s", file.pk)
    err = verify(file)[2]
    assert (
        "The file is “Awarded, work under way”, but the recorded acts lead to “Opened, being evaluated”."
        in err
    )
    assert "What the public’s lists read of the file is not what the file says." in err


def test_an_act_that_the_state_table_does_not_know_is_named(file: Solicitation) -> None:
    record(file, "file.cancelled", data={"number": file.number, "before": "awarded", "after": "cancelled"})
    connection.check_constraints()
    err = verify(file)[2]
    assert "the state table has no such way from “Awarded, work under way” to “Cancelled”" in err


def test_a_decision_without_its_reason_is_named(file: Solicitation) -> None:
    act = {"number": file.number, "before": "opened", "after": "cancelled", "reason": "No need."}
    record(file, "file.cancelled", data=act)
    connection.check_constraints()
    assert "a decision without its reason in both languages" in verify(file)[2]


def test_a_changed_log_row_is_named(file: Solicitation) -> None:
    entry = AuditEntry.objects.filter(file_number=file.number, action="file.opened").get()
    tamper(LOG, "SET data = jsonb_set(data::jsonb, '{count}', '9') WHERE id = %s", entry.source_id)
    assert f"Entry {entry.sequence} of the audit: Its log row {entry.source_id}" in verify(file)[2]


def test_an_entry_cut_out_of_the_chain_is_named(file: Solicitation) -> None:
    entry = AuditEntry.objects.filter(file_number=file.number, action="file.opened").get()
    record(file, "file.opening_asked", data={"number": file.number})
    connection.check_constraints()
    with guards_down("submissions_auditentry"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM submissions_auditentry WHERE sequence = %s", [entry.sequence])
    err = verify(file)[2]
    assert "numbers are missing from the chain of the audit" in err
    assert f"Log row {entry.source_id} of {LOG} was never chained." in err
    assert "but the recorded acts lead to “Posted”" in err


def test_a_trigger_that_is_off_is_named(file: Solicitation) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE submissions_proposal DISABLE TRIGGER microacq_proposal_ends")
    assert "The trigger microacq_proposal_ends on submissions_proposal is missing or off." in verify(file)[2]


def test_a_trigger_that_was_taken_away_is_named(file: Solicitation) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER microacq_item_kept ON submissions_posteditem")
        said = [str(each.sentence) for each in proving.guards(print)]
        transaction.set_rollback(True)
    assert said == ["The trigger microacq_item_kept on submissions_posteditem is missing or off."]
    # What the migrations say is what there is, to the last trigger.
    assert guards.expected() == guards.on()


def test_a_rule_of_the_database_that_was_replaced_is_named(file: Solicitation) -> None:
    assert guards.other_functions() == []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION microacq_refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RETURN NEW; END $$"
            )
        said = [str(each.sentence) for each in proving.guards(print)]
        transaction.set_rollback(True)
    assert said == ["The function microacq_refuse of the database is not as it was installed."]


def test_the_database_refuses_the_same_changes_while_its_triggers_are_on(file: Solicitation) -> None:
    proposal = a_proposal(file)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE submissions_proposal SET size = 1 WHERE id = %s", [proposal.pk])


def test_rows_so_odd_that_they_cannot_be_read_are_a_finding_and_no_crash(file: Solicitation) -> None:
    tamper("submissions_posting", "SET text = '[]'::jsonb WHERE solicitation_id = %s", file.pk)
    code, _out, err = verify(file)
    assert code == 1
    assert "What is stored cannot be read as the software wrote it" in err


def test_stages_add_checks_by_the_hook(file: Solicitation) -> None:
    def later(solicitation: Solicitation) -> list[Check]:
        return [Check("later.draw", "The draw repeats.", lambda tell: [Finding("The third step differs.")])]

    with hooks.register_temporarily("file_proofs", later):
        code, _out, err = verify(file)
    assert code == 1
    assert "FAILS: The draw repeats.\n  - The third step differs." in err


def test_no_output_names_a_supplier(file: Solicitation) -> None:
    tamper("submissions_proposal", "SET text_digest = repeat('0', 64) WHERE solicitation_id = %s", file.pk)
    code, out, err = verify(file, verbosity=2)
    assert code == 1
    assert "Camille" not in out + err
    assert "example.org" not in out + err


def test_a_long_run_tells_how_far_it_is(file: Solicitation) -> None:
    assert "of 5" in verify(file, verbosity=2)[1]


# --- the same file, after its award; nothing below sees it as it was above -------------------------------


@pytest.fixture(scope="module")
def _awarded(opened: Solicitation) -> Solicitation:
    evaluations.submitted(opened, failing=evaluations.receipts(opened)[:1])
    transition(opened, "sign_off", user=people.the(roles.CFOB))
    selection.freeze(opened, selections.drawer())
    selections.enter_input(opened)
    selection.carry_out(opened, selections.drawer())
    awards.awarded(awards.accepted(awards.offered(opened)))
    return Solicitation.objects.get(pk=opened.pk)


@pytest.fixture
def awarded(_awarded: Solicitation) -> Iterator[Solicitation]:
    with transaction.atomic():
        yield Solicitation.objects.get(pk=_awarded.pk)
        transaction.set_rollback(True)


@pytest.mark.parametrize(("language", "words"), [("en", "holds"), ("fr", "est conforme")])
def test_a_whole_file_holds_to_its_award(awarded: Solicitation, language: str, words: str) -> None:
    code, out, err = verify(awarded, language=language)
    assert (awarded.state, code, err) == (State.AWARDED, 0, ""), out
    assert f"{awarded.number} {words}" in out


def test_the_supplier_of_an_award_cannot_be_exchanged_unseen(awarded: Solicitation) -> None:
    connection.check_constraints()
    with guards_down("submissions_offer"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE submissions_offer SET proposal_id = (SELECT max(id) FROM submissions_proposal"
            " WHERE solicitation_id = %s AND state = 'sent' AND id <> proposal_id) WHERE solicitation_id = %s",
            [awarded.pk, awarded.pk],
        )
    code, _out, err = verify(awarded)
    assert code == 1
    assert "FAILS" in err
