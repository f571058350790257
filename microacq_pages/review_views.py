"""The addresses of the reviewer’s screen: the screen, the previews in it, and the acts.

An act goes the way of Wagtail’s own workflow action: ``task.on_action``, where ``review.decide`` holds the rules.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Locale, Page

from . import pairs, publishing, review, review_screen
from .admin import person
from .models import BilingualPage
from .reviewing import looks, standins


def page_to_review(request: HttpRequest, page_id: int) -> BilingualPage:
    """The source of a pair that this person may look at as a reviewer.

    Raises:
        Http404: there is no such page.
        PermissionDenied: it is not theirs to see.
    """
    page = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, BilingualPage):
        raise Http404
    source = pairs.source_of(page)
    if not isinstance(source, BilingualPage) or not review.may_see(source, request.user):
        raise PermissionDenied
    return source


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """Everything about one text, and the acts that are open to this person."""

    template_name = "microacq_pages/admin/review/screen.html"
    page_title = gettext_lazy("Review")
    header_icon = "clipboard-list"
    bound: dict[str, Form] | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.page = page_to_review(request, kwargs["page_id"])
        if self.page.pk != kwargs["page_id"]:
            return redirect(review_screen.review_url(self.page))
        return super().get(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = person(self.request)
        parts = MediaContainer(review_screen.panels_of(self.page, self.request, user, self.bound))
        may_edit = self.page.permissions_for_user(user).can_edit()
        return {
            **super().get_context_data(**kwargs),
            "panels": parts,
            "media": parts.media,
            "page": self.page,
            "assign_url": reverse("microacq_assign_review", args=[self.page.pk])
            if self.request.user.has_perm(standins.REASSIGN) and self.page.workflow_in_progress
            else "",
            "edit_url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]) if may_edit else "",
        }


def preview(request: HttpRequest, page_id: int, language: str) -> HttpResponse:
    """The page as the public will see it in one language, from the text as last saved."""
    page = page_to_review(request, page_id)
    draft = pairs.draft_in(page, get_object_or_404(Locale, language_code=language))
    if draft is None:
        raise Http404
    response: HttpResponse = draft.make_preview_request(request, draft.default_preview_mode)
    return response


@require_POST
@transaction.atomic
def act(request: HttpRequest, page_id: int, action: str) -> HttpResponse:
    """Carry out one act on the step that waits.

    Raises:
        PublicationBlocked: the text is not the one that was shown, or the rules of review refuse.
        PermissionDenied: the step is not theirs, or has no such act.
    """
    page = page_to_review(request, page_id)
    # What an editor saves now waits until this is decided, or is seen by the check below.
    list(Page.objects.select_for_update().filter(translation_key=page.translation_key).order_by("pk"))
    page = type(page).objects.get(pk=page.pk)
    state = page.current_workflow_task_state
    if state is None or str(state.pk) != request.POST.get("task_state"):
        messages.error(request, _("The review went on meanwhile: this is where it stands now."))
        return redirect(review_screen.review_url(page))
    task = state.task.specific
    if action not in {name for name, _label, _modal in task.get_actions(page, request.user)}:
        if isinstance(task, review.SeparatedTask) and task.is_task_of(request.user, page):
            raise publishing.PublicationBlocked(task.refusals(page, person(request)))
        raise PermissionDenied
    if action == "approve" and request.POST.get("digest") != review_screen.digest_for(
        state, looks.shown_now(page)
    ):
        raise publishing.PublicationBlocked([review.changed_meanwhile_blocker()])
    form = task.get_form_for_action(action)(request.POST)
    if not form.is_valid():
        return _again(request, page, {action: form})
    task.on_action(state.specific, request.user, action, **form.cleaned_data)
    messages.success(request, _done(action, page))
    return redirect("microacq_my_work")


def _again(request: HttpRequest, page: Page, bound: dict[str, Form]) -> HttpResponse:
    """The screen with what was typed and what is wrong with it."""
    messages.error(request, _("Nothing was decided yet: see what is missing below."))
    request.method = "GET"
    view = ReviewView.as_view(bound=bound)
    response: Any = view(request, page_id=page.pk)
    response.status_code = 422
    return response.render() if hasattr(response, "render") else response


def _done(action: str, page: Page) -> str:
    title = page.get_admin_display_title()
    if action == "reject":
        return _("“%(title)s” was sent back to its author, with your reason.") % {"title": title}
    return _("Your decision about “%(title)s” is recorded.") % {"title": title}
