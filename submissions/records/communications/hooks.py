"""What announcing answers when Wagtail or the file ask. Thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from submissions.solicitations.permissions import VIEW_ALL

from . import views
from .panels import MentionsPanel

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import Solicitation


@hooks.register("file_panels")
def show_mentions(solicitation: Solicitation, user: User) -> list[Component]:
    """Where the opportunity was announced, and the texts."""
    return [MentionsPanel(solicitation)]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permission that a group can be given."""
    return Permission.objects.filter(content_type__app_label="submissions", codename="announce_solicitation")


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The staff’s pages."""
    patterns = [
        path("", views.SumsView.as_view(), name="sums"),
        path("<int:file_pk>/", views.FileView.as_view(), name="file"),
        path("<int:file_pk>/<int:pk>/strike/", views.StrikeView.as_view(), name="strike"),
    ]
    return [path("communications/", include((patterns, "communications")))]


class AnnouncementsMenuItem(MenuItem):
    """Shown to those who see every file."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW_ALL))


@hooks.register("register_reports_menu_item")
def register_menu_item() -> MenuItem:
    """Its place in the menu."""
    return AnnouncementsMenuItem(
        _("Announcements"), reverse("communications:sums"), name="announcements", icon_name="mail", order=680
    )
