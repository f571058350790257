"""The page on which a supplier reads and answers questions about an application, by the own link or the one mailed.

Nothing on it may be kept on the way. Rules are in ``asking``.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from submissions.proposals.visits import CONFLICT, NOT_FOUND, UNPROCESSABLE, private, see_other

from . import asking
from .aids import Clarification
from .forms import AnswerForm


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Every question about one application, and a form for each that can still be answered."""
    asked = asking.questions_of(token)
    if not asked:
        return _page(request, {"rows": []}, NOT_FOUND)
    status, sent = 200, request.POST if request.method == "POST" else None
    rows: list[dict[str, Any]] = []
    for each in asked:
        prefix = f"q{each.pk}"
        is_this = sent is not None and sent.get("question") == str(each.pk)
        form = AnswerForm(sent if is_this else None, prefix=prefix)
        row = {"asked": each, "form": form, "is_open": asking.takes_answer(each), "is_late": False}
        if is_this:
            if form.is_valid():
                try:
                    asking.answer(each, form.cleaned_data["answer"])
                except asking.TooLate:
                    status, row["is_late"] = CONFLICT, True
                else:
                    return see_other(request.path)
            else:
                status = UNPROCESSABLE
        rows.append(_described(row))
    return _page(request, {"rows": rows, "file": asked[0].candidate.round.solicitation}, status)


def _described(row: dict[str, Any]) -> dict[str, Any]:
    asked: Clarification = row["asked"]
    # What was answered is shown to nobody but who has a link of this application.
    return {**row, "answered": asked.answer()}


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    response = private(
        TemplateResponse(
            request,
            "submissions/evaluation/answer.html",
            {**context, "contact_email": settings.MICROACQ_CONTACT_EMAIL},
            status=status,
        )
    )
    response["Referrer-Policy"] = "same-origin"
    return response
