"""The list of payments in the Wagtail admin: everything that is due or was paid, read only, with its export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from microacq_pages.exports import SafeExportMixin
from submissions.contracts.models import Contract, ContractQuerySet
from submissions.solicitations.panels import money, when
from submissions.solicitations.services import database_clock

from . import permissions, standing
from .enums import Step
from .standing import Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def may_list(user: User) -> bool:
    """Who sees every payment: whoever approves, pays or audits, or follows all of the work."""
    names = (permissions.PAY, permissions.APPROVE, permissions.READ, "submissions.work_contract")
    return any(user.has_perm(name) for name in names)


class PaymentFilterSet(WagtailFilterSet):
    """By words and by step."""

    words = django_filters.CharFilter(label=_("Number or title"), method="filter_words", max_length=100)
    step = django_filters.MultipleChoiceFilter(
        label=_("Step"), choices=Step.choices, method="filter_step", widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Contract
        fields: list[str] = []

    def filter_words(self, queryset: ContractQuerySet, name: str, value: str) -> ContractQuerySet:
        words = value.strip()
        return queryset.filter(
            Q(solicitation__number__icontains=words)
            | Q(solicitation__title_en__icontains=words)
            | Q(solicitation__title_fr__icontains=words)
        )

    def filter_step(self, queryset: ContractQuerySet, name: str, value: list[str]) -> ContractQuerySet:
        unpaid = Q(payment=None)
        of_step = {
            Step.INVOICE: unpaid & Q(has_invoice=False),
            Step.APPROVE: unpaid & Q(has_invoice=True, approved_at=None),
            Step.PAY: unpaid & Q(approved_at__isnull=False),
            Step.PAID: Q(payment__isnull=False),
        }
        wanted = Q()
        for step in value:
            wanted |= of_step[Step(step)]
        return queryset.filter(wanted) if value else queryset


class PaymentsView(SafeExportMixin, ReportView):
    """Every payment: its step, its days against the target, and its total."""

    model = Contract
    page_title = _("Payments")
    header_icon = "tasks"
    template_name = "wagtailadmin/reports/base_report.html"
    results_template_name = "submissions/contracts/payment/admin/results.html"
    index_url_name = "microacq_payments"
    index_results_url_name = "microacq_payments_results"
    filterset_class = PaymentFilterSet
    verbose_name_plural = _("payments")
    default_ordering = ("-pk",)
    paginate_by = 50
    export_headings = {
        "number": _("Number"),
        "supplier": _("Supplier"),
        "step": _("Step"),
        "since": _("To be paid since"),
        "due": _("To be paid by"),
        "days": _("Days to pay"),
        "late": _("Later than the target"),
        "total": _("Total"),
        "paid_on": _("Paid on"),
    }
    list_export = list(export_headings)
    rows: list[Standing] | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_list(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        self.now = database_clock()
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> Any:
        """What is due or was paid, filtered and in order."""
        self.queryset = self.get_base_queryset()
        return super().get_queryset()

    def get_base_queryset(self) -> ContractQuerySet:
        return standing.read(Contract.objects.all())

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """The columns of the table."""
        return [
            TitleColumn(
                "number",
                label=_("Number"),
                accessor=lambda row: row.contract.solicitation.number,
                get_url=lambda row: reverse("payments:payment", args=[row.contract.pk]),
            ),
            Column("supplier", label=_("Supplier"), accessor=lambda row: row.contract.supplier),
            Column("step", label=_("Step"), accessor=lambda row: row.step.label),
            Column("due", label=_("To be paid by"), accessor=lambda row: when(row.due)),
            Column("days", label=_("Days to pay"), accessor=self._days),
            Column("total", label=_("Total"), accessor=lambda row: money(row.total) if row.total else "–"),
            Column(
                "paid_on", label=_("Paid on"), accessor=lambda row: when(row.paid_on) if row.paid_on else "–"
            ),
        ]

    def _days(self, row: Standing) -> str:
        days = row.days_so_far(self.now)
        late = _("later than the target")
        return f"{days} ({late})" if row.is_late(self.now) else str(days)

    def get_filename(self) -> str:
        """Name of the downloaded file."""
        return f"payments-{timezone.localdate():%Y-%m-%d}"

    def decorate_paginated_queryset(self, object_list: Any) -> Sequence[Standing]:
        """The contracts as the list shows them."""
        return self.rows if self.rows is not None else [standing.of(each) for each in object_list]

    def get_table(self, object_list: Any) -> Any:
        """The table; Wagtail builds it before it decorates the list."""
        self.rows = [standing.of(each) for each in object_list]
        return super().get_table(self.rows)

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """One line of the export, with dates as dates."""
        row = item if isinstance(item, Standing) else standing.of(item)
        return {
            "number": row.contract.solicitation.number,
            "supplier": row.contract.supplier,
            "step": str(row.step.label),
            "since": row.since,
            "due": row.due,
            "days": row.days_so_far(self.now),
            "late": str(_("Yes") if row.is_late(self.now) else _("No")),
            "total": row.total,
            "paid_on": row.paid_on,
        }
