"""The staff's screens of the figures: the dashboard over any period, the reports to download, numbers read
elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from microacq_pages.formats import EASTERN, known_language
from submissions.audit.services import record
from submissions.reporting.models import Observation
from submissions.solicitations.permissions import VIEW_ALL
from submissions.solicitations.services import database_clock

from . import reports
from .charts import chart
from .figures import Figures
from .period import EARLIEST, LATEST, Period, fiscal_year, fiscal_year_of
from .scope import began

ADD = "submissions.add_observation"
UNPROCESSABLE = 422
#: So many numbers read elsewhere are listed.
LISTED = 200


class PeriodForm(forms.Form):
    """From one day to another."""

    first = forms.DateField(
        label=pgettext_lazy("first day of a period", "From"), widget=AdminDateInput, required=False
    )
    last = forms.DateField(
        label=pgettext_lazy("last day of a period", "To"), widget=AdminDateInput, required=False
    )

    def clean(self) -> dict[str, Any]:
        """A period that begins before it ends, in this century."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not EARLIEST <= first <= last <= LATEST:
            raise forms.ValidationError(gettext("A period begins before it ends, and not before 2020."))
        return cleaned


def default_period() -> Period:
    """The fiscal year of today."""
    return fiscal_year(fiscal_year_of(database_clock().astimezone(EASTERN).date()))


def period_of(form: PeriodForm) -> Period:
    """What was asked for; a day that is missing is that of the fiscal year of the other, or of today."""
    usual = default_period()
    if not form.is_valid():
        return usual
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    if (first and not EARLIEST <= first <= LATEST) or (last and not EARLIEST <= last <= LATEST):
        return usual
    if first and not last:
        last = max(first, fiscal_year(min(fiscal_year_of(first), LATEST.year - 1)).last)
    if last and not first:
        first = max(EARLIEST, fiscal_year(fiscal_year_of(last)).first)
    return Period(first or usual.first, last or usual.last)


class StaffView(WagtailAdminTemplateMixin, TemplateView):
    """A screen for those who may see every file."""

    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW_ALL):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class DashboardView(StaffView):
    """Every figure over any period."""

    template_name = "submissions/reporting/dashboard.html"
    page_title = gettext_lazy("Indicators")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = PeriodForm(self.request.GET or None)
        period = period_of(asked)
        figures = Figures(period, known_language(get_language()))
        usual = PeriodForm(initial={"first": period.first, "last": period.last})
        return {
            **super().get_context_data(**kwargs),
            "form": asked if asked.errors else usual,
            "periods": _periods(period),
            "figures": figures,
            "charts": [chart(trend, figures.language) for trend in figures.trends],
            "reports": _reports(figures.period),
        }


def _periods(shown: Period) -> list[dict[str, Any]]:
    """Periods that are asked for often: name, address, and whether it is the one shown."""
    today = database_clock().astimezone(EASTERN).date()
    year = fiscal_year_of(today)
    quarter = next(step for step in fiscal_year(year).quarters() if step.first <= today <= step.last)
    named = (
        (gettext("This quarter"), quarter),
        (gettext("This fiscal year"), fiscal_year(year)),
        (gettext("Last fiscal year"), fiscal_year(year - 1)),
        (gettext("Since the beginning"), Period(began(), today)),
    )
    return [{"name": name, "query": _query(period), "is_shown": period == shown} for name, period in named]


def _query(period: Period) -> str:
    return f"first={period.first.isoformat()}&last={period.last.isoformat()}"


def _reports(period: Period) -> list[tuple[str, str]]:
    return [
        (
            f"{kind.title} – {name}",
            f"{reverse('microacq_indicators_report', args=[kind.name, language])}?{_query(period)}",
        )
        for kind in reports.KINDS.values()
        for language, name in (("en", "English"), ("fr", "français"))
    ]


class ReportView(StaffView):
    """A report as a document, in a language."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind, language = reports.KINDS.get(kwargs["kind"]), kwargs["language"]
        form = PeriodForm(request.GET)
        if kind is None or language not in ("en", "fr") or not form.is_valid():
            raise Http404
        period = period_of(form)
        answer = HttpResponse(reports.draw(kind, period, language), content_type=reports.CONTENT_TYPE)
        name = reports.file_name(kind, period, language)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


class ObservationForm(forms.ModelForm):
    """A number with the place where it was read."""

    class Meta:
        model = Observation
        fields = ("kind", "value", "observed_on", "source_en", "source_fr")
        widgets = {"observed_on": AdminDateInput}
        help_texts = {
            name: gettext_lazy("The public reads it beside the number. Name no person.")
            for name in ("source_en", "source_fr")
        }

    def clean_observed_on(self) -> Any:
        """A day that has come."""
        day = self.cleaned_data["observed_on"]
        if day > database_clock().astimezone(EASTERN).date() or day < EARLIEST - timedelta(days=1):
            raise forms.ValidationError(gettext("Enter a day that has come, and not before 2020."))
        return day


class ObservationsView(StaffView):
    """What was entered, and the form for another."""

    template_name = "submissions/reporting/observations.html"
    page_title = gettext_lazy("Numbers read elsewhere")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "form": ObservationForm(),
            "may_add": self.request.user.has_perm(ADD),
            "rows": [
                (row, row.get_source(known_language(get_language())))
                for row in Observation.objects.select_related("recorded_by")[:LISTED]
            ],
            **super().get_context_data(**kwargs),
        }

    @transaction.atomic
    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep a number, or show the form again with what was typed."""
        if not request.user.has_perm(ADD):
            raise PermissionDenied
        form = ObservationForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)
        form.instance.recorded_by = request.user
        row = form.save()
        record(
            row, "observation.entered", user=request.user, data={"kind": row.kind, "value": str(row.value)}
        )
        messages.success(request, gettext("The number is kept."))
        return redirect("microacq_observations")
