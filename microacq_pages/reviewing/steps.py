"""The steps of a review as people read them: which one, of how many, whose, since when, and by when.

Owns names, targets and progress; decides nothing. Knows no page type and no request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page, Task, TaskState, WorkflowState, WorkflowTask

from .. import formats, roles
from ..business_days import business_days_between

#: Between the two languages of a name that is given once for both.
BETWEEN_LANGUAGES = " / "


def step_name(task: Task) -> str:
    """The name of a step in the reader's language; names are given as “English / français”."""
    halves = str(task.name).split(BETWEEN_LANGUAGES)
    if len(halves) != len(("en", "fr")):
        return str(task.name)
    return halves[formats.known_language(get_language()) == "fr"]


def target_days(groups: Iterable[Group], task: Task | None = None) -> int | None:
    """Business days that a step should take at most: by its name, else the shortest of its groups."""
    targets: dict[str, int] = settings.MICROACQ_REVIEW_TARGET_DAYS
    if task is not None and task.name in targets:
        return targets[task.name]
    return min((targets[group.name] for group in groups if group.name in targets), default=None)


def age_in_days(since: datetime, now: datetime | None = None) -> int:
    """Business days after the day on which something began to wait."""
    return business_days_between(since, now or timezone.now())


@dataclass(frozen=True)
class Progress:
    """Where the review of a page stands.

    Attributes:
        number: Which step waits, from 1.
        total: How many steps there are.
        step: Its name, in the reader's language.
        groups: Whose step it is, in the reader's language.
        since: When it began to wait (UTC).
        target_days: Business days that it should take at most, if there is a target.
        age_days: Business days that it has waited.
        sent_back: Whether the author must change the text first.
    """

    number: int
    total: int
    step: str
    groups: list[str]
    since: datetime
    target_days: int | None
    age_days: int
    sent_back: bool

    @property
    def is_late(self) -> bool:
        return not self.sent_back and self.target_days is not None and self.age_days > self.target_days


def progress_of(page: Page) -> Progress | None:
    """Where the review of this page stands; None when it is not in review."""
    return progress_by_page([page]).get(page.pk)


def progress_by_page(pages: Iterable[Page]) -> dict[int, Progress]:
    """As ``progress_of``, for many source pages with a constant number of queries, by their primary keys."""
    states = list(
        WorkflowState.objects.active()
        .filter(object_id__in=[str(page.pk) for page in pages], base_content_type__model="page")
        .exclude(current_task_state=None)
        .select_related("current_task_state__task")
    )
    order = _tasks_of({state.workflow_id for state in states})
    groups = groups_by_task({state.current_task_state.task_id for state in states})
    return {
        int(state.object_id): _progress(
            state, order.get(state.workflow_id, []), groups.get(state.current_task_state.task_id, [])
        )
        for state in states
    }


def groups_by_task(task_ids: Iterable[int]) -> dict[int, list[Group]]:
    """The groups whose step each task is, whatever its type, with a query or two for each type of task."""
    tasks = with_groups(Task.objects.filter(pk__in=list(task_ids)))
    return {task.pk: list(task.groups.all()) if hasattr(task, "groups") else [] for task in tasks}


def with_groups(tasks: Any) -> list[Any]:
    """Tasks as what they are, with their groups read; each type has a table of its own for them."""
    found = list(tasks.specific())
    for model in {type(task) for task in found if hasattr(task, "groups")}:
        prefetch_related_objects([task for task in found if type(task) is model], "groups")
    return found


def _tasks_of(workflow_ids: set[int]) -> dict[int, list[int]]:
    order: dict[int, list[int]] = {}
    rows = WorkflowTask.objects.filter(workflow_id__in=workflow_ids, task__active=True).order_by("sort_order")
    for workflow_id, task_id in rows.values_list("workflow_id", "task_id"):
        order.setdefault(workflow_id, []).append(task_id)
    return order


def _progress(state: WorkflowState, order: list[int], groups: list[Group]) -> Progress:
    current: TaskState = state.current_task_state
    sent_back = state.status == WorkflowState.STATUS_NEEDS_CHANGES
    since = (current.finished_at if sent_back else None) or current.started_at
    place = order.index(current.task_id) + 1 if current.task_id in order else len(order)
    return Progress(
        number=place,
        total=len(order),
        step=step_name(current.task),
        groups=[str(roles.label(group.name)) for group in groups],
        since=since,
        target_days=target_days(groups, current.task),
        age_days=age_in_days(since),
        sent_back=sent_back,
    )
