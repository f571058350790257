"""Forms are in UTF-8. Django looks up whatever encoding a form names, and some that Python knows hold no text."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

NAMES = frozenset({"", "utf-8", "utf8"})


class CharsetMiddleware:
    """Refuses a form in any other encoding before anything reads it: browsers send none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "")
        if charset.strip("\"' ").lower() not in NAMES:
            # The page that says so looks for a token in the form, and would fail at the same encoding.
            request.POST = QueryDict()
            raise BadRequest("A form must be in UTF-8.")
        return self.get_response(request)
