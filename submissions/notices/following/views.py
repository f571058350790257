"""The public pages of following: ask, confirm, change or stop. None of them is kept in any cache.

Owns: what each address answers. Only a POST changes anything, so that programs that fetch the links of a message do
not. Rules are in ``services``.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from microacq_pages.models import Opportunity, PublicStatus

from ...gate.networks import network_of_visitor
from . import services
from .forms import FollowForm, LanguageForm

NOT_FOUND, GONE, UNPROCESSABLE, TOO_MANY = 404, 410, 422, 429
SEE_OTHER = 303


def _private(view: Any) -> Any:
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


def _language() -> str:
    return (get_language() or "en")[:2]


def _number(typed: str) -> str:
    """A number as the database can be asked for it."""
    return typed.replace("\x00", "")


def _opportunity(number: str) -> tuple[PublicStatus, Opportunity]:
    """What is followed, with its public page in the language of the address."""
    status = PublicStatus.objects.filter(number=_number(number)).first()
    if status is None:
        raise Http404
    pages = Opportunity.objects.live().filter(translation_key=status.translation_key)
    page: Opportunity | None = pages.filter(locale__language_code=_language()).first()
    if page is None:
        raise Http404
    return status, page


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """The form, and the same answer to every valid one."""
    status, opportunity = _opportunity(number)
    context = {"status": status, "opportunity": opportunity, "form": FollowForm()}
    if status.state == PublicStatus.State.CANCELLED:
        return render(
            request, "submissions/notices/following/ask.html", {**context, "over": True}, status=GONE
        )
    if request.method != "POST":
        return render(request, "submissions/notices/following/ask.html", context)
    form = FollowForm(request.POST)
    answered = 200
    if not form.is_valid():
        answered = UNPROCESSABLE
    else:
        try:
            services.ask(
                status=status,
                address=form.cleaned_data["address"],
                language=form.cleaned_data["language"],
                network=network_of_visitor(request),
            )
        except services.TooMany:
            answered = TOO_MANY
        else:
            return _see(reverse("follow:sent", args=[number]))
    context.update(form=form, too_many=answered == TOO_MANY)
    return render(request, "submissions/notices/following/ask.html", context, status=answered)


@_private
@require_http_methods(["GET", "HEAD"])
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """What happens next; says nothing about any address."""
    status, opportunity = _opportunity(number)
    context = {"status": status, "opportunity": opportunity, "days": services.CONFIRM_WITHIN.days}
    return render(request, "submissions/notices/following/sent.html", context)


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button, and then the person's own page."""
    if request.method == "POST":
        confirmed = services.confirm(token)
        if confirmed is not None:
            return _see(reverse("follow:mine", args=[confirmed.subscriber.token]))
    following = services.to_confirm(token)
    if following is None:
        return _no_such_link(request)
    title = services.titles([following.translation_key], _language()).get(following.translation_key, "")
    context = {"following": following, "opportunity_title": title}
    return render(request, "submissions/notices/following/confirm.html", context)


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """What a person follows, in which language they are written to, and how to stop."""
    subscriber = services.subscriber_of(token)
    if subscriber is None:
        return _no_such_link(request)
    form = LanguageForm(initial={"language": subscriber.language})
    answered = 200
    if request.method == "POST":
        if request.POST.get("act") == "stop":
            services.stop(token)
            return render(request, "submissions/notices/following/stopped.html")
        form = LanguageForm(request.POST)
        if form.is_valid():
            services.set_language(subscriber, form.cleaned_data["language"])
            return _see(f"{reverse('follow:mine', args=[token])}?saved=1")
        answered = UNPROCESSABLE
    followings = list(subscriber.followings.confirmed())
    names = services.titles([one.translation_key for one in followings], _language())
    context = {
        "form": form,
        "saved": "saved" in request.GET,
        "followings": [
            {
                "number": one.number,
                "title": names.get(one.translation_key, ""),
                "stop_url": reverse("follow:stop", args=[token, one.number]),
            }
            for one in followings
        ],
    }
    return render(request, "submissions/notices/following/mine.html", context, status=answered)


# RFC 8058: a mail program sends this POST without cookie, token or page. The link is the proof.
@csrf_exempt
@_private
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Stop following one opportunity: at once by POST, after a button otherwise."""
    if request.method == "POST":
        services.stop(token, _number(number))
        return render(request, "submissions/notices/following/stopped.html", {"number": number})
    subscriber = services.subscriber_of(token)
    found = subscriber.followings.confirmed().filter(number=_number(number)) if subscriber else None
    following = found.first() if found is not None else None
    if following is None:
        return _no_such_link(request)
    title = services.titles([following.translation_key], _language()).get(following.translation_key, "")
    context = {
        "following": following,
        "opportunity_title": title,
        "mine_url": reverse("follow:mine", args=[token]),
    }
    return render(request, "submissions/notices/following/stop.html", context)


def _see(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = SEE_OTHER
    return response


def _no_such_link(request: HttpRequest) -> HttpResponse:
    context = {"contact_email": settings.MICROACQ_CONTACT_EMAIL}
    return render(request, "submissions/notices/following/no_such_link.html", context, status=NOT_FOUND)
