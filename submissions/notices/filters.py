"""How staff narrow the list of outgoing messages down."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from .enums import MessageState
from .kinds import kind_label
from .models import OutgoingMessage


def _kinds() -> list[tuple[str, str]]:
    """The kinds that the outbox holds."""
    names = OutgoingMessage.objects.order_by("kind").values_list("kind", flat=True).distinct()
    return [(name, kind_label(name)) for name in names]


class OutgoingMessageFilterSet(WagtailFilterSet):
    """Filters by state, kind, file and time."""

    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=MessageState.choices, widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=_kinds, widget=forms.CheckboxSelectMultiple
    )
    file_number = django_filters.CharFilter(label=_("Procurement file"), lookup_expr="istartswith")
    created_at = django_filters.DateFromToRangeFilter(label=_("Created"), widget=DateRangePickerWidget)

    class Meta:
        model = OutgoingMessage
        fields: list[str] = []
