"""What Wagtail and the rest of the site ask of the review: addresses, menus, panels, acts. Only joins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import WorkflowMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel
from wagtail.log_actions import LogActionRegistry

from .. import review_views
from ..admin import ReviewMenuItem
from ..models import BilingualPage
from ..waiting import WaitingItem
from . import acts, my_work, reassigning, standins, work


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    return [
        path("my-work/", my_work.MyWorkView.as_view(), name="microacq_my_work"),
        path("reassignments/", reassigning.ReassignmentsView.as_view(), name="microacq_reassignments"),
        path("reassignments/absence/", reassigning.AbsenceView.as_view(), name="microacq_absence"),
        path("reassignments/<int:pk>/end/", reassigning.end, name="microacq_end_reassignment"),
        path(
            "reviews/<int:page_id>/assign/", reassigning.AssignView.as_view(), name="microacq_assign_review"
        ),
        path("reviews/<int:page_id>/", review_views.ReviewView.as_view(), name="microacq_review"),
        path(
            "reviews/<int:page_id>/preview/<slug:language>/",
            review_views.preview,
            name="microacq_review_preview",
        ),
        path("reviews/<int:page_id>/<slug:action>/", review_views.act, name="microacq_review_act"),
    ]


@hooks.register("construct_homepage_panels", order=10)
def show_my_work(request: HttpRequest, panels: list[Component]) -> None:
    """In place of Wagtail’s own two lists of reviews, which know neither targets nor who stands in for whom."""
    theirs = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, theirs)]
    panels += [my_work.MyWorkPanel(), my_work.OwnTextsPanel()]


@hooks.register("microacq_waiting_work")
def reviews_waiting(user: Any) -> Iterable[WaitingItem]:
    return [*work.reviews_waiting_for(user), *work.texts_sent_back_to(user)]


@hooks.register("register_admin_menu_item")
def register_my_work() -> MenuItem:
    return MenuItem(_("My work"), reverse("microacq_my_work"), name="my-work", icon_name="tasks", order=50)


class ReassignmentsMenuItem(MenuItem):
    """Shown to those who may reassign work."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(standins.REASSIGN)


@hooks.register("register_admin_menu_item")
def register_reassignments() -> MenuItem:
    return ReassignmentsMenuItem(
        _("Reassigned work"),
        reverse("microacq_reassignments"),
        name="reassignments",
        icon_name="group",
        order=60,
    )


@hooks.register("construct_page_action_menu")
def review_on_its_screen(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The decisions of a review are taken where the text is read in both languages, not in the editor’s menu."""
    page = context.get("page")
    if not isinstance(page, BilingualPage) or not page.workflow_in_progress:
        return
    decisions = [item for item in menu_items if isinstance(item, WorkflowMenuItem)]
    if decisions:
        menu_items[:] = [item for item in menu_items if item not in decisions]
        menu_items.append(ReviewMenuItem(order=100))


@hooks.register("register_permissions")
def register_permissions() -> Any:
    return Permission.objects.filter(content_type__app_label="microacq_pages", codename="reassign_work")


@hooks.register("register_log_actions")
def register_log_actions(registry: LogActionRegistry) -> None:
    acts.register(registry)
