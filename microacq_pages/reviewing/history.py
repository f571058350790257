"""What was decided about a text before, and what was noted beside it.

Reads Wagtail’s own records: the states of tasks and the comments of the editor. Decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, TaskState

from ..blockers import field_label
from . import steps

DECISIONS = {
    TaskState.STATUS_APPROVED: _("Approved"),
    TaskState.STATUS_REJECTED: _("Sent back"),
    TaskState.STATUS_CANCELLED: _("Taken back or begun again"),
    TaskState.STATUS_SKIPPED: _("Left out"),
}


@dataclass(frozen=True)
class Decision:
    """One finished step: what was decided, by whom, when (UTC), and the reason."""

    step: str
    decision: Any
    person: Any
    at: datetime | None
    reason: str


@dataclass(frozen=True)
class Note:
    """A comment of Wagtail’s editor: on which field, by whom, with its replies."""

    field: str
    person: Any
    at: datetime
    text: str
    resolved: bool
    replies: list[Any]


def decisions(page: Page) -> list[Decision]:
    """Every finished step of every review of this page, the oldest first."""
    states = (
        TaskState.objects.for_instance(page)
        .exclude(status=TaskState.STATUS_IN_PROGRESS)
        .select_related("task", "finished_by")
        .order_by("finished_at", "pk")
    )
    return [
        Decision(
            steps.step_name(state.task),
            DECISIONS.get(state.status, state.get_status_display()),
            state.finished_by,
            state.finished_at,
            state.comment,
        )
        for state in states
    ]


def comments(page: Page) -> list[Note]:
    """The comments on the page, the oldest first; resolved ones are said to be so."""
    rows = page.wagtail_admin_comments.select_related("user").prefetch_related("replies__user")
    return [
        Note(
            field_label(page, row.contentpath),
            row.user,
            row.created_at,
            row.text,
            row.resolved_at is not None,
            list(row.replies.all()),
        )
        for row in rows.order_by("created_at", "pk")
    ]
