"""The public pages of a selection: every step with its date, the bundle, and the program that checks it.

Owns: what each address answers. What is public when is in ``public``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from microacq_pages.models import Opportunity
from submissions.evaluation import results as evaluated
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

from . import public

#: Ends of a file after which nothing more is selected.
WITHOUT_SELECTION = frozenset({State.CANCELLED, State.NO_PROPOSALS, State.NONE_SUITABLE})
PROGRAM = Path(__file__).with_name("verify.py")


def _found(number: str) -> tuple[Solicitation, Opportunity]:
    """The file with its public page in the language of the address.

    Raises:
        Http404: there is none.
    """
    file = Solicitation.objects.filter(number=number.replace("\x00", "")).first()
    language = (get_language() or "en")[:2]
    pages = Opportunity.objects.live().filter(locale__language_code=language)
    page: Opportunity | None = pages.filter(translation_key=file.translation_key).first() if file else None
    if file is None or page is None:
        raise Http404
    return file, page


# Whoever keeps a copy asks again: the page of an earlier step never passes for that of now.
@cache_control(no_cache=True)
@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Every step of the selection of a file, done or still to come, and how to repeat it."""
    file, opportunity = _found(number)
    told = public.told_of(file)
    current = told[-1] if told else None
    marked = " ".join(request.GET.get("receipt", "").upper().split())[:16]
    context: dict[str, Any] = {
        "file": file,
        "opportunity": opportunity,
        "current": current,
        "signed_at": evaluated.signed_at(file.translation_key),
        "is_over": file.state in WITHOUT_SELECTION,
        "voided": [each for each in told if each.voided is not None],
        "marked": marked,
        "marked_rank": _rank(current, marked),
        "bundle_url": reverse("selection:bundle", args=[file.number]),
        "program_url": reverse("selection:program"),
        "breadcrumb_trail": [(opportunity.title, opportunity.url)],
        "language_url": _other_language(file.number),
        "repeat": _repeat(current),
    }
    return render(request, "submissions/selection/page.html", context)


def _rank(told: public.Told | None, receipt: str) -> int:
    """The place of a receipt number in the drawn order; 0 where it has none."""
    if told is None or not receipt:
        return 0
    return next((ranked.rank for ranked in told.ranked if ranked.name == receipt), 0)


def _repeat(told: public.Told | None) -> dict[str, Any]:
    """What the script of the page computes again."""
    if told is None or told.drawn is None or told.frozen is None:
        return {}
    return {
        "commitment": told.commitment.digest,
        "secret": told.drawn.secret,
        "list": told.frozen.canonical,
        "listDigest": told.frozen.digest,
        "publicText": told.drawn.public_text,
        "order": told.drawn.order,
    }


def _other_language(number: str) -> str:
    other = "fr" if (get_language() or "en").startswith("en") else "en"
    with override(other):
        return reverse("selection:page", args=[number])


@cache_control(no_cache=True)
@require_safe
def bundle(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that proves the selection, as one file of RFC 8785 JSON."""
    file, _opportunity = _found(number)
    response = HttpResponse(public.bundle_of(file), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{file.number}.json"'
    return response


@require_safe
def program(request: HttpRequest) -> HttpResponse:
    """The program that checks a bundle."""
    response = HttpResponse(PROGRAM.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    return response
