"""The tasks of editorial review: review, translation, publication of the pair.

Each control is enforced twice: the action is not offered, and ``on_action`` refuses it whatever
route it came by. What may be published is asked of ``publishing``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState

from . import pairs, publishing

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from wagtail.models import WorkflowState

Action = tuple[str, Any, bool]


class ReasonForm(TaskStateCommentForm):
    """Sending a text back needs a reason: the author sees it and receives it by mail (DESIGN rule 7)."""

    comment = forms.CharField(
        label=_("What should be changed, and why"),
        required=True,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Write a reason: the author needs it to know what to change.")},
    )


class SeparatedTask(AbstractGroupApprovalTask):
    """A task of the review: reasons for sending back, refusals that are sentences."""

    approve_label: Any = _("Approve")

    class Meta:
        abstract = True

    def start(self, workflow_state: WorkflowState, user: AbstractBaseUser | None = None) -> TaskState:
        """Begin the task, with the translation showing the text that was submitted."""
        pairs.refresh_translation(workflow_state.content_object)
        return super().start(workflow_state, user=user)

    def refusals(self, page: Page, user: AbstractBaseUser) -> list[publishing.Blocker]:
        """Why this person may not complete this task now."""
        return []

    def get_actions(self, obj: Page, user: AbstractBaseUser) -> list[Action]:
        if not (user.is_superuser or self._user_in_groups(user)):
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

    def on_action(
        self, task_state: TaskState, user: AbstractBaseUser, action_name: str, **kwargs: Any
    ) -> None:
        """Complete the task or send the text back.

        Raises:
            publishing.PublicationBlocked: when this person may not, or no reason is given.
        """
        page = task_state.workflow_state.content_object.specific
        if not (user.is_superuser or self._user_in_groups(user)):
            raise publishing.PublicationBlocked(
                [publishing.Blocker("not-your-task", _("This step belongs to another group."))]
            )
        if action_name == "approve":
            refusals = self.refusals(page, user)
            if refusals:
                raise publishing.PublicationBlocked(refusals)
            self.approving(page, user)
        elif action_name == "reject" and not str(kwargs.get("comment", "")).strip():
            raise publishing.PublicationBlocked(
                [
                    publishing.Blocker(
                        "no-reason", _("Write a reason: the author needs it to know what to change.")
                    )
                ]
            )
        super().on_action(task_state, user, action_name, **kwargs)

    def approving(self, page: Page, user: AbstractBaseUser) -> None:
        """What is recorded beside the approval of this task."""


class ReviewTask(SeparatedTask):
    """A person who did not write the text reads it and approves it."""

    class Meta:
        verbose_name = _("Review by another person")
        verbose_name_plural = _("Reviews by another person")

    def refusals(self, page: Page, user: AbstractBaseUser) -> list[publishing.Blocker]:
        return [publishing.own_text_blocker()] if user.pk in publishing.authors_of(page) else []

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups read and approve what others wrote.")


class TranslationTask(SeparatedTask):
    """Complete only when every piece of text is translated and nothing is outdated."""

    approve_label = _("The translation is complete")

    class Meta:
        verbose_name = _("Translation")
        verbose_name_plural = _("Translations")

    def refusals(self, page: Page, user: AbstractBaseUser) -> list[publishing.Blocker]:
        return publishing.translation_blockers(pairs.latest(pairs.source_of(page)))

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups translate the page; it ends when nothing is missing.")


class PublicationTask(SeparatedTask):
    """The last look at both languages; approving it publishes the pair."""

    approve_label = _("Publish both languages")

    class Meta:
        verbose_name = _("Publication of both languages")
        verbose_name_plural = _("Publications of both languages")

    def refusals(self, page: Page, user: AbstractBaseUser) -> list[publishing.Blocker]:
        blockers = publishing.publication_blockers(page)
        if user.pk in publishing.authors_of(page):
            blockers.insert(0, publishing.own_text_blocker())
        return blockers

    def approving(self, page: Page, user: AbstractBaseUser) -> None:
        publishing.approve(page, user)

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups publish the English and the French page together.")


def publish_at_end_of_workflow(workflow_state: WorkflowState, user: AbstractBaseUser | None) -> None:
    """Publish the pair whose workflow is complete.

    Raises:
        publishing.PublicationBlocked: when an approval was given by an author of the text, by any
            route, or anything is missing.
    """
    page = workflow_state.content_object.specific
    authors = publishing.authors_of(page)
    approvals = TaskState.objects.filter(
        workflow_state=workflow_state, status=TaskState.STATUS_APPROVED, revision=page.get_latest_revision()
    )
    for state in approvals.select_related("task"):
        if isinstance(state.task.specific, TranslationTask):
            continue
        if state.finished_by_id is None or state.finished_by_id in authors:
            raise publishing.PublicationBlocked([publishing.own_text_blocker()])
    publishing.publish_pair(page, user=user)
