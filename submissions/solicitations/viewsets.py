"""The procurement files in the Wagtail admin: a list and a page each, nothing to add, edit or delete."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet

from .amendment_views import ExtendView, PostAgainView
from .filters import SolicitationFilterSet
from .models import Solicitation
from .panels import money, when
from .permissions import SolicitationPermissionPolicy
from .views import FileListView, FileView, TransitionView


def file_url(solicitation: Solicitation) -> str:
    return reverse("solicitations:inspect", args=[solicitation.pk])


class SolicitationURLFinder(ModelAdminURLFinder):
    """Reports link to the page of a file; there is no form to edit it."""

    edit_url_name = "solicitations:inspect"

    def get_edit_url(self, instance: Solicitation) -> str | None:
        policy = SolicitationPermissionPolicy(Solicitation)
        if self.user and not policy.user_has_permission_for_instance(self.user, "view", instance):
            return None
        return str(self.construct_edit_url(instance))


class SolicitationViewSet(ModelViewSet):
    """List and pages of the files."""

    model = Solicitation
    name = "solicitations"
    url_prefix = "procurement-files"
    icon = "folder-open-inverse"
    menu_order = 150
    add_to_admin_menu = True
    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields: list[str] = []
    index_view_class = FileListView
    inspect_view_class = FileView
    inspect_template_name = FileView.template_name
    list_per_page = 50
    list_display = (
        TitleColumn("number", label=_("Number"), sort_key="number", get_url=file_url),
        Column("title", label=_("Title"), accessor=Solicitation.get_title),
        Column("public_label", label=_("State")),
        Column(
            "deadline",
            label=_("Deadline to apply"),
            accessor=lambda file: when(file.deadline),
            sort_key="deadline",
        ),
        Column(
            "price",
            label=_("Price before tax"),
            accessor=lambda file: money(file.price),
            sort_key="price",
        ),
    )
    filterset_class = SolicitationFilterSet
    search_fields = ("number", "title_en", "title_fr")
    ordering = ("-year", "-sequence")
    url_finder_class = SolicitationURLFinder

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No address leads to what a file does not have: adding, editing, deleting, usage."""
        names = ("add", "edit", "delete", "history", "usage")
        absent: dict[str, None] = {f"{name}_url_name": None for name in names}
        common: dict[str, Any] = super().get_common_view_kwargs(**{**absent, **kwargs})
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
            path("extend/", ExtendView.as_view(), name="extend"),
            path("<int:pk>/post-again/", PostAgainView.as_view(), name="again"),
            path("<int:pk>/<slug:transition>/", TransitionView.as_view(), name="transition"),
        ]
