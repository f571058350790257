"""What the audit adds to Wagtail: the acts, the report with its menu item, and the permission to read it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from .actions import register_acts
from .services import record_refusal
from .views import AuditReportView


@hooks.register("register_log_actions")
def register_log_actions(registry: LogActionRegistry) -> None:
    """Every act can be logged and put into words."""
    register_acts(registry)


@hooks.register("microacq_refused")
def keep_refusal(instance: Any, action: str, user: Any, data: dict[str, Any]) -> None:
    """Lower floors report a refusal here, so that it outlives the transaction that they roll back."""
    record_refusal(instance, action, user=user, data=data)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """The permission to read the audit can be given to a group."""
    return Permission.objects.filter(content_type__app_label="submissions", codename="view_auditentry")


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    """Addresses of the report."""
    return [
        path("reports/audit/", AuditReportView.as_view(), name="submissions_audit"),
        path(
            "reports/audit/results/",
            AuditReportView.as_view(results_only=True),
            name="submissions_audit_results",
        ),
    ]


class AuditMenuItem(MenuItem):
    """Shown to those who may read the audit."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may."""
        return request.user.has_perm("submissions.view_auditentry")


@hooks.register("register_reports_menu_item")
def register_reports_menu_item() -> MenuItem:
    """The report's place in the menu."""
    return AuditMenuItem(
        _("Audit"), reverse("submissions_audit"), name="audit", icon_name="history", order=600
    )
