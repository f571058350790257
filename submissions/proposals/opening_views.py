"""The staff’s page of an opening: ask for it, see how far it is, ask again.

Thin: ``opening`` decides at every request, ``under_way`` knows how far it is. The page loads itself again without
script; with it, ``opening.js`` asks ``SignsView``. Neither tells more than how many.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from submissions.solicitations.models import Solicitation

from . import opening, reading, under_way
from .enums import OpeningOutcome
from .opening_models import Opening, newest
from .views import FileMixin

#: Seconds after which the page loads itself again where no script runs.
LOADED_AGAIN_AFTER = 3


class OpenView(View):
    """Ask for the opening of a file."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, file_pk: int) -> HttpResponse:
        """Have the worker open it and show how far it is, or say why not."""
        file = get_object_or_404(Solicitation, pk=file_pk)
        try:
            opening.ask_to_open(file, cast(User, request.user))
        except opening.OpeningRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(reverse("solicitations:inspect", args=[file.pk]))
        return redirect(reverse("proposals:opening", args=[file.pk]))


def sentence(found: Opening) -> str:
    """Where an opening stands, for the person who asked."""
    if found.outcome == OpeningOutcome.OPENED:
        if not found.done:
            return _("There was no application to open: the file has ended.")
        return ngettext(
            "%(count)d application is opened.", "All %(count)d applications are opened.", found.done
        ) % {"count": found.done}
    if found.outcome == OpeningOutcome.FAILED:
        return _("Nothing was opened. %(why)s") % {"why": why(found)}
    if under_way.is_left(found):
        return _(
            "The worker gives no sign any more. Nothing is half opened: another begins again within a minute, from "
            "the first application."
        )
    if not found.attempts:
        return _("Asked for. The worker begins in a moment.")
    return _("%(done)d of %(total)d applications opened.") % {"done": found.done, "total": found.total}


def why(found: Opening) -> str:
    """Why an opening failed, and what helps."""
    sentences = {
        "KeyFileError": _(
            "The worker cannot read a custodian’s key. Whoever runs the site mends that; then ask again."
        ),
        "CannotOpen": _(
            "An application cannot be opened with the keys at hand, or is not what its receipt says. The log of the "
            "worker names it. Whoever runs the site looks into it; then ask again."
        ),
        "OpeningRefused": _("It was too early, or the file changed meanwhile."),
        "WorkerLost": _("The worker ended several times in the middle. Whoever runs the site looks into it."),
    }
    return sentences.get(found.fault, _("Something unexpected happened. The log of the worker says what."))


class OfOpening:
    """A page about the newest opening of a file, for those who may open it."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(opening.OPEN_PERMISSION):
            raise PermissionDenied
        file = get_object_or_404(Solicitation, pk=kwargs["file_pk"])
        found = newest(file)
        if found is None:
            return redirect(reverse("solicitations:inspect", args=[file.pk]))
        self.opening = found
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin
        add_never_cache_headers(response)
        return response


class OpeningView(OfOpening, FileMixin, TemplateView):
    """How far the opening is; when it has ended, what comes next."""

    template_name = "submissions/proposals/admin/opening.html"
    page_title = gettext_lazy("Opening the applications")
    header_icon = "lock-open"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.opening
        has_failed = found.outcome == OpeningOutcome.FAILED
        return {
            **super().get_context_data(**kwargs),
            "opening": found,
            "sentence": sentence(found),
            "is_over": bool(found.outcome),
            "has_failed": has_failed,
            "may_ask_again": has_failed and not opening.reason_against_opening(self.file),
            "may_read": self.request.user.has_perm(reading.READ_PERMISSION),
            "seconds": LOADED_AGAIN_AFTER,
        }


class SignsView(OfOpening, View):
    """The same for the script."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, file_pk: int) -> JsonResponse:
        """How many of how many, in numbers and in words."""
        found = self.opening
        return JsonResponse(
            {
                "done": found.done,
                "total": found.total,
                "begun": bool(found.attempts),
                "over": bool(found.outcome),
                "sentence": sentence(found),
            }
        )
