"""The tasks of editorial review: review, translation, publication of the pair.

Each control is enforced twice: the action is not offered, and ``decide`` refuses it when the decision is saved,
whatever route it came by. What may be published is asked of ``publishing``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState, WorkflowTask

from . import pairs, publishing, roles, submitting
from .blockers import CHANGED_MEANWHILE, NOT_SEEN
from .reviewing import approvals_given, looks, standins

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

Action = tuple[str, Any, bool]
CHOSEN_BY_AUTHOR = _("The person who wrote this text gave you its review: somebody else must reassign it.")
NOT_READ = _("You have not seen this text as it is now: read it on the review screen, then approve it there.")
REASON_MISSING = _("Write a reason: the author needs it to know what to change.")


class ReasonForm(TaskStateCommentForm):
    """Sending a text back needs a reason: the author sees it and receives it by mail (DESIGN rule 7)."""

    comment = forms.CharField(
        label=_("What should be changed, and why"),
        required=True,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": REASON_MISSING},
    )


class SeparatedTask(AbstractGroupApprovalTask):
    """A task of the review: reasons for sending back, refusals that are sentences."""

    approve_label: Any = _("Approve")
    #: Whether an approval is of a text that was read, and so needs a look at exactly that text.
    needs_look = False

    class Meta:
        abstract = True

    def start(self, workflow_state: WorkflowState, user: AbstractBaseUser | None = None) -> TaskState:
        """Begin the task, with the translation showing the text that was submitted.

        When an earlier step has not approved this text (it was changed after being sent back), that step
        begins instead.

        Raises:
            publishing.PublicationBlocked: when the author has not finished the text that is submitted.
        """
        first = workflow_state.get_next_task()
        if first is not None and first.pk != self.pk:
            return first.specific.start(workflow_state, user=user)
        submitting.require_ready(workflow_state)
        pairs.refresh_translation(workflow_state.content_object)
        return super().start(workflow_state, user=user)

    def refusals(self, page: Page, user: AbstractBaseUser | None) -> list[publishing.Blocker]:
        """Why this person may not complete this task now."""
        return []

    def is_task_of(self, user: Any, page: Page | None = None) -> bool:
        """Whether this step, of this page, belongs to the person, who may be nobody."""
        return user is not None and bool(
            user.is_superuser or self._user_in_groups(user) or self.reassignment_to(user, page)
        )

    def reassignment_to(self, user: Any, page: Page | None) -> Any:
        """The record by which a person acts here in place of a group’s own members, if any."""
        return standins.reassignment_for(user, self.groups.values_list("pk", flat=True), page)

    def acts_by(self, user: Any, page: Page) -> Any:
        """The record without which this step would not be the person's own, if they need one."""
        if user.is_superuser or self._user_in_groups(user):
            return None
        return self.reassignment_to(user, page)

    def user_can_access_editor(self, obj: Page, user: AbstractBaseUser) -> bool:
        return self.is_task_of(user, obj)

    def locked_for_user(self, obj: Page, user: AbstractBaseUser) -> bool:
        return not self.is_task_of(user, obj)

    def get_actions(self, obj: Page, user: AbstractBaseUser) -> list[Action]:
        if not self.is_task_of(user, obj):
            return []
        actions: list[Action] = [("reject", _("Send back with a reason"), True)]
        if not self.refusals(obj, user):
            actions.append(("approve", self.approve_label, False))
        return actions

    def get_form_for_action(self, action: str) -> type[TaskStateCommentForm]:
        form: type[TaskStateCommentForm] = (
            ReasonForm if action == "reject" else super().get_form_for_action(action)
        )
        return form

    def approving(self, page: Page, user: AbstractBaseUser) -> None:
        """What is recorded beside the approval of this task."""


class ReviewTask(SeparatedTask):
    """A person who did not write the text reads it and approves it."""

    needs_look = True

    class Meta:
        verbose_name = _("Review by another person")
        verbose_name_plural = _("Reviews by another person")

    def refusals(self, page: Page, user: AbstractBaseUser | None) -> list[publishing.Blocker]:
        return _refusal_of_authors(page, user, self)

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups read and approve what others wrote.")


class TranslationTask(SeparatedTask):
    """Complete only when every piece of text is translated and nothing is outdated."""

    approve_label = _("The translation is complete")

    class Meta:
        verbose_name = _("Translation")
        verbose_name_plural = _("Translations")

    def refusals(self, page: Page, user: AbstractBaseUser | None) -> list[publishing.Blocker]:
        return publishing.translation_blockers(pairs.latest(pairs.source_of(page)))

    def user_can_access_editor(self, obj: Page, user: AbstractBaseUser) -> bool:
        """Translators work in the editor of the translation, which has its own permission."""
        return False

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups translate the page; it ends when nothing is missing.")


class PublicationTask(SeparatedTask):
    """The last look at both languages; approving it publishes the pair."""

    approve_label = _("Publish both languages")
    needs_look = True

    class Meta:
        verbose_name = _("Publication of both languages")
        verbose_name_plural = _("Publications of both languages")

    def refusals(self, page: Page, user: AbstractBaseUser | None) -> list[publishing.Blocker]:
        blockers = [*_refusal_of_authors(page, user, self), *publishing.publication_blockers(page)]
        state = page.current_workflow_state
        own = self.groups.values_list("name", flat=True)
        return blockers + (missing_approvals(state, page, own) if state is not None else [])

    def approving(self, page: Page, user: AbstractBaseUser) -> None:
        publishing.approve(page, user)

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups publish the English and the French page together.")


def _refusal_of_authors(
    page: Page, user: AbstractBaseUser | None, task: SeparatedTask
) -> list[publishing.Blocker]:
    """Who wrote the text neither approves it nor chooses who does."""
    if user is None:
        return []
    authors = publishing.authors_of(page)
    if user.pk in authors:
        return [publishing.own_text_blocker()]
    reassignment = task.acts_by(user, page)
    if reassignment is not None and reassignment.made_by_id in authors:
        return [publishing.Blocker("chosen-by-author", CHOSEN_BY_AUTHOR)]
    return []


def _refuse(code: str, sentence: Any) -> None:
    raise publishing.PublicationBlocked([publishing.Blocker(code, sentence)])


def decide(state: TaskState) -> None:
    """Hold the rules of review for a decision that is about to be saved, by whatever route.

    Args:
        state: The state of a task, not yet saved; an approval is recorded beside it.

    Raises:
        publishing.PublicationBlocked: when this person may not decide, or no reason is given.
    """
    task = state.task.specific
    if not isinstance(task, SeparatedTask) or state.status == _stored_status(state):
        return
    if state.status == TaskState.STATUS_SKIPPED:
        _refuse("not-skipped", _("No step of the review is left out."))
    if state.status not in (TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED):
        return
    page = state.workflow_state.content_object.specific
    if not task.is_task_of(state.finished_by, page):
        _refuse("not-your-task", _("This step belongs to another group."))
    if state.status == TaskState.STATUS_REJECTED and not state.comment.strip():
        _refuse("no-reason", REASON_MISSING)
    if state.status == TaskState.STATUS_APPROVED:
        _approve(state, task, page)


def _approve(state: TaskState, task: SeparatedTask, page: Page) -> None:
    """Refuse an approval that breaks a rule; else record for which groups it is given."""
    user = state.finished_by
    if state.revision_id != page.latest_revision_id:
        raise publishing.PublicationBlocked([changed_meanwhile_blocker()])
    if refusals := task.refusals(page, user):
        raise publishing.PublicationBlocked(refusals)
    both_languages = shows_both_languages(state)
    if task.needs_look and not looks.has_seen(page, user, with_translation=both_languages):
        _refuse(NOT_SEEN, NOT_READ)
    reassignment = task.acts_by(user, page)
    if reassignment is not None and task.needs_look and approvals_given.by_other_groups(state, task, user):
        _refuse(
            "own-approval", _("You approved another step of this text: another person must approve this.")
        )
    task.approving(page, user)
    # A translator may have saved a string between the look above and what was just approved.
    if task.needs_look and not looks.has_seen(page, user, with_translation=both_languages):
        _refuse(NOT_SEEN, NOT_READ)
    approvals_given.record(state, task, user, reassignment)


def shows_both_languages(state: TaskState) -> bool:
    """Whether a step is about both languages: those before the translation are about the source alone."""
    steps = WorkflowTask.objects.filter(workflow_id=state.workflow_state.workflow_id)
    own = steps.filter(task_id=state.task_id).first()
    if own is None:
        return True
    to_come = steps.filter(sort_order__gt=own.sort_order, task__in=TranslationTask.objects.all())
    return not to_come.exists()


def missing_approvals(
    workflow_state: WorkflowState, page: Page, besides: Iterable[str] = ()
) -> list[publishing.Blocker]:
    """The approvals that a page of this type needs and that nobody gave, whatever steps the workflow has.

    Args:
        workflow_state: The review under way.
        page: The source.
        besides: Groups whose approval is about to be given.
    """
    given = {*approvals_given.groups(workflow_state), *besides}
    needed = roles.needed_approvals(page.specific_class._meta.model_name)
    return [
        publishing.Blocker(
            "approval-missing",
            _(
                "%(group)s has not approved this text: the workflow must have a step for it. "
                "Ask whoever administers the site to put the step back, then submit the text again."
            )
            % {"group": roles.label(name)},
        )
        for name in needed
        if name not in given
    ]


def changed_meanwhile_blocker() -> publishing.Blocker:
    return publishing.Blocker(
        CHANGED_MEANWHILE, _("The text changed meanwhile: read it again before you approve it.")
    )


def may_see(page: Page, user: Any) -> bool:
    """Whether a person may look at a text as a reviewer: who may edit it, and whose step it is or will be."""
    sides = [page, pairs.counterpart(page)]
    if any(side.permissions_for_user(user).can_edit() for side in sides if side is not None):
        return True
    state = page.current_workflow_state
    if state is not None and user.has_perm(standins.REASSIGN):
        return True
    tasks = state.workflow.tasks.specific() if state is not None else []
    return any(isinstance(task, SeparatedTask) and task.is_task_of(user, page) for task in tasks)


def _stored_status(state: TaskState) -> str | None:
    return (
        TaskState.objects.filter(pk=state.pk).values_list("status", flat=True).first() if state.pk else None
    )


def is_approved_text(revision_id: int) -> bool:
    """Whether somebody approved a revision, so that it must not be written over."""
    from .models import PublicationApproval

    return (
        TaskState.objects.filter(revision_id=revision_id, status=TaskState.STATUS_APPROVED).exists()
        or PublicationApproval.objects.filter(revision_id=revision_id).exists()
    )


def follow_change(page: Page, user: AbstractBaseUser | None) -> None:
    """After the text was saved: a review under way is of the new text, and begins again if it had approvals."""
    workflow_state = page.current_workflow_state
    if workflow_state is None or workflow_state.status != WorkflowState.STATUS_IN_PROGRESS:
        return
    current = workflow_state.current_task_state
    if current is None or current.revision_id == page.latest_revision_id:
        return
    first = workflow_state.get_next_task()
    if first is not None and first.pk != current.task_id:
        current.specific.cancel(user=user)
    else:
        TaskState.objects.filter(pk=current.pk).update(revision_id=page.latest_revision_id)


def publish_at_end_of_workflow(workflow_state: WorkflowState, user: AbstractBaseUser | None) -> None:
    """Publish the pair whose workflow is complete.

    Raises:
        publishing.PublicationBlocked: when a step has not approved the text as it is now, an approval was
            given by an author of it, or anything is missing.
    """
    page = workflow_state.content_object.specific
    if workflow_state.get_next_task() is not None:
        _refuse("workflow-unfinished", _("A step of the review has not approved this text."))
    authors = publishing.authors_of(page)
    for state in workflow_state.successful_task_states.select_related("task"):
        if isinstance(state.task.specific, TranslationTask):
            continue
        if state.finished_by_id is None or state.finished_by_id in authors:
            raise publishing.PublicationBlocked([publishing.own_text_blocker()])
    if blockers := missing_approvals(workflow_state, page):
        raise publishing.PublicationBlocked(blockers)
    publishing.publish_pair(page, user=user)
