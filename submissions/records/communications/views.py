"""Staff’s screens: the texts of one opportunity with where it was announced, and the sums of all. Thin."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from microacq_pages.formats import EASTERN
from microacq_pages.headings import HeadingMixin
from submissions.solicitations.models import Solicitation
from submissions.solicitations.permissions import VIEW_ALL, SolicitationPermissionPolicy
from submissions.solicitations.views import visible_file
from submissions.survey.suppression import SMALLEST
from submissions.survey.views import VIEW as VIEW_SURVEY

from . import services, sums
from .forms import MentionForm
from .models import Mention

UNPROCESSABLE = 422
LATEST = 50


class FileView(HeadingMixin, WagtailAdminTemplateMixin, FormView):
    """The texts of one opportunity, ready to copy, and the form that records where it was announced."""

    template_name = "submissions/communications/file.html"
    page_title = gettext_lazy("Announce the opportunity")
    header_icon = "mail"
    form_class = MentionForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policy = SolicitationPermissionPolicy(Solicitation)
        self.file = visible_file(policy, request.user, kwargs["file_pk"])
        if request.method == "POST":
            services.require_permission(self.file, cast(User, request.user))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        first = self.file.posted_at.astimezone(EASTERN).date()
        return {
            **super().get_form_kwargs(),
            "first": first,
            "last": timezone.now().astimezone(EASTERN).date(),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"announced_on": timezone.now().astimezone(EASTERN).date()}

    def form_valid(self, form: MentionForm) -> HttpResponse:
        services.announce(self.file, cast(User, self.request.user), **form.cleaned_data)
        messages.success(self.request, _("It is recorded."))
        return redirect("communications:file", self.file.pk)

    def form_invalid(self, form: MentionForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_page_subtitle(self) -> str:
        return f"{self.file.number} – {self.file.get_title()}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("solicitations:index"), "label": _("Procurement files")},
            {"url": reverse("solicitations:inspect", args=[self.file.pk]), "label": self.file.number},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        mentions = Mention.objects.filter(solicitation=self.file)
        return {
            **super().get_context_data(**kwargs),
            "file": self.file,
            "channels": services.ready_texts(self.file),
            "mentions": mentions.select_related("recorded_by", "struck_by"),
            "may_record": user.has_perm(services.ANNOUNCE),
        }


class StrikeView(View):
    """Strikes out one announcement that was recorded by mistake."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, file_pk: int, pk: int) -> HttpResponse:
        file = visible_file(SolicitationPermissionPolicy(Solicitation), request.user, file_pk)
        mention = get_object_or_404(Mention.objects.select_related("solicitation"), pk=pk, solicitation=file)
        if services.strike_out(mention, cast(User, request.user)):
            messages.success(request, _("It is struck out, and stays on record."))
        return redirect("communications:file", file.pk)


class SumsView(HeadingMixin, WagtailAdminTemplateMixin, TemplateView):
    """Where opportunities were announced, and how applicants learned of them."""

    template_name = "submissions/communications/sums.html"
    page_title = gettext_lazy("Announcements")
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(VIEW_ALL):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        latest = Mention.objects.standing().select_related("solicitation", "recorded_by")
        sees_survey = cast(User, self.request.user).has_perm(VIEW_SURVEY)
        return {
            **super().get_context_data(**kwargs),
            "told": sums.told(),
            "latest": latest[:LATEST],
            "sees_survey": sees_survey,
            "learned": sums.learned() if sees_survey else [],
            "smallest": SMALLEST,
        }
