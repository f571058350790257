"""The pages that a supplier opens after the deadline: the offer, the result, the debrief. None is kept in any cache.

Owns: what each address answers. Only a POST changes anything, so that programs that fetch the links of a message do
not. Rules are in ``offers``, ``confirmations``, ``debriefs`` and ``outcome``; nothing here tells of anybody else’s
application.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from microacq_pages import formats
from submissions.evaluation import results as evaluation
from submissions.notices.answers import NOT_FOUND, UNPROCESSABLE, language, private, see
from submissions.proposals.models import Proposal
from submissions.selection import results as selection
from submissions.solicitations.enums import WITH_CONTRACT, State
from submissions.solicitations.services import database_clock
from submissions.typed_text import typed_in

from . import access, confirmations, debriefs, offers, outcome, papers, terms, timing, translations
from .enums import DeclineReason, OfferState, Result, Topic
from .forms import YES, AcceptForm, ConfirmationForm, DeclineForm, WriteForm
from .models import Offer

FORBIDDEN, CONFLICT = 403, 409
TEMPLATES = "submissions/awards"

View = Callable[..., HttpResponse]


def of_link(view: View) -> Any:
    """A page below a link: of its application, or the same answer to whatever link opens nothing."""

    @wraps(view)
    def answer(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        proposal = access.proposal_of(token)
        if proposal is None:
            context = {"contact_email": settings.MICROACQ_CONTACT_EMAIL}
            return render(request, f"{TEMPLATES}/no_such_link.html", context, status=NOT_FOUND)
        return view(request, token, proposal, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(private(answer))


def keeps_typed(view: View) -> View:
    """Asked again, with ``csrf_failed``, where the session of the form has ended: shows the form with every word."""
    view.keeps_typed = True  # type: ignore[attr-defined]  # read by proposals.views.csrf_failure
    return view


def takes_file(view: View) -> View:
    """The one public page by which a file can be sent (``config.sizes``)."""
    view.takes_file = True  # type: ignore[attr-defined]  # read by the middleware
    return view


@of_link
def page(request: HttpRequest, token: str, proposal: Proposal) -> HttpResponse:
    """What stands now: the offer with its form, what was accepted, or the result with its reasons."""
    offer = _offer_of(proposal)
    if offer is not None and _waits(offer):
        return _show_offer(request, token, offer, _accept_form(offer))
    return render(request, f"{TEMPLATES}/page.html", _result_context(request, token, proposal, offer))


@keeps_typed
@of_link
def accept(
    request: HttpRequest, token: str, proposal: Proposal, *, csrf_failed: bool = False
) -> HttpResponse:
    """Take the acceptance of an offer; what stands against it is shown with everything typed."""
    offer = _offer_of(proposal)
    if request.method != "POST" or offer is None or not _waits(offer):
        return see(reverse("result:page", args=[token]))
    form = _accept_form(offer, request.POST)
    if csrf_failed:
        return _show_offer(request, token, offer, form, status=FORBIDDEN, notice=_again())
    if not form.is_valid():
        return _show_offer(request, token, offer, form, status=UNPROCESSABLE)
    typed = form.cleaned_data
    try:
        offers.accept(
            proposal,
            offers.Answer(
                payment=typed["payment"],
                is_government_employee=typed["employee"] == YES,
                licence_holder=typed["licence_holder"],
                signature=typed["signature"],
                language=language(),
                terms_digest=typed["terms"],
            ),
        )
    except offers.TermsChanged:
        notice = _("The terms below are not those that you read: read them again before you accept.")
        return _show_offer(request, token, offer, form, status=CONFLICT, notice=notice)
    except offers.TooLate:
        return see(reverse("result:page", args=[token]))
    is_employee = typed["employee"] == YES
    return see(reverse("result:confirmation" if is_employee else "result:page", args=[token]))


@keeps_typed
@of_link
def decline(
    request: HttpRequest, token: str, proposal: Proposal, *, csrf_failed: bool = False
) -> HttpResponse:
    """Ask why, then record that the supplier does not take the work."""
    offer = _offer_of(proposal)
    posted = request.method == "POST"
    form = DeclineForm(request.POST if posted else None)
    if offer is None or not (_waits(offer) or offer.state == OfferState.ACCEPTED):
        return _nothing_to_decline(request, token, proposal, form)
    status = 200
    if posted:
        status = FORBIDDEN if csrf_failed else UNPROCESSABLE
        if form.is_valid() and not csrf_failed:
            typed = form.cleaned_data
            try:
                offers.decline(proposal, DeclineReason(typed["reason"]), typed["words"])
            except offers.TooLate:
                return _nothing_to_decline(request, token, proposal, form)
            return see(reverse("result:page", args=[token]))
    context = {**_shared(token, proposal), "form": form, "notice": _again() if csrf_failed else ""}
    return render(request, f"{TEMPLATES}/decline.html", context, status=status)


def _nothing_to_decline(
    request: HttpRequest, token: str, proposal: Proposal, form: DeclineForm
) -> HttpResponse:
    """The result; to who wrote why, when there is nothing to decline any more, what was typed."""
    offer = _offer_of(proposal)
    words = str(form["words"].value() or "").split()
    was_kept = offer is not None and offer.state == OfferState.DECLINED and offer.reason.split() == words
    if not words or was_kept:
        return see(reverse("result:page", args=[token]))
    context = {**_shared(token, proposal), "form": form, "typed": typed_in(form)}
    return render(request, f"{TEMPLATES}/decline.html", context, status=CONFLICT)


@of_link
def terms_text(request: HttpRequest, token: str, proposal: Proposal) -> HttpResponse:
    """The exact text as a file, so that everybody can compute its digest: what was accepted, or what is offered."""
    offer = _offer_of(proposal)
    if offer is None or not (_waits(offer) or offer.state in (OfferState.ACCEPTED, OfferState.AWARDED)):
        return render(
            request,
            f"{TEMPLATES}/no_such_link.html",
            {"contact_email": settings.MICROACQ_CONTACT_EMAIL},
            status=NOT_FOUND,
        )
    accepted = getattr(offer, "acceptance", None)
    text = accepted.words()["terms"] if accepted else terms.text_of(offer, language())
    response = HttpResponse(text.encode(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{offer.reference}.txt"'
    return response


@takes_file
@of_link
def confirmation(request: HttpRequest, token: str, proposal: Proposal) -> HttpResponse:
    """What a government employee needs, and the form that takes it."""
    offer = _offer_of(proposal)
    if offer is None or not confirmations.is_expected(offer):
        return see(reverse("result:page", args=[token]))
    form = ConfirmationForm()
    status = 200
    if request.method == "POST":
        form, status = ConfirmationForm(request.POST, request.FILES), UNPROCESSABLE
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                confirmations.take(
                    proposal,
                    name=upload.name,
                    content_type=upload.content_type or "",
                    # One byte more than is taken tells that it is too large; nobody makes the server read more.
                    content=upload.read(papers.LARGEST + 1),
                    language=language(),
                )
            except confirmations.NotTaken as refusal:
                form.add_error("file", refusal)
            else:
                return see(reverse("result:confirmation", args=[token]))
    context = {
        **_shared(token, proposal),
        "form": form,
        "kept": [
            {
                "name": each.name,
                "size": formats.file_size(each.size, language()),
                "at": each.received_at,
            }
            for each in offer.confirmations.defer("locked_content")
        ],
    }
    return render(request, f"{TEMPLATES}/confirmation.html", context, status=status)


@of_link
def translation(request: HttpRequest, token: str, proposal: Proposal) -> HttpResponse:
    """Ask for the reasons in the language of this page; where nothing is to be translated, nothing happens."""
    if request.method == "POST":
        with suppress(translations.NotTaken):
            translations.ask(proposal, language())
    return see(f"{reverse('result:page', args=[token])}#reasons-title")


@keeps_typed
@of_link
def conversation(request: HttpRequest, token: str, proposal: Proposal, **kwargs: Any) -> HttpResponse:
    """Ask for a conversation about the result."""
    return _write(request, token, proposal, Topic.CONVERSATION, **kwargs)


@keeps_typed
@of_link
def complaint(request: HttpRequest, token: str, proposal: Proposal, **kwargs: Any) -> HttpResponse:
    """Write a complaint."""
    return _write(request, token, proposal, Topic.COMPLAINT, **kwargs)


def _write(
    request: HttpRequest, token: str, proposal: Proposal, topic: Topic, *, csrf_failed: bool = False
) -> HttpResponse:
    posted = request.method == "POST"
    if not debriefs.may_write(proposal) and not posted:
        return see(reverse("result:page", args=[token]))
    form = WriteForm(request.POST if posted else None, initial={"key": uuid.uuid4()})
    notice, status = "", 200
    if posted and csrf_failed:
        notice, status = _again(), FORBIDDEN
    elif posted:
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                debriefs.write(
                    proposal,
                    topic,
                    form.cleaned_data["words"],
                    language=language(),
                    key=form.cleaned_data["key"],
                )
            except debriefs.NotTaken as refusal:
                form.add_error(None, refusal)
                status = CONFLICT
            else:
                return see(f"{reverse('result:page', args=[token])}#written")
    context = {
        **_shared(token, proposal),
        "form": form,
        "notice": notice,
        "is_complaint": topic == Topic.COMPLAINT,
        "days": settings.MICROACQ_DEBRIEF_TARGET_DAYS[topic],
        "ombud": settings.MICROACQ_OMBUDSMAN[language()],
    }
    return render(request, f"{TEMPLATES}/write.html", context, status=status)


# --- what the pages show ---------------------------------------------------------------------------


def _offer_of(proposal: Proposal) -> Offer | None:
    """The newest offer to this supplier, withdrawn ones aside."""
    offer: Offer | None = (
        Offer.objects.filter(proposal=proposal)
        .exclude(state=OfferState.VOIDED)
        .select_related("solicitation", "acceptance", "award")
        .order_by("-pk")
        .first()
    )
    return offer


def _waits(offer: Offer, now: datetime | None = None) -> bool:
    return offer.state == OfferState.OFFERED and (now or database_clock()) < offer.expires_at


def _accept_form(offer: Offer, typed: Any = None) -> AcceptForm:
    return AcceptForm(
        typed,
        price=formats.money(offer.price, language()),
        delivery_date=formats.date_long(offer.delivery_date, language()),
    )


def _show_offer(
    request: HttpRequest, token: str, offer: Offer, form: AcceptForm, *, status: int = 200, notice: str = ""
) -> HttpResponse:
    text = terms.text_of(offer, language())
    digest = terms.digest_of(text)
    if form.is_bound:
        # What is shown again is the text that stands; its digest goes with it.
        form.data = {**form.data.dict(), "terms": digest}  # type: ignore[attr-defined]  # a QueryDict
    form.initial["terms"] = digest
    context = {
        **_shared(token, offer.proposal),
        "offer": offer,
        "form": form,
        "terms": text,
        "digest": digest,
        "notice": notice,
        "now": database_clock(),
    }
    return render(request, f"{TEMPLATES}/offer.html", context, status=status)


def _result_context(
    request: HttpRequest, token: str, proposal: Proposal, offer: Offer | None
) -> dict[str, Any]:
    result = outcome.result_of(proposal)
    file = proposal.solicitation
    accepted = getattr(offer, "acceptance", None) if offer else None
    judged = evaluation.verdicts_of(proposal) if result in (Result.NOT_MET, Result.NOT_DRAWN) else []
    wanted = translations.wanted(proposal, language()) if judged else None
    translated = wanted.texts() if wanted is not None else {}
    order = selection.order_of(file) if result in (Result.NOT_DRAWN, Result.PASSED_ON) else []
    return {
        **_shared(token, proposal),
        "offer": offer,
        # The time limit may have passed before anybody wrote it down.
        "has_lapsed": offer is not None
        and (offer.state == OfferState.LAPSED or (offer.state == OfferState.OFFERED and not _waits(offer))),
        "acceptance": accepted,
        "has_confirmation": offer is not None and offer.confirmations.exists(),
        "terms": accepted.words()["terms"] if accepted and offer and _stands(offer) else "",
        "signature": accepted.words()["signature"] if accepted and offer and _stands(offer) else "",
        "result": result,
        "is_awarded": file.state in WITH_CONTRACT,
        "is_cancelled": file.state == State.CANCELLED,
        "cancelled_for": file.get_state_reason(language()) if file.state == State.CANCELLED else "",
        "is_withdrawn": Offer.objects.filter(proposal=proposal, state=OfferState.VOIDED).exists(),
        "judged": [_judged(each, translated) for each in judged],
        "translation": wanted,
        "may_ask_translation": wanted is None and any(_is_foreign(each) for each in judged),
        "order": order,
        "draw": selection.draw_of(file) if order else None,
        "receipt": proposal.receipt_number,
        "may_write": result in outcome.UNSUCCESSFUL,
        "written": [
            {
                "topic": each.get_topic_display(),
                "words": each.words,
                "language": each.language,
                "at": each.received_at,
                "due": timing.answer_due(each.topic, each.received_at),
                "answer": getattr(each, "answer", None),
            }
            for each in proposal.debrief_requests.select_related("answer")
        ],
        "ombud": settings.MICROACQ_OMBUDSMAN[language()],
    }


def _stands(offer: Offer) -> bool:
    return offer.state in (OfferState.ACCEPTED, OfferState.AWARDED)


def _judged(judged: evaluation.Judged, translated: dict[str, str]) -> dict[str, Any]:
    return {
        "criterion": judged.item.text,
        "passed": judged.passed,
        "parts": judged.parts,
        "translation": translated.get(str(judged.item.identity), ""),
    }


def _is_foreign(judged: evaluation.Judged) -> bool:
    """Whether a reason was written in another language than that of the page."""
    return any(part.language != language() for part in judged.parts)


def _shared(token: str, proposal: Proposal) -> dict[str, Any]:
    file = proposal.solicitation
    page = file.page(language())
    return {
        "token": token,
        "proposal": proposal,
        "file": file,
        "opportunity_url": page.url if page is not None and page.live else "",
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
        "link": reverse("result:page", args=[token]),
    }


def _again() -> str:
    return _(
        "Nothing was sent, because this page had been open for too long. Nothing you typed is lost: check it and send "
        "it again."
    )
