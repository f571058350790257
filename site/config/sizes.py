"""What the public may send: text, and not more than a form can hold. Staff’s limits are Django’s settings.

Refuses before anything is read. One kind of page takes a file: a view says so itself, by ``takes_file``, the largest
size in bytes. Must not import models.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, QueryDict

from microacq_pages.errors import too_large

#: Bytes of a form that the public sends. The longest application that is taken has about a tenth of that; the rest is
#: room for texts that are too long, which are to come back with a sentence and not with an empty page.
LARGEST_FORM = 1024 * 1024
#: The same of a form with a file: nothing that is larger is read, whatever its address. A file that is a little too
#: large is to come back with a sentence.
LARGEST_WITH_FILE = 8 * 1024 * 1024


class PublicSizeMiddleware:
    """Refuses a form of the public that is too large, and leaves out every file but that of a view that takes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through what staff send, and the public’s text."""
        if request.method in {"GET", "HEAD"} or request.path_info.startswith(settings.MICROACQ_STAFF_PATHS):
            return self.get_response(request)
        if _length(request) > LARGEST_FORM:
            # Whoever looks for a token in it, the page of an error included, reads nothing of it.
            request.POST = QueryDict()
        if _length(request) > LARGEST_WITH_FILE:
            return too_large(request)
        request.upload_handlers = [_NoFiles(request)]
        response = self.get_response(request)
        # At an address that is none, no view was found that could take a file.
        is_judged = getattr(request, "microacq_size_judged", False)
        return response if is_judged or _length(request) <= LARGEST_FORM else too_large(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Now that the address is known: whether it takes a file."""
        if request.method in {"GET", "HEAD"} or request.path_info.startswith(settings.MICROACQ_STAFF_PATHS):
            return None
        request.microacq_size_judged = True  # type: ignore[attr-defined]
        if getattr(view, "takes_file", False):
            vars(request).pop("_post", None)  # now it may be read
            request.upload_handlers = [_OnlyInMemory(request)]
            return None
        return too_large(request) if _length(request) > LARGEST_FORM else None


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


class _OnlyInMemory(MemoryFileUploadHandler):
    """Never writes what the public sends to a disk, where it would lie unencrypted."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Whatever its size: the length of the form was looked at."""
        self.activated = True
