"""For which groups the steps of a review were approved, as recorded when it was done.

Owns the rows ``StepApproval``. What a page needs is in ``roles``; who may approve is in ``review``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState

if TYPE_CHECKING:
    from ..models import Reassignment


def record(
    state: TaskState, task: AbstractGroupApprovalTask, user: Any, reassignment: Reassignment | None
) -> None:
    """Write down for which groups a person approves a step: those of the step that they belong to or act for."""
    from ..models import StepApproval

    for group in _acted_for(task, user, reassignment):
        StepApproval.objects.update_or_create(
            task_state_id=state.pk,
            group=group,
            defaults={"approved_by_id": user.pk, "reassignment": reassignment},
        )


def groups(workflow_state: WorkflowState) -> set[str]:
    """Names of the groups for which the text as it is now was approved."""
    return set(_of(workflow_state).values_list("group__name", flat=True))


def by_other_groups(state: TaskState, task: AbstractGroupApprovalTask, user: Any) -> bool:
    """Whether a person already approved this text for a group that this step does not belong to."""
    others = _of(state.workflow_state).exclude(group__in=task.groups.all())
    return bool(others.filter(approved_by_id=user.pk).exists())


def _acted_for(task: AbstractGroupApprovalTask, user: Any, reassignment: Reassignment | None) -> list[Group]:
    own = task.groups.all()
    if reassignment is None:
        return list(own if user.is_superuser else own.filter(pk__in=user.groups.all()))
    if reassignment.group_id is not None:
        return list(own.filter(pk=reassignment.group_id))
    return list(own.filter(user=reassignment.from_person_id))


def _of(workflow_state: WorkflowState) -> Any:
    from ..models import StepApproval

    return StepApproval.objects.filter(task_state__in=workflow_state.successful_task_states)
