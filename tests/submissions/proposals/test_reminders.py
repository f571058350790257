"""The clock and drafts: one reminder a day before the deadline, deletion a week after it."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from submissions.notices import envelope
from submissions.notices.crypto import decrypt
from submissions.notices.models import OutgoingMessage
from submissions.proposals import drafting, reminders
from submissions.proposals.draft_models import Draft
from submissions.proposals.sealing import SupplierLink
from tests.factories import proposals
from tests.submissions.proposals.test_drafting import save

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def begun(
    file: Any, *, address: str = "camille@example.org", ago: timedelta = timedelta(days=3)
) -> SupplierLink:
    """A draft whose link was mailed so long ago."""
    link = SupplierLink.generate()
    save(file, link)
    if address:
        drafting.mail_link(link, address=address, language="fr", link_address="https://x.example/link/")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE submissions_draft SET link_mailed_at = now() - %s WHERE link_digest = %s",
                [ago, link.digest],
            )
    return link


def reminders_queued() -> list[OutgoingMessage]:
    return list(OutgoingMessage.objects.filter(kind="draft_reminder"))


def test_who_left_an_address_is_reminded_once_a_day_before_the_deadline(file: Any) -> None:
    link = begun(file)
    proposals.set_deadline(file, after=25 * HOUR)
    assert reminders.remind() == 0
    proposals.set_deadline(file, after=24 * HOUR)
    assert reminders.remind() == 1
    assert reminders.remind() == 0
    (row,) = reminders_queued()
    assert (row.private, row.language, row.file_number) == (True, "fr", file.number)
    message = envelope.make_again(decrypt(row.payload))
    assert message.to == ["camille@example.org"]
    assert link.token not in message.body
    assert "heure de l’Est" in message.body


def test_a_reminder_that_is_already_queued_is_not_queued_again(file: Any) -> None:
    begun(file)
    proposals.set_deadline(file, after=23 * HOUR)
    reminders.remind()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE submissions_draft SET reminded_at = NULL")
        cursor.execute("SET session_replication_role = DEFAULT")
    reminders.remind()
    assert len(reminders_queued()) == 1


def test_nobody_is_reminded_without_need(file: Any) -> None:
    begun(file, address="")
    sent = begun(file)
    proposals.send(file, sent)
    just_begun = begun(file, ago=HOUR)
    proposals.set_deadline(file, after=20 * HOUR)
    assert just_begun
    assert reminders.remind() == 0


def test_nobody_is_reminded_of_what_takes_no_applications(file: Any, it_strategy: Any) -> None:
    from submissions.solicitations.services import transition

    begun(file)
    cancelled = proposals.make_file(days=2)
    begun(cancelled)
    proposals.set_deadline(cancelled, after=20 * HOUR)
    transition(cancelled, "cancel", user=it_strategy, reason="Gone.", reason_fr="Disparu.")
    proposals.set_deadline(file)
    assert reminders.remind() == 0


def test_who_withdrew_and_drafts_anew_is_reminded(file: Any) -> None:
    from submissions.proposals import services

    link = begun(file)
    proposals.send(file, link)
    services.withdraw(link, link_address="https://x.example/")
    proposals.set_deadline(file, after=20 * HOUR)
    assert reminders.remind() == 1


def test_drafts_are_deleted_a_week_after_the_deadline_and_not_before(file: Any) -> None:
    begun(file)
    proposals.set_deadline(file, after=HOUR - reminders.KEPT_AFTER_DEADLINE)
    assert reminders.delete_old() == 0
    proposals.set_deadline(file, after=-reminders.KEPT_AFTER_DEADLINE - HOUR)
    other = begun(proposals.make_file())
    assert reminders.delete_old() == 1
    assert list(Draft.objects.values_list("link_digest", flat=True)) == [other.digest]


def test_the_steps_of_the_clock_say_what_they_did(file: Any) -> None:
    begun(file)
    proposals.set_deadline(file, after=20 * HOUR)
    printed = StringIO()
    call_command("tick", stdout=printed)
    assert "1 reminders of unfinished drafts queued" in printed.getvalue()


def test_reminding_asks_the_same_of_the_database_for_each_draft(
    file: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        begun(file, address=f"person{number}@example.org")
    proposals.set_deadline(file, after=20 * HOUR)
    with django_assert_max_num_queries(60):
        assert reminders.remind() == 3
