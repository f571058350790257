"""The chain under several connections at once: no gap, no deadlock; refusals outlive a rollback."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection, transaction
from wagtail.models import ModelLogEntry

from submissions.audit.models import AuditEntry
from submissions.audit.services import record, record_refusal
from submissions.audit.verification import find_unchained, verify_chain
from tests.support.threads import PATIENCE, Parallel, somebody_waits_for_a_lock, wait_until

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def person(committed_database: str) -> Any:
    return get_user_model().objects.create(username=uuid.uuid4().hex)


def lock(person: Any) -> None:
    get_user_model().objects.select_for_update().get(pk=person.pk)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def is_deadlock(outcome: Any) -> bool:
    return isinstance(outcome, OperationalError) and "deadlock detected" in str(outcome)


def test_many_connections_make_one_chain_without_gaps(person: Any) -> None:
    before = AuditEntry.objects.count()

    def act() -> None:
        for _ in range(10):
            with transaction.atomic():
                record(person, "roles.applied")
                record(person, "trial_seal.passed")

    parallel = Parallel()
    for _ in range(4):
        parallel.start(act)
    assert parallel.join() == [None] * 4

    assert AuditEntry.objects.count() - before == 80
    assert verify_chain().sound
    assert not find_unchained()


@pytest.mark.parametrize("chained_at_once", [False, True])
def test_a_row_lock_and_the_chain_cannot_block_each_other(person: Any, chained_at_once: bool) -> None:
    """With triggers that fire at once the same two transactions do deadlock: that is why ours wait."""
    row_locked, act_recorded = threading.Event(), threading.Event()

    def mode() -> None:
        if chained_at_once:
            execute("SET CONSTRAINTS ALL IMMEDIATE")

    def first_locks() -> None:
        with transaction.atomic():
            mode()
            lock(person)
            row_locked.set()
            act_recorded.wait(PATIENCE)
            wait_until(somebody_waits_for_a_lock)
            record(person, "roles.applied")

    def first_records() -> None:
        with transaction.atomic():
            mode()
            row_locked.wait(PATIENCE)
            record(person, "roles.applied")
            act_recorded.set()
            lock(person)

    parallel = Parallel()
    parallel.start(first_locks)
    parallel.start(first_records)
    outcomes = parallel.join()

    assert any(map(is_deadlock, outcomes)) is chained_at_once
    if not chained_at_once:
        assert outcomes == [None, None]
    assert verify_chain().sound


@pytest.mark.parametrize("chained_before_the_check", [False, True])
def test_the_check_of_a_foreign_key_at_commit_and_the_chain_cannot_block_each_other(
    person: Any, chained_before_the_check: bool
) -> None:
    """A chain entered before the checks of the same commit would deadlock: that is why there is a queue."""
    row_locked, committing = threading.Event(), threading.Event()
    permission = Permission.objects.first()

    def refers_to_the_row() -> None:
        with transaction.atomic():
            record(person, "roles.applied")
            row_locked.wait(PATIENCE)
            person.user_permissions.add(permission)
            if chained_before_the_check:
                execute("SELECT pg_advisory_xact_lock(hashtext('submissions_auditentry'))")
            committing.set()

    def locks_the_row() -> None:
        with transaction.atomic():
            lock(person)
            record(person, "trial_seal.passed")
            row_locked.set()
            committing.wait(PATIENCE)
            wait_until(somebody_waits_for_a_lock)

    parallel = Parallel()
    parallel.start(refers_to_the_row)
    parallel.start(locks_the_row)
    outcomes = parallel.join()

    assert any(map(is_deadlock, outcomes)) is chained_before_the_check
    if not chained_before_the_check:
        assert outcomes == [None, None]
    assert verify_chain().sound


def test_a_refusal_outlives_the_rollback_of_what_was_refused(person: Any, settings: Any) -> None:
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    with pytest.raises(PermissionError), transaction.atomic():
        record(person, "file.opened", data={"number": "MA-2026-0001", "count": 1})
        record_refusal(person, "proposal.read_refused", user=person, data={"number": "MA-2026-0001"})
        raise PermissionError

    assert not ModelLogEntry.objects.filter(action="file.opened").exists()
    refusal = ModelLogEntry.objects.latest("id")
    assert (refusal.action, refusal.user) == ("proposal.read_refused", person)
    assert AuditEntry.objects.latest("sequence").action == "proposal.read_refused"
    assert verify_chain().sound


def test_a_refusal_is_kept_when_the_transaction_is_already_broken(person: Any, settings: Any) -> None:
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    with pytest.raises(OperationalError), transaction.atomic():
        lock(person)
        execute("SET LOCAL statement_timeout = 50")
        try:
            execute("SELECT pg_sleep(1)")
        except OperationalError:
            record_refusal(person, "proposal.read_refused", user=person, data={"number": "MA-2026-0404"})
            raise
    assert ModelLogEntry.objects.latest("id").data == {"number": "MA-2026-0404"}
