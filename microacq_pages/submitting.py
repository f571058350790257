"""What a text must be before others begin to read it.

Asked by the first step of the review, so that no way of submitting goes around it: the editor, the import, code.
Imports no page type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import pairs
from .blockers import PublicationBlocked

if TYPE_CHECKING:
    from wagtail.models import WorkflowState


def require_ready(workflow_state: WorkflowState) -> None:
    """Refuse a text that its author has not finished; later steps of a review under way are not asked again.

    Raises:
        PublicationBlocked: with what the author has to mend; nothing is submitted.
    """
    # Wagtail leaves no task here when a text is submitted, and when it is submitted again after being sent back.
    if workflow_state.current_task_state_id is not None:
        return
    page = pairs.latest(pairs.source_of(workflow_state.content_object))
    if blockers := page.submission_blockers():
        raise PublicationBlocked(blockers)
