"""What Wagtail asks this app. Each hook only calls the module that owns the rule.

https://docs.wagtail.org/en/stable/reference/hooks.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from . import admin_views, findings, guidance, pairs, permission_testers, publishing, splitting_hooks
from .admin import explain_publish_button, explain_unavailable_decision, person, refuse
from .exchange import hooks as exchange_hooks
from .finding import index as listing_hooks
from .glossary import hooks as glossary_hooks
from .intake import hooks as intake_hooks
from .models import BilingualPage, Opportunity, Skill
from .reviewing import hooks as reviewing_hooks
from .translating import hooks as translating_hooks
from .viewsets import SkillViewSet

register_snippet(SkillViewSet)

#: The hooks of features with modules of their own, which register themselves.
__all__ = [
    "exchange_hooks",
    "glossary_hooks",
    "intake_hooks",
    "listing_hooks",
    "reviewing_hooks",
    "splitting_hooks",
    "translating_hooks",
]


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


@hooks.register("construct_explorer_page_queryset")
def ask_once_for_all_rows(parent_page: Page, pages: Any, request: HttpRequest) -> Any:
    return permission_testers.for_listing(pages)


@hooks.register("construct_translated_pages_to_cascade_actions")
def act_on_both_languages(pages: list[Page], action: str) -> dict[Page, Any]:
    """Unpublish, move and delete reach the other language too."""
    return {page: Page.objects.translation_of(page, inclusive=False).specific() for page in pages}


# --- looks of the admin ---------------------------------------------------------------------------


@hooks.register("insert_global_admin_css")
def admin_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("microacq_pages/css/admin.css"))


@hooks.register("insert_global_admin_js")
def describe_errors() -> SafeString:
    return format_html('<script src="{}"></script>', versioned_static("microacq_pages/js/form-errors.js"))


@hooks.register("insert_editor_js")
def name_rich_text() -> SafeString:
    return format_html('<script src="{}"></script>', versioned_static("microacq_pages/js/rich-text-names.js"))


# --- screens -------------------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    """Addresses of wagtail-localize that would change one language alone, taken over."""
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
        path("guidance/<slug:topic>/", guidance.follow, name="microacq_guidance"),
        path("microacq/findings/page/<int:page_id>/", findings.judge_typed, name="microacq_findings_of_page"),
        path("microacq/findings/new/<int:parent_id>/", findings.judge_typed, name="microacq_findings_of_new"),
    ]


@hooks.register("microacq_review_panels")
def show_estimate_to_reviewers(page: Page, user: Any) -> list[Component]:
    return [findings.EstimateComponent(page)] if isinstance(page, Opportunity) else []


@hooks.register("register_permissions")
def register_permissions() -> Any:
    return Permission.objects.filter(
        content_type__app_label="microacq_pages", codename__in=["edit_source", "edit_translation"]
    )
