"""The reports and lists that Wagtail brings, with exports that are as safe as ours.

Owns nothing but their addresses, which `config.urls` reads before Wagtail's own: Wagtail has no setting for how its
exports write a text, and its names of addresses lead here all the same. Must not import submissions.
"""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.aging_pages import AgingPagesView
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.admin.views.reports.locked_pages import LockedPagesView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView
from wagtail.contrib.redirects.views import IndexView as RedirectsView
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .exports import SafeExportMixin

#: By address below the admin.
_VIEWS: dict[str, type[Any]] = {
    "reports/locked/": LockedPagesView,
    "reports/workflow/": WorkflowView,
    "reports/workflow_tasks/": WorkflowTasksView,
    "reports/site-history/": LogEntriesView,
    "reports/aging-pages/": AgingPagesView,
    "reports/page-types-usage/": PageTypesUsageReportView,
    "redirects/": RedirectsView,
}


def _addresses() -> list[URLPattern]:
    found = []
    for where, by_wagtail in _VIEWS.items():
        view: Any = type(
            f"Safe{by_wagtail.__name__}", (SafeExportMixin, by_wagtail), {"__module__": __name__}
        )
        found += [path(where, view.as_view()), path(f"{where}results/", view.as_view(results_only=True))]
    return found


urlpatterns = decorate_urlpatterns(_addresses(), require_admin_access)
