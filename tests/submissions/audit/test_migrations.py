"""The chain can be put on a site that has a history, and taken away again."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from wagtail.models import ModelLogEntry

from submissions.audit.models import AuditEntry
from submissions.audit.services import record
from submissions.audit.verification import find_disabled_guards, find_unchained, verify_chain

pytestmark = pytest.mark.usefixtures("committed_database")

BEFORE, AFTER = "0003", "0004"


def migrate(target: str | None = None) -> None:
    arguments = ["submissions", target] if target else []
    call_command("migrate", *arguments, verbosity=0, skip_checks=True)


@pytest.fixture
def person(committed_database: str) -> Any:
    return get_user_model().objects.create_user("ariane", "ariane@example.org", "x")


def test_acts_of_the_time_before_the_chain_enter_it_in_order(person: Any) -> None:
    record(person, "roles.applied")
    chained = AuditEntry.objects.count()

    migrate(BEFORE)
    assert len(find_disabled_guards()) > 8
    for number in range(3):
        record(person, "file.posted", data={"number": f"MA-2026-000{number}"})
    assert AuditEntry.objects.count() == chained
    assert ModelLogEntry.objects.latest("id").action == "file.posted"
    migrate()

    entries = AuditEntry.objects.filter(sequence__gt=chained).order_by("sequence")
    assert [entry.file_number for entry in entries] == [f"MA-2026-000{number}" for number in range(3)]
    assert verify_chain().sound
    assert not find_unchained()
    assert not find_disabled_guards()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM submissions_auditqueue")
        assert cursor.fetchone() == (0,)
