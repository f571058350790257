"""Screens of the watch over contract splitting: the panel of the editor and of reviewers, side by side, the report.

Rules are in ``splitting.py``, acts in ``splitting_records.py``; these only ask them and show the answer.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.templatetags.wagtailadmin_tags import user_display_name
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from . import pairs, review, splitting_records, splitting_words
from .exports import SafeExportMixin
from .formats import date_long, eastern, known_language, money
from .guardrails import with_highest_tax
from .headings import HeadingMixin
from .models import Opportunity, OpportunityProfile, SplittingJustification
from .review_screen import review_url
from .splitting import AUTHORS_TURN, Found, Match, Standing
from .splitting_records import Assessment


def compare_url(page_id: int) -> str:
    """Where an opportunity is compared with what was found."""
    return reverse("microacq_splitting", args=[page_id])


def rows_of(found: Found, user: Any) -> list[dict[str, Any]]:
    """The matches as the table shows them, in the reader's language; those who see the report can go on to each."""
    goes_on = user is not None and user.has_perm(splitting_records.VIEW)
    language = known_language(get_language())
    return [
        {
            "match": match,
            "grounds": [ground.label for ground in match.grounds],
            "similarity": _percent(match),
            "amount": money(match.amount, language) or _("none yet"),
            "when": date_long(match.posted_at, language) if match.posted_at else _("Not posted yet"),
            "sum": money(total, language),
            "url": compare_url(match.page_id) if goes_on else "",
        }
        for match, total in zip(found.matches, found.running_sums(), strict=True)
    ]


def _percent(match: Match) -> str:
    if match.similarity is None:
        return ""
    no_break = "\N{NO-BREAK SPACE}" if known_language(get_language()) == "fr" else ""
    return f"{match.similarity * 100:.0f}{no_break}%"


class SplittingComponent(Component):
    """What was found about one opportunity, in short, with the way to the comparison."""

    name = "splitting"
    template_name = "microacq_pages/admin/splitting_component.html"
    order = 300
    SHOWN = 5

    def __init__(self, page: Page, user: Any = None) -> None:
        self.page = page
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        assessment = splitting_records.assess(self.page)
        # Of what can be known before the award: the supplier stands on the screen that this leads to.
        found = assessment.judged
        language = known_language(get_language())
        rows = rows_of(found, self.user)
        return {
            "assessment": assessment,
            "finding": next(iter(splitting_words.blockers(assessment)), None),
            "rows": rows[: self.SHOWN],
            "more": max(0, len(rows) - self.SHOWN),
            "sum": money(found.total_with_tax, language),
            "compare_url": compare_url(assessment.profile.page_id),
        }


# --- side by side ------------------------------------------------------------------------------------


class JustificationForm(forms.Form):
    """Why these are separate needs; bound to what the author was shown."""

    text = forms.CharField(
        label=gettext_lazy("Why this is no part of a larger need"),
        help_text=gettext_lazy(
            "In English or in French. Say, for each opportunity listed above, why the two could not be bought "
            "together: another need, another time, another owner of the code."
        ),
        widget=forms.Textarea({"rows": 8}),
        max_length=5000,
        error_messages={"required": gettext_lazy("Write the justification: CFOB decides on what it says.")},
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class DecisionForm(forms.Form):
    """Accept or refuse, with a reason."""

    justification = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason for your decision"),
        help_text=gettext_lazy("The author and auditors will read it."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        error_messages={"required": splitting_words.REASON_MISSING},
    )


class CompareView(HeadingMixin, WagtailAdminTemplateMixin, TemplateView):
    """One opportunity beside everything that it shares something with; there it is justified and decided."""

    template_name = "microacq_pages/admin/splitting.html"
    page_title = gettext_lazy("Contract splitting")
    header_icon = "copy"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = get_object_or_404(Opportunity, pk=kwargs["page_id"])
        self.page = pairs.source_of(page)
        if not splitting_records.may_see(self.page, request.user):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    @cached_property
    def assessment(self) -> Assessment:
        return splitting_records.assess(self.page)

    def get_page_subtitle(self) -> str:
        return self.assessment.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]), "label": self.assessment.title},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write the justification, or decide it."""
        act = request.POST.get("act", "")
        form = DecisionForm(request.POST) if act in {"accept", "refuse"} else JustificationForm(request.POST)
        if form.is_valid():
            try:
                self._do(act, form.cleaned_data)
            except splitting_records.SplittingRefused as refusal:
                form.add_error(None, str(refusal.sentence))
            else:
                messages.success(request, self._told(act))
                return redirect(compare_url(self.page.pk))
        self.__dict__.pop("assessment", None)
        name = "decision_form" if isinstance(form, DecisionForm) else "justification_form"
        return self.render_to_response(self.get_context_data(**{name: form}), status=422)

    def _do(self, act: str, values: dict[str, Any]) -> None:
        user: Any = self.request.user
        if act in {"accept", "refuse"}:
            splitting_records.decide(
                self.page,
                user,
                accept=act == "accept",
                reason=values["reason"],
                justification=values["justification"],
            )
        else:
            splitting_records.justify(self.page, user, values["text"], values["digest"])

    def _way_back(self) -> tuple[str, str]:
        """Where the reader came from: the address and what it is called."""
        if review.may_see(self.page, self.request.user) and self.page.workflow_in_progress:
            return review_url(self.page), _("Back to the review")
        if self.page.permissions_for_user(self.request.user).can_edit():
            return reverse("wagtailadmin_pages:edit", args=[self.page.pk]), _("Back to the opportunity")
        return "", ""

    @staticmethod
    def _told(act: str) -> str:
        return {
            "accept": _("The justification is accepted."),
            "refuse": _("The justification is refused. The author sees your reason."),
        }.get(act, _("The justification is written. CFOB decides on it."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        assessment, user = self.assessment, self.request.user
        found, language = assessment.seen_by(user), known_language(get_language())
        if assessment.standing in AUTHORS_TURN and splitting_records.may_justify(self.page, user):
            context.setdefault(
                "justification_form", JustificationForm(initial={"digest": assessment.judged.digest})
            )
            # What was found may have changed since the form was sent: the next try is about what is shown now.
            context["digest"] = assessment.judged.digest
        if assessment.standing == Standing.WAITING and user.has_perm(splitting_records.DECIDE):
            against = splitting_records.reason_against_deciding(self.page, assessment, user)
            context["reason_against_deciding"] = against
            if not against:
                waiting = assessment.justification
                context.setdefault(
                    "decision_form", DecisionForm(initial={"justification": waiting.pk if waiting else None})
                )
        context.update(
            {
                "assessment": assessment,
                "finding": next(iter(splitting_words.blockers(assessment)), None),
                "rows": rows_of(found, user),
                "same_supplier": _same_supplier(found, language),
                "way_back": self._way_back(),
                "own_amount": money(found.amount, language),
                "own_when": eastern(getattr(assessment.profile, "posted_at", None), language)
                or _("Not posted yet"),
                "own_sum": money(with_highest_tax(found.amount), language),
                "earlier": SplittingJustification.objects.filter(
                    translation_key=assessment.profile.pk
                ).select_related("written_by", "decided_by"),
            }
        )
        return context


def _same_supplier(found: Found, language: str) -> dict[str, Any] | None:
    """The contracts of one supplier: how many with this one, their sum with tax, whether it passes the cap."""
    if not found.same_supplier:
        return None
    alone = Found(found.amount, found.same_supplier)
    return {
        "count": len(alone.matches) + 1,
        "sum": money(alone.total_with_tax, language),
        "passes": alone.needs_justification,
    }


# --- the report ----------------------------------------------------------------------------------------


class SplittingFilterSet(WagtailFilterSet):
    """Filters of the report: where it stands, words, posted or not."""

    words = django_filters.CharFilter(label=gettext_lazy("Title, team or branch"), method="filter_words")
    standing = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Standing"),
        choices=[choice for choice in Standing.choices if choice[0] != Standing.CLEAR],
        method="filter_standing",
        widget=forms.CheckboxSelectMultiple,
    )
    posted = django_filters.ChoiceFilter(
        label=gettext_lazy("Posted"),
        choices=[("yes", gettext_lazy("Posted")), ("no", gettext_lazy("Not posted yet"))],
        method="filter_posted",
    )

    class Meta:
        model = OpportunityProfile
        fields: list[str] = []

    def filter_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Words of the title in either language, of the team or of the branch."""
        text = value.strip()
        return queryset.filter(
            Q(title_en__icontains=text)
            | Q(title_fr__icontains=text)
            | Q(team__icontains=text)
            | Q(branch__icontains=text)
        )

    def filter_standing(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Opportunities that stand as chosen."""
        if not value:
            return queryset
        all_of_them = assessments_of(self.request)
        return queryset.filter(pk__in=[key for key, found in all_of_them.items() if found.standing in value])

    def filter_posted(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Opportunities that are posted, or that are not."""
        return queryset.filter(posted_at__isnull=value == "no")


def assessments_of(request: Any) -> dict[Any, Assessment]:
    """Every assessment, made once a request."""
    if not hasattr(request, "_microacq_splitting"):
        request._microacq_splitting = splitting_records.assess_all()
    found: dict[Any, Assessment] = request._microacq_splitting
    return found


class SplittingReportView(SafeExportMixin, ReportView):
    """Every opportunity that needs a justification, or ever had one, with what became of it."""

    model = OpportunityProfile
    page_title = gettext_lazy("Contract splitting")
    header_icon = "copy"
    index_url_name = "microacq_splitting_report"
    index_results_url_name = "microacq_splitting_report_results"
    filterset_class = SplittingFilterSet
    verbose_name_plural = gettext_lazy("opportunities")
    default_ordering = "-saved_at"
    export_headings = {
        "title_shown": gettext_lazy("Opportunity"),
        "number_shown": gettext_lazy("Number"),
        "team": gettext_lazy("Team"),
        "branch": gettext_lazy("Branch"),
        "price": gettext_lazy("Fixed price"),
        "others": gettext_lazy("Others found"),
        "shared": gettext_lazy("What they share"),
        "sum_with_tax": gettext_lazy("Sum with tax"),
        "standing": gettext_lazy("Standing"),
        "justification": gettext_lazy("Justification"),
        "written_by": gettext_lazy("Written by"),
        "written_at": gettext_lazy("Written at"),
        "decided_by": gettext_lazy("Decided by"),
        "decided_at": gettext_lazy("Decided at"),
        "reason": gettext_lazy("Reason"),
        "digest": gettext_lazy("Digest of what was found"),
    }
    list_export = list(export_headings)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(splitting_records.VIEW):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_base_queryset(self) -> QuerySet[OpportunityProfile]:
        keys = [
            key
            for key, one in assessments_of(self.request).items()
            if one.standing != Standing.CLEAR
            or one.justification is not None
            or one.found.needs_justification
        ]
        return OpportunityProfile.objects.with_status().filter(pk__in=keys).defer("text_en", "text_fr")

    def get_filename(self) -> str:
        """Name of the downloaded file."""
        return f"contract-splitting-{timezone.localdate():%Y-%m-%d}"

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """The columns of the table."""
        return [
            TitleColumn("title_shown", label=_("Opportunity"), get_url=lambda row: compare_url(row.page_id)),
            Column("number_shown", label=_("Number")),
            Column("team", label=_("Team")),
            Column("others", label=_("Others found")),
            Column("shared", label=_("What they share")),
            Column("sum_shown", label=_("Sum with tax")),
            Column("standing", label=_("Standing")),
            Column("decided_by", label=_("Decided by")),
        ]

    def get_table(self, object_list: Any) -> Any:
        return super().get_table(self.readable(object_list))

    def decorate_paginated_queryset(self, object_list: Any) -> list[Any]:
        return self.readable(object_list)

    def readable(self, object_list: Any) -> list[Any]:
        """The rows in words."""
        return [_in_words(profile, assessments_of(self.request)[profile.pk]) for profile in object_list]

    def to_row_dict(self, item: Any) -> Any:
        return super().to_row_dict(_in_words(item, assessments_of(self.request)[item.pk]))


def _in_words(profile: Any, assessment: Assessment) -> Any:
    """The profile with what the report says of it."""
    found, justification = assessment.found, assessment.justification
    grounds = {ground: None for match in found.matches for ground in match.grounds}
    profile.title_shown = splitting_records.title_of(profile)
    profile.number_shown = getattr(profile, "number", None) or ""
    profile.others = len(found.counting)
    profile.shared = ", ".join(str(ground.label) for ground in grounds)
    profile.sum_with_tax = found.total_with_tax
    profile.sum_shown = money(found.total_with_tax, known_language(get_language()))
    profile.standing = str(assessment.standing.label)
    profile.justification = justification.text if justification else ""
    profile.written_by = _name(justification.written_by) if justification else ""
    profile.written_at = justification.written_at if justification else None
    profile.decided_by = _name(justification.decided_by) if justification else ""
    profile.decided_at = justification.decided_at if justification else None
    profile.reason = justification.reason if justification else ""
    profile.digest = justification.digest if justification else ""
    return profile


def _name(person: Any) -> str:
    return user_display_name(person) if person else ""
