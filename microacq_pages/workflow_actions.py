"""What happens when a workflow is finished. Wagtail loads this while its own models are being made,
so nothing that holds models may be imported at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from wagtail.models import WorkflowState


def publish_approved_pair(workflow_state: WorkflowState, user: AbstractBaseUser | None = None) -> None:
    """Publish both languages of the page whose workflow is complete.

    Raises:
        microacq_pages.publishing.PublicationBlocked: when anything is missing, outdated or not approved.
    """
    from .review import publish_at_end_of_workflow

    publish_at_end_of_workflow(workflow_state, user)
