"""A crowd of subscribers, a real mail server, and workers that are killed while they write and while they send."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from microacq_pages import roles
from submissions.notices.enums import MessageState
from submissions.notices.models import OutgoingMessage
from submissions.notices.subscribing import announcing
from submissions.notices.subscribing.models import Announcement, Subscription
from submissions.proposals import opening
from submissions.solicitations.models import Solicitation
from tests.factories import mailing, people, proposals
from tests.submissions.notices.test_processes import WORKER, Mailbox, manage
from tests.support.threads import PATIENCE, Parallel, wait_until

pytestmark = pytest.mark.usefixtures("committed_database")

#: Two batches, and a third that is not full.
CROWD = 2 * announcing.BATCH + 20


@pytest.fixture(scope="module", autouse=True)
def _posting_is_allowed(committed_database: str) -> None:
    opening.make_trial()


@pytest.fixture
def file(committed_database: str) -> Iterator[Solicitation]:
    """An opportunity that was posted before a crowd, on a database of this module alone."""
    for number in range(CROWD):
        mailing.subscribe(f"supplier{number}@example.org", language="en")
    yield proposals.make_posted_file(
        people.make_user(roles.CLIENT, "client"), people.make_user(roles.IT_STRATEGY, "it-strategy")
    )


def letters() -> Any:
    return OutgoingMessage.objects.filter(kind="list_opportunity")


def nobody_is_at(announcement: Announcement) -> bool:
    """Whether the database has noticed that the process which wrote the letters is gone."""
    with transaction.atomic():
        return bool(Announcement.objects.select_for_update(skip_locked=True).filter(pk=announcement.pk))


def test_of_a_crowd_everyone_gets_one_letter_whatever_dies(
    committed_database: str, file: Solicitation, mail_server: Callable[[Mailbox], int]
) -> None:
    mailbox = Mailbox(hang_at=20)
    port = mail_server(mailbox)
    OutgoingMessage.objects.exclude(kind="list_opportunity").delete()
    DBTaskResult.objects.exclude(task_path__endswith="send_letters").delete()
    announcement = Announcement.objects.get()

    # Killed while it writes: the lock stands in its way in the middle of the second batch.
    last_of_second = Subscription.objects.order_by("pk")[announcing.BATCH + 50]
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "SELECT 1 FROM submissions_subscription WHERE id = %s FOR UPDATE", [last_of_second.pk]
            )
            held.set()
            done.wait(PATIENCE)
            cursor.execute("ROLLBACK")

    parallel = Parallel()
    parallel.start(hold)
    assert held.wait(PATIENCE)
    worker = manage(committed_database, port, *WORKER)
    wait_until(lambda: letters().count() == announcing.BATCH)
    worker.kill()
    worker.wait()
    done.set()
    parallel.join()
    wait_until(lambda: nobody_is_at(announcement))
    announcement.refresh_from_db()
    assert (letters().count(), announcement.letters) == (announcing.BATCH, announcing.BATCH)

    # The clock goes on where it stopped; a worker sends, and is killed with one message in flight.
    assert announcing.go_on() == CROWD - announcing.BATCH
    worker = manage(committed_database, port, *WORKER)
    assert mailbox.hanging.wait(PATIENCE)
    worker.kill()
    worker.wait()
    mailbox.killed.set()
    in_flight = mailbox.received[19]

    assert manage(committed_database, port, *WORKER).wait(PATIENCE) == 0
    wait_until(lambda: OutgoingMessage.objects.due().exists())
    assert manage(committed_database, port, "tick").wait(PATIENCE) == 0
    assert not letters().exclude(state=MessageState.SENT).exists()
    copies = Counter(mailbox.received)
    assert {address for address, _id in copies} == {
        f"supplier{number}@example.org" for number in range(CROWD)
    }
    assert len(copies) == CROWD, "one Message-ID for each"
    assert [each for each, times in copies.items() if times > 1] == [in_flight]
    assert copies[in_flight] == 2


def test_two_processes_at_the_same_announcement_write_each_letter_once(file_again: Announcement) -> None:
    parallel = Parallel()
    for _ in range(3):
        parallel.start(lambda: announcing.tell(file_again.pk))
    assert sum(parallel.join()) + announcing.go_on() == CROWD
    assert letters().filter(idempotency_key__contains=file_again.number).count() == CROWD


@pytest.fixture
def file_again(committed_database: str) -> Announcement:
    """Another opportunity before the same crowd."""
    client, approver = (people.make_user(role, f"again-{role}") for role in (roles.CLIENT, roles.IT_STRATEGY))
    posted = proposals.make_posted_file(client, approver, slug="again", title="Again")
    return Announcement.objects.get(number=posted.number)
