"""A file whose work was offered in the drawn order: the first declined, the second accepted, CFOB is to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import override

from submissions.awards import offers, outcome, terms
from submissions.awards.enums import DeclineReason, Payment
from submissions.awards.results import current_offer

from .accounts import person

if TYPE_CHECKING:
    from submissions.awards.models import Offer
    from submissions.solicitations.models import Solicitation


@transaction.atomic
def offer(file: Solicitation) -> str:
    """Offer the work twice, unless somebody has begun; the last supplier that there is accepts.

    Returns:
        What stands then.
    """
    if file.offers.exists() or offers.reasons_against_offering(file):
        standing = current_offer(file)
        return str(standing.state if standing is not None else file.state)
    with override("en"):
        made = offers.make(file, person("it-strategy"))
        if outcome.next_in_order(file) is not None:
            offers.decline(made.proposal, DeclineReason.NO_TIME, "My studies begin again in September.")
            made = offers.make(file, person("it-strategy"))
        _accept(made)
    return "accepted"


def _accept(made: Offer) -> None:
    with override(made.proposal.correspondence_language):
        offers.accept(made.proposal, answer_of(made, Payment.PAYPAL))


def answer_of(made: Offer, payment: Payment) -> offers.Answer:
    """What a supplier says who accepts an offer, in the language of its letters."""
    language = made.proposal.correspondence_language
    with override(language):
        return offers.Answer(
            payment=payment,
            is_government_employee=False,
            licence_holder="",
            signature=made.contractor,
            language=language,
            terms_digest=terms.digest_of(terms.text_of(made, language)),
        )
