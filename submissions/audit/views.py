"""The audit report in the Wagtail admin: read only, for those who may view audit entries."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.views.reports import ReportView

from microacq_pages.exports import SafeExportMixin

from .filters import AuditFilterSet
from .models import AuditEntry
from .reading import ReadableEntry, make_readable
from .verification import Verdict, verify_chain

BANNER_LINKS = 500
"""How many links at the end of the chain each view of the report verifies."""


class AuditReportView(SafeExportMixin, ReportView):
    """Every act, newest first, with the state of the chain above it."""

    model = AuditEntry
    page_title = _("Audit")
    header_icon = "history"
    template_name = "submissions/audit/report.html"
    index_url_name = "submissions_audit"
    index_results_url_name = "submissions_audit_results"
    filterset_class = AuditFilterSet
    permission_required = "view"
    verbose_name_plural = _("audit entries")
    default_ordering = "-sequence"
    export_headings = {
        "sequence": _("Number"),
        "happened_at": _("Time (UTC)"),
        "actor": _("Person"),
        "action": _("Act"),
        "act": _("In words"),
        "object_type": _("Kind of object"),
        "object_id": _("Identifier"),
        "label": _("Object"),
        "file_number": _("File"),
        "hash": _("Hash"),
        "previous_hash": _("Hash of the entry before"),
        "chained_at": _("Chained at (UTC)"),
        "source": _("Log table"),
        "source_id": _("Log row"),
        "payload": _("Log row as recorded"),
    }
    list_export = list(export_headings)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """The columns of the table."""
        return [
            Column("sequence", label=_("Number")),
            DateColumn("happened_at", label=_("Time")),
            Column("actor", label=_("Person")),
            Column("act", label=_("Act")),
            ObjectColumn("label", label=_("Object")),
            HashColumn("short_hash", label=_("Hash")),
        ]

    def get_filename(self) -> str:
        """Name of the downloaded file."""
        return f"audit-{timezone.localdate():%Y-%m-%d}"

    def decorate_paginated_queryset(self, object_list: QuerySet[AuditEntry]) -> list[ReadableEntry]:
        """The entries in words."""
        return self.readable_entries if self.readable_entries is not None else make_readable(object_list)

    readable_entries: list[ReadableEntry] | None = None

    def get_table(self, object_list: QuerySet[AuditEntry]) -> Any:
        """The table of the entries in words; Wagtail builds it before it decorates the list."""
        self.readable_entries = make_readable(object_list)
        return super().get_table(self.readable_entries)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the state of the end of the chain."""
        context = super().get_context_data(*args, **kwargs)
        if not self.results_only and not self.is_export:
            context["verdict"] = self.verdict
        return context

    @cached_property
    def verdict(self) -> Verdict:
        """What a verification of the newest entries finds now."""
        return verify_chain(last=BANNER_LINKS)


class ObjectColumn(Column):
    """What the act was done to: label, kind and identifier."""

    cell_template_name = "submissions/audit/object_cell.html"


class HashColumn(Column):
    """The start of the hash, in full for those who point at it."""

    cell_template_name = "submissions/audit/hash_cell.html"
