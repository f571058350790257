"""What the public pages about mail have in common: kept in no cache, told to no other site, in the language asked for.

Imports no model and no later stage.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from .networks import network_of

NOT_FOUND, GONE, UNPROCESSABLE, TOO_MANY = 404, 410, 422, 429
SEE_OTHER = 303


def private(view: Any) -> Any:
    """Kept nowhere, told to no other site, found by no search engine."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = cast(HttpResponse, view(request, *args, **kwargs))
        add_never_cache_headers(response)
        # No other site learns the link; the check of our own forms still learns that they come from here.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def language() -> str:
    """The language of the address that was asked for."""
    return (get_language() or "en")[:2]


def network(request: HttpRequest) -> str:
    """Where a request comes from."""
    # The project says how many proxies stand before it; the sign-in counts by the same rule.
    find = import_string(settings.AXES_CLIENT_IP_CALLABLE)
    return network_of(find(request))


def see(address: str) -> HttpResponse:
    """Look at another address, so that loading the page again sends nothing twice."""
    response = HttpResponseRedirect(address)
    response.status_code = SEE_OTHER
    return response


def no_such_link(request: HttpRequest) -> HttpResponse:
    """A link that was never sent, ran out, or belongs to somebody who stopped everything."""
    context = {"contact_email": settings.MICROACQ_CONTACT_EMAIL}
    return render(request, "submissions/notices/following/no_such_link.html", context, status=NOT_FOUND)
