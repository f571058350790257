"""What Wagtail asks this app. Each hook only calls the module that owns the rule.

https://docs.wagtail.org/en/stable/reference/hooks.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from . import pairs, publishing
from .admin import TranslationsWaitingPanel, refuse
from .admin_views import sync_translations
from .models import BilingualPage
from .viewsets import SkillViewSet

register_snippet(SkillViewSet)


@hooks.register("after_create_page")
def begin_translation(request: HttpRequest, page: Page) -> None:
    if isinstance(page, BilingualPage):
        pairs.start_translation(page, request.user)


@hooks.register("after_copy_page")
def begin_translation_of_copy(request: HttpRequest, page: Page, new_page: Page) -> None:
    if isinstance(new_page.specific, BilingualPage) and pairs.counterpart(new_page) is None:
        pairs.start_translation(new_page.specific, request.user)


@hooks.register("after_edit_page")
def show_translators_the_change(request: HttpRequest, page: Page) -> None:
    if isinstance(page, BilingualPage) and not pairs.is_target(page):
        if pairs.translation_of(page) is None:
            pairs.start_translation(page, request.user)
        else:
            pairs.refresh_translation(page)


@hooks.register("before_delete_page")
def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse(request, page, publishing.require_deletable)


@hooks.register("before_move_page")
def refuse_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    return refuse(request, page, publishing.require_movable)


@hooks.register("before_unpublish_page")
def refuse_unpublication(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse(request, page, publishing.require_withdrawable)


BULK_GUARDS = {
    "delete": publishing.require_deletable,
    "move": publishing.require_movable,
    "unpublish": publishing.require_withdrawable,
}


@hooks.register("before_bulk_action")
def refuse_bulk_action(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action_class_instance: Any
) -> HttpResponse | None:
    guard = BULK_GUARDS.get(action_type)
    if guard is None:
        return None
    for page in objects:
        if isinstance(page, Page) and (refused := refuse(request, page, guard)):
            return refused
    return None


@hooks.register("construct_translated_pages_to_cascade_actions")
def act_on_both_languages(pages: list[Page], action: str) -> dict[Page, Any]:
    """Unpublish, move and delete reach the other language too."""
    return {page: Page.objects.translation_of(page, inclusive=False).specific() for page in pages}


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    return [
        path(
            "localize/update/<int:translation_source_id>/",
            sync_translations,
            name="microacq_sync_translations",
        ),
    ]


@hooks.register("construct_homepage_panels")
def show_translations_waiting(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(TranslationsWaitingPanel())


@hooks.register("register_permissions")
def register_permissions() -> Any:
    return Permission.objects.filter(
        content_type__app_label="microacq_pages", codename__in=["edit_source", "edit_translation"]
    )
