"""What requests answer when Wagtail or the other parts of the app ask.

Each hook only calls the module that owns the rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from microacq_pages.waiting import WaitingItem

from . import actions, permissions, waiting
from .models import ClientRequest
from .panels import RequestsPanel
from .report import RequestReportView
from .viewsets import ClientRequestViewSet

register_permission_policy(ClientRequest, permissions.ClientRequestPermissionPolicy(ClientRequest))


@hooks.register("register_admin_viewset")
def register_requests() -> ClientRequestViewSet:
    return ClientRequestViewSet()


@hooks.register("register_log_actions")
def register_log_actions(registry: LogActionRegistry) -> None:
    actions.register_acts(registry)


@hooks.register("register_permissions")
def register_permissions() -> Any:
    return Permission.objects.filter(
        content_type__app_label="microacq_pages", content_type__model="clientrequest"
    )


@hooks.register("microacq_waiting_work")
def list_waiting_requests(user: Any) -> Iterable[WaitingItem]:
    return waiting.waiting_requests(user)


@hooks.register("construct_homepage_panels")
def show_requests(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(RequestsPanel())


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLPattern]:
    return [
        path("reports/requests/", RequestReportView.as_view(), name="microacq_requests_report"),
        path(
            "reports/requests/results/",
            RequestReportView.as_view(results_only=True),
            name="microacq_requests_report_results",
        ),
    ]


class RequestReportMenuItem(MenuItem):
    """Shown to those who may see every request."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(permissions.VIEW_ALL)


@hooks.register("register_reports_menu_item")
def register_report_menu_item() -> MenuItem:
    return RequestReportMenuItem(
        _("Requests"),
        reverse("microacq_requests_report"),
        name="requests",
        icon_name="clipboard-list",
        order=500,
    )
