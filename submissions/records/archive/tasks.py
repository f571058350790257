"""Background tasks of the archive. They carry keys only: the rows hold state, attempts and errors."""

from __future__ import annotations

from django_tasks import task


@task()
def write_file_down(file_pk: int) -> str:
    """Write a file down, if it is due and nobody else is at it. Never raises."""
    # Imported late: hooks enqueue this task while the models are loaded.
    from .services import refresh_if_due

    return refresh_if_due(file_pk)
