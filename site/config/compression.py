"""Pages are sent compressed where nothing in them is secret.

Whoever can have a page repeat what they typed, and measure how long the compressed answer is, can guess a secret that
stands beside it (BREACH). So answers to a person who is signed in, forms and a supplier’s own pages go out as they are:
they all say ``private`` or ``no-store``, or set a cookie.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Django's own, for public answers alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if is_public(request, response):
            return super().process_response(request, response)
        return response


def is_public(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether anybody may read this answer, and it holds nothing made for one person."""
    control = response.get("Cache-Control", "")
    return not (
        response.cookies
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or "private" in control
        or "no-store" in control
    )
