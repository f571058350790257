"""The public pages of the mailing list, and the one page on which a person changes all choices about mail.

Owns: what each address answers. Only a POST changes anything, so that programs that fetch the links of a message do
not. Rules are in ``services``.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..answers import UNPROCESSABLE, language, no_such_link, private, see, take_address
from ..following import subscribers
from ..following.models import Subscriber
from ..following.services import CONFIRM_WITHIN, titles
from . import services
from .forms import NOT_ON_IT, ChoicesForm, LinkForm, SubscribeForm

TEMPLATES = "submissions/notices/subscribing"


@private
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The form, and the same answer to every valid one."""
    return take_address(
        request,
        SubscribeForm,
        subject="follow/list",
        send=services.ask,
        sent_url=reverse("follow:list-sent"),
        template=f"{TEMPLATES}/join.html",
    )


@private
@require_http_methods(["GET", "HEAD"])
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next; says nothing about any address."""
    return render(request, f"{TEMPLATES}/sent.html", {"days": CONFIRM_WITHIN.days})


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What was chosen, a button, and then the person's own page."""
    if request.method == "POST":
        confirmed = services.confirm(token)
        if confirmed is not None:
            return see(f"{reverse('follow:mine', args=[confirmed.subscriber.token])}?joined=1")
    subscription = services.to_confirm(token)
    if subscription is None:
        return no_such_link(request)
    context = {"chosen": services.in_words(subscription, language())}
    return render(request, f"{TEMPLATES}/confirm.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Every choice of a person: new opportunities, skills, rhythm, language, what they follow; and the way out."""
    subscriber = subscribers.subscriber_of(token)
    if subscriber is None:
        return no_such_link(request)
    answered = 200
    form = ChoicesForm(initial=_choices(subscriber))
    if request.method == "POST":
        if request.POST.get("act") == "stop":
            services.stop_everything(token)
            return render(request, "submissions/notices/following/stopped.html")
        form = ChoicesForm(request.POST)
        if form.is_valid():
            services.choose(subscriber, **form.cleaned_data)
            if subscribers.subscriber_of(token) is None:
                return render(request, "submissions/notices/following/stopped.html")
            return see(f"{reverse('follow:mine', args=[token])}?saved=1")
        answered = UNPROCESSABLE
    followings = _followings(subscriber, token)
    context = {
        "form": form,
        "saved": "saved" in request.GET,
        "followed": next((one for one in followings if one["number"] == request.GET.get("followed")), None),
        "joined": "joined" in request.GET,
        "set_aside": subscriber.set_aside_at is not None,
        "followings": followings,
    }
    return render(request, f"{TEMPLATES}/mine.html", context, status=answered)


def _choices(subscriber: Subscriber) -> dict[str, Any]:
    subscription = getattr(subscriber, "subscription", None)
    on_the_list = subscription is not None and subscription.confirmed_at is not None
    return {
        "language": subscriber.language or "both",
        "rhythm": subscription.rhythm if subscription and on_the_list else NOT_ON_IT,
        "skills": [str(each.translation_key) for each in subscription.skills.all()]
        if subscription and on_the_list
        else [],
    }


def _followings(subscriber: Subscriber, token: str) -> list[dict[str, str]]:
    followings = list(subscriber.followings.confirmed())
    names = titles([one.translation_key for one in followings], language())
    return [
        {
            "number": one.number,
            "title": names.get(one.translation_key, ""),
            "stop_url": reverse("follow:stop", args=[token, one.number]),
        }
        for one in followings
    ]


# RFC 8058: a mail program sends this POST without cookie, token or page. The link is the proof.
@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Leave the list: at once by POST, after a button otherwise."""
    if request.method == "POST":
        services.stop(token)
        return render(request, f"{TEMPLATES}/stopped.html")
    subscriber = subscribers.subscriber_of(token)
    subscription = getattr(subscriber, "subscription", None)
    if subscription is None or subscription.confirmed_at is None:
        return no_such_link(request)
    return render(request, f"{TEMPLATES}/stop.html", {"mine_url": reverse("follow:mine", args=[token])})


@private
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """The form by which one asks for the own link again, and the same answer to every valid one."""
    return take_address(
        request,
        LinkForm,
        subject="follow/link",
        send=partial(services.send_link, language=language()),
        sent_url=reverse("follow:link-sent"),
        template=f"{TEMPLATES}/link.html",
    )


@private
@require_http_methods(["GET", "HEAD"])
def link_sent(request: HttpRequest) -> HttpResponse:
    """What happens next; says nothing about any address."""
    return render(request, f"{TEMPLATES}/link_sent.html")
