"""The tracker with every column, in the Wagtail admin: every need from first contact to payment, read only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.db.models.functions import Now
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from microacq_pages.formats import known_language, money
from microacq_pages.intake.states import NOTHING_CAME, RequestState
from microacq_pages.intake.viewsets import request_url
from submissions.solicitations.models import Solicitation

from . import columns, entries
from .columns import COLUMNS, GROUPS, Fact, Group
from .entries import Entry
from .exporting import PartedExportMixin
from .indicators.values import Unit, formatted
from .models import OWN_REQUESTS, REQUESTS, SavedView, TrackerRow, TrackerRowQuerySet
from .phases import CURRENT, PHASES
from .saved import SavedViewsMixin
from .tracker import in_phases
from .views import policy

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: What is shown where nothing is chosen.
SHOWN = (Group.STATUS,)
#: The stage of what is written and not posted, in filters.
WRITTEN = "written"
#: Columns by which the listing can be ordered, and how.
ORDERS = {
    "number": "solicitation__number",
    "price": "solicitation__price",
    "deadline": "solicitation__deadline",
    "selection": "solicitation__selection_date",
    "delivery": "solicitation__delivery_date",
    "first_contact": "begun_at",
    "posted_on": "solicitation__posted_at",
}


#: How the number of a request is written in either language, as ``facts.number`` does.
NUMBER_OF_REQUEST = r"[RB]-(?P<number>[0-9]{1,9})"


def listed() -> TrackerRowQuerySet:
    """The rows with what ``entries.read`` needs of them."""
    rows = TrackerRow.objects.select_related("solicitation", "request__requester")
    return rows.annotate(clock=Now())  # type: ignore[no-redef]  # the model names what is annotated here


def may_see(user: Any) -> bool:
    """Whether there is any row that this person may see."""
    return policy.user_has_permission(user, "view") or user.has_perm(REQUESTS) or user.has_perm(OWN_REQUESTS)


def _stages() -> list[tuple[str, Any]]:
    before = [
        (f"request:{value}", label)
        for value, label in RequestState.choices
        if value != RequestState.DRAFTED  # which the tracker calls by what is written since
    ]
    written = (WRITTEN, _("Being written or in review"))
    return [*before, written, *((name, phase.label) for name, phase in PHASES.items())]


class RegisterFilterSet(WagtailFilterSet):
    """By words, where a need is, whose it is, and dates; and which columns are shown."""

    show = django_filters.MultipleChoiceFilter(
        label=_("Columns"),
        choices=list(GROUPS.items()),
        method="filter_nothing",
        widget=forms.CheckboxSelectMultiple,
    )
    words = django_filters.CharFilter(label=_("Number or title"), method="filter_words", max_length=100)
    stage = django_filters.MultipleChoiceFilter(
        label=_("Stage"), choices=_stages, method="filter_stage", widget=forms.CheckboxSelectMultiple
    )
    posted = django_filters.ChoiceFilter(
        label=_("Posted on the website"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        method="filter_posted",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    ended = django_filters.ChoiceFilter(
        label=_("Ended"),
        choices=[("no", _("Not ended")), ("yes", _("Ended"))],
        method="filter_ended",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    team = django_filters.CharFilter(label=_("Team or branch"), method="filter_team", max_length=100)
    begun_at = django_filters.DateFromToRangeFilter(label=_("First contact"), widget=DateRangePickerWidget)
    deadline = django_filters.DateFromToRangeFilter(
        label=_("Deadline to apply"), field_name="solicitation__deadline", widget=DateRangePickerWidget
    )

    class Meta:
        model = TrackerRow
        fields: list[str] = []

    def filter_nothing(self, rows: TrackerRowQuerySet, name: str, value: Any) -> TrackerRowQuerySet:
        """Which columns are shown changes no row."""
        return rows

    def filter_words(self, rows: TrackerRowQuerySet, name: str, value: str) -> TrackerRowQuerySet:
        found = Q()
        for field in ("number", "title_en", "title_fr"):
            found |= Q(**{f"solicitation__{field}__icontains": value.strip()})
        for field in ("request__title", "profile__title_en", "profile__title_fr"):
            found |= Q(**{f"{field}__icontains": value.strip()})
        if match := re.fullmatch(NUMBER_OF_REQUEST, value.strip(), re.IGNORECASE):
            found |= Q(solicitation__isnull=True, request=int(match["number"]))
        return rows.filter(found)

    def filter_stage(self, rows: TrackerRowQuerySet, name: str, value: list[str]) -> TrackerRowQuerySet:
        if not value:
            return rows
        states = [each.removeprefix("request:") for each in value if each.startswith("request:")]
        files = Solicitation.objects.filter(in_phases([PHASES[each] for each in value if each in PHASES]))
        found = Q(solicitation__in=files) | Q(solicitation__isnull=True, request__state__in=states)
        if WRITTEN in value:
            drafted = Q(request__isnull=True) | Q(request__state=RequestState.DRAFTED)
            found |= Q(solicitation__isnull=True) & drafted
        return rows.filter(found)

    def filter_posted(self, rows: TrackerRowQuerySet, name: str, value: str) -> TrackerRowQuerySet:
        return rows.filter(solicitation__isnull=value == "no")

    def filter_ended(self, rows: TrackerRowQuerySet, name: str, value: str) -> TrackerRowQuerySet:
        under_way = Solicitation.objects.filter(in_phases(list(CURRENT)))
        open_requests = Q(solicitation__isnull=True) & (
            Q(request__isnull=True) | ~Q(request__state__in=NOTHING_CAME)
        )
        going_on = Q(solicitation__in=under_way) | open_requests
        return rows.filter(going_on if value == "no" else ~going_on)

    def filter_team(self, rows: TrackerRowQuerySet, name: str, value: str) -> TrackerRowQuerySet:
        words = value.strip()
        return rows.filter(
            Q(profile__team__icontains=words)
            | Q(profile__branch__icontains=words)
            | Q(request__team__icontains=words)
        )


def row_url(entry: Entry) -> str | None:
    """Where the need is seen: its file, else its request, else its draft."""
    if entry.file is not None:
        return reverse("solicitations:inspect", args=[entry.file.pk])
    return request_url(entry.request) if entry.request is not None else None


def in_words(value: Any, *, is_money: bool = False) -> str:
    """A value as it stands in the table on the screen."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        language = known_language(get_language())
        return money(value, language) if is_money else formatted(value, Unit.MEAN, language)
    return str(value)


class RegisterView(SavedViewsMixin, PartedExportMixin, ReportView):
    """Every need: what was asked for, what came of it, how long each step took."""

    model = TrackerRow
    page_title = _("Tracker: every column")
    header_icon = "table"
    results_template_name = "submissions/reporting/register_results.html"
    index_url_name = "microacq_register"
    index_results_url_name = "microacq_register_results"
    filterset_class = RegisterFilterSet
    verbose_name_plural = _("rows of the tracker")
    default_ordering = ("-begun_at", "key")
    paginate_by = 50
    screen = SavedView.Screen.COLUMNS
    export_headings = {column.name: column.label for column in COLUMNS}
    list_export = list(export_headings)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see(request.user):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_base_queryset(self) -> TrackerRowQuerySet:
        return listed().visible_to(cast("User", self.request.user))

    def get_queryset(self) -> Any:
        """The rows that this person may see, filtered and in order."""
        self.queryset = self.get_base_queryset()
        return super().get_queryset()

    def order_queryset(self, queryset: Any) -> Any:
        """In the order that was asked for; rows alike stay where they were, so that no page repeats another."""
        if not isinstance(self.ordering, str):
            return queryset.order_by(*self.ordering)
        field = F(self.ordering.removeprefix("-"))
        is_down = self.ordering.startswith("-")
        first = field.desc(nulls_last=True) if is_down else field.asc(nulls_last=True)
        return queryset.order_by(first, "-begun_at", "key")

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """The columns of the parts that were chosen, as they stand in the table."""
        chosen = set(self.request.GET.getlist("show")) & set(GROUPS) or set(SHOWN)
        first, *rest = columns.of_groups(chosen)
        title = TitleColumn(
            first.name,
            label=first.label,
            accessor=lambda entry: first.value(entry) or "–",
            get_url=row_url,
            sort_key=ORDERS[first.name],
        )
        return [title, *(self._column(column) for column in rest)]

    @staticmethod
    def _column(column: Fact) -> Column:
        return Column(
            column.name,
            label=column.label,
            accessor=lambda entry: in_words(column.value(entry), is_money=column.name == "price"),
            sort_key=ORDERS.get(column.name),
        )

    def get_filename(self) -> str:
        """Name of the downloaded file."""
        return f"tracker-every-column-{timezone.localdate():%Y-%m-%d}"

    rows: list[Entry] | None = None

    def _read(self, rows: Sequence[TrackerRow]) -> list[Entry]:
        return entries.read(rows, known_language(get_language()))

    def get_table(self, object_list: Any) -> Any:
        """The table; Wagtail builds it before it decorates the list."""
        self.rows = self._read(list(object_list))
        return super().get_table(self.rows)

    def decorate_paginated_queryset(self, object_list: Any) -> Sequence[Entry]:
        return self.rows if self.rows is not None else self._read(list(object_list))

    def rows_of(self, part: Sequence[TrackerRow]) -> list[dict[str, Any]]:
        """Some lines of the export, every column, with dates as dates."""
        return [{column.name: column.value(entry) for column in COLUMNS} for entry in self._read(part)]
