"""The reviewer’s screen: everything about a text that waits for approval, on one page.

Owns its parts and their order; what they show is asked of ``publishing``, ``reviewing`` and the task of the workflow.
Imports no page type.

Seam (Wagtail hook): ``microacq_review_panels(page, user) -> list[Component]``: further parts, with an ``order``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState

from . import pairs, publishing
from .blockers import LANGUAGE_NAMES
from .reviewing import changes, history, looks, steps

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

Context = Mapping[str, Any]

#: Where the parts stand; those of the hook come between the changes and the reasons, unless they name an ``order``.
STATUS, FINDINGS, CHANGES, LATER, REASONS, TEXT, ACTS = 100, 200, 300, 400, 500, 600, 700


def review_url(page: Page) -> str:
    """Where a page is reviewed, whichever of its languages is given."""
    return reverse("microacq_review", args=[page.pk])


def panels_of(
    page: Page, request: HttpRequest, user: AbstractBaseUser, bound: dict[str, Form] | None = None
) -> list[Component]:
    """Every part of the screen, in its order.

    Args:
        page: The source.
        request: For the comparisons and the forms.
        user: The reader; what they are shown is remembered as seen.
        bound: Forms of the acts that were refused, with what was typed.
    """
    # Before the look is recorded, so that it compares with the one before.
    shown = looks.shown_now(page)
    changed = changes.changes_for(page, user, request, shown)
    shown = looks.record_look(page, user, shown)
    panels: list[Component] = [
        StatusPanel(page),
        FindingsPanel(page),
        ChangesPanel(changed),
        ReasonsPanel(page),
        TextPanel(page),
        ActsPanel(page, user, shown, bound or {}),
    ]
    for answer in hooks.get_hooks("microacq_review_panels"):
        panels.extend(answer(page, user))
    return sorted(panels, key=lambda panel: getattr(panel, "order", LATER))


class StatusPanel(Component):
    """Which step waits, of how many, for whom and since when."""

    template_name = "microacq_pages/admin/review/status.html"
    order = STATUS

    class Media:
        css = {"all": ["microacq_pages/css/review.css"]}

    def __init__(self, page: Page) -> None:
        self.page = page

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        state = self.page.current_workflow_state
        return {
            "progress": steps.progress_of(self.page),
            "submitted_by": state.requested_by if state else None,
            "submitted_at": state.created_at if state else None,
        }


class FindingsPanel(Component):
    """What the guardrails and everyone else who watches say about the text as last saved."""

    template_name = "microacq_pages/admin/review/findings.html"
    order = FINDINGS

    def __init__(self, page: Page) -> None:
        self.page = page

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        findings = publishing.publication_findings(self.page)
        return {
            "levels": [
                {"label": level.label, "level": level, "findings": of_level}
                for level in publishing.Level
                if (of_level := [finding for finding in findings if finding.level == level])
            ]
        }


class ChangesPanel(Component):
    """What changed in both languages since this person last looked."""

    template_name = "microacq_pages/admin/review/changes.html"
    order = CHANGES

    def __init__(self, changed: changes.Changes | None) -> None:
        self.changed = changed

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return {"changed": self.changed}


class ReasonsPanel(Component):
    """What reviewers decided earlier and why, and the comments on the text."""

    template_name = "microacq_pages/admin/review/reasons.html"
    order = REASONS

    def __init__(self, page: Page) -> None:
        self.page = page

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        return {"decisions": history.decisions(self.page), "comments": history.comments(self.page)}


class TextPanel(Component):
    """The page as the public will see it, in each language."""

    template_name = "microacq_pages/admin/review/text.html"
    order = TEXT

    def __init__(self, page: Page) -> None:
        self.page = page

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        target = pairs.counterpart(self.page)
        sides = sorted(
            (side for side in (self.page, target) if side is not None), key=lambda s: s.locale.language_code
        )
        total, done = pairs.translation_progress(self.page)
        return {
            "sides": [
                {
                    "code": side.locale.language_code,
                    "language": LANGUAGE_NAMES[side.locale.language_code],
                    "url": reverse("microacq_review_preview", args=[self.page.pk, side.locale.language_code]),
                    "is_source": side.pk == self.page.pk,
                }
                for side in sides
            ],
            "total": total,
            "done": done,
        }


class ActsPanel(Component):
    """What this person may do with the step that waits, each with its form."""

    template_name = "microacq_pages/admin/review/acts.html"
    order = ACTS

    def __init__(
        self, page: Page, user: AbstractBaseUser, shown: looks.Shown, bound: dict[str, Form]
    ) -> None:
        self.page, self.user, self.shown, self.bound = page, user, shown, bound

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        request = (parent_context or {}).get("request")
        state = self.page.current_workflow_task_state
        if state is None:
            return {"acts": [], "refusals": []}
        task = state.task.specific
        offered = sorted(task.get_actions(self.page, self.user), key=lambda each: each[0] != "approve")
        mine = getattr(task, "is_task_of", lambda *_args: bool(offered))(self.user, self.page)
        return {
            "acts": [self._act(state, name, label) for name, label, _modal in offered],
            "refusals": task.refusals(self.page, self.user) if mine and hasattr(task, "refusals") else [],
            "is_mine": mine,
            "task_state": state.pk,
            "digest": digest_for(state, self.shown),
            "csrf_token": get_token(request) if request is not None else "",
        }

    def _act(self, state: TaskState, name: str, label: Any) -> dict[str, Any]:
        # An approval needs no words here; a reason does.
        form = self.bound.get(name) or (
            state.task.specific.get_form_for_action(name)() if name != "approve" else None
        )
        return {
            "name": name,
            "label": label,
            "form": form,
            "url": reverse("microacq_review_act", args=[self.page.pk, name]),
        }


def digest_for(state: TaskState, shown: looks.Shown) -> str:
    """The digest that an approval of this step must carry."""
    from .review import shows_both_languages

    return shown.digest_for(shows_both_languages(state))
