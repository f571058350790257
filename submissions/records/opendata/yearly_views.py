"""CFOB’s report of contracts: the sums of each year for the proactive publication, and every contract behind them.

The list is exported under the identifiers of the national template of single contracts, as far as this site knows them.

Source: open-data/ckanext-canada, ``tables/contracts.yaml``.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from microacq_pages.exports import SafeExportMixin
from microacq_pages.formats import EASTERN
from submissions.awards.models import Award
from submissions.solicitations.panels import money, when
from submissions.solicitations.permissions import VIEW_ALL

from . import yearly

FIRST, LAST = 2000, 9999
SERVICE = "S"
CONTRACT = "C"


def _years() -> list[tuple[int, str]]:
    return [(each.year, str(each.year)) for each in yearly.years()]


class ContractFilterSet(WagtailFilterSet):
    """By the year in which both had signed."""

    year = django_filters.ChoiceFilter(
        label=_("Year"), choices=_years, empty_label=_("All"), method="filter_year"
    )

    class Meta:
        model = Award
        fields: list[str] = []

    def filter_year(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(year=int(value))


class ContractsView(SafeExportMixin, ReportView):
    """Every contract, the newest first, below the sums of each year."""

    model = Award
    page_title = _("Contracts for the yearly publication")
    header_icon = "doc-full"
    template_name = "wagtailadmin/reports/base_report.html"
    results_template_name = "submissions/opendata/contracts_results.html"
    index_url_name = "microacq_contracts"
    index_results_url_name = "microacq_contracts_results"
    filterset_class = ContractFilterSet
    verbose_name_plural = _("contracts")
    default_ordering = ("-countersigned_at", "-pk")
    paginate_by = 50
    export_headings = {
        name: name
        for name in (
            "reference_number",
            "procurement_id",
            "vendor_name",
            "contract_date",
            "description_en",
            "description_fr",
            "contract_period_start",
            "delivery_date",
            "contract_value",
            "original_value",
            "amendment_value",
            "commodity_type",
            "instrument_type",
        )
    }
    list_export = list(export_headings)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(VIEW_ALL):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> Any:
        """Contracts, filtered and in order."""
        self.queryset = self.get_base_queryset()
        return super().get_queryset()

    def get_base_queryset(self) -> Any:
        return yearly.in_year(Award.objects.select_related("offer__solicitation"))

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """The columns of the table."""
        return [
            TitleColumn(
                "number",
                label=_("Number"),
                accessor=lambda row: row.offer.solicitation.number,
                get_url=lambda row: reverse("solicitations:inspect", args=[row.offer.solicitation_id]),
            ),
            Column("title", label=_("Title"), accessor=lambda row: row.offer.solicitation.get_title()),
            Column("supplier", label=_("Supplier")),
            Column("signed", label=_("Signed"), accessor=lambda row: when(row.countersigned_at)),
            Column("value", label=_("Price before tax"), accessor=lambda row: money(row.value)),
            Column(
                "with_tax",
                label=_("With the tax of the invoice"),
                accessor=lambda row: money(row.now) if row.invoiced is not None else "",
            ),
            Column(
                "state",
                label=_("State"),
                accessor=lambda row: row.offer.solicitation.get_state_display(),
            ),
        ]

    def get_filename(self) -> str:
        """Name of the downloaded file."""
        return f"contracts-{timezone.localdate():%Y-%m-%d}"

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """One contract under the identifiers of the template."""
        file = item.offer.solicitation
        signed = item.countersigned_at.astimezone(EASTERN).date()
        return {
            "reference_number": file.number,
            "procurement_id": item.offer.reference,
            "vendor_name": item.supplier,
            "contract_date": signed,
            "description_en": file.title_en,
            "description_fr": file.title_fr,
            "contract_period_start": signed,
            "delivery_date": item.delivery_date,
            "contract_value": item.now,
            "original_value": item.original,
            "amendment_value": item.now - item.original,
            "commodity_type": SERVICE,
            "instrument_type": CONTRACT,
        }

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            context["years"] = yearly.years()
        return context


def download(request: HttpRequest, year: int) -> HttpResponse:
    """The line of one year, for the publication.

    Raises:
        PermissionDenied: the user does not see every file.
        Http404: no calendar has the year.
    """
    if not request.user.has_perm(VIEW_ALL):
        raise PermissionDenied
    if not FIRST <= year <= LAST:
        raise Http404
    response = HttpResponse(yearly.as_csv(yearly.year_of(year)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="contractsa-{year}.csv"'
    return response
