"""Views that are not addresses of the form page: the answer to a stale CSRF token, and what staff see of applications.

Owns: the staff’s pages below a file. Rules are in ``reading`` and ``opening``; these only ask them and show the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from microacq_pages import errors
from microacq_pages.formats import labelled
from microacq_pages.headings import HeadingMixin
from submissions.proposals import applying, draft_views, opening, own_link, reading, self_check
from submissions.proposals.models import Proposal, TrialSeal
from submissions.proposals.pages import ProposalFormPage
from submissions.questions import asking
from submissions.questions.pages import QuestionsPage
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

FORBIDDEN = 403


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Where somebody was applying or asking, the form with every word typed; elsewhere the site’s own page.

    What another site made a browser send is not shown again: its link would be known to that site, which could then
    read what the visitor goes on to write. A setting names this view (CSRF_FAILURE_VIEW).
    """
    if not errors.came_from_here(request):
        return errors.csrf_failure(request, reason=reason)
    match = request.resolver_match
    if match is not None and match.view_name == "proposals:enter":
        staff = match.func(request, **match.kwargs, csrf_failed=True)
        return staff.render() if isinstance(staff, TemplateResponse) else staff
    if match is not None and getattr(match.func, "keeps_typed", False):
        # Of a later stage, which says so of its view.
        kept: HttpResponse = match.func(request, **match.kwargs, csrf_failed=True)
        return kept
    page, route, values = _apply_route(request)
    if route == "apply":
        response = applying.apply(request, page, values["number"], csrf_failed=True)
    elif route == "change":
        response = own_link.change(request, page, values["token"], csrf_failed=True)
    elif route == "draft":
        response = own_link.draft(request, page, values["token"], csrf_failed=True)
    elif route == "saved":
        response = draft_views.saved(request, page, values["token"], csrf_failed=True)
    elif route == "save":
        response = draft_views.save_quietly(request, page, values["number"], csrf_failed=True)
    elif route == "check":
        response = self_check.check(request, page, values["number"], csrf_failed=True)
    elif route == "ask":
        response = asking.ask(request, page, values["number"], csrf_failed=True)
    else:
        return errors.csrf_failure(request, reason=reason)
    # Nobody renders what comes from here: the middleware has left the way on which Django does.
    return response.render() if isinstance(response, TemplateResponse) else response


def _apply_route(request: HttpRequest) -> tuple[Any, str, dict[str, str]]:
    """The form page, the name of its address and the address’ values; no name when the request went elsewhere."""
    _language, _slash, path = request.path.lstrip("/").partition("/")
    try:
        found = Page.route_for_request(request, path)
    except Http404:
        return None, "", {}
    if found is None or not isinstance(found.page, ProposalFormPage | QuestionsPage):
        return None, "", {}
    match = request.routable_resolver_match  # type: ignore[attr-defined]  # set by the page’s route()
    return found.page, match.url_name, match.kwargs


class FileMixin(HeadingMixin, WagtailAdminTemplateMixin):
    """A staff page below one procurement file."""

    header_icon = "form"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.file = get_object_or_404(Solicitation, pk=kwargs["file_pk"])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("solicitations:index"), "label": _("Procurement files")},
            {"url": reverse("solicitations:inspect", args=[self.file.pk]), "label": self.file.number},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_page_subtitle(self) -> str:
        return f"{self.file.number} – {self.file.get_title()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "file": self.file}


class ProposalListView(FileMixin, TemplateView):
    """Before the opening how many there are; after it, which."""

    template_name = "submissions/proposals/admin/list.html"
    page_title = gettext_lazy("Applications")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.file.state == State.POSTED and self.request.user.has_perm(reading.READ_PERMISSION):
            return {**context, "count": self.file.proposals.sent().count(), "sealed": True}
        try:
            proposals = reading.listed(self.file, cast(User, self.request.user))
        except reading.ReadRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        return {
            **context,
            "sealed": False,
            "proposals": proposals,
            "can_identify": self.request.user.has_perm(reading.IDENTIFY_PERMISSION),
        }


class ProposalReadView(FileMixin, TemplateView):
    """One opened application. Showing it is recorded, and so is asking in vain."""

    template_name = "submissions/proposals/admin/read.html"
    page_title = gettext_lazy("Application")

    def get_page_subtitle(self) -> str:
        return str(self.kwargs["receipt_number"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        proposal = get_object_or_404(
            Proposal.objects.without_text().select_related("solicitation", "posting"),
            solicitation=self.file,
            receipt_number=kwargs["receipt_number"],
        )
        try:
            found = reading.read(proposal, cast(User, request.user))
        except reading.ReadRefused as refusal:
            context = self.get_context_data(refusal=str(refusal))
            return self.render_to_response(context, status=FORBIDDEN)
        return self.render_to_response(self.get_context_data(reading=found))


def _outcomes(trial: TrialSeal) -> Iterator[tuple[str, str]]:
    """What a trial says of each key, and its language where it is not the reader’s: faults are for operators."""
    words = {
        opening.OPENS: _("opens"),
        opening.STAYS_SHUT: _("does not open what is sealed to the custodians"),
    }
    for line in trial.detail.splitlines():
        key, _colon, said = line.rpartition(": ")
        if said in words:
            yield labelled(key, words[said], get_language()), ""
        else:
            yield line, "en"


class TrialSealView(WagtailAdminTemplateMixin, TemplateView):
    """The last trials, and the button to make another."""

    template_name = "submissions/proposals/admin/trials.html"
    page_title = gettext_lazy("Trial seals")
    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(opening.OPEN_PERMISSION):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Have the worker make a trial."""
        opening.run_trial_seal.enqueue()
        messages.success(request, _("A trial was asked for. Load this page again in a moment."))
        return redirect(reverse("proposals:trials"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "trials": [(trial, list(_outcomes(trial))) for trial in TrialSeal.objects.all()[:20]],
            "reason": opening.reason_against_posting(),
        }
