"""How staff narrow the tracker down."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from microacq_pages import roles
from submissions.awards import states as awards
from submissions.contracts import states as contracts
from submissions.contracts.payment import permissions as payment
from submissions.evaluation import states as evaluation
from submissions.selection import services as selection
from submissions.solicitations import states as file_states
from submissions.solicitations.models import Solicitation
from submissions.solicitations.next_acts import groups_with
from submissions.solicitations.querysets import SolicitationQuerySet
from submissions.solicitations.services import database_clock

from . import next_acts
from .phases import CURRENT, PHASES
from .tracker import in_phases, overdue

#: Who has one of these may have a next act on a file: a transition, or an act that a stage tells more exactly.
ACTING = (
    *(rule.permission for rule in file_states.TRANSITIONS.values()),
    evaluation.ASSIGN,
    evaluation.EVALUATE,
    evaluation.SIGN_OFF,
    selection.SELECT,
    selection.WITNESS,
    awards.OFFER,
    awards.COUNTERSIGN,
    contracts.WORK,
    contracts.CONCUR,
    contracts.CONFIRM_END,
    contracts.SETTLE,
    payment.APPROVE,
    payment.PAY,
)


def _phases() -> list[tuple[str, Any]]:
    return [(name, phase.label) for name, phase in PHASES.items()]


def _groups() -> list[tuple[str, str]]:
    acting = {group for permission in ACTING for group in groups_with(permission)}
    return [(name, roles.label(name)) for name in roles.ROLES if name in acting]


class TrackerFilterSet(WagtailFilterSet):
    """By words, phase, whose turn it is, what is overdue, and dates."""

    words = django_filters.CharFilter(label=_("Number or title"), method="filter_words", max_length=100)
    late = django_filters.MultipleChoiceFilter(
        label=_("Overdue"),
        choices=[("yes", _("Overdue only"))],
        method="filter_late",
        widget=forms.CheckboxSelectMultiple,
    )
    ended = django_filters.ChoiceFilter(
        label=_("Ended"),
        choices=[("no", _("Not ended")), ("yes", _("Ended"))],
        method="filter_ended",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    phase = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=_phases, method="filter_phase", widget=forms.CheckboxSelectMultiple
    )
    mine = django_filters.MultipleChoiceFilter(
        label=_("Next act"),
        choices=[("yes", _("Mine to do"))],
        method="filter_mine",
        widget=forms.CheckboxSelectMultiple,
    )
    group = django_filters.MultipleChoiceFilter(
        label=_("Whose turn it is"),
        choices=_groups,
        method="filter_group",
        widget=forms.CheckboxSelectMultiple,
    )
    deadline = django_filters.DateFromToRangeFilter(
        label=_("Deadline to apply"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Solicitation
        fields: list[str] = []

    def filter_words(self, queryset: SolicitationQuerySet, name: str, value: str) -> SolicitationQuerySet:
        words = value.strip()
        return queryset.filter(
            Q(number__icontains=words) | Q(title_en__icontains=words) | Q(title_fr__icontains=words)
        )

    def filter_late(
        self, queryset: SolicitationQuerySet, name: str, value: list[str]
    ) -> SolicitationQuerySet:
        return queryset.filter(overdue(database_clock())) if value else queryset

    def filter_ended(self, queryset: SolicitationQuerySet, name: str, value: str) -> SolicitationQuerySet:
        under_way = in_phases(list(CURRENT))
        return queryset.filter(under_way if value == "no" else ~under_way)

    def filter_phase(
        self, queryset: SolicitationQuerySet, name: str, value: list[str]
    ) -> SolicitationQuerySet:
        return queryset.filter(in_phases([PHASES[phase] for phase in value])) if value else queryset

    def filter_mine(
        self, queryset: SolicitationQuerySet, name: str, value: list[str]
    ) -> SolicitationQuerySet:
        return queryset.filter(pk__in=next_acts.of_user(queryset, self.request.user)) if value else queryset

    def filter_group(
        self, queryset: SolicitationQuerySet, name: str, value: list[str]
    ) -> SolicitationQuerySet:
        return queryset.filter(pk__in=next_acts.of_groups(queryset, value)) if value else queryset
