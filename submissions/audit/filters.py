"""How auditors narrow the report down. Imports no later stage."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import (
    DateRangePickerWidget,
    MultipleContentTypeFilter,
    MultipleUserFilter,
    WagtailFilterSet,
)
from wagtail.log_actions import registry

from .actions import REFUSALS
from .models import AuditEntry


def _recorded_actions() -> list[tuple[str, str]]:
    """The acts that the chain holds, with their labels."""
    labels = dict(registry.get_choices())
    names = AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct()
    return [(name, labels.get(name, name)) for name in names]


def _recorded_actors(request: HttpRequest | None) -> QuerySet[Any]:
    """The accounts that the chain names and that still exist."""
    ids = AuditEntry.objects.order_by().exclude(actor_id=None).values_list("actor_id", flat=True).distinct()
    users = get_user_model()
    return users._default_manager.filter(pk__in=list(ids)).order_by(users.USERNAME_FIELD)


def _recorded_types(request: HttpRequest | None) -> QuerySet[ContentType]:
    """The kinds of object that the chain names."""
    ids = AuditEntry.objects.order_by().exclude(object_type_id=None).values_list("object_type_id", flat=True)
    return ContentType.objects.filter(pk__in=list(ids.distinct())).order_by("model")


class AuditFilterSet(WagtailFilterSet):
    """Filters of the audit report: act, person, object, kind, time, refusals."""

    object = django_filters.CharFilter(label=_("File number, title or identifier"), method="filter_object")
    action = django_filters.MultipleChoiceFilter(
        label=_("Act"), choices=_recorded_actions, widget=forms.CheckboxSelectMultiple
    )
    actor = MultipleUserFilter(
        label=_("Person"),
        queryset=_recorded_actors,
        method="filter_actor",
        widget=forms.CheckboxSelectMultiple,
    )
    kind = MultipleContentTypeFilter(
        label=_("Kind of object"),
        queryset=_recorded_types,
        method="filter_kind",
        widget=forms.CheckboxSelectMultiple,
    )
    happened_at = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)
    # A box of its own would be a filter that is always set: unticked it says “no”.
    refusals = django_filters.MultipleChoiceFilter(
        label=_("Outcome"),
        choices=[("only", _("Refusals only"))],
        method="filter_refusals",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def filter_object(self, queryset: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        """Entries about one object, by file number, by words of its label, or by its identifier."""
        text = value.strip()
        return queryset.filter(
            Q(file_number__istartswith=text) | Q(label__icontains=text) | Q(object_id=text)
        )

    def filter_actor(self, queryset: QuerySet[AuditEntry], name: str, value: Any) -> QuerySet[AuditEntry]:
        """Entries of some people."""
        return queryset.filter(actor_id__in=[str(user.pk) for user in value]) if value else queryset

    def filter_kind(self, queryset: QuerySet[AuditEntry], name: str, value: Any) -> QuerySet[AuditEntry]:
        """Entries about some kinds of object."""
        return queryset.filter(object_type_id__in=[kind.pk for kind in value]) if value else queryset

    def filter_refusals(
        self, queryset: QuerySet[AuditEntry], name: str, value: list[str]
    ) -> QuerySet[AuditEntry]:
        """Entries that record a refused attempt."""
        return queryset.filter(action__in=REFUSALS) if value else queryset
