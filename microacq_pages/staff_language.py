"""Answers staff in the language that they chose, also where Wagtail has left it: refusals and pages that are not there.

Wagtail takes a person's language for the view alone. What it says after the view, such as that somebody has no
permission, would follow the browser. Knows no page and no stage.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation


class StaffLanguageMiddleware:
    """Takes the language of whoever is signed in, for the staff's addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(reverse("wagtailadmin_home")):
            profile = getattr(request.user, "wagtail_userprofile", None)
            if profile is not None:
                return self._in(profile.get_preferred_language(), request)
        return self.get_response(request)

    def _in(self, language: str, request: HttpRequest) -> HttpResponse:
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response
