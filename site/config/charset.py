"""Forms are in UTF-8. Django looks up whatever encoding a form names, and some that Python knows hold no text.

Addresses of staff hold no zero byte: Wagtail’s own views ask the database for whatever an address names, and PostgreSQL
knows no such text. Our own public pages answer such addresses like any other that names nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

NAMES = frozenset({"", "utf-8", "utf8"})


class CharsetMiddleware:
    """Refuses a form in any other encoding before anything reads it, and such addresses: browsers send neither."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(settings.MICROACQ_STAFF_PATHS) and _has_zero_byte(request):
            raise BadRequest("An address holds no zero byte.")
        charset = (request.content_params or {}).get("charset", "")
        if charset.strip("\"' ").lower() not in NAMES:
            # The page that says so looks for a token in the form, and would fail at the same encoding.
            request.POST = QueryDict()
            raise BadRequest("A form must be in UTF-8.")
        return self.get_response(request)


def _has_zero_byte(request: HttpRequest) -> bool:
    return "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
