"""Turns a refusal to publish into a sentence, at whatever view it was raised.

The request's transaction has been rolled back by then: nothing was changed.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from .publishing import PublicationBlocked

PAIR_TRIGGER = "microacq_pair"


class RefusalMiddleware:
    """Shows why a page may not change state, and leads back to where the person was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        sentences = refusal_sentences(exception)
        if not sentences or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest" or "json" in request.headers.get(
            "accept", ""
        ):
            return JsonResponse({"success": False, "errorMessage": " ".join(sentences)}, status=409)
        for sentence in sentences:
            messages.error(request, sentence)
        return redirect(_way_back(request))


def refusal_sentences(exception: Exception) -> list[str]:
    """What a person should read when this was raised; empty when it is not a refusal of ours."""
    if isinstance(exception, PublicationBlocked):
        return exception.sentences()
    if isinstance(exception, ValidationError) and "publication-blocked" in _codes(exception):
        return list(exception.messages)
    if isinstance(exception, IntegrityError) and PAIR_TRIGGER in str(exception):
        return [
            _("Both languages are published, changed, taken down and moved together. Nothing was changed.")
        ]
    return []


def _codes(error: ValidationError) -> set[str]:
    if hasattr(error, "error_dict"):
        return {code for errors in error.error_dict.values() for e in errors for code in _codes(e)}
    return {e.code or "" for e in error.error_list}


def _way_back(request: HttpRequest) -> str:
    referer = request.headers.get("referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return referer
    return reverse("wagtailadmin_home")
