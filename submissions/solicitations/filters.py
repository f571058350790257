"""How staff narrow the list of files down."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from .enums import State
from .models import Solicitation
from .querysets import SolicitationQuerySet


def _years() -> list[tuple[int, str]]:
    years = Solicitation.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(year, str(year)) for year in years]


class SolicitationFilterSet(WagtailFilterSet):
    """By state, year, and whether applications are taken now (by the database's clock)."""

    taking = django_filters.ChoiceFilter(
        label=_("Takes applications"),
        choices=[("yes", _("Now")), ("no", _("Not now"))],
        method="filter_taking",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=State.choices, widget=forms.CheckboxSelectMultiple
    )
    year = django_filters.MultipleChoiceFilter(
        label=_("Year"), choices=_years, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Solicitation
        fields: list[str] = []

    def filter_taking(self, queryset: SolicitationQuerySet, name: str, value: str) -> SolicitationQuerySet:
        open_now = Solicitation.objects.open().values("pk")
        return queryset.filter(pk__in=open_now) if value == "yes" else queryset.exclude(pk__in=open_now)
