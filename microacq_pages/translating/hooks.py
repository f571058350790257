"""What Wagtail, wagtail-localize and the rest of the site ask of the screens of translators. Only joins."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail_localize.models import Translation

from microacq_pages.permission_testers import EDIT_TRANSLATION
from microacq_pages.waiting import WaitingItem

from . import dashboard, due, panels, saving, views

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@hooks.register("microacq_translation_aside")
def show_what_is_left(translation: Translation, user: AbstractBaseUser) -> list[Component]:
    return panels.panels_for(translation, user)


@hooks.register("microacq_translation_due")
def due_of_pages(object_ids: set[UUID]) -> dict[UUID, datetime]:
    return due.of_pages(object_ids)


@hooks.register("microacq_waiting_work")
def list_translations(user: AbstractBaseUser) -> list[WaitingItem]:
    return dashboard.waiting_work(user)


@hooks.register("construct_homepage_panels")
def show_translations_waiting(request: HttpRequest, homepage: list[Component]) -> None:
    homepage.append(dashboard.TranslationsWaitingPanel())


class TranslationsMenuItem(MenuItem):
    """Shown to those who translate."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(EDIT_TRANSLATION)


@hooks.register("register_admin_menu_item")
def register_menu_item() -> MenuItem:
    return TranslationsMenuItem(
        _("Translations"),
        reverse("microacq_translations"),
        name="microacq-translations",
        icon_name="wagtail-localize-language",
        order=250,
    )


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    return [
        path("translations/", views.JobsView.as_view(), name="microacq_translations"),
        path(
            "translations/<int:translation_id>/left/",
            views.LeftView.as_view(),
            name="microacq_translation_left",
        ),
        path(
            "translations/<int:translation_id>/preview/",
            views.PreviewView.as_view(),
            name="microacq_translation_preview",
        ),
    ]


@hooks.register("register_log_actions")
def register_log_actions(registry: LogActionRegistry) -> None:
    @registry.register_action(saving.TRANSLATED)
    class Translated(LogFormatter):
        label = _("Translated")

        def format_message(self, log_entry: Any) -> str:
            count = int(log_entry.data.get("count", 0))
            return ngettext(
                "Translated %(count)d piece of text", "Translated %(count)d pieces of text", count
            ) % {"count": count}
