"""What staff send after their session has ended comes back to them, with the way to sign in.

Wagtail leads such a form to the sign-in, and what was typed is gone: an application taken down by telephone, say. The
answer here carries it, so that the server need not keep it, and the browser sends it again. Owns when; the page is in
``errors``. Must not import models.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from . import errors
from .middleware import wants_json


class SignedOutMiddleware:
    """Gives back what was typed where Wagtail would lead to the sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through every answer but that to a form which was sent in vain."""
        response = self.get_response(request)
        if not _is_in_vain(request, response):
            return response
        # Back to the list of their work: the form itself is in the page that they are on.
        return errors.signed_out(request, resolve_url(settings.LOGIN_URL))


def _is_in_vain(request: HttpRequest, response: HttpResponse) -> bool:
    if request.method != "POST" or response.status_code != 302 or request.user.is_authenticated:
        return False
    sign_in = resolve_url(settings.LOGIN_URL)
    return (
        request.path_info.startswith(settings.MICROACQ_STAFF_PATHS)
        and urlsplit(response["Location"]).path == sign_in != request.path
        and not wants_json(request)
        and errors.has_typed(request)
    )
