"""The list of requests, a new one, the page of one, and the acts on it. What may be done is asked of ``services``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from ..headings import HeadingMixin
from . import drafting, permissions, services, states
from .forms import EffortForm, ReasonForm
from .models import ClientRequest
from .querysets import ClientRequestQuerySet
from .states import RequestState


def visible_request(policy: Any, user: Any, pk: int) -> ClientRequest:
    """The request, when this person may see it.

    Raises:
        Http404: there is no such request.
        PermissionDenied: it is not theirs to see.
    """
    request: ClientRequest = get_object_or_404(ClientRequest.objects.for_report(), pk=pk)
    if not policy.user_has_permission_for_instance(user, "view", request):
        raise PermissionDenied
    return request


class RequestListView(generic.IndexView):
    """Every request that this person may see, the newest first."""

    any_permission_required = ["view"]
    page_title = gettext_lazy("Requests")
    add_item_label = gettext_lazy("New request")

    def get_base_queryset(self) -> ClientRequestQuerySet:
        requests: ClientRequestQuerySet = self.permission_policy.instances_user_has_permission_for(
            self.request.user, "view"
        )
        return requests.for_report()

    def get_list_buttons(self, instance: ClientRequest) -> list[Any]:
        """The title leads to the request; there is nothing else to do from the list."""
        return []


class NewRequestView(HeadingMixin, generic.CreateView):
    """A short request, made in less than a minute."""

    page_title = gettext_lazy("New request")
    page_subtitle = gettext_lazy("What you need, for whom, by when")
    success_message = gettext_lazy("Your request “%(object)s” was sent to IT Strategy.")
    error_message = gettext_lazy("The request was not sent, because of the errors shown below.")
    submit_button_label = gettext_lazy("Send the request")
    submit_button_active_label = gettext_lazy("Sending…")

    def save_instance(self) -> ClientRequest:
        return services.receive(self.form.save(commit=False), user=self.request.user)

    def get_success_url(self) -> str:
        return reverse("requests:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class RequestView(HeadingMixin, generic.InspectView):
    """One request: what was asked, what was decided and why, what can be done now."""

    any_permission_required = ["view"]
    template_name = "microacq_pages/intake/request.html"

    def get_object(self, queryset: Any = None) -> ClientRequest:
        return visible_request(self.permission_policy, self.request.user, self.pk)

    def get_page_title(self) -> str:
        return str(self.object.title)

    def get_page_subtitle(self) -> str:
        return ""

    def get_fields_context(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user, asked = self.request.user, self.object
        page = drafting.page_of(asked)
        decides, reads = user.has_perm(permissions.TRIAGE), user.has_perm(permissions.VIEW_ALL)
        return {
            **context,
            "heading": self.get_page_title(),
            "asked": asked,
            "posted": services.is_posted(asked),
            "draft": page,
            "draft_url": draft_url(page, user),
            "draft_deleted": asked.opportunity_key is not None and page is None,
            "options": services.options(asked, user),
            "decisions": _in_words(asked),
            "decides": decides,
            "efforts": asked.efforts.select_related("recorded_by") if reads else (),
            "shows_effort": reads,
            "effort_form": EffortForm() if decides else None,
        }


def _in_words(asked: ClientRequest) -> list[dict[str, Any]]:
    return [
        {
            "at": decision.decided_at,
            "who": decision.decided_by,
            "what": states.TRANSITIONS[decision.transition].label,
            "after": RequestState(decision.after).label,
            "reason": decision.reason,
        }
        for decision in asked.decisions.select_related("decided_by")
    ]


def draft_url(page: Any, user: Any) -> str:
    """Where this person works on the draft; empty when they may not, or there is none."""
    if page is None:
        return ""
    tester = page.permissions_for_user(user)
    if tester.can_edit():
        return reverse("wagtailadmin_pages:edit", args=[page.pk])
    return (page.get_url() or "") if page.live else ""


class _ActView(HeadingMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Something that a person does with one request, after filling in a small form."""

    model = ClientRequest
    any_permission_required = ["view"]
    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.asked = visible_request(self.permission_policy, request.user, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    @property
    def request_url(self) -> str:
        return reverse("requests:inspect", args=[self.asked.pk])

    def get_page_subtitle(self) -> str:
        return str(self.asked.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("requests:index"), "label": _("Requests")},
            {"url": self.request_url, "label": self.asked.title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "asked": self.asked, "request_url": self.request_url}


class DecisionView(_ActView):
    """Asks for the reason; only a POST decides anything."""

    template_name = "microacq_pages/intake/decision.html"
    form_class = ReasonForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rule = states.TRANSITIONS.get(kwargs["transition"])
        if rule is None:
            raise Http404
        self.rule = rule
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.require_party(self.rule, self.asked, request.user)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "needs_reason": self.rule.needs_reason}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        reason = form.cleaned_data.get("reason", "")
        try:
            decided = services.decide(self.asked, self.rule.name, user=self.request.user, reason=reason)
        except services.RequestRefused as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        if self.rule.makes_draft:
            messages.success(self.request, _("The draft is made: complete it, and submit it for review."))
            return redirect(draft_url(drafting.page_of(decided), self.request.user) or self.request_url)
        messages.success(
            self.request,
            _("It is done. The request is now “%(state)s”.") % {"state": decided.get_state_display()},
        )
        return redirect(self.request_url)

    def get_page_title(self) -> str:
        return str(self.rule.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        obstacles = services.obstacles(self.rule, self.asked, self.request.user)
        return {**context, "rule": self.rule, "obstacles": obstacles}


class EffortView(_ActView):
    """Records hours that were spent on a request."""

    template_name = "microacq_pages/intake/effort.html"
    form_class = EffortForm
    page_title = gettext_lazy("Record effort")
    permission_required = "triage"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            services.record_effort(
                self.asked,
                hours=form.cleaned_data["hours"],
                note=form.cleaned_data["note"],
                user=self.request.user,
            )
        except services.RequestRefused as refusal:
            form.add_error("hours", refusal)
            return self.form_invalid(form)
        messages.success(self.request, _("The effort is recorded."))
        return redirect(self.request_url)
