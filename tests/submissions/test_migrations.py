"""The schema can be taken back and put on again on a site that has a history.

One way back and forth for all stages, because each costs half a minute.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import ModelLogEntry

from submissions.audit.models import AuditEntry
from submissions.audit.services import record
from submissions.audit.verification import find_disabled_guards, find_unchained, verify_chain
from submissions.proposals import opening
from submissions.proposals.models import Proposal
from tests.factories import proposals
from tests.support import migrating
from tests.support.committed import committed_database

__all__ = ["committed_database"]
pytestmark = pytest.mark.usefixtures("committed_database")

BEFORE_THE_CHAIN = "0003_audit_notices"
BEFORE_SECOND_APPLICATIONS, SECOND_APPLICATIONS = "0023_draft_address", "0025_second_application_triggers"


def migrate(target: str = "") -> None:
    """Bring the schema to a migration, or to the last one, without the signals of a deployment."""
    executor = MigrationExecutor(connection)
    leaves = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "submissions"]
    with migrating.neighbours_only():
        executor.migrate([("submissions", target)] if target else leaves)


def structure() -> set[tuple[str, str]]:
    """Tables, indexes, triggers and functions of this app."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'relation', relname::text FROM pg_class WHERE relname LIKE 'submissions_%'"
            " UNION SELECT 'trigger', tgname::text FROM pg_trigger WHERE NOT tgisinternal"
            " UNION SELECT 'function', proname::text FROM pg_proc WHERE proname LIKE ANY"
            " (ARRAY['microacq_%', 'submissions_%'])"
        )
        return set(cursor.fetchall())


@pytest.fixture
def person(committed_database: str) -> Any:
    return get_user_model().objects.create_user("ariane", "ariane@example.org", "x")


def test_rules_are_put_on_what_was_sent_before_and_acts_from_before_the_chain_enter_it_in_order(
    person: Any,
) -> None:
    whole = structure()
    opening.make_trial()
    file = proposals.make_file()
    proposal, link = proposals.send(file)
    proposals.send(file, link, name="Changed")
    states = list(Proposal.objects.order_by("pk").values_list("state", flat=True))
    migrate(BEFORE_SECOND_APPLICATIONS)
    assert len(structure()) < len(whole) - 100
    migrate(SECOND_APPLICATIONS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM submissions_proposal ORDER BY id")
        assert [state for (state,) in cursor.fetchall()] == states
    assert proposal.receipt_number

    chained = AuditEntry.objects.count()
    migrate(BEFORE_THE_CHAIN)
    assert len(find_disabled_guards()) > 8
    for number in range(3):
        record(person, "file.posted", data={"number": f"MA-2026-000{number}"})
    assert AuditEntry.objects.count() == chained
    assert ModelLogEntry.objects.latest("id").action == "file.posted"
    migrate()

    assert structure() == whole
    entries = AuditEntry.objects.filter(sequence__gt=chained).order_by("sequence")
    assert [entry.file_number for entry in entries] == [f"MA-2026-000{number}" for number in range(3)]
    assert verify_chain().sound
    assert not find_unchained()
    assert not find_disabled_guards()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM submissions_auditqueue")
        assert cursor.fetchone() == (0,)
