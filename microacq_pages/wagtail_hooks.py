"""What Wagtail asks this app. Each hook only calls the module that owns the rule.

https://docs.wagtail.org/en/stable/reference/hooks.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import WorkflowMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from . import admin_views, pairs, publishing, review_views
from .admin import ReviewMenuItem, explain_publish_button, explain_unavailable_decision, person, refuse
from .dashboard import TranslationsWaitingPanel
from .models import BilingualPage, Skill
from .reviewing import acts as review_acts
from .reviewing import my_work, reassigning, standins, work
from .viewsets import SkillViewSet
from .waiting import WaitingItem

register_snippet(SkillViewSet)


# --- the translation follows the source ----------------------------------------------------------


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def keep_translation_in_step(request: HttpRequest, page: Page) -> None:
    if isinstance(page, BilingualPage):
        pairs.keep_in_step(page, person(request))


@hooks.register("after_copy_page")
def begin_translation_of_copy(request: HttpRequest, page: Page, new_page: Page) -> None:
    for copy in new_page.get_descendants(inclusive=True).specific():
        if isinstance(copy, BilingualPage):
            pairs.keep_in_step(copy, person(request))


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def keep_translation_of_skill_in_step(request: HttpRequest, instance: Any) -> None:
    if isinstance(instance, Skill):
        pairs.keep_snippet_in_step(instance, person(request))


# --- what one language cannot do alone -----------------------------------------------------------


@hooks.register("before_create_page")
def explain_creation(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    if issubclass(page_class, BilingualPage):
        explain_publish_button(request, None)


@hooks.register("before_edit_page")
def explain_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    if not isinstance(page, BilingualPage):
        return None
    explain_unavailable_decision(request, page)
    return explain_publish_button(request, page)


@hooks.register("before_copy_page")
def refuse_alias(request: HttpRequest, page: Page) -> HttpResponse | None:
    if request.POST.get("alias"):
        return refuse(request, page, publishing.refuse_alias)
    return None


@hooks.register("before_delete_page")
def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse(request, page, publishing.require_deletable)


@hooks.register("before_move_page")
def refuse_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    return refuse(request, page, publishing.require_movable)


@hooks.register("before_unpublish_page")
def unpublish_both_languages(request: HttpRequest, page: Page) -> HttpResponse | None:
    if not isinstance(page, BilingualPage):
        return None
    return admin_views.unpublish(request, page)


BULK_GUARDS = {
    "delete": publishing.require_deletable,
    "move": publishing.require_movable,
    "unpublish": publishing.require_withdrawable,
    "publish": publishing.require_pair,
}


@hooks.register("before_bulk_action")
def refuse_bulk_action(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action_class_instance: Any
) -> HttpResponse | None:
    guard = BULK_GUARDS.get(action_type)
    if guard is None:
        return None
    # Also those that Wagtail would leave out in silence, because this person may not act on them.
    allowed, others = action_class_instance.get_actionable_objects()
    for page in [*allowed, *others["items_with_no_access"]]:
        if isinstance(page, Page) and (refused := refuse(request, page, guard)):
            return refused
    return None


@hooks.register("construct_translated_pages_to_cascade_actions")
def act_on_both_languages(pages: list[Page], action: str) -> dict[Page, Any]:
    """Unpublish, move and delete reach the other language too."""
    return {page: Page.objects.translation_of(page, inclusive=False).specific() for page in pages}


# --- screens -------------------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    """The reviewer’s screen, and addresses of wagtail-localize that would change one language alone, taken over."""
    return [
        path(
            "localize/update/<int:translation_source_id>/",
            admin_views.sync_translations,
            name="microacq_sync_translations",
        ),
        path(
            "localize/page/<int:page_id>/convert_to_alias/",
            admin_views.refuse_conversion_to_alias,
            name="microacq_convert_to_alias",
        ),
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


@hooks.register("construct_homepage_panels")
def show_translations_waiting(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(TranslationsWaitingPanel())


@hooks.register("construct_homepage_panels")
def show_my_work(request: HttpRequest, panels: list[Component]) -> None:
    """In place of Wagtail’s own two lists of reviews, which know neither targets nor who stands in for whom."""
    ours = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, ours)]
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
    return Permission.objects.filter(
        content_type__app_label="microacq_pages",
        codename__in=["edit_source", "edit_translation", "reassign_work"],
    )


@hooks.register("register_log_actions")
def register_log_actions(registry: LogActionRegistry) -> None:
    review_acts.register(registry)
