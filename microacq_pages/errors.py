"""Answers to requests that fail, in the language of the address; in both where the address has none.

Named as Django's handlers in ``config.urls``. The answer to a failure of the server itself asks nothing
of the database and of the catalogue, since either may be what failed. Must not import models.
"""

from __future__ import annotations

import logging
import sys
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template import loader
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import requires_csrf_token

from .furniture import LANGUAGES

logger = logging.getLogger(__name__)

#: What is left to say when even the template of a failure cannot be read.
LAST_WORDS = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Error / Erreur</title></head><body>'
    "<h1>We have a problem</h1><p>Try again later.</p>"
    '<div lang="fr"><h1>Nous éprouvons un problème</h1><p>Réessayez plus tard.</p></div></body></html>'
)


def languages_of(request: HttpRequest) -> tuple[str, ...]:
    """The language that the address begins with, else both."""
    first = request.path_info.split("/")[1:2]
    return tuple(first) if first and first[0] in LANGUAGES else LANGUAGES


def _answer(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    languages = languages_of(request)
    with translation.override(languages[0]):
        content = loader.render_to_string(name, {"languages": languages, **context}, request)
    response = HttpResponse(content, status=status)
    response.headers["Content-Language"] = ", ".join(languages)
    return response


TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be read, or is more than is taken."""
    if isinstance(exception, TOO_MUCH):
        return too_large(request)
    return _answer(request, "400.html", 400)


@requires_csrf_token
def too_large(request: HttpRequest) -> HttpResponse:
    """More was sent than a form can hold: nothing of it was read, so it cannot be shown again."""
    return _answer(request, "413.html", 413)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "404.html", 404)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refuse; the sentence with which the refusal was raised is for the person to read."""
    reason = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return _answer(request, "403.html", 403, reason=reason)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or that did not come from this site: what was typed here is in the answer."""
    return _kept_by_the_browser(_answer(request, "403_csrf.html", 403, **_to_send_again(request)))


@requires_csrf_token
def signed_out(request: HttpRequest, sign_in: str) -> HttpResponse:
    """Staff sent a form after their session had ended: what they typed is in the answer, and nowhere else.

    Args:
        request: What they sent.
        sign_in: Where they sign in.
    """
    context = {**_to_send_again(request), "sign_in": sign_in}
    return _kept_by_the_browser(_answer(request, "signed_out.html", 403, **context))


def _kept_by_the_browser(response: HttpResponse) -> HttpResponse:
    """By nothing on the way, but by the browser, so that going back finds the text again."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


#: The database cannot be reached, as while it starts again.
UNAVAILABLE, RETRY_SECONDS = 503, 10


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Something failed: what was typed is in the answer, with a button that sends it again."""
    content: str
    try:
        context = {
            "languages": languages_of(request),
            "sent": _without_passwords(_all_sent(request)),
            "address": request.get_full_path(),
        }
        content = loader.render_to_string("500.html", context)
    except Exception:
        logger.exception("The page for server errors cannot be shown")
        content = LAST_WORDS
    response = _kept_by_the_browser(HttpResponse(content, status=500))
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response.status_code = UNAVAILABLE
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def came_from_here(request: HttpRequest) -> bool:
    """Whether a page of this site sent the form. Browsers name the origin of every form that another site sends."""
    sender = request.headers.get("origin") or request.headers.get("referer")
    return sender is None or urlsplit(sender).netloc == request.get_host()


def has_typed(request: HttpRequest) -> bool:
    """Whether a form of this site was sent in which something stood."""
    return bool(_to_send_again(request)["sent"])


def _to_send_again(request: HttpRequest) -> dict[str, Any]:
    """What the page of a form that was not taken needs to send it again, with another token."""
    sent = [pair for pair in _without_passwords(_all_sent(request)) if pair[0] != "csrfmiddlewaretoken"]
    return {
        "sent": sent if any(value for _name, value in sent) else [],
        "texts": [value for _name, value in sent if len(value.split()) > 1],
        "address": request.get_full_path(),
    }


def _without_passwords(sent: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in sent if "password" not in name.lower()]


def _all_sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Each name and value of a form that was sent from here."""
    if request.method != "POST":
        return []
    try:
        if not came_from_here(request):
            return []
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except (SuspiciousOperation, UnreadablePostError):
        return []
