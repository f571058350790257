"""``verify_audit`` finds every way in which somebody with full rights on the database could tamper."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import ModelLogEntry

from submissions.audit.models import AuditEntry
from submissions.audit.services import record
from submissions.audit.verification import find_unchained, hash_of, verify_chain
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db

CHAIN, LOG = "submissions_auditentry", "wagtailcore_modellogentry"


@pytest.fixture
def entries(person: Any, chained: Callable[[], list[AuditEntry]]) -> list[AuditEntry]:
    """Five acts of one person at the end of the chain."""
    for number in range(5):
        record(person, "file.posted", user=person, data={"number": f"MA-2026-000{number}"})
    return chained()[-5:]


def tamper(table: str, statement: str, *parameters: Any) -> None:
    with guards_down(table), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def verify(**options: Any) -> tuple[str, str, bool]:
    """What the command says, what it complains of, and whether it is content."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_audit", stdout=out, stderr=err, **options)
    except CommandError as error:
        assert error.returncode == 1
        return out.getvalue(), err.getvalue(), False
    return out.getvalue(), err.getvalue(), True


def test_a_whole_chain_is_confirmed_with_its_head(entries: list[AuditEntry]) -> None:
    out, err, sound = verify(batch_size=2)
    assert sound
    assert not err
    assert f"{entries[-1].sequence}:{entries[-1].hash}" in out
    assert f"of {entries[-1].sequence} entries checked" in out


def test_an_empty_chain_is_whole() -> None:
    with guards_down(CHAIN, LOG, "wagtailcore_pagelogentry"), connection.cursor() as cursor:
        for table in (CHAIN, LOG, "wagtailcore_pagelogentry"):
            cursor.execute(f"DELETE FROM {table}")
    assert verify()[2]


def test_changed_content_is_named(entries: list[AuditEntry]) -> None:
    payload = {**json.loads(entries[1].payload), "label": "Somebody else"}
    tamper(CHAIN, f"UPDATE {CHAIN} SET payload = %s WHERE sequence = %s", json.dumps(payload), entries[1].pk)
    _, err, sound = verify()
    assert not sound
    assert f"Entry {entries[1].sequence}: Its content was changed" in err


def test_a_changed_hash_is_named(entries: list[AuditEntry]) -> None:
    tamper(CHAIN, f"UPDATE {CHAIN} SET hash = %s WHERE sequence = %s", "f" * 64, entries[1].pk)
    _, err, sound = verify()
    assert not sound
    assert f"Entry {entries[1].sequence}: Its hash was changed" in err


def test_a_changed_hash_at_the_very_end_is_told_from_changed_content(entries: list[AuditEntry]) -> None:
    tamper(CHAIN, f"UPDATE {CHAIN} SET hash = %s WHERE sequence = %s", "f" * 64, entries[-1].pk)
    assert f"Entry {entries[-1].sequence}: Its hash was changed" in verify()[1]


def test_content_changed_with_a_new_hash_breaks_the_next_link(entries: list[AuditEntry]) -> None:
    victim = entries[1]
    victim.payload = json.dumps({**json.loads(victim.payload), "label": "Somebody else"})
    tamper(
        CHAIN,
        f"UPDATE {CHAIN} SET payload = %s, hash = %s WHERE sequence = %s",
        victim.payload,
        hash_of(victim),
        victim.pk,
    )
    _, err, _ = verify(every_fault=True)
    assert f"Entry {victim.sequence}: Its log row" in err
    assert f"Entry {victim.sequence + 1}: It does not continue entry {victim.sequence}" in err


def test_a_missing_number_is_named(entries: list[AuditEntry]) -> None:
    tamper(CHAIN, f"DELETE FROM {CHAIN} WHERE sequence = %s", entries[2].pk)
    _, err, sound = verify()
    assert not sound
    assert f"Entry {entries[2].sequence}: Missing from the chain: number {entries[2].sequence}." in err
    assert "was never chained" in err


def test_several_missing_numbers_are_named(entries: list[AuditEntry]) -> None:
    tamper(CHAIN, f"DELETE FROM {CHAIN} WHERE sequence IN (%s, %s)", entries[2].pk, entries[3].pk)
    assert f"number {entries[2].sequence}–{entries[3].sequence}." in verify()[1]


def test_a_chain_without_its_beginning_is_not_whole(entries: list[AuditEntry]) -> None:
    tamper(CHAIN, f"DELETE FROM {CHAIN} WHERE sequence = 1")
    assert "Entry 1: Missing from the chain: number 1." in verify()[1]


def test_a_changed_log_row_is_named_with_its_columns(entries: list[AuditEntry]) -> None:
    tamper(LOG, f"UPDATE {LOG} SET label = 'x', user_id = NULL WHERE id = %s", entries[3].source_id)
    _, err, sound = verify()
    assert not sound
    assert f"Entry {entries[3].sequence}: Its log row {entries[3].source_id} of {LOG} differs" in err
    assert "label, user_id" in err


def test_a_missing_log_row_is_named(entries: list[AuditEntry]) -> None:
    tamper(LOG, f"DELETE FROM {LOG} WHERE id = %s", entries[3].source_id)
    assert f"Entry {entries[3].sequence}: Its log row {entries[3].source_id} of {LOG} is gone" in verify()[1]


def test_a_log_row_that_was_never_chained_is_named(entries: list[AuditEntry], person: Any) -> None:
    with guards_down(LOG):
        record(person, "roles.applied")
    row = ModelLogEntry.objects.latest("id")
    _, err, sound = verify()
    assert not sound
    assert f"Log row {row.pk} of {LOG} was never chained." in err


def test_a_changed_time_is_named(entries: list[AuditEntry]) -> None:
    tamper(CHAIN, f"UPDATE {CHAIN} SET happened_at = now() WHERE sequence = %s", entries[0].pk)
    assert f"Entry {entries[0].sequence}: Its time is not the one" in verify()[1]


def test_a_changed_time_of_chaining_is_changed_content(entries: list[AuditEntry]) -> None:
    tamper(CHAIN, f"UPDATE {CHAIN} SET chained_at = now() WHERE sequence = %s", entries[0].pk)
    assert f"Entry {entries[0].sequence}: Its content was changed" in verify()[1]


def test_a_trigger_that_is_off_is_named(entries: list[AuditEntry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {LOG} DISABLE TRIGGER submissions_audit_refuse_delete")
        _, err, sound = verify()
        cursor.execute(f"ALTER TABLE {LOG} ENABLE TRIGGER submissions_audit_refuse_delete")
    assert not sound
    assert "submissions_audit_refuse_delete" in err


def test_an_end_that_was_cut_off_with_its_log_rows_shows_against_a_known_hash(
    entries: list[AuditEntry],
) -> None:
    last = entries[-1]
    tamper(CHAIN, f"DELETE FROM {CHAIN} WHERE sequence = %s", last.pk)
    tamper(LOG, f"DELETE FROM {LOG} WHERE id = %s", last.source_id)
    assert verify()[2], "nothing in the database tells"
    _, err, sound = verify(known=[f"{last.sequence}:{last.hash}"])
    assert not sound
    assert f"Entry {last.sequence}: The entry is missing" in err


def test_a_known_hash_that_differs_is_named(entries: list[AuditEntry]) -> None:
    assert verify(known=[f"{entries[0].sequence}:{entries[0].hash.upper()}"])[2]
    _, err, sound = verify(known=[f"{entries[0].sequence}:{'0' * 64}"])
    assert not sound
    assert f"Entry {entries[0].sequence}: The hash was" in err


def test_a_known_hash_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        call_command("verify_audit", known=["abc"], stdout=StringIO())


def test_only_the_first_broken_link_is_reported_unless_asked(entries: list[AuditEntry]) -> None:
    for entry in (entries[1], entries[3]):
        tamper(LOG, f"UPDATE {LOG} SET label = 'x' WHERE id = %s", entry.source_id)
    assert [fault.sequence for fault in verify_chain().faults] == [entries[1].sequence]
    assert [fault.sequence for fault in verify_chain(every_fault=True).faults] == [
        entries[1].sequence,
        entries[3].sequence,
    ]


def test_the_end_of_the_chain_can_be_verified_alone(entries: list[AuditEntry]) -> None:
    tamper(LOG, f"UPDATE {LOG} SET label = 'x' WHERE id = %s", entries[0].source_id)
    verdict = verify_chain(last=3)
    assert verdict.sound
    assert verdict.checked == 3
    assert verdict.head_hash == entries[-1].hash


def test_the_number_of_queries_depends_on_batches_only(
    entries: list[AuditEntry], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(4):
        assert verify_chain().sound
    assert not find_unchained()


def test_a_column_that_wagtail_adds_later_does_not_break_the_chain(entries: list[AuditEntry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {LOG} ADD COLUMN something_new text DEFAULT 'x'")
    assert verify_chain().sound
