"""Answers to an offer of suppliers who cannot use their link: what came on paper or by telephone, entered by staff.

Owns: for whom staff may answer, showing how to reach them, and the acts, each recorded. The rules are those of every
answer (``offers``): the time limit, the exact text, another person signs for the department. Terms are accepted on
paper alone. Imports no view.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from microacq_pages.waiting import WaitingItem
from submissions.audit.services import record, record_refusal
from submissions.proposals import came as coming
from submissions.proposals import custody
from submissions.proposals.came import Came
from submissions.proposals.entering import ENTER_PERMISSION

from . import confirmations, offers, terms
from .desk_models import OfferAnsweredForSupplier
from .enums import ON_PAPER, Answered, DeclineReason, OfferState
from .models import Offer, lock_words

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .models import Acceptance, EmployeeConfirmation

#: Business days within which a supplier without e-mail is told.
TARGET_DAYS = 1


def is_for_staff(offer: Offer | None) -> bool:
    """Whether staff may answer an offer for its supplier: they entered the application, and it is not settled."""
    return (
        offer is not None
        and offer.proposal.entered_by_id is not None
        and offer.state in (OfferState.OFFERED, OfferState.ACCEPTED)
    )


def not_the_one_shown() -> str:
    """Said to who decides about an offer from a page that showed another."""
    return _(
        "Nothing was saved: the offer that this page showed has ended, and another stands now. Read it before you "
        "decide."
    )


def work_of(user: User) -> Iterator[WaitingItem]:
    """Suppliers without e-mail to whom the work is offered; one query, however many there are."""
    if not user.has_perm(ENTER_PERMISSION):
        return
    waiting = Offer.objects.filter(state=OfferState.OFFERED, proposal__entered_by__isnull=False)
    rows = waiting.select_related("solicitation", "proposal").defer("proposal__sealed").order_by("expires_at")
    for offer in rows:
        if offer.proposal.address:
            continue
        yield WaitingItem(
            kind="offer",
            label=_("Offer the work to a supplier without e-mail, and enter the answer"),
            title=f"{offer.solicitation.number} – {offer.proposal.receipt_number}",
            url=reverse("awards:desk", args=[offer.solicitation_id]),
            since=offer.made_at,
            target_days=TARGET_DAYS,
            detail=offer.solicitation.get_title(),
        )


def require(offer: Offer, user: User, act: str) -> None:
    """Refuse, and record, who may not answer for suppliers.

    Raises:
        PermissionDenied: the user may not, or this supplier answers with the own link.
    """
    if user.has_perm(ENTER_PERMISSION) and offer.proposal.entered_by_id is not None:
        return
    file = offer.solicitation
    reason = _("You do not have the permission, or this supplier answers with the own link.")
    data = {"number": file.number, "act": act, "reasons": reason}
    record_refusal(file, "offer.refused", user=user, data=data)
    raise PermissionDenied


@transaction.atomic
def reach(offer: Offer, user: User) -> dict[str, str]:
    """How to reach the supplier; that it was shown is recorded.

    Raises:
        PermissionDenied: as ``require``.
    """
    require(offer, user, "supplier.reach_shown")
    return coming.reach(offer.proposal, user)


@transaction.atomic
def terms_to_sign(offer: Offer, user: User) -> str:
    """The text that the supplier signs on paper, in the language of its letters; that it was shown is recorded.

    Raises:
        PermissionDenied: as ``require``.
    """
    require(offer, user, "offer.terms_printed")
    record(offer.solicitation, "offer.terms_printed", user=user, data=_named(offer))
    return terms.text_of(offer, language_of(offer))


def language_of(offer: Offer) -> str:
    """In which language this supplier is written to, and signs."""
    return "fr" if offer.proposal.correspondence_language == "fr" else "en"


@transaction.atomic
def accept_for(offer: Offer, user: User, answer: offers.Answer, came: Came) -> Acceptance:
    """Keep an acceptance that was signed on paper, as every acceptance is kept, with how it came.

    Raises:
        PermissionDenied: as ``require``.
        offers.Refused: it did not come on paper. It is recorded.
        offers.TooLate: the time limit has passed by the database’s clock, or the offer was answered or ended.
        offers.TermsChanged: the text that was signed is not the one that stands.
    """
    require(offer, user, "offer.answered_for")
    if came.how not in ON_PAPER:
        raise offers.Refused(_("The terms are accepted on paper, with a signature."))
    _require_standing(offer, OfferState.OFFERED)
    kept = offers.accept(offer.proposal, answer)
    _keep(kept.offer, user, Answered.ACCEPTED, came)
    return kept


@transaction.atomic
def decline_for(offer: Offer, user: User, reason: DeclineReason | str, words: str, came: Came) -> Offer:
    """Keep a supplier’s word that it does not do the work, with how it came.

    Raises:
        PermissionDenied: as ``require``.
        offers.TooLate: there is no offer that waits.
    """
    require(offer, user, "offer.answered_for")
    _require_standing(offer, OfferState.OFFERED, OfferState.ACCEPTED)
    declined = offers.decline(offer.proposal, reason, words)
    _keep(declined, user, Answered.DECLINED, came)
    return declined


@transaction.atomic
def attach_for(
    offer: Offer, user: User, *, name: str, content_type: str, content: bytes
) -> EmployeeConfirmation:
    """Keep the confirmation of a government employee that came on paper, as a scan.

    Raises:
        PermissionDenied: as ``require``.
        confirmations.NotTaken: it is no PDF or too large, or none is expected.
    """
    require(offer, user, "offer.confirmation_attached_for")
    kept = confirmations.take(
        offer.proposal, name=name, content_type=content_type, content=content, language=language_of(offer)
    )
    record(offer.solicitation, "offer.confirmation_attached_for", user=user, data=_named(offer))
    return kept


def answered_for(offer: Offer) -> list[OfferAnsweredForSupplier]:
    """What staff entered for the supplier of an offer."""
    return list(offer.answered_for.select_related("entered_by"))


def _require_standing(offer: Offer, *wanted: OfferState) -> None:
    """The newest offer to this supplier is the one that was looked at, and waits for what is entered."""
    newest = offers.locked_offer(offer.proposal)
    if newest is None or newest.pk != offer.pk or OfferState(newest.state) not in wanted:
        raise offers.TooLate


def _keep(offer: Offer, user: User, what: Answered, came: Came) -> None:
    kept = OfferAnsweredForSupplier.objects.create(
        offer=offer,
        what=what,
        entered_by_id=user.pk,
        entered_how=came.how,
        taken_at=came.taken_at,
        locked_statement=lock_words(came.statement),
    )
    record(
        offer.solicitation,
        "offer.answered_for",
        user=user,
        data={**_named(offer), **on_record(kept)},
    )


def on_record(kept: OfferAnsweredForSupplier) -> dict[str, str]:
    """What the record of an answer that staff entered says of it, for ``proving``."""
    return {
        "what": str(kept.what),
        "how": str(kept.entered_how),
        "locked": custody.digest(kept.locked_statement),
    }


def _named(offer: Offer) -> dict[str, str]:
    return {"number": offer.solicitation.number, "receipt": offer.proposal.receipt_number}
