"""Background tasks of the outbox. They carry ids only: the rows hold state, attempts and errors."""

from __future__ import annotations

from django_tasks import task


@task()
def deliver_message(message_pk: int) -> str:
    """Try to deliver one message of the outbox, if it is due and nobody else is at it. Never raises."""
    # Imported late: the backend enqueues this task, and delivery reads the rows that the backend writes.
    from .delivery import deliver

    return deliver(message_pk)
