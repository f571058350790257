"""What each address of the open data answers, and the page that explains them. Reads only.

Bad parameters are passed over, as on the list; a name that nothing has is answered in words.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from microacq_pages import page_cache
from microacq_pages.filters import CLOSING, STATES
from microacq_pages.formats import EASTERN, known_language

from . import opportunities, packages, standard
from .answers import LINES, answered, nothing, open_to_all, tagged

#: The largest key that the database can hold.
MOST = 2**63 - 1


@open_to_all
def list_opportunities(request: HttpRequest) -> HttpResponse:
    """The opportunities, with the filters of the public list."""
    found = opportunities.search(request.GET)
    if found is None:
        return nothing()

    def make() -> str:
        return _written(opportunities.listing(found))

    # Keywords are as many as there are readers: keeping those would only push out what many ask for.
    page = str(found.data.get("page", "1"))
    name = f"opportunities/{found.language}{found.query(page=page)}"
    is_shared = "q" not in found.applied and not found.left_out and page.isdigit() and len(page) < 4
    return answered(request, page_cache.kept(name, make) if is_shared else make())


@open_to_all
def one_opportunity(request: HttpRequest, number: str) -> HttpResponse:
    """One opportunity with its text."""
    found = opportunities.one(_clean(number))
    return nothing() if found is None else answered(request, _written(found))


@open_to_all
def list_releases(request: HttpRequest) -> HttpResponse:
    """One page of the releases, the newest first."""
    page = packages.page_of_releases(_key(request, "before"), _moment(request, "since"))
    return nothing() if page is None else answered(request, page.text, page.changed_at)


@open_to_all
def one_release(request: HttpRequest, name: str) -> HttpResponse:
    """One release, which never changes."""
    page = packages.one_release(_clean(name))
    return nothing() if page is None else answered(request, page.text, page.changed_at)


@open_to_all
def list_records(request: HttpRequest) -> HttpResponse:
    """One page of the records, what was posted last first."""
    page = packages.page_of_records(_key(request, "before"))
    return nothing() if page is None else answered(request, page.text, page.changed_at)


@open_to_all
def one_record(request: HttpRequest, ocid: str) -> HttpResponse:
    """The record of one file with all of its releases."""
    page = packages.one_record(_clean(ocid))
    return nothing() if page is None else answered(request, page.text, page.changed_at)


@transaction.non_atomic_requests
@open_to_all
def all_releases(request: HttpRequest) -> HttpResponseBase:
    """Every release, one a line, as one download."""
    extent = packages.extent()
    if not extent.count:
        return nothing()
    # A reader that asked for the head, or has it all, costs the count alone.
    response = StreamingHttpResponse(
        packages.lines(extent.last) if request.method == "GET" else (),
        content_type=LINES,
        headers={"Content-Disposition": 'attachment; filename="releases.jsonl"'},
    )
    told = f"{standard.prefix()}/{extent.count}/{extent.last}"
    return tagged(request, response, hashlib.sha256(told.encode()).hexdigest()[:32], extent.changed_at)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The page that says what there is, at which addresses, and what each name means."""
    context: dict[str, Any] = {
        "prefix": standard.prefix(),
        "licence": packages.LICENCES[known_language(get_language())],
        "states": STATES.items(),
        "closing": CLOSING.items(),
        "page_size": opportunities.PAGE_SIZE,
        "base_url": settings.MICROACQ_BASE_URL.rstrip("/"),
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
    }
    return render(request, "submissions/opendata/guide.html", context)


def _written(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _clean(text: str) -> str:
    """No text of the database can hold a zero byte."""
    return text.replace("\x00", "")[:60]


def _key(request: HttpRequest, name: str) -> int | None:
    sent = request.GET.get(name, "")
    return min(int(sent), MOST) if sent.isascii() and sent.isdigit() and len(sent) < 40 else None


def _moment(request: HttpRequest, name: str) -> datetime | None:
    """A moment, or the beginning of a day in Eastern time."""
    sent = request.GET.get(name, "").replace(" ", "+")[:40]
    try:
        moment, day = parse_datetime(sent), parse_date(sent)
    except ValueError:
        return None
    if day is not None:
        return datetime(day.year, day.month, day.day, tzinfo=EASTERN).astimezone(UTC)
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # in UTC it would lie before the year 1, or after 9999
        return None
