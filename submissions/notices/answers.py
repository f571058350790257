"""What the public pages about mail have in common: kept in no cache, told to no other site.

Owns as well the one way of every form by which mail is sent to an address that somebody typed.

Imports no model and no later stage.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language

from submissions.gate import looking, networks, waiting

from .following.limits import TooMany

NOT_FOUND, GONE, UNPROCESSABLE = 404, 410, 422
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


def see(address: str) -> HttpResponse:
    """Look at another address, so that loading the page again sends nothing twice."""
    response = HttpResponseRedirect(address)
    response.status_code = SEE_OTHER
    return response


def no_such_link(request: HttpRequest) -> HttpResponse:
    """A link that was never sent, ran out, or belongs to somebody who stopped everything."""
    context = {"contact_email": settings.MICROACQ_CONTACT_EMAIL}
    return render(request, "submissions/notices/following/no_such_link.html", context, status=NOT_FOUND)


def take_address(
    request: HttpRequest,
    form_class: type[forms.Form],
    *,
    subject: str,
    send: Callable[..., None],
    sent_url: str,
    template: str,
    **context: Any,
) -> HttpResponse:
    """A form by which somebody has mail sent to an address: shown, or taken and answered alike for every address.

    Args:
        request: The visit.
        form_class: The form; what it holds is handed to ``send`` by name.
        subject: What the gate stamps the form for.
        send: Sends the one message, given where the visitor comes from as ``network``.
        sent_url: The page that says what happens next.
        template: The page of the form.
        context: What else the page needs.
    """
    if request.method != "POST":
        gate = {"stamp": looking.new_stamp(subject), "bait": looking.BAIT}
        return render(request, template, {**context, **gate, "form": form_class()})
    seen = looking.look(request, subject)
    form = form_class(request.POST)
    context |= {"stamp": seen.stamp, "bait": looking.BAIT, "form": form}
    if not form.is_valid():
        return render(request, template, context, status=UNPROCESSABLE)
    if seen.objection:
        return render(request, template, {**context, "notice": seen.objection}, status=seen.status)
    try:
        send(**form.cleaned_data, network=networks.network_of_visitor(request))
    except TooMany as error:
        context["notice"] = waiting.sentence(error.reached)
        answer = render(request, template, context, status=waiting.STATUS)
        return waiting.mark(answer, error.reached)
    return see(sent_url)
