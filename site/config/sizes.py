"""What the public may send: text, and not more than a form can hold. Staff’s limits are Django’s settings.

Refuses before anything is read. Must not import models.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse

from microacq_pages.errors import too_large

#: Bytes of a form that the public sends. The longest application that is taken has about a tenth of that; the rest is
#: room for texts that are too long, which are to come back with a sentence and not with an empty page.
LARGEST_FORM = 1024 * 1024


class PublicSizeMiddleware:
    """Refuses a form of the public that is too large, and leaves out every file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through what staff send, and the public’s text."""
        if request.method in {"GET", "HEAD"} or request.path_info.startswith(settings.MICROACQ_STAFF_PATHS):
            return self.get_response(request)
        if _length(request) > LARGEST_FORM:
            return too_large(request)
        request.upload_handlers = [_NoFiles(request)]
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # Django reads nothing of such a request


class _NoFiles(FileUploadHandler):
    """Reads over files, and notes on the request that there was one."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        self.request.microacq_file_refused = True  # type: ignore[union-attr]
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing is kept."""

    def file_complete(self, file_size: int) -> None:
        """Nothing was kept."""
