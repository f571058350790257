"""The public pages of following one opportunity: ask, confirm, stop. None of them is kept in any cache.

Owns: what each address answers. Only a POST changes anything, so that programs that fetch the links of a message do
not. Rules are in ``services``; the page of all choices is in ``subscribing``.
"""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from microacq_pages.models import Opportunity, PublicStatus

from ..answers import GONE, language, no_such_link, private, see, take_address
from . import services, subscribers
from .forms import FollowForm


def _number(typed: str) -> str:
    """A number as the database can be asked for it."""
    return typed.replace("\x00", "")


def _opportunity(number: str) -> tuple[PublicStatus, Opportunity]:
    """What is followed, with its public page in the language of the address."""
    status = PublicStatus.objects.filter(number=_number(number)).first()
    if status is None:
        raise Http404
    pages = Opportunity.objects.live().filter(translation_key=status.translation_key)
    page: Opportunity | None = pages.filter(locale__language_code=language()).first()
    if page is None:
        raise Http404
    return status, page


@private
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """The form, and the same answer to every valid one."""
    status, opportunity = _opportunity(number)
    template = "submissions/notices/following/ask.html"
    context = {"status": status, "opportunity": opportunity}
    if status.state == PublicStatus.State.CANCELLED:
        return render(request, template, {**context, "over": True}, status=GONE)
    return take_address(
        request,
        FollowForm,
        subject=f"follow/{status.number}",
        send=partial(services.ask, status=status),
        sent_url=reverse("follow:sent", args=[number]),
        template=template,
        **context,
    )


@private
@require_http_methods(["GET", "HEAD"])
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """What happens next; says nothing about any address."""
    status, opportunity = _opportunity(number)
    context = {"status": status, "opportunity": opportunity, "days": services.CONFIRM_WITHIN.days}
    return render(request, "submissions/notices/following/sent.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button, and then the person's own page."""
    if request.method == "POST":
        confirmed = services.confirm(token)
        if confirmed is not None:
            return see(
                f"{reverse('follow:mine', args=[confirmed.subscriber.token])}?followed={confirmed.number}"
            )
    following = services.to_confirm(token)
    if following is None:
        return no_such_link(request)
    title = services.titles([following.translation_key], language()).get(following.translation_key, "")
    context = {"following": following, "opportunity_title": title}
    return render(request, "submissions/notices/following/confirm.html", context)


# RFC 8058: a mail program sends this POST without cookie, token or page. The link is the proof.
@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Stop following one opportunity: at once by POST, after a button otherwise."""
    if request.method == "POST":
        services.stop(token, _number(number))
        return render(request, "submissions/notices/following/stopped.html", {"number": number})
    subscriber = subscribers.subscriber_of(token)
    found = subscriber.followings.confirmed().filter(number=_number(number)) if subscriber else None
    following = found.first() if found is not None else None
    if following is None:
        return no_such_link(request)
    title = services.titles([following.translation_key], language()).get(following.translation_key, "")
    context = {
        "following": following,
        "opportunity_title": title,
        "mine_url": reverse("follow:mine", args=[token]),
    }
    return render(request, "submissions/notices/following/stop.html", context)
