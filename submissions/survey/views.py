"""The public form of the survey, its thanks, and the sums for staff. None of the public pages is kept in any cache.

Owns what each address answers. Only a POST takes an answer, and the page that says thanks has no link in its address.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from submissions.notices.answers import GONE, NOT_FOUND, UNPROCESSABLE, private, see

from . import answering, sums
from .enums import CLOSING
from .forms import SurveyForm
from .suppression import SMALLEST

VIEW = "submissions.view_surveysum"


# The right is spent in another transaction than the answer, so the request itself has none. The link proves that a form
# comes from its holder, so no cookie is needed either.
@transaction.non_atomic_requests
@csrf_exempt
@sensitive_post_parameters()
@private
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The form, shown or taken."""
    try:
        right = answering.usable(token)
        if request.method != "POST":
            return _form(request, SurveyForm(cohort=right.cohort), right)
        form = SurveyForm(request.POST, cohort=right.cohort)
        if not form.is_valid():
            return _form(request, form, right, UNPROCESSABLE)
        answering.take(right, form.answers())
    except answering.InvalidToken:
        return _no_form(request, NOT_FOUND)
    except answering.AlreadyAnswered:
        return _no_form(request, GONE)
    return see(reverse("survey:thanks"))


@private
@require_http_methods(["GET", "HEAD"])
def thanks(request: HttpRequest) -> HttpResponse:
    """That it arrived, and what becomes of it."""
    return render(request, "submissions/survey/thanks.html", {"smallest": SMALLEST})


def _form(request: HttpRequest, form: SurveyForm, right: answering.Token, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "cohort": right.cohort,
        "is_closing": right.cohort in CLOSING,
        "year": right.year,
        "smallest": SMALLEST,
        "last_day": right.usable_until - timedelta(days=1),
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
    }
    return render(request, "submissions/survey/form.html", context, status=status)


def _no_form(request: HttpRequest, status: int) -> HttpResponse:
    context = {"is_spent": status == GONE, "contact_email": settings.MICROACQ_CONTACT_EMAIL}
    return render(request, "submissions/survey/no_form.html", context, status=status)


class SurveySumsView(WagtailAdminTemplateMixin, TemplateView):
    """The sums, by year and cohort, small groups hidden."""

    template_name = "submissions/survey/sums.html"
    page_title = gettext_lazy("Surveys")
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "tables": sums.tables(), "smallest": SMALLEST}
