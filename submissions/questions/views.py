"""The list of questions, the page of one, and the form of a transition, in the Wagtail admin.

Whether something may be done is asked of ``services`` and ``permissions`` at every request.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import registry

from microacq_pages.headings import HeadingMixin
from submissions.solicitations.panels import when

from . import closing, publication, services, states
from .admin_forms import FORMS, ActForm
from .enums import State
from .models import Question, QuestionText
from .querysets import QuestionQuerySet


def visible_question(policy: Any, user: Any, pk: int) -> Question:
    """The question, when this person may see it.

    Raises:
        Http404: there is no such question.
        PermissionDenied: it is not theirs to see.
    """
    question: Question = get_object_or_404(Question.objects.for_listing(), pk=pk)
    if not policy.user_has_permission_for_instance(user, "view", question):
        raise PermissionDenied
    return question


class QuestionListView(generic.IndexView):
    """Every question that this person may see, the newest first."""

    any_permission_required = ["view"]
    page_title = gettext_lazy("Questions")

    def get_base_queryset(self) -> QuestionQuerySet:
        questions: QuestionQuerySet = self.permission_policy.instances_user_has_permission_for(
            self.request.user, "view"
        )
        return questions.for_listing()

    def get_list_buttons(self, instance: Question) -> list[Any]:
        """The number leads to the question; there is nothing else to do from the list."""
        return []


class QuestionView(HeadingMixin, generic.InspectView):
    """One question: what may be done with it, its text in both languages, what is public, who did what."""

    any_permission_required = ["view"]
    template_name = "submissions/questions/admin/question.html"

    def get_object(self, queryset: Any = None) -> Question:
        return visible_question(self.permission_policy, self.request.user, self.pk)

    def get_page_title(self) -> str:
        return str(self.object.reference)

    def get_page_subtitle(self) -> str:
        return f"{self.object.solicitation.number} – {self.object.solicitation.get_title()}"

    def get_fields_context(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question, user = self.object, cast(User, self.request.user)
        sorts = user.has_perm(states.TRIAGE)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            "heading": self.get_header_title(),
            "question": question,
            "asked_at": when(question.asked_at),
            "closes_at": when(closing.closes_at(question.solicitation.deadline)),
            "deadline": when(question.solicitation.deadline),
            "original": question.original_text() if sorts else "",
            "has_personal_data": sorts and question.has_personal_data,
            "may_purge": sorts and question.has_personal_data and question.state != State.RECEIVED,
            "texts": _texts(question),
            "options": services.options(question, user),
            "blockers": publication.readiness(question).blockers
            if question.state == State.TRANSLATING
            else (),
            "translate_url": _translation_url(question, user),
            "published": [(one, when(one.published_at)) for one in question.published.order_by("-version")],
            "duplicates": question.duplicates.order_by("number"),
            "acts": _acts(question),
        }


def _texts(question: Question) -> list[QuestionText]:
    """What is written, and behind it its translation as translators last saved it whole."""
    texts = list(question.texts.select_related("locale"))
    return sorted(texts, key=lambda text: text.locale.language_code != question.written_in)


def _translation_url(question: Question, user: User) -> str:
    """Where the translation is written, for those who write it."""
    target = question.texts.exclude(locale__language_code=question.written_in).first()
    if target is None or not user.has_perm("submissions.change_questiontext"):
        return ""
    viewset: Any = QuestionText.snippet_viewset
    return reverse(viewset.get_url_name("edit"), args=[target.pk])


def _acts(question: Question) -> list[tuple[str, str, str]]:
    """When, who and what, the newest last; who asked is nobody to the record."""
    entries = registry.get_logs_for_instance(question).select_related("user").order_by("timestamp", "pk")
    return [
        (
            when(entry.timestamp),
            str(entry.user_display_name) if entry.user_id else "",
            str(entry.formatter.format_message(entry)) if entry.formatter else entry.action,
        )
        for entry in entries
    ]


class QuestionActMixin(HeadingMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A staff page below one question."""

    model = Question
    any_permission_required = ["view"]
    header_icon = "help"
    question: Question

    @property
    def question_url(self) -> str:
        return reverse("questions:inspect", args=[self.question.pk])

    def get_page_subtitle(self) -> str:
        return f"{self.question.solicitation.number} – {self.question.reference}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("questions:index"), "label": _("Questions")},
            {"url": self.question_url, "label": self.question.reference},
            {"url": "", "label": self.get_page_title()},
        ]


class ActView(QuestionActMixin, FormView):
    """Asks for what a transition needs; only a POST does anything."""

    template_name = "submissions/questions/admin/act.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rule = states.TRANSITIONS.get(kwargs["transition"])
        if rule is None:
            raise Http404
        self.rule = rule
        self.question = visible_question(self.permission_policy, request.user, kwargs["pk"])
        services.require_permission(rule, self.question, cast(User, request.user))
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def is_open(self) -> bool:
        return self.rule in services.options(self.question, cast(User, self.request.user))

    def get_form_class(self) -> type[ActForm]:
        return FORMS[self.rule.name]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "question": self.question, "user": self.request.user}

    def form_valid(self, form: ActForm) -> HttpResponse:
        try:
            services.transition(
                self.question, self.rule.name, user=cast(User, self.request.user), **form.values()
            )
        except services.TransitionRefused as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("%(reference)s: %(act)s. It is done.")
            % {"reference": self.question.reference, "act": self.rule.label},
        )
        return redirect(self.question_url)

    def form_invalid(self, form: ActForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_page_title(self) -> str:
        return str(self.rule.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form: Any = context["form"]
        return {
            **context,
            "question": self.question,
            "question_url": self.question_url,
            "rule": self.rule,
            "is_open": self.is_open,
            "state": self.question.get_state_display(),
            "written": self.question.text,
            "readiness": getattr(form, "readiness", None),
        }


class PurgeView(QuestionActMixin, FormView):
    """Asks before it erases for good what could tell who asked."""

    template_name = "submissions/questions/admin/purge.html"
    page_title = services.PURGE_LABEL
    form_class = ActForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.question = visible_question(self.permission_policy, request.user, kwargs["pk"])
        if not request.user.has_perm(states.TRIAGE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "question": self.question, "user": self.request.user}

    def form_valid(self, form: ActForm) -> HttpResponse:
        try:
            services.purge(self.question, user=cast(User, self.request.user))
        except services.TransitionRefused as refusal:
            form.add_error(None, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(self.request, _("What could tell who asked is erased."))
        return redirect(self.question_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "question": self.question, "question_url": self.question_url}
