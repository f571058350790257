"""The tracker in the Wagtail admin: every file that a person may see, read only, with its export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from submissions.solicitations.models import Solicitation
from submissions.solicitations.panels import when
from submissions.solicitations.permissions import SolicitationPermissionPolicy
from submissions.solicitations.querysets import SolicitationQuerySet

from .exporting import PartedExportMixin
from .filters import TrackerFilterSet
from .models import SavedView
from .next_acts import Tracked, track
from .saved import SavedViewsMixin
from .tracker import tracked

if TYPE_CHECKING:
    from django.contrib.auth.models import User

policy = SolicitationPermissionPolicy(Solicitation)


def file_url(row: Tracked) -> str:
    return reverse("solicitations:inspect", args=[row.file.pk])


class StateColumn(Column):
    """The state, marked where the next act is overdue: in words, not by colour alone."""

    cell_template_name = "submissions/reporting/state_cell.html"


class TrackerView(SavedViewsMixin, PartedExportMixin, ReportView):
    """Every file: where it is, since when, what comes next and whose it is."""

    model = Solicitation
    page_title = _("Tracker")
    header_icon = "tasks"
    template_name = "wagtailadmin/reports/base_report.html"
    results_template_name = "submissions/reporting/results.html"
    index_url_name = "microacq_tracker"
    index_results_url_name = "microacq_tracker_results"
    filterset_class = TrackerFilterSet
    verbose_name_plural = _("procurement files")
    default_ordering = ("-year", "-sequence")
    paginate_by = 50
    screen = SavedView.Screen.FILES
    export_headings = {
        "number": _("Number"),
        "title": _("Title"),
        "state": _("State"),
        "since": _("Since"),
        "age_days": _("Business days in this state"),
        "next_act": _("Next act"),
        "who": _("Whose turn it is"),
        "due": _("Due"),
        "overdue": _("Overdue"),
        "posted_at": _("Posted"),
        "deadline": _("Deadline to apply"),
        "selection_date": _("Selection date"),
        "delivery_date": _("Delivery date"),
        "price": _("Price before tax"),
    }
    list_export = list(export_headings)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policy.user_has_permission(request.user, "view"):  # type: ignore[arg-type]
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> Any:
        """The files that this person may see, filtered and in order."""
        self.queryset = self.get_base_queryset()
        return super().get_queryset()

    def get_base_queryset(self) -> SolicitationQuerySet:
        files: Any = policy.instances_user_has_any_permission_for(cast("User", self.request.user), ["view"])
        return tracked(files)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """The columns of the table."""
        return [
            TitleColumn(
                "number",
                label=_("Number"),
                accessor=lambda row: row.file.number,
                get_url=file_url,
                sort_key="number",
            ),
            Column("title", label=_("Title"), accessor=lambda row: row.file.get_title()),
            StateColumn("phase", label=_("State"), accessor=lambda row: row.where),
            Column("since", label=_("Since"), accessor=lambda row: when(row.since), sort_key="since"),
            Column("age_days", label=_("Business days")),
            Column("act", label=_("Next act"), accessor=lambda row: row.act.label if row.act else "–"),
            Column("who", label=_("Whose turn it is"), accessor=lambda row: row.act.who if row.act else "–"),
            Column("due", label=_("Due"), accessor=lambda row: when(row.due) if row.due else "–"),
        ]

    def get_filename(self) -> str:
        """Name of the downloaded file."""
        return f"tracker-{timezone.localdate():%Y-%m-%d}"

    rows: list[Tracked] | None = None

    def decorate_paginated_queryset(self, object_list: Any) -> Sequence[Tracked]:
        """The files as the tracker shows them."""
        return self.rows if self.rows is not None else track(list(object_list))

    def get_table(self, object_list: Any) -> Any:
        """The table; Wagtail builds it before it decorates the list."""
        self.rows = track(list(object_list))
        return super().get_table(self.rows)

    def rows_of(self, part: Sequence[Any]) -> list[dict[str, Any]]:
        """Some lines of the export, with dates as dates."""
        return [_line(row) for row in track(part)]


def _line(row: Tracked) -> dict[str, Any]:
    file = row.file
    return {
        "number": file.number,
        "title": file.get_title(),
        "state": row.where,
        "since": row.since,
        "age_days": row.age_days,
        "next_act": str(row.act.label) if row.act else "",
        "who": str(row.act.who) if row.act else "",
        "due": row.due,
        "overdue": str(_("Yes") if row.is_overdue else _("No")),
        "posted_at": file.posted_at,
        "deadline": file.deadline,
        "selection_date": file.selection_date,
        "delivery_date": file.delivery_date,
        "price": file.price,
    }
