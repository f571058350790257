"""The report on requests: what came of each, how long it took, how many hours it cost; with its export."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from microacq_pages.exports import SafeExportMixin

from . import services
from .models import ClientRequest
from .querysets import ClientRequestQuerySet
from .viewsets import ClientRequestFilterSet, request_url


def days_until(moment: datetime | None, request: ClientRequest) -> Decimal | None:
    """Days from the arrival of a request to a moment, to one decimal; None when it has not come."""
    if moment is None:
        return None
    return round(Decimal((moment - request.received_at).total_seconds()) / 86400, 1)


class ReportedRequest:
    """A row of the report: a request with what the export and the table say of it."""

    def __init__(self, request: ClientRequest) -> None:
        self.request = request
        self.pk = request.pk
        self.title, self.team = request.title, request.team
        self.client = request.requester.get_full_name() or request.requester.get_username()
        self.received_at = request.received_at
        self.outcome = str(_("Posted") if request.posted_at else request.get_state_display())
        self.reason = request.last_reason
        self.decided_at = request.last_decided_at
        self.rough_hours, self.effort = request.rough_hours, request.effort
        self.days_to_decision = days_until(request.last_decided_at, request)
        self.days_to_draft = days_until(request.drafted_at, request)
        self.days_to_posting = days_until(request.posted_at, request)


class RequestReportView(SafeExportMixin, ReportView):
    """Every request, the newest first, with the sums above."""

    model = ClientRequest
    page_title = _("Requests")
    header_icon = "clipboard-list"
    results_template_name = "microacq_pages/intake/report_results.html"
    index_url_name = "microacq_requests_report"
    index_results_url_name = "microacq_requests_report_results"
    filterset_class = ClientRequestFilterSet
    permission_required = "report"
    default_ordering = "-received_at"
    export_headings = {
        "pk": _("Number"),
        "title": _("What is needed"),
        "client": _("Client"),
        "team": _("Team"),
        "received_at": pgettext_lazy("state of a request", "Received"),
        "outcome": _("Outcome"),
        "reason": _("Reason"),
        "decided_at": _("Last decision"),
        "rough_hours": _("Rough effort in hours"),
        "effort": _("Effort spent in hours"),
        "days_to_decision": _("Days to last decision"),
        "days_to_draft": _("Days to draft"),
        "days_to_posting": _("Days to posting"),
    }
    list_export = list(export_headings)
    rows: list[ReportedRequest] | None = None

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn("title", label=_("What is needed"), get_url=lambda row: request_url(row.request)),
            Column("client", label=_("Client")),
            DateColumn("received_at", label=pgettext_lazy("state of a request", "Received")),
            Column("outcome", label=_("Outcome")),
            Column("reason", label=_("Reason")),
            Column("effort", label=_("Effort spent in hours")),
            Column("days_to_draft", label=_("Days to draft")),
            Column("days_to_posting", label=_("Days to posting")),
        ]

    def get_base_queryset(self) -> ClientRequestQuerySet:
        return ClientRequest.objects.for_report()

    def get_filename(self) -> str:
        return f"requests-{timezone.localdate():%Y-%m-%d}"

    def get_table(self, object_list: Any) -> Any:
        """The table of the rows in words; Wagtail builds it before it decorates the list."""
        self.rows = [ReportedRequest(request) for request in object_list]
        return super().get_table(self.rows)

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        return self.rows if self.rows is not None else [ReportedRequest(request) for request in object_list]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            context["summary"] = services.summary(list(self.object_list))
        return context
