"""Every act is chained at commit, and the database refuses to change what was recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from submissions.audit.models import FIRST_PREVIOUS_HASH, LOG_TABLES, AuditEntry
from submissions.audit.services import record
from submissions.audit.verification import find_disabled_guards, find_unchained, hash_of, verify_chain

pytestmark = pytest.mark.django_db

Chain = Callable[[], list[AuditEntry]]


def make_page() -> Page:
    return Page.get_first_root_node().add_child(instance=Page(title="Outside the pairs", live=False))


def test_acts_on_pages_and_on_records_enter_one_chain_in_order(person: Any, chained: Chain) -> None:
    page = make_page()
    before = len(chained())
    log(instance=page, action="wagtail.edit", user=person)
    record(person, "roles.applied", user=person, data={"number": "MA-2026-0001"})
    log(instance=page, action="wagtail.lock", user=person)

    entries = chained()[before:]

    assert [entry.action for entry in entries] == ["wagtail.edit", "roles.applied", "wagtail.lock"]
    assert [entry.source for entry in entries] == [LOG_TABLES[0], LOG_TABLES[1], LOG_TABLES[0]]
    assert [entry.object_id for entry in entries] == [str(page.pk), str(person.pk), str(page.pk)]
    assert {entry.actor_id for entry in entries} == {str(person.pk)}
    assert [entry.file_number for entry in entries] == [None, "MA-2026-0001", None]


def test_each_entry_hashes_its_content_and_the_entry_before(person: Any, chained: Chain) -> None:
    for _ in range(3):
        record(person, "roles.applied")

    entries = chained()

    assert entries[0].previous_hash == FIRST_PREVIOUS_HASH
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    for before, after in pairwise(entries):
        assert after.previous_hash == before.hash
    for entry in entries:
        assert entry.hash == hash_of(entry)


def test_nothing_is_chained_before_the_commit(person: Any, chained: Chain) -> None:
    before = len(chained())
    record(person, "roles.applied")
    assert AuditEntry.objects.count() == before
    assert len(chained()) == before + 1


def test_what_is_rolled_back_leaves_no_gap(person: Any, chained: Chain) -> None:
    record(person, "roles.applied")
    with pytest.raises(RuntimeError), transaction.atomic():
        record(person, "file.posted", data={"number": "MA-2026-0009"})
        raise RuntimeError
    record(person, "trial_seal.passed")

    entries = chained()

    assert [entry.action for entry in entries[-2:]] == ["roles.applied", "trial_seal.passed"]
    assert verify_chain().sound


def test_the_time_zone_of_the_session_does_not_matter(person: Any, chained: Chain) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Asia/Tokyo'")
        record(person, "roles.applied")
        connection.check_constraints()
        cursor.execute("SET LOCAL timezone = 'UTC'")
    assert json.loads(chained()[-1].payload)["timestamp"].endswith("+00:00")
    assert verify_chain().sound


@pytest.mark.parametrize("table", ["submissions_auditentry", *LOG_TABLES])
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM {table}", "TRUNCATE {table} CASCADE", "UPDATE {table} SET label = 'something else'"],
)
def test_the_database_refuses_to_change_what_was_recorded(
    person: Any, chained: Chain, table: str, statement: str
) -> None:
    log(instance=make_page(), action="wagtail.edit", user=person)
    record(person, "roles.applied", user=person)
    chained()
    if table == "submissions_auditentry":
        statement = statement.replace("label", "payload")
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table))
    assert verify_chain().sound


def test_the_models_refuse_as_well(person: Any, chained: Chain) -> None:
    record(person, "roles.applied")
    entry = chained()[-1]
    log_entry = ModelLogEntry.objects.latest("id")
    for change in (
        entry.delete,
        log_entry.delete,
        ModelLogEntry.objects.all().delete,
        lambda: ModelLogEntry.objects.update(data={}),
        lambda: AuditEntry.objects.update(previous_hash="0" * 64),
        lambda: AuditEntry.objects.filter(pk=entry.pk).update(sequence=99),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_an_entry_cannot_be_written_past_the_chain(person: Any, chained: Chain) -> None:
    record(person, "roles.applied")
    last = chained()[-1]
    with (
        pytest.raises(IntegrityError, match="by the chain alone"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO submissions_auditentry"
            " (sequence, source, source_id, payload, previous_hash, hash, happened_at, chained_at)"
            " VALUES (%s, 'wagtailcore_modellogentry', 0, '{}', %s, 'x', now(), now())",
            [last.sequence + 1, last.hash],
        )


def test_a_log_row_of_the_same_transaction_cannot_be_changed_before_it_is_chained(person: Any) -> None:
    entry = record(person, "roles.applied")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ModelLogEntry.objects.filter(pk=entry.pk).update(label="another")


def test_deleting_a_person_a_page_and_revisions_leaves_the_record_whole(person: Any, chained: Chain) -> None:
    page = make_page()
    page.save_revision(user=person, log_action=True)
    page.title = "Changed"
    page.save_revision(user=person, log_action=True)
    record(person, "roles.applied", user=person)
    before = [(entry.hash, entry.payload) for entry in chained()]
    rows = (
        list(PageLogEntry.objects.order_by("pk").values()),
        list(ModelLogEntry.objects.order_by("pk").values()),
    )

    call_command("purge_revisions", stdout=StringIO())
    Revision.objects.all().delete()
    DeletePageAction(page, user=person).execute(skip_permission_checks=True)
    person.delete()

    after = [(entry.hash, entry.payload) for entry in chained()]
    assert after[: len(before)] == before
    assert list(PageLogEntry.objects.order_by("pk").values())[: len(rows[0])] == rows[0]
    assert list(ModelLogEntry.objects.order_by("pk").values())[: len(rows[1])] == rows[1]
    assert verify_chain().sound
    assert not find_unchained()


def test_a_content_type_that_the_log_names_stays_when_django_removes_it(chained: Chain) -> None:
    gone = ContentType.objects.create(app_label="submissions", model="nomore")
    unused = ContentType.objects.create(app_label="submissions", model="neverlogged")
    entry = ModelLogEntry(
        content_type=gone,
        object_id="1",
        label="A former record",
        action="wagtail.edit",
        timestamp="2026-01-01T00:00Z",
    )
    entry.save()
    chained()

    call_command("remove_stale_contenttypes", interactive=False, stdout=StringIO())
    connection.check_constraints()

    entry.refresh_from_db()
    assert entry.content_type_id == gone.pk
    assert ContentType.objects.filter(pk=gone.pk).exists()
    assert not ContentType.objects.filter(pk=unused.pk).exists()
    assert verify_chain().sound


def test_the_guards_are_on(chained: Chain) -> None:
    assert find_disabled_guards() == []
