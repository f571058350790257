"""Pieces of the Wagtail admin that show what ``publishing`` and ``pairs`` know."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.panels import Panel
from wagtail.models import Page, TaskState, WorkflowState

from . import pairs, publishing, schedule
from .formats import labelled
from .reviewing import steps

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def person(request: HttpRequest) -> AbstractBaseUser:
    """Who is signed in; the Wagtail admin lets nobody else through."""
    return cast("AbstractBaseUser", request.user)


def refuse(request: HttpRequest, page: Page, guard: Callable[[Page], None]) -> HttpResponse | None:
    """Show why the guard refuses, and lead back to the page's place; None when it does not refuse."""
    specific = page.specific
    if not hasattr(specific, "is_structural"):
        return None
    try:
        guard(specific)
    except publishing.PublicationBlocked as refusal:
        for sentence in refusal.sentences():
            messages.error(request, labelled(specific.get_admin_display_title(), sentence, get_language()))
        return redirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
    return None


def explain_publish_button(request: HttpRequest, page: Page | None) -> HttpResponse | None:
    """A “publish” that one language alone cannot have: say so; what was typed is saved as a draft."""
    asked = request.POST.get("action-publish") or request.POST.get("action") == "publish"
    if not asked:
        return None
    blockers = [publishing.one_language_blocker()]
    if page is not None:
        blockers += publishing.publication_blockers(page)
    for blocker in blockers:
        messages.error(request, str(blocker))
    # The editor of a translation has saved each string already, and answers "publish" with a bare refusal.
    if request.POST.get("action") == "publish" and page is not None:
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


def explain_unavailable_decision(request: HttpRequest, page: Page) -> None:
    """A decision of the review that this person cannot take now: Wagtail only saves the draft, so say why."""
    if not request.POST.get("action-workflow-action"):
        return
    task = page.current_workflow_task
    name = request.POST.get("workflow-action-name")
    if task is None:
        messages.error(request, _("The page is no longer in review: nothing was decided."))
    elif name not in {action for action, _label, _modal in task.get_actions(page, request.user)}:
        messages.error(request, _("Your decision was not recorded. What you typed is saved as a draft."))
        for blocker in getattr(task, "refusals", lambda *_args: [])(page, request.user):
            messages.error(request, str(blocker))


def _sent_back(page: Page) -> TaskState | None:
    """The decision by which the text was last sent back, until it is submitted again."""
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return None
    return state.current_task_state


class ReviewMenuItem(ActionMenuItem):
    """In the editor’s menu, for who may decide: the way to the screen where the review is done."""

    name = "action-review"
    label = gettext_lazy("Review this text")
    icon_name = "clipboard-list"

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("microacq_review", args=[parent_context["page"].pk])


class ReviewPanel(Panel):
    """On the edit view: what the text waits for, whose step it is, and since when."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "microacq_pages/admin/review_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            if self.instance.pk:
                source = pairs.source_of(self.instance)
                context["progress"] = steps.progress_of(source)
                context["review_url"] = reverse("microacq_review", args=[source.pk])
            return context


class PublicationPanel(Panel):
    """On the edit view: what still stands against publication, and how far the translation is.

    Args:
        lists_findings: Whether it lists them; a page type with rules of its own has a panel that does.
    """

    def __init__(self, *args: Any, lists_findings: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists_findings = lists_findings

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "lists_findings": self.lists_findings}

    class BoundPanel(Panel.BoundPanel):
        template_name = "microacq_pages/admin/publication_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            if not self.instance.pk:
                return context
            target = pairs.counterpart(self.instance)
            total, done = pairs.translation_progress(self.instance)
            lists = self.panel.lists_findings
            context.update(
                {
                    "lists_findings": lists,
                    "blockers": publishing.publication_blockers(self.instance) if lists else [],
                    "total": total,
                    "done": done,
                    "target_url": reverse("wagtailadmin_pages:edit", args=[target.pk]) if target else "",
                    "sent_back": _sent_back(self.instance),
                    "refused_plan": schedule.last_refusal(pairs.source_of(self.instance)),
                }
            )
            return context
