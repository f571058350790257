"""Background tasks of mail. They carry ids only: the rows hold state, attempts and errors."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django_tasks import task, task_backends
from django_tasks.base import Task
from django_tasks_db.backend import DatabaseBackend

#: A message of a crowd waits behind one that somebody looks out for, such as a receipt.
OF_A_CROWD = -10


def queue(work: Task[Any, Any], *args: int, of_a_crowd: bool = False) -> None:
    """Give something to the workers, if the caller's transaction is committed.

    The database backend's task is a row of the same transaction. Any other broker is told after commit; should that
    get lost, ``tick`` finds the row that the task is about.
    """
    backend = task_backends[work.backend]
    if of_a_crowd and backend.supports_priority:
        work = work.using(priority=OF_A_CROWD)
    if isinstance(backend, DatabaseBackend):
        work.enqueue(*args)
    else:
        transaction.on_commit(lambda: work.enqueue(*args))


@task()
def deliver_message(message_pk: int) -> str:
    """Try to deliver one message of the outbox, if it is due and nobody else is at it. Never raises."""
    # Imported late: the backend enqueues this task, and delivery reads the rows that the backend writes.
    from .delivery import deliver

    return deliver(message_pk)


@task()
def send_letters(announcement_pk: int) -> int:
    """Tell the mailing list of one opportunity."""
    # Imported late: announcing enqueues this task.
    from .subscribing.announcing import tell

    return tell(announcement_pk)
