"""Whole public pages kept for anonymous readers, until anything public changes or the clock strikes.

The key holds a version that publications and transitions bump in their own transaction, so that every
process sees it at commit. A page is kept at most a minute and never past the next event of the clock
(a deadline, a planned going live or coming down). Pages with forms, cookies or query strings never.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from wagtail.models import Page

from .models import PublicVersion

LONGEST = 60  # seconds

#: Version and clock of the database, and the next moment at which a public page changes by itself.
NEXT_EVENT = """
SELECT coalesce((SELECT version FROM microacq_pages_publicversion WHERE id = 1), 0),
       now(),
       least(
           (SELECT min(deadline) FROM microacq_pages_publicstatus WHERE deadline > now()),
           (SELECT min(expire_at) FROM wagtailcore_page WHERE live AND expire_at > now()),
           (SELECT min(go_live_at) FROM wagtailcore_page WHERE go_live_at > now())
       )
"""
VERSION = "SELECT coalesce((SELECT version FROM microacq_pages_publicversion WHERE id = 1), 0)"


KEEP_UNTIL = "_microacq_keep_until"


def keep_until(request: HttpRequest | None, moment: datetime) -> None:
    """Let no copy of the page being made live past a moment at which it will read otherwise (UTC)."""
    if request is not None:
        earlier = getattr(request, KEEP_UNTIL, moment)
        setattr(request, KEEP_UNTIL, min(moment, earlier))


def bump() -> None:
    """Forget every kept page once this transaction commits."""
    PublicVersion.bump()


class PublicPageCacheMiddleware:
    """Answers anonymous readers from the cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _may_be_kept(request):
            return self.get_response(request)
        key = _key(request, _one(VERSION)[0])
        kept = cache.get(key)
        if kept is not None:
            return _restored(kept)
        version, now, event = _one(NEXT_EVENT)
        response = self.get_response(request)
        if _is_public(request, response):
            events = [each for each in (event, getattr(request, KEEP_UNTIL, None)) if each is not None]
            seconds = _seconds_until(now, min(events, default=None))
            if seconds:
                cache.set(_key(request, version), _stored(response), seconds)
        return response


def kept(name: str, make: Callable[[], str]) -> str:
    """A public text that many ask for, kept like a page: until anything public changes, at most a minute.

    Args:
        name: What the text depends on, beside what is public.
        make: Makes it.
    """
    version, now, event = _one(NEXT_EVENT)
    key = f"microacq.text.{version}.{hashlib.sha256(name.encode()).hexdigest()}"
    found: str | None = cache.get(key)
    if found is None:
        found = make()
        if seconds := _seconds_until(now, event):
            cache.set(key, found, seconds)
    return found


def _one(sql: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _may_be_kept(request: HttpRequest) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def _is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """Only a page of the site that sets no cookie and forbids no keeping."""
    page = getattr(response, "context_data", None) or {}
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
        and isinstance(page.get("page"), Page)
        and getattr(page["page"], "may_be_cached", True)
    )


def _seconds_until(now: datetime, event: datetime | None) -> int:
    if event is None:
        return LONGEST
    return max(0, min(LONGEST, int((event - now).total_seconds())))


def _key(request: HttpRequest, version: int) -> str:
    address = hashlib.sha256(request.build_absolute_uri().encode()).hexdigest()
    return f"microacq.page.{version}.{address}"


def _stored(response: HttpResponse) -> dict[str, Any]:
    return {"content": response.content, "headers": dict(response.headers)}


def _restored(kept: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(kept["content"], headers=kept["headers"])
    patch_cache_control(response, max_age=0)
    return response
