"""The list of files, the page of a file, and the confirmation of a transition.

Whether something may be done is asked of ``services`` and ``permissions`` at every request.
"""

from __future__ import annotations

from typing import Any

from django import forms
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
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import HeaderButton
from wagtail.models import Page

from microacq_pages.headings import HeadingMixin
from submissions.typed_text import typed_in

from . import outage, panels, services, states
from .models import Solicitation
from .querysets import SolicitationQuerySet


def visible_file(policy: Any, user: Any, pk: int) -> Solicitation:
    """The file, read with the clock, when this person may see it.

    Raises:
        Http404: there is no such file.
        PermissionDenied: it is not theirs to see.
    """
    solicitation: Solicitation = get_object_or_404(
        Solicitation.objects.with_clock().select_related("client", "posted_by"), pk=pk
    )
    if not policy.user_has_permission_for_instance(user, "view", solicitation):
        raise PermissionDenied
    return solicitation


class FileListView(generic.IndexView):
    """Every file that this person may see, the newest first."""

    any_permission_required = ["view"]
    page_title = gettext_lazy("Procurement files")

    def get_base_queryset(self) -> SolicitationQuerySet:
        files: SolicitationQuerySet = self.permission_policy.instances_user_has_permission_for(
            self.request.user, "view"
        )
        return files.with_clock()

    @cached_property
    def header_buttons(self) -> list[Any]:
        """What is done to several files at once."""
        buttons = list(super().header_buttons)
        if self.request.user.has_perm(outage.PERMISSION):
            buttons.append(
                HeaderButton(
                    _("Extend after an outage"), reverse("solicitations:extend"), icon_name="calendar-alt"
                )
            )
        return buttons

    def get_list_buttons(self, instance: Solicitation) -> list[Any]:
        """The number leads to the file; there is nothing else to do from the list."""
        return []


class FileView(HeadingMixin, generic.InspectView):
    """The file as one story: facts, decisions, timeline, who did what, the posted text."""

    any_permission_required = ["view"]
    template_name = "submissions/solicitations/file.html"

    def get_object(self, queryset: Any = None) -> Solicitation:
        return visible_file(self.permission_policy, self.request.user, self.pk)

    def get_page_title(self) -> str:
        return str(self.object.number)

    def get_page_subtitle(self) -> str:
        return str(self.object.get_title())

    def get_fields_context(self) -> list[Any]:
        return []

    @cached_property
    def pages(self) -> list[Page]:
        """Both pages, English first."""
        pages = Page.objects.filter(translation_key=self.object.translation_key).select_related("locale")
        return list(pages.order_by("locale__language_code").specific())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = MediaContainer(panels.panels_of(self.object, self.pages, self.request.user))
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "panels": parts, "media": parts.media, "heading": self.get_header_title()}


class TransitionForm(forms.Form):
    """The reason in both languages, where the state table asks for one."""

    reason = forms.CharField(
        label=gettext_lazy("Reason in English"),
        help_text=gettext_lazy("The public and the suppliers will read it, so write it for them."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        error_messages={"required": gettext_lazy("Write the reason: no decision without one.")},
    )
    reason_fr = forms.CharField(
        label=gettext_lazy("Reason in French"),
        help_text=gettext_lazy("The same reason, for those who read the French page."),
        widget=forms.Textarea({"rows": 4, "lang": "fr"}),
        max_length=2000,
        error_messages={"required": gettext_lazy("Write the reason: no decision without one.")},
    )

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"], self.fields["reason_fr"]


class TransitionView(HeadingMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Asks for confirmation, and for the reason; only a POST does anything."""

    model = Solicitation
    any_permission_required = ["view"]
    template_name = "submissions/solicitations/transition.html"
    form_class = TransitionForm
    header_icon = "folder-open-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rule = states.TRANSITIONS.get(kwargs["transition"])
        if rule is None or not rule.from_file_page:
            raise Http404
        self.rule = rule
        self.solicitation = visible_file(self.permission_policy, request.user, kwargs["pk"])
        services.require_permission(rule, self.solicitation, request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "needs_reason": self.rule.needs_reason}

    def form_valid(self, form: TransitionForm) -> HttpResponse:
        try:
            services.transition(
                self.solicitation,
                self.rule.name,
                user=self.request.user,
                reason=form.cleaned_data.get("reason", ""),
                reason_fr=form.cleaned_data.get("reason_fr", ""),
            )
        except services.TransitionRefused as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("%(number)s: %(act)s. It is done.")
            % {"number": self.solicitation.number, "act": self.rule.label},
        )
        return redirect(self.file_url)

    @property
    def file_url(self) -> str:
        return reverse("solicitations:inspect", args=[self.solicitation.pk])

    def get_page_title(self) -> str:
        return str(self.rule.label)

    def get_page_subtitle(self) -> str:
        return f"{self.solicitation.number} – {self.solicitation.get_title()}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("solicitations:index"), "label": _("Procurement files")},
            {"url": self.file_url, "label": self.solicitation.number},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        obstacles = services.obstacles(self.rule, self.solicitation, self.request.user)
        return {
            **context,
            "file": self.solicitation,
            "file_url": self.file_url,
            "rule": self.rule,
            "obstacles": obstacles,
            "typed": typed_in(context["form"]) if obstacles else [],
        }
