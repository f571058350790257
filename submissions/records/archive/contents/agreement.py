"""The agreement: whom the work was offered to, the terms word for word as accepted, both signatures; what came after.

Says nothing while the evaluation is under way; reading keys open what a supplier accepted and wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages import formats
from submissions.awards.models import Acceptance, Award, DebriefRequest, Offer

from ..documents import document
from ..words import About, Run, Words, Writer
from .saying import FACTS, moment, person, written

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


@document("agreement", order=500, title=gettext_lazy("Offers and agreement to the terms"))
def write_agreement(file: Solicitation, writer: Writer) -> None:
    """Each offer in the order in which suppliers were asked, and the proof that the terms were accepted."""
    offers = Offer.objects.filter(solicitation=file).order_by("pk")
    for offer in offers.select_related("proposal", "acceptance", "award__countersigned_by", "made_by").defer(
        "proposal__sealed", "proposal__contact"
    ):
        _write_offer(offer, writer)


def _write_offer(offer: Offer, writer: Writer) -> None:
    language = writer.language
    award: Award | None = getattr(offer, "award", None)
    # The name of who was awarded the work is public; of who was only asked it is not.
    about = None if award else About.NAME
    writer.heading(_("Offer for application %(receipt)s") % {"receipt": offer.proposal.receipt_number})
    writer.facts(
        _("The offer"),
        FACTS,
        [
            (_("Place in the order"), str(offer.rank)),
            (_("Supplier"), Run(award.supplier if award else offer.contractor, about=about)),
            (_("Reference of the agreement"), offer.reference),
            (_("Fixed price, before tax"), formats.money(offer.price, language)),
            (_("Work delivery date"), moment(offer.delivery_date, language)),
            (_("Offered by"), person(offer.made_by)),
            (_("Offered"), moment(offer.made_at, language)),
            (_("Time limit"), moment(offer.expires_at, language)),
            (_("State"), offer.get_state_display()),
            (_("In this state since"), moment(offer.changed_at, language)),
            (_("Declined for"), offer.get_declined_for_display()),
            (_("Reason"), Run(offer.reason, about=About.SUPPLIER) if offer.reason else ""),
        ],
    )
    accepted: Acceptance | None = getattr(offer, "acceptance", None)
    if accepted is not None:
        _write_acceptance(accepted, writer, about)
    _write_entered(offer, writer)
    if award is not None:
        _write_award(award, writer)


def _write_entered(offer: Offer, writer: Writer) -> None:
    """How answers came that staff entered for a supplier without e-mail."""
    for each in offer.answered_for.select_related("entered_by"):
        writer.heading(_("Answer that staff entered"), 3)
        writer.facts(
            _("How the answer came"),
            FACTS,
            [
                (_("Answer"), each.get_what_display()),
                (_("How it came"), each.get_entered_how_display()),
                (_("Signed, written or said"), moment(each.taken_at, writer.language)),
                (_("How it was received"), Run(each.statement, about=About.SUPPLIER)),
                (_("Entered by"), person(each.entered_by)),
                (_("Entered"), moment(each.entered_at, writer.language)),
            ],
        )


def _write_acceptance(accepted: Acceptance, writer: Writer, about: About | None) -> None:
    language = writer.language
    words = accepted.words()
    writer.heading(_("Acceptance by the supplier"), 3)
    facts: list[tuple[Any, Words]] = [
        (_("Accepted"), moment(accepted.accepted_at, language)),
        (_("Price confirmed"), formats.money(accepted.price, language)),
        (_("Delivery date confirmed"), moment(accepted.delivery_date, language)),
        (_("Payment"), accepted.get_payment_display()),
        (
            _("Employed by the Government of Canada"),
            Run(_("Yes") if accepted.is_government_employee else _("No"), about=About.NAME),
        ),
        (_("Signature as typed"), Run(words.get("signature", ""), about=About.NAME)),
        (_("Licence holder"), Run(words.get("licence_holder", ""), about=about)),
        (_("Digest of the terms, SHA-256"), accepted.terms_digest),
    ]
    for each in accepted.offer.confirmations.defer("locked_content"):
        facts.append((_("Confirmation of the employer, SHA-256"), each.digest))
    writer.facts(_("What was accepted"), FACTS, facts)
    writer.heading(_("The terms, word for word"), 3)
    if words:
        passage = written(words["terms"], by=accepted.language, document=language)
        writer.say(words["terms"], language=passage.language)
    else:
        writer.say(_("The text was erased when its retention period ended; its certificate is in this file."))


def _write_award(award: Award, writer: Writer) -> None:
    writer.heading(_("Signature of the department"), 3)
    writer.facts(
        _("The award"),
        FACTS,
        [
            (_("Supplier"), award.supplier),
            (_("Value before tax"), formats.money(award.value, writer.language)),
            (_("Work delivery date"), moment(award.delivery_date, writer.language)),
            (_("Signed by"), person(award.countersigned_by)),
            (_("Signed"), moment(award.countersigned_at, writer.language)),
        ],
    )


@document("debriefs", order=520, title=gettext_lazy("Conversations and complaints after the result"))
def write_debriefs(file: Solicitation, writer: Writer) -> None:
    """What suppliers asked after the result, and what staff answered."""
    requests = DebriefRequest.objects.filter(proposal__solicitation=file).select_related(
        "proposal", "answer__answered_by"
    )
    for request in requests.defer("proposal__sealed", "proposal__contact"):
        language = writer.language
        answer = getattr(request, "answer", None)
        writer.heading(
            _("%(topic)s, application %(receipt)s")
            % {"topic": request.get_topic_display(), "receipt": request.proposal.receipt_number}
        )
        writer.facts(
            _("When it was asked and answered"),
            FACTS,
            [
                (_("Received"), moment(request.received_at, language)),
                (_("Answered"), moment(answer.answered_at, language) if answer else ""),
                (_("Answered by"), person(answer.answered_by) if answer else ""),
            ],
        )
        for title, text in ((_("What was written"), request.words), (_("Answer"), answer and answer.words)):
            if text:
                passage = written(text, by=request.language, document=language, about=About.SUPPLIER)
                writer.heading(title, 3)
                writer.say(text, language=passage.language, about=passage.about)
