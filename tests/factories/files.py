"""Procurement files in the states that tests need."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from submissions.solicitations.models import Solicitation
from tests.factories import pages


def make_file(owner: Any, approver: Any, **fields: Any) -> Solicitation:
    """The file of an opportunity that has just been posted."""
    opportunity = pages.make_posted_opportunity(owner, approver, **fields)
    return Solicitation.objects.get(translation_key=opportunity.translation_key)


def let_deadline_pass(solicitation: Solicitation, **since: float) -> None:
    """Make it as if the file had been posted long ago and its deadline had passed (a day ago)."""
    deadline = timezone.now() - (timedelta(**since) if since else timedelta(days=1))
    with connection.cursor() as cursor:
        # The triggers hold that a deadline only moves later; time itself cannot be moved.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, column in (
            ("submissions_solicitation", "posted_at"),
            ("microacq_pages_publicstatus", "posted_at"),
        ):
            cursor.execute(
                f"UPDATE {table} SET {column} = %s, deadline = %s WHERE number = %s",
                [deadline - timedelta(days=20), deadline, solicitation.number],
            )
        cursor.execute("SET LOCAL session_replication_role = origin")
    solicitation.refresh_from_db()
