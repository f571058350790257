"""How data is answered: open to other sites, with a tag and a date to ask again by, in words when there is none.

Owns the headers. Reading costs little and is kept for a minute, so it is not counted like what people send
(docs/decisions/0024-throttles.md). Knows no model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

JSON = "application/json"
LINES = "application/jsonl"
SECONDS_KEPT = 60
METHODS = ("GET", "HEAD", "OPTIONS")
NOTHING = {"en": "There is nothing at this address.", "fr": "Il n’y a rien à cette adresse."}
NOT_ALLOWED = {"en": "This data can only be read.", "fr": "Ces données peuvent seulement être lues."}


def open_to_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let scripts of any site read the answer, and ask beforehand whether they may. Nothing can be sent here."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in METHODS:
            response: HttpResponseBase = in_words(NOT_ALLOWED, 405)
            response["Allow"] = ", ".join(METHODS)
        elif request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
            response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
            response["Access-Control-Max-Age"] = "86400"
        else:
            response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
        return response

    return answer


def answered(request: HttpRequest, text: str, changed_at: datetime | None = None) -> HttpResponse:
    """JSON that may be kept for a minute; a reader that has it already is told so.

    Args:
        request: The request.
        text: The JSON.
        changed_at: When it last changed (UTC), where that is known.
    """
    response = HttpResponse(text, content_type=JSON)
    tag = hashlib.sha256(text.encode()).hexdigest()[:32]
    return tagged(request, response, tag, changed_at)


def tagged(
    request: HttpRequest, response: HttpResponseBase, tag: str, changed_at: datetime | None
) -> HttpResponse:
    """An answer with its tag and date, or the short one that says that it is still so."""
    response["ETag"] = f'"{tag}"'
    if changed_at is not None:
        response["Last-Modified"] = http_date(changed_at.timestamp())
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    moment = int(changed_at.timestamp()) if changed_at is not None else None
    told: HttpResponse = (
        get_conditional_response(request, response["ETag"], moment, response) or response  # type: ignore[assignment,arg-type]
    )
    if told is not response:
        told["Cache-Control"] = response["Cache-Control"]
    return told


def nothing() -> HttpResponse:
    """That there is nothing, in both languages."""
    return in_words(NOTHING, 404)


def in_words(words: dict[str, str], status: int) -> HttpResponse:
    """An answer that is no data."""
    return HttpResponse(json.dumps({"detail": words}, ensure_ascii=False), content_type=JSON, status=status)
