"""Reviews that wait for a person, and texts that were sent back to them.

Answers ``microacq_waiting_work`` with a constant number of queries. Decides nothing. Imports no page type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, Revision, Task, TaskState, WorkflowState

from .. import roles
from ..waiting import WaitingItem
from . import standins, steps

if TYPE_CHECKING:
    from django.contrib.auth.models import Group, User

#: So many characters of a reason are shown in a list; all of it is on the page itself.
REASON_SHOWN = 200


def reviews_waiting_for(user: User) -> Iterator[WaitingItem]:
    """Steps of reviews that this person may decide, themselves or in place of others, translations apart."""
    own = {group.pk for group in user.groups.all()}
    in_place = standins.groups_in_place(user)
    assigned = standins.assigned_pages(user)
    tasks = _reading_tasks()
    states = _waiting_states(tasks)
    mine = [
        (state, groups)
        for state in states
        if (groups := tasks[state.task_id])
        and any(
            group.pk in own | in_place or (state.workflow_state.object_id, group.pk) in assigned
            for group in groups
        )
    ]
    pages = _pages(state.workflow_state.object_id for state, _groups in mine)
    named = standins.named_for(pages)
    written = _written_by(user, pages)
    for state, groups in mine:
        key = state.workflow_state.object_id
        page = pages.get(key)
        if page is not None:
            yield _review(state, groups, page, named, is_author=key in written)


def texts_sent_back_to(user: User) -> Iterator[WaitingItem]:
    """Texts that this person submitted or owns, and that reviewers want changed."""
    states = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_NEEDS_CHANGES, base_content_type__model="page"
    ).select_related("current_task_state__task")
    owned = Page.objects.filter(owner=user).values_list("pk", flat=True)
    states = list(states.filter(Q(requested_by=user) | Q(object_id__in=[str(pk) for pk in owned])))
    pages = _pages(state.object_id for state in states)
    for state in states:
        current, page = state.current_task_state, pages.get(state.object_id)
        if current is None or page is None:
            continue
        yield WaitingItem(
            kind="sent-back",
            label=_("Change the text: sent back at “%(step)s”") % {"step": steps.step_name(current.task)},
            title=page.get_admin_display_title(),
            language=page.locale.language_code,
            url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            since=current.finished_at or current.started_at,
            detail=current.comment[:REASON_SHOWN],
        )


def recipients(state: TaskState) -> set[User]:
    """Who should be told that a step began: its groups’ members, and who replaces them or is named for it.

    People who are absent are left out while somebody replaces them; a named person is told alone.
    """
    from django.contrib.auth import get_user_model

    groups = [group.pk for group in steps.groups_by_task([state.task_id]).get(state.task_id, [])]
    key = state.workflow_state.object_id
    named = [person for (_key, group), person in standins.named_for([key]).items() if group in groups]
    if named:
        return set(named)
    members = set(get_user_model().objects.filter(groups__in=groups, is_active=True).distinct())
    replaced = standins.replacements_of([member.pk for member in members])
    return {replaced.get(member.pk, member) for member in members}


def _reading_tasks() -> dict[int, list[Group]]:
    """The groups of every active task that is about reading a text, by task."""
    from ..review import SeparatedTask

    tasks = steps.with_groups(Task.objects.filter(active=True))
    return {
        task.pk: list(task.groups.all())
        for task in tasks
        if isinstance(task, SeparatedTask) and task.needs_look
    }


def _waiting_states(task_ids: Iterable[int]) -> list[TaskState]:
    return list(
        TaskState.objects.filter(
            status=TaskState.STATUS_IN_PROGRESS,
            task__in=list(task_ids),
            workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
            workflow_state__base_content_type__model="page",
        )
        .select_related("task", "workflow_state__requested_by")
        .order_by("started_at", "pk")
    )


def _pages(keys: Iterable[str]) -> dict[str, Page]:
    return {str(page.pk): page for page in Page.objects.select_related("locale").filter(pk__in=set(keys))}


def _written_by(user: User, pages: dict[str, Page]) -> set[str]:
    """Of these pages, those whose text of now this person wrote at least in part."""
    last_saved = dict(
        Revision.objects.filter(user=user, object_id__in=list(pages), base_content_type__model="page")
        .values_list("object_id")
        .annotate(last=Max("created_at"))
    )
    return {
        key
        for key, page in pages.items()
        if page.owner_id == user.pk
        or (key in last_saved and (not page.last_published_at or last_saved[key] > page.last_published_at))
    }


def _review(
    state: TaskState, groups: list[Group], page: Page, named: dict[tuple[str, int], Any], *, is_author: bool
) -> WaitingItem:
    key = state.workflow_state.object_id
    persons = [named[key, group.pk] for group in groups if (key, group.pk) in named]
    submitter = state.workflow_state.requested_by
    detail = OWN_TEXT if is_author else ""
    if submitter is not None and not is_author:
        detail = _("Submitted by %(person)s") % {"person": name_of(submitter)}
    return WaitingItem(
        kind="review",
        label=steps.step_name(state.task),
        title=page.get_admin_display_title(),
        language=page.locale.language_code,
        url=reverse("microacq_review", args=[page.pk]),
        since=state.started_at,
        target_days=steps.target_days(groups, state.task),
        detail=detail,
        who=", ".join(name_of(person) for person in persons)
        or ", ".join(roles.label(group.name) for group in groups),
    )


OWN_TEXT = gettext_lazy("You wrote it: another person must approve it.")


def name_of(person: Any) -> str:
    return str(person.get_full_name() or person.get_username())
