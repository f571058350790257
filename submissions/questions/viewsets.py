"""Questions in the Wagtail admin: a list and a page each; and their texts as snippets, to be translated."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, ButtonWithDropdown
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from submissions.solicitations.panels import when

from .enums import UNANSWERED, State
from .models import Question, QuestionText
from .permissions import QuestionPermissionPolicy
from .views import ActView, PurgeView, QuestionListView, QuestionView


def question_url(question: Question) -> str:
    return reverse("questions:inspect", args=[question.pk])


class QuestionURLFinder(ModelAdminURLFinder):
    """Reports link to the page of a question; there is no form to edit it."""

    edit_url_name = "questions:inspect"

    def get_edit_url(self, instance: Question) -> str | None:
        policy = QuestionPermissionPolicy(Question)
        if self.user and not policy.user_has_permission_for_instance(self.user, "view", instance):
            return None
        return str(self.construct_edit_url(instance))


class QuestionFilterSet(WagtailFilterSet):
    """By state, and by file."""

    waiting = django_filters.ChoiceFilter(
        label=_("Answered"),
        choices=[("no", _("Not yet"))],
        method="filter_waiting",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=State.choices, widget=forms.CheckboxSelectMultiple
    )
    file = django_filters.CharFilter(
        label=_("File"), field_name="solicitation__number", lookup_expr="iexact", max_length=12
    )

    class Meta:
        model = Question
        fields: list[str] = []

    def filter_waiting(self, queryset: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        return queryset.filter(state__in=UNANSWERED) if value == "no" else queryset


def excerpt(question: Question) -> str:
    """The question as it stands; before it was sorted nothing of it is shown in lists."""
    return Truncator(question.listed_text or "–").chars(100)


class QuestionViewSet(ModelViewSet):
    """List and pages of the questions."""

    model = Question
    name = "questions"
    url_prefix = "questions"
    icon = "help"
    menu_label = _("Questions")
    menu_order = 160
    add_to_admin_menu = True
    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False
    form_fields: list[str] = []
    index_view_class = QuestionListView
    inspect_view_class = QuestionView
    inspect_template_name = QuestionView.template_name
    list_per_page = 50
    list_display = (
        TitleColumn("reference", label=_("Reference"), sort_key="reference", get_url=question_url),
        Column("file", label=_("File"), accessor=lambda question: question.solicitation.number),
        Column("number", label=_("Number")),
        Column("text", label=_("Question"), accessor=excerpt),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        Column("asked_at", label=_("Asked"), accessor=lambda one: when(one.asked_at), sort_key="asked_at"),
        Column(
            "deadline",
            label=_("Deadline to apply"),
            accessor=lambda one: when(one.solicitation.deadline),
            sort_key="solicitation__deadline",
        ),
    )
    filterset_class = QuestionFilterSet
    search_fields = ("reference", "solicitation__number", "texts__question")
    ordering = ("-asked_at", "-pk")
    url_finder_class = QuestionURLFinder

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No address leads to what a question does not have: adding, editing, deleting, usage."""
        names = ("add", "edit", "delete", "history", "usage")
        absent: dict[str, None] = {f"{name}_url_name": None for name in names}
        common: dict[str, Any] = super().get_common_view_kwargs(**{**absent, **kwargs})
        return common

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
            path("<int:pk>/erase/", PurgeView.as_view(), name="purge"),
            path("<int:pk>/<slug:transition>/", ActView.as_view(), name="act"),
        ]


class QuestionTextListView(IndexView):
    """Without wagtail-localize's buttons, which ask for each row: translations begin and follow by themselves."""

    def get_list_buttons(self, instance: QuestionText) -> list[Button]:
        user = self.request.user
        items = [item for item in self.get_list_more_buttons(instance) if item.is_shown(user)]
        label = _("More options for “%(title)s”") % {"title": instance}
        buttons = [Button.from_menu_item(item) for item in items]
        return [ButtonWithDropdown(buttons=buttons, icon_name="dots-horizontal", attrs={"aria-label": label})]


class QuestionTextViewSet(SnippetViewSet):
    """Questions and answers for translators, who work in the translation editor; nothing is added or deleted here."""

    model = QuestionText
    icon = "help"
    index_view_class = QuestionTextListView
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = (
        "question",
        "locale",
        Column("state", accessor="record.get_state_display", label=_("State")),
    )
    ordering = ("-pk",)

    def get_queryset(self, request: Any) -> QuerySet[QuestionText]:
        return QuestionText.objects.select_related("record", "locale")
