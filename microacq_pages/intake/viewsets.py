"""Requests in the Wagtail admin: a list, a form to make one, a page each; nothing to edit or delete."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn, UserColumn
from wagtail.admin.viewsets.model import ModelViewSet

from microacq_pages.formats import date_long

from .forms import request_edit_handler
from .models import LANGUAGES, ClientRequest
from .permissions import ClientRequestPermissionPolicy
from .states import RequestState
from .views import DecisionView, EffortView, NewRequestView, RequestListView, RequestView


def request_url(request: ClientRequest) -> str:
    return reverse("requests:inspect", args=[request.pk])


def day(value: Any) -> str:
    return date_long(value, get_language() or "en")


class ClientRequestFilterSet(WagtailFilterSet):
    """By state, day of arrival and language."""

    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=RequestState.choices, widget=forms.CheckboxSelectMultiple
    )
    received_at = django_filters.DateFromToRangeFilter(
        label=pgettext_lazy("state of a request", "Received"), widget=DateRangePickerWidget
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=LANGUAGES, empty_label=_("All"), widget=forms.RadioSelect
    )

    class Meta:
        model = ClientRequest
        fields: list[str] = []


class ClientRequestURLFinder(ModelAdminURLFinder):
    """Reports link to the page of a request; there is no form to edit it."""

    edit_url_name = "requests:inspect"

    def get_edit_url(self, instance: ClientRequest) -> str | None:
        policy = ClientRequestPermissionPolicy(ClientRequest)
        if self.user and not policy.user_has_permission_for_instance(self.user, "view", instance):
            return None
        return str(self.construct_edit_url(instance))


class ClientRequestViewSet(ModelViewSet):
    """List, form and pages of the requests."""

    model = ClientRequest
    name = "requests"
    url_prefix = "requests"
    icon = "clipboard-list"
    menu_order = 140
    add_to_admin_menu = True
    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False
    edit_handler = request_edit_handler()
    index_view_class = RequestListView
    add_view_class = NewRequestView
    inspect_view_class = RequestView
    inspect_template_name = RequestView.template_name
    list_per_page = 50
    list_display = (
        TitleColumn("title", label=_("What is needed"), get_url=request_url, sort_key="title"),
        StatusTagColumn(
            "get_state_display",
            label=_("State"),
            sort_key="state",
            primary=lambda request: request.state == RequestState.RECEIVED,
        ),
        Column("team", label=_("Team"), sort_key="team"),
        UserColumn("requester", label=_("Client")),
        Column(
            "needed_by",
            label=_("Needed by"),
            accessor=lambda request: day(request.needed_by),
            sort_key="needed_by",
        ),
        DateColumn(
            "received_at", label=pgettext_lazy("state of a request", "Received"), sort_key="received_at"
        ),
    )
    filterset_class = ClientRequestFilterSet
    search_fields = ("title", "team", "description")
    search_backend_name = None
    ordering = ("-received_at", "-pk")
    url_finder_class = ClientRequestURLFinder

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No address leads to what a request does not have: editing, deleting, usage."""
        names = ("edit", "delete", "history", "usage")
        absent: dict[str, None] = {f"{name}_url_name": None for name in names}
        common: dict[str, Any] = super().get_common_view_kwargs(**{**absent, **kwargs})
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
            path("<int:pk>/effort/", EffortView.as_view(), name="effort"),
            path("<int:pk>/decide/<slug:transition>/", DecisionView.as_view(), name="decide"),
        ]
