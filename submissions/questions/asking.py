"""What the public addresses answer: how to ask, the form of a file, and that a question was received.

Owns the flow from the first GET to the confirmation, so that nothing typed is lost and nothing is taken too late. Each
function takes the page as an argument and knows only its addresses. Rules are in ``closing``, ``services`` and the
gate.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _

from submissions.gate import looking, networks, waiting
from submissions.solicitations.models import Solicitation

from . import closing, services
from .forms import AskForm
from .models import Question

if TYPE_CHECKING:
    from .pages import QuestionsPage

UNPROCESSABLE = 422
FORBIDDEN = 403
NOT_FOUND = 404
GONE = 410


@dataclass
class Visit:
    """One request to the form of one file."""

    request: HttpRequest
    page: QuestionsPage
    file: Solicitation
    now: datetime
    stamp: str

    @property
    def language(self) -> str:
        code: str = self.page.locale.language_code
        return code

    def show(self, form: AskForm, *, status: int = 200, notice: str = "") -> HttpResponse:
        """The form, with what was typed."""
        response = render(
            self.request,
            self.page,
            "form.html",
            {
                "file": self.file,
                "opportunity": self.file.page(self.language),
                "form": form,
                "stamp": self.stamp,
                "bait": looking.BAIT,
                "closes_at": closing.closes_at(self.file.deadline),
                "now": self.now,
                "notice": notice,
            },
            status=status,
        )
        # Kept by the browser alone, so that going back after a lost connection finds the text again.
        patch_cache_control(response, private=True, no_cache=True)
        response["X-Robots-Tag"] = "noindex"
        return response


def index(request: HttpRequest, page: QuestionsPage, *, missing: bool = False) -> HttpResponse:
    """How to ask, and the opportunities that take questions now."""
    files = Solicitation.objects.open().annotate(moment=TransactionNow()).order_by("deadline")
    response = render(
        request,
        page,
        "index.html",
        {
            "files": [
                (file, page.address_of("ask", file.number), closing.closes_at(file.deadline))
                for file in files
                if closing.takes_questions(file, file.moment)
            ],
            "missing": missing,
        },
        status=NOT_FOUND if missing else 200,
    )
    add_never_cache_headers(response)
    return response


def ask(request: HttpRequest, page: QuestionsPage, number: str, *, csrf_failed: bool = False) -> HttpResponse:
    """The form of file ``number``: show it, or take what was typed."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    file = file_of(number)
    if file is None:
        return index(request, page, missing=True)
    now: datetime = file.moment  # type: ignore[attr-defined]  # annotated by file_of
    if request.method != "POST":
        visit = Visit(request, page, file, now, looking.new_stamp(_subject(file)))
        form = AskForm()
        return visit.show(form) if closing.takes_questions(file, now) else _closed(visit, form)
    seen = looking.look(request, _subject(file))
    return _take(
        Visit(request, page, file, now, seen.stamp), AskForm(request.POST), seen, csrf_failed=csrf_failed
    )


def _subject(file: Solicitation) -> str:
    """What a form is stamped for."""
    return f"ask/{file.number}"


def file_of(number: str) -> Solicitation | None:
    """The file, with the answer of the database’s clock as the trigger will give it to this transaction."""
    return (
        Solicitation.objects.filter(number=number[:20].upper().replace("\x00", ""))
        .annotate(moment=TransactionNow())
        .first()
    )


def _take(visit: Visit, form: AskForm, seen: looking.Look, *, csrf_failed: bool) -> HttpResponse:
    """Take what was typed: a confirmation, or the form again with every word of it."""
    if not closing.takes_questions(visit.file, visit.now):
        return _closed(visit, form)
    if csrf_failed:
        return visit.show(form, status=FORBIDDEN, notice=_cookie_refused())
    if not form.is_valid():
        return visit.show(form, status=UNPROCESSABLE, notice=seen.objection)
    if seen.objection:
        return visit.show(form, status=seen.status, notice=seen.objection)
    text = form.cleaned_data["question"]
    try:
        question = services.receive(
            visit.file,
            text=text,
            language=visit.language,
            address=form.cleaned_data["email"],
            form_digest=hashlib.sha256(f"{visit.stamp}\n{text}".encode()).hexdigest(),
            network=networks.network_of_visitor(visit.request),
        )
    except services.Closed:
        return _closed(visit, form)
    except services.TooMany as refusal:
        notice = waiting.sentence(refusal.reached)
        return waiting.mark(visit.show(form, status=waiting.STATUS, notice=notice), refusal.reached)
    response = HttpResponseRedirect(visit.page.address_of("received", visit.file.number, question.reference))
    response.status_code = 303  # what follows is a GET: loading it again asks nothing again
    return _private(response)


def _cookie_refused() -> str:
    return _(
        "Your question was not sent, because this page had been open for too long or your browser refused a cookie. "
        "Nothing you typed is lost: allow cookies for this site, then send it again."
    )


def _closed(visit: Visit, form: AskForm) -> HttpResponse:
    """Too late, or cancelled: nothing is stored, and what was typed is shown to be kept."""
    response = render(
        visit.request,
        visit.page,
        "closed.html",
        {
            "file": visit.file,
            "opportunity": visit.file.page(visit.language),
            "closes_at": closing.closes_at(visit.file.deadline),
            "typed": str(form["question"].value() or "").strip(),
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        },
        status=GONE,
    )
    # Without “no-store”: going back must find the text again.
    patch_cache_control(response, private=True, no_cache=True)
    return response


def received(request: HttpRequest, page: QuestionsPage, number: str, reference: str) -> HttpResponse:
    """That the question with this reference was received; nothing of what it says."""
    question = (
        Question.objects.select_related("solicitation")
        .filter(
            reference=reference[:20].replace("\x00", ""), solicitation__number=number[:20].replace("\x00", "")
        )
        .first()
    )
    if question is None:
        return index(request, page, missing=True)
    return _private(
        render(
            request,
            page,
            "received.html",
            {
                "file": question.solicitation,
                "opportunity": question.solicitation.page(page.locale.language_code),
                "reference": question.reference,
                "will_be_told": bool(question.contact),
                "ask_url": page.address_of("ask", question.solicitation.number),
            },
        )
    )


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing on the way keeps this page or finds it."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def render(
    request: HttpRequest, page: QuestionsPage, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    return TemplateResponse(
        request,
        f"submissions/questions/{template}",
        {**page.get_context(request), **context},
        status=status,
    )
