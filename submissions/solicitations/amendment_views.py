"""Staff screens for what is done beside an amendment: extending after an outage, posting again.

Thin: ``outage`` and ``again`` decide at every request.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput

from microacq_pages.headings import HeadingMixin

from . import again, outage
from .models import Solicitation
from .panels import when
from .permissions import SolicitationPermissionPolicy


class OutageForm(forms.Form):
    """The period of an outage, and by how much deadlines move."""

    start = forms.DateTimeField(
        label=gettext_lazy("The outage began"),
        help_text=gettext_lazy(
            "Eastern time. Files that took applications at any moment of it are extended."
        ),
        widget=AdminDateTimeInput,
    )
    end = forms.DateTimeField(
        label=gettext_lazy("The outage ended"),
        help_text=gettext_lazy("Eastern time."),
        widget=AdminDateTimeInput,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Business days to add"),
        help_text=gettext_lazy(
            "Counted from the deadline, or from today where it has passed. The hour stays the same."
        ),
        min_value=1,
        max_value=outage.MOST_DAYS,
        initial=2,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"start", "end", "days"} <= cleaned.keys():
            for sentence in outage.faults(self.outage(cleaned), outage.database_clock()):
                self.add_error(None, sentence)
        return cleaned

    def outage(self, cleaned: dict[str, Any] | None = None) -> outage.Outage:
        """What was typed."""
        values = cleaned or self.cleaned_data
        return outage.Outage(start=values["start"], end=values["end"], days=values["days"])


class ExtendView(WagtailAdminTemplateMixin, FormView):
    """First shows which files would move to when; only the second POST does it."""

    template_name = "submissions/solicitations/extend.html"
    form_class = OutageForm
    page_title = gettext_lazy("Extend after an outage")
    header_icon = "calendar-alt"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(outage.PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: OutageForm) -> HttpResponse:
        asked = form.outage()
        if "confirm" not in self.request.POST:
            return self._show(form)
        try:
            extended = outage.extend(
                asked, cast(User, self.request.user), shown=self.request.POST.get("shown", "")
            )
        except outage.NotExtended as refusal:
            form.add_error(None, refusal)
            return self._show(form, status=409)
        if extended:
            messages.success(
                self.request,
                ngettext(
                    "The deadline of %(count)d file was moved: %(numbers)s.",
                    "The deadlines of %(count)d files were moved: %(numbers)s.",
                    len(extended),
                )
                % {"count": len(extended), "numbers": ", ".join(file.number for file in extended)},
            )
        else:
            messages.warning(self.request, _("No file could be extended. Nothing was changed."))
        return redirect(reverse("solicitations:index"))

    def _show(self, form: OutageForm, status: int = 200) -> HttpResponse:
        """What would be moved to when; nothing is moved yet."""
        found = outage.plan(form.outage())
        planned = [
            {
                "file": each.file,
                "title": each.file.get_title(),
                "before": when(each.file.deadline),
                "after": when(each.deadline),
                "obstacle": each.obstacle,
            }
            for each in found
        ]
        context = self.get_context_data(
            form=form,
            planned=planned,
            asked=True,
            can=any(not each.obstacle for each in found),
            shown=outage.digest_of(found),
        )
        return self.render_to_response(context, status=status)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("solicitations:index"), "label": _("Procurement files")},
            {"url": "", "label": self.get_page_title()},
        ]


class PostAgainView(HeadingMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks for confirmation; a POST begins the draft and leads to its editor."""

    template_name = "submissions/solicitations/post_again.html"
    page_title = gettext_lazy("Post again")
    header_icon = "copy"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        from .views import visible_file

        policy = SolicitationPermissionPolicy(Solicitation)
        self.file = visible_file(policy, request.user, kwargs["pk"])
        if not again.may_post_again(self.file, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            page = again.post_again(self.file, cast(User, request.user))
        except again.NotPostedAgain as refusal:
            for sentence in refusal.messages:
                messages.error(request, sentence)
            return redirect(self.file_url)
        messages.success(
            request,
            _(
                "This is the new opportunity, with the old text in both languages. Choose its dates, confirm it and "
                "submit it."
            ),
        )
        return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    @property
    def file_url(self) -> str:
        return reverse("solicitations:inspect", args=[self.file.pk])

    def get_page_subtitle(self) -> str:
        return f"{self.file.number} – {self.file.get_title()}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("solicitations:index"), "label": _("Procurement files")},
            {"url": self.file_url, "label": self.file.number},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "file_url": self.file_url,
            "obstacle": again.obstacle(self.file),
        }
