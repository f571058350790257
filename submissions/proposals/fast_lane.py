"""The short way of a filled-in form to where it is taken, for the last minute before a deadline.

Wagtail finds a page anew for each request: the site, the tree, restrictions, eight queries, a quarter of what an
application costs. The page below which forms stand changes a few times a year. So each process remembers it, for a
minute at most and only as long as nothing was published; one query asks that. Every other request, and the first of
them, goes Wagtail's way. Owns the memory and the address; what happens with the form is in ``applying``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path, register_converter
from django.utils.translation import get_language
from wagtail import views as wagtail_views

from submissions.proposals import applying

if TYPE_CHECKING:
    from submissions.proposals.pages import ProposalFormPage

#: Seconds, as for kept pages.
LONGEST = 60
#: What was published last; nothing where any page is restricted, because only Wagtail knows to whom.
_VERSION = """
SELECT coalesce((SELECT version FROM microacq_pages_publicversion WHERE id = 1), 0)
WHERE NOT EXISTS (SELECT FROM wagtailcore_pageviewrestriction)
"""

Key = tuple[str, str, str, str]
_remembered: dict[Key, tuple[int, float, ProposalFormPage]] = {}


class FileNumber:
    """A number such as MA-2026-0001, as people type it."""

    regex = "[Mm][Aa]-[0-9]{4}-[0-9]{4,6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def answer(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Take a form that was filled in; leave everything else to Wagtail."""
    if request.method != "POST":
        return _wagtails_way(request, slug, number)
    key = (str(connection.settings_dict["NAME"]), request.get_host(), get_language() or "", slug)
    version = _version()
    if version is None:
        return _wagtails_way(request, slug, number)
    known = _remembered.get(key)
    if known and known[0] == version and time.monotonic() - known[1] < LONGEST:
        return applying.apply(request, known[2], number)
    response = _wagtails_way(request, slug, number)
    if (page := _form_page_of(request)) is not None:
        _remembered[key] = (version, time.monotonic(), page)
    return response


def _wagtails_way(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    response: HttpResponse = wagtail_views.serve(request, f"{slug}/{number}/")
    return response


def _version() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _form_page_of(request: HttpRequest) -> ProposalFormPage | None:
    """The page to which Wagtail led the request, if it is one of ours."""
    from submissions.proposals.pages import ProposalFormPage

    found = getattr(request, "_wagtail_route_for_request", None)
    return found.page if found is not None and isinstance(found.page, ProposalFormPage) else None


register_converter(FileNumber, "file_number")
urlpatterns = [path("<slug:slug>/<file_number:number>/", answer)]
