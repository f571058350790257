"""The rates of sales taxes in the Wagtail admin: a list and a form, so that finance keeps them up to date.

A rate is never deleted: a later one replaces it from its day on. Every change is in Wagtail’s log. Invoices keep the
rate with which they were made.
"""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from microacq_pages import formats
from microacq_pages.headings import HeadingMixin
from submissions.solicitations.panels import when

from . import amounts
from .models import TaxRate
from .numbers import refuse_numbers


class RateForm(WagtailAdminModelForm):
    """One rate."""

    class Meta:
        model = TaxRate
        fields = ("tax", "province", "percent", "since", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].validators.append(refuse_numbers)


def _percent(rate: TaxRate) -> str:
    return amounts.rate(rate.percent, formats.known_language(get_language()))


class RateListView(HeadingMixin, IndexView):
    """The list, by province, the newest first."""


class RateAddView(HeadingMixin, CreateView):
    """A new rate."""


class RateEditView(HeadingMixin, EditView):
    """One rate, to be put right."""


class TaxRateViewSet(ModelViewSet):
    """List and form of the rates."""

    model = TaxRate
    name = "tax_rates"
    url_prefix = "tax-rates"
    icon = "tasks"
    menu_label = _("Rates of taxes")
    menu_order = 595
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = RateListView
    add_view_class = RateAddView
    edit_view_class = RateEditView
    list_per_page = 50
    list_filter = ("tax", "province")
    list_display = (
        TitleColumn("province", label=_("Province or territory"), accessor="get_province_display"),
        Column("tax", label=pgettext_lazy("one sales tax", "Tax"), accessor="get_tax_display"),
        Column("percent", label=_("Rate"), accessor=_percent),
        Column("since", label=_("Counts from"), accessor=lambda rate: when(rate.since)),
        Column("source", label=_("Source")),
    )
    ordering = ("province", "tax", "-since")

    def get_form_class(self, for_update: bool = False) -> Any:
        return RateForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No address leads to what a rate does not have: deleting, usage."""
        absent: dict[str, None] = {f"{name}_url_name": None for name in ("delete", "usage")}
        common: dict[str, Any] = super().get_common_view_kwargs(**{**absent, **kwargs})
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("history/<int:pk>/", self.history_view, name="history"),
            path("history/<int:pk>/results/", self.history_results_view, name="history_results"),
        ]
