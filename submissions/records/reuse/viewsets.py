"""The catalogue in the Wagtail admin: its list, the form of an entry, and its files as downloads."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from microacq_pages.headings import HeadingMixin
from submissions.contracts import timing
from submissions.solicitations.panels import when
from submissions.solicitations.services import database_clock

from . import entries, ore, publiccode
from .models import CatalogueEntry

VIEW = "submissions.view_catalogueentry"
CHANGE = "submissions.change_catalogueentry"


class EntryForm(WagtailAdminModelForm):
    """What staff may put right of an entry."""

    class Meta:
        model = CatalogueEntry
        fields = (
            "name_en",
            "name_fr",
            "what_en",
            "what_fr",
            "tags_en",
            "tags_fr",
            "category",
            "status",
            "software_type",
            "languages",
            "maintenance",
            "maintainer",
        )
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("what_en", "what_fr")}


def publiccode_of(entry: CatalogueEntry) -> str:
    """``publiccode.yml`` of an entry."""
    return publiccode.document(
        entry, {language: entries.texts_of(entry, language) for language in entries.LANGUAGES}
    )


def ore_of(chosen: list[CatalogueEntry]) -> str:
    """The file of the department with these entries."""
    contact = settings.MICROACQ_CONTACT_EMAIL
    releases = [ore.release(entry, contact, entries.addresses_of(entry)) for entry in chosen]
    return ore.document(releases, settings.MICROACQ_ORE_ADMIN_CODE)


def as_file(text: str, name: str) -> HttpResponse:
    """A text as a download."""
    response = HttpResponse(text.encode(), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class FileView(View):
    """A file of one entry, or of all, for staff who see the catalogue."""

    http_method_names = ("get",)
    kind = "ore"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = cast(User, request.user)
        if not (user.has_perm(VIEW) or user.has_perm(CHANGE)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The file."""
        rows = CatalogueEntry.objects.select_related("contract__solicitation")
        if pk is None:
            return as_file(ore_of(list(rows)), f"{settings.MICROACQ_ORE_ADMIN_CODE}.yml")
        entry = get_object_or_404(rows, pk=pk)
        if self.kind == "publiccode":
            return as_file(publiccode_of(entry), "publiccode.yml")
        return as_file(ore_of([entry]), f"{settings.MICROACQ_ORE_ADMIN_CODE}-{entry.number}.yml")


class EntryListView(HeadingMixin, IndexView):
    """The list, with the whole file of the department."""

    @property
    def header_buttons(self) -> list[Any]:
        return [
            HeaderButton(
                label=_("Download the Open Resource Exchange file"),
                url=reverse("catalogue:ore_all"),
                icon_name="download",
            )
        ]


class EntryEditView(HeadingMixin, EditView):
    """One entry; saving it brings its day, and the public page, up to date."""

    def save_instance(self) -> CatalogueEntry:
        self.form.instance.changed_on = timing.today(database_clock())
        entry: CatalogueEntry = super().save_instance()
        entries.changed(entry, cast(User, self.request.user))
        return entry

    @property
    def header_buttons(self) -> list[Any]:
        return [
            HeaderButton(
                label=label, url=reverse(f"catalogue:{name}", args=[self.object.pk]), icon_name="download"
            )
            for name, label in (
                ("ore", _("Open Resource Exchange entry")),
                ("publiccode", _("publiccode.yml")),
            )
        ]


class CatalogueViewSet(ModelViewSet):
    """List and form; entries are made at completion, never here, and never deleted."""

    model = CatalogueEntry
    name = "catalogue"
    url_prefix = "catalogue"
    icon = "code"
    menu_label = _("Catalogue of code")
    menu_order = 165
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = EntryListView
    edit_view_class = EntryEditView
    list_per_page = 50
    search_fields = ("number", "name_en", "name_fr")
    list_display = (
        "number",
        Column("name", label=_("Name")),
        Column("licence", label=_("Licence")),
        Column("status", label=_("Status"), accessor="get_status_display"),
        Column("completed_at", label=_("Completed"), accessor=lambda entry: when(entry.completed_at)),
    )
    ordering = ("-completed_at", "-pk")

    def get_form_class(self, for_update: bool = False) -> Any:
        return EntryForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No address leads to what an entry does not have: adding, deleting, usage."""
        absent: dict[str, None] = {f"{name}_url_name": None for name in ("add", "delete", "usage")}
        common: dict[str, Any] = super().get_common_view_kwargs(**{**absent, **kwargs})
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history/<int:pk>/results/", self.history_results_view, name="history_results"),
            path("ore/", FileView.as_view(), name="ore_all"),
            path("ore/<int:pk>/", FileView.as_view(), name="ore"),
            path("publiccode/<int:pk>/", FileView.as_view(kind="publiccode"), name="publiccode"),
        ]
