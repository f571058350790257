"""What this stage writes to suppliers, in the language that they chose.

Owns: which letter goes to whom, and what it says of which application; the words are with all notices. Each letter
carries a fresh link to the result, because the server keeps no own link. Who gave no e-mail is reached by staff: the
panel of the file names those. No letter says who else applied. Imports no view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from microacq_pages import formats
from submissions.evaluation import results as evaluation
from submissions.notices.services import send_notice
from submissions.solicitations.announcements import public_address
from submissions.solicitations.enums import State

from . import access, outcome, terms, timing
from .enums import Result

if TYPE_CHECKING:
    from submissions.proposals.models import Proposal
    from submissions.solicitations.models import Solicitation

    from .models import Acceptance, DebriefRequest, Offer

#: The letter of each result that is told when the file has its own.
KINDS = {
    Result.AWARDED: "award_made",
    Result.NOT_DRAWN: "result_not_drawn",
    Result.NOT_MET: "result_not_met",
    Result.SET_ASIDE: "result_set_aside",
}


def send_offer(offer: Offer) -> None:
    """Ask a supplier to accept or decline, until when, and where."""
    _send_about("offer_made", offer)


def send_reminder(offer: Offer) -> None:
    """Remind a supplier who has not answered; sent once an offer."""
    _send_about("offer_reminder", offer)


def send_accepted(offer: Offer, acceptance: Acceptance, text: str) -> None:
    """A copy of what was accepted, with its digest, and what comes next."""
    _send_about(
        "offer_accepted",
        offer,
        terms=text,
        digest=acceptance.terms_digest,
        is_government_employee=acceptance.is_government_employee,
    )


def send_declined(offer: Offer) -> None:
    """Confirm that the supplier does not do the work."""
    _send_about("offer_declined", offer)


def send_lapsed(offer: Offer) -> None:
    """Say that the time limit has passed."""
    _send_about("offer_lapsed", offer)


def send_not_eligible(offer: Offer, reason: str) -> None:
    """Say why the supplier may not do the work, and what it can do about it."""
    _send_about("offer_not_eligible", offer, reason=reason, **_ombudsman(_language(offer.proposal)))


def send_withdrawn(offer: Offer) -> None:
    """Say that the offer is withdrawn because the evaluation began again."""
    _send_about("offer_withdrawn", offer)


def send_results(file: Solicitation) -> int:
    """Write to everybody who applied what became of the own application. Returns how many letters.

    Suppliers who were asked and do not do the work had their letter then.
    """
    count = 0
    round = evaluation.signed_round(file)
    for proposal, result in outcome.results_of(file):
        if result in KINDS and proposal.address:
            # An evaluation that was reopened has another result, which is told as well.
            _send_result(file, proposal, result, key=f"{round.pk if round else 0}:{proposal.receipt_number}")
            count += 1
    return count


def _send_result(file: Solicitation, proposal: Proposal, result: Result, *, key: str) -> None:
    language = _language(proposal)
    values: dict[str, Any] = {}
    if result == Result.AWARDED:
        day = proposal.offers.order_by("-pk").values_list("delivery_date", flat=True).first()
        values = {"contact": _contact(file, language), "delivery_date": _day(day, language)}
        values["price"] = formats.money(file.price, language)
    else:
        values = {"is_awarded": file.state == State.AWARDED, **_ombudsman(language)}
    if result == Result.NOT_MET:
        values["reasons"] = reasons_in_words(proposal, language)
    _send(KINDS[result], proposal, key=key, **values)


def reasons_in_words(proposal: Proposal, language: str) -> str:
    """The criteria that an application did not meet, each with the reason that was given, as lines of a letter."""
    lines = []
    with override(language):
        for judged in evaluation.verdicts_of(proposal):
            if judged.passed:
                continue
            note = ""
            if judged.language and judged.language != language:
                note = (
                    f" {_('(written in English)') if judged.language == 'en' else _('(written in French)')}"
                )
            criterion = terms.plain(getattr(judged.item, f"text_{language}"))
            reason = _("Reason%(note)s: %(reason)s") % {"note": note, "reason": judged.reason.strip()}
            lines.append(f"- {criterion}\n  {reason}")
    return "\n\n".join(lines)


def send_received(request: DebriefRequest) -> None:
    """Acknowledge what a supplier wrote, with the day by which it is answered."""
    language = _language(request.proposal)
    _send(
        "debrief_received",
        request.proposal,
        key=str(request.pk),
        is_complaint=request.topic == "complaint",
        due=_day(timing.answer_due(request.topic, request.received_at), language),
    )


def send_answered(request: DebriefRequest) -> None:
    """Say that there is an answer; it is read by the link."""
    language = _language(request.proposal)
    _send("debrief_answered", request.proposal, key=str(request.pk), **_ombudsman(language))


def _send_about(kind: str, offer: Offer, **values: Any) -> None:
    language = _language(offer.proposal)
    _send(
        kind,
        offer.proposal,
        key=str(offer.pk),
        price=formats.money(offer.price, language),
        delivery_date=_day(offer.delivery_date, language),
        expires=formats.eastern(offer.expires_at, language),
        **values,
    )


def _send(kind: str, proposal: Proposal, *, key: str, **values: Any) -> None:
    address = proposal.address
    if not address:
        return
    file, language = proposal.solicitation, _language(proposal)
    send_notice(
        kind,
        address,
        key=f"{kind}:{file.number}:{key}",
        language=language,
        number=file.number,
        context={
            "number": file.number,
            "title": file.get_title(language),
            "receipt": proposal.receipt_number,
            "url": public_address(file, language),
            "link": access.make_address(proposal, language),
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
            **values,
        },
    )


def _language(proposal: Proposal) -> str:
    return formats.known_language(proposal.correspondence_language)


def _day(day: Any, language: str) -> str:
    return formats.date_long(day, language)


def _contact(file: Solicitation, language: str) -> str:
    """The client’s contact as the opportunity names it."""
    page = file.page(language)
    if page is None:
        return ""
    return ", ".join(filter(None, (page.contact_name, page.contact_email)))


def _ombudsman(language: str) -> dict[str, str]:
    office = settings.MICROACQ_OMBUDSMAN[language]
    return {
        "ombud": "\n".join(
            filter(None, (office["name"], office["telephone"], office["email"], office["url"]))
        )
    }
