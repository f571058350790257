"""Who is told what about a request, each in their own language. Sent with Django's mail functions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from microacq_pages.formats import date_long, known_language, number

from . import permissions
from .models import ClientRequest, RequestDecision

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def language_of(user: Any) -> str:
    """The language that a member of staff reads the admin in."""
    profile = getattr(user, "wagtail_userprofile", None)
    return known_language(profile.get_preferred_language() if profile else settings.LANGUAGE_CODE)


def tell_it_strategy(request: ClientRequest, *, but: Any) -> None:
    """A request arrived: tell those who decide on requests, except whoever brought it."""
    people = get_user_model().objects.with_perm(
        permissions.TRIAGE, include_superusers=False, backend=_BACKEND
    )
    for person in people.exclude(pk=but.pk).select_related("wagtail_userprofile").distinct():
        _send(person, "request_received", request, key=f"request-{request.pk}-received-{person.pk}")


def tell_client(request: ClientRequest, decision: RequestDecision) -> None:
    """Tell the client what was decided and why, unless it was their own act."""
    if decision.decided_by_id != request.requester_id:
        _send(request.requester, "request_decided", request, decision, key=f"request-decision-{decision.pk}")


def _send(
    person: Any, name: str, request: ClientRequest, decision: RequestDecision | None = None, *, key: str
) -> None:
    if not person.email:
        return
    language = language_of(person)
    with override(language):
        text = render_to_string(
            f"microacq_pages/mail/{name}.{language}.txt",
            {
                "request": request,
                "decision": decision,
                "client": request.requester.get_full_name() or request.requester.get_username(),
                "needed_by": date_long(request.needed_by, language),
                "hours": number(request.rough_hours.normalize(), language),
                "link": f"{settings.MICROACQ_BASE_URL.rstrip('/')}{reverse('requests:inspect', args=[request.pk])}",
            },
        )
    subject, _blank, body = text.partition("\n")
    EmailMessage(
        subject=subject.strip(),
        body=body.strip() + "\n",
        to=[person.email],
        headers={
            "Auto-Submitted": "auto-generated",
            "X-Microacq-Kind": name,
            "X-Microacq-Key": key,
            "X-Microacq-Language": language,
            "X-Microacq-Private": "1",
        },
    ).send()
