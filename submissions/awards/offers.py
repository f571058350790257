"""Offering the work, answering an offer, signing it for the department, ending it: each in one transaction.

Owns ``move``, the one function that changes the state of an offer. Knows no request and no page. That nothing is
accepted late, and that nobody signs what they selected, are the database’s rules as well.

Seam (Wagtail hook): ``offer_delivery_date(file) -> date | None``: until when the work that is offered now is delivered,
where a later stage has decided another day than the posted one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from wagtail import hooks

from submissions.audit.services import record, record_refusal
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import RECEIPT_ALPHABET
from submissions.selection import results as selection
from submissions.solicitations import states as file_states
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import Actor, database_clock
from submissions.solicitations.services import transition as move_file

from . import letters, outcome, states, terms, timing
from .enums import DeclineReason, OfferState
from .models import Acceptance, Award, Offer, lock_words

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Refused(ValidationError):
    """The act may not be done now; the messages say why."""


class TooLate(Exception):
    """The time limit has passed, or the offer ended for another reason."""


class TermsChanged(Exception):
    """The supplier read another text than the one that stands now."""


@dataclass(frozen=True)
class Answer:
    """What a supplier confirmed in accepting.

    Attributes:
        payment: Of ``enums.Payment``.
        is_government_employee: As the supplier says.
        licence_holder: Whom the licence is to name, if not the contractor.
        signature: The name typed.
        language: Of the terms that were read.
        terms_digest: Of the terms that were read.
    """

    payment: str
    is_government_employee: bool
    licence_holder: str
    signature: str
    language: str
    terms_digest: str


def reasons_against_offering(file: Solicitation) -> list[str]:
    """Sentences against asking the next in the order now."""
    if file.state != State.SELECTED:
        return [_("The file is “%(state)s”: nobody can be asked now.") % {"state": file.get_state_display()}]
    sentences = []
    standing = Offer.objects.standing().filter(solicitation=file).exclude(pk__in=_overdue(file))
    if standing.exists():
        sentences.append(_("A supplier is asked already: wait for the answer or for the time limit."))
    if outcome.next_in_order(file) is None:
        sentences.append(_("Everybody in the order was asked."))
    if delivery_date_of(file) <= timing.limit_of_offer(database_clock()).date():
        sentences.append(
            _(
                "The delivery date comes before the supplier would have to answer: cancel the opportunity, with its "
                "reason, and post it again."
            )
        )
    return sentences


def delivery_date_of(file: Solicitation) -> date:
    """Until when the work that is offered now is delivered: as posted, or as was decided since."""
    decided = (answer(file) for answer in hooks.get_hooks("offer_delivery_date"))
    return next((day for day in decided if day is not None), file.delivery_date)


@transaction.atomic
def make(file: Solicitation, user: User) -> Offer:
    """Offer the work to the selected supplier, or to the next in the order, with a time limit.

    Raises:
        PermissionDenied: the user may not.
        Refused: something stands against it. Both are recorded.
    """
    locked = _locked(file)
    _require(states.OFFER, locked, user, "offer.made")
    lapse(Offer.objects.overdue().filter(solicitation=locked))
    if sentences := reasons_against_offering(locked):
        _refuse(locked, user, "offer.made", sentences)
    following = outcome.next_in_order(locked)
    selected_at = selection.selected_at(locked)
    if following is None or selected_at is None:
        raise Refused(_("Nobody was selected."))
    proposal = locked.proposals.opened().without_text().get(receipt_number=following.receipt)
    text = proposal.opened.text()
    offer = Offer.objects.create(
        solicitation=locked,
        proposal=proposal,
        rank=following.rank,
        reference=_reference(locked),
        price=locked.price,
        delivery_date=delivery_date_of(locked),
        locked_contractor=lock_words(text["business_name"] or text["name"]),
        selected_at=selected_at,
        selectors=sorted(selection.who_selected(locked)),
        made_by=user,
        expires_at=timing.limit_of_offer(database_clock()),
    )
    offer.refresh_from_db()
    record(
        locked,
        "offer.made",
        user=user,
        data={**_named(offer), "rank": offer.rank, "expires": offer.expires_at.isoformat()},
    )
    letters.send_offer(offer)
    return offer


@transaction.atomic
def accept(proposal: Proposal, answer: Answer) -> Acceptance:
    """Keep a supplier’s acceptance with the exact text of the terms; again, it gives the one that was kept.

    Raises:
        TooLate: the time limit has passed by the database’s clock, or the offer ended.
        TermsChanged: the text that was read is not the one that stands.
    """
    offer = locked_offer(proposal)
    if offer is not None and offer.state == OfferState.ACCEPTED:
        return offer.acceptance
    if offer is None or offer.state != OfferState.OFFERED or database_clock() >= offer.expires_at:
        raise TooLate
    text = terms.text_of(offer, answer.language)
    digest = terms.digest_of(text)
    if digest != answer.terms_digest:
        raise TermsChanged
    acceptance = Acceptance.objects.create(
        offer=offer,
        price=offer.price,
        delivery_date=offer.delivery_date,
        payment=answer.payment,
        is_government_employee=answer.is_government_employee,
        language=answer.language,
        terms_digest=digest,
        locked_words=lock_words(
            {"terms": text, "signature": answer.signature, "licence_holder": answer.licence_holder}
        ),
    )
    move(offer, states.ACCEPT, terms=digest, language=answer.language)
    acceptance.refresh_from_db()
    letters.send_accepted(offer, acceptance, text)
    return acceptance


@transaction.atomic
def decline(proposal: Proposal, reason: DeclineReason | str, words: str = "") -> Offer:
    """Take a supplier’s word that it does not do the work; possible until the department has signed.

    Raises:
        TooLate: there is no offer that waits.
    """
    offer = locked_offer(proposal)
    if offer is None or OfferState(offer.state) not in states.DECLINE.sources:
        raise TooLate
    if offer.state == OfferState.OFFERED and database_clock() >= offer.expires_at:
        raise TooLate
    move(offer, states.DECLINE, declined_for=str(reason), words=words)
    letters.send_declined(offer)
    return offer


@transaction.atomic
def remind(offer: Offer) -> int:
    """Remind a supplier who has not answered, once an offer. Returns how many letters."""
    if not Offer.objects.filter(pk=offer.pk, state=OfferState.OFFERED, reminded=False).update(reminded=True):
        return 0
    letters.send_reminder(offer)
    return 1


def lapse(offers: Iterable[Offer]) -> int:
    """End offers whose time limit has passed; for ``tick`` and before the next is asked. Returns how many."""
    count = 0
    for each in offers:
        with transaction.atomic():
            offer = locked_offer(each.proposal)
            if offer is None or offer.pk != each.pk or offer.state != OfferState.OFFERED:
                continue
            if database_clock() < offer.expires_at:
                continue
            move(offer, states.LAPSE)
            letters.send_lapsed(offer)
            count += 1
    return count


@transaction.atomic
def find_not_eligible(offer: Offer, user: User, reason: str) -> None:
    """End an offer because its supplier may not do the work.

    Args:
        offer: It waits for the supplier, or was accepted.
        user: Who decides.
        reason: Why: the supplier reads it, in the language that it chose.

    Raises:
        PermissionDenied: the user may not.
        Refused: no reason, or the offer has ended. Both are recorded.
    """
    file = _locked(offer.solicitation)
    _require(states.OFFER, file, user, "offer.not_eligible")
    locked = locked_offer(offer.proposal)
    words = _clean(reason)
    sentences = [] if words else [_("Write the reason: no decision without one.")]
    if locked is None or locked.pk != offer.pk or locked.state not in states.FIND_NOT_ELIGIBLE.sources:
        sentences.append(_("This offer has ended: load the file again."))
    if sentences or locked is None:
        _refuse(file, user, "offer.not_eligible", sentences)
    move(locked, states.FIND_NOT_ELIGIBLE, user=user, words=words)
    letters.send_not_eligible(locked, words)


def reasons_against_signing(offer: Offer, user: Actor | None) -> list[str]:
    """Sentences against this person’s signing an offer for the department."""
    sentences = []
    if offer.state != OfferState.ACCEPTED:
        sentences.append(_("The supplier has not accepted, or the offer has ended."))
    if user is not None and user.pk in {offer.made_by_id, *offer.selectors}:
        sentences.append(_("You selected the supplier or made the offer: another person signs."))
    acceptance = Acceptance.objects.filter(offer=offer).first()
    if acceptance and acceptance.is_government_employee and not offer.confirmations.exists():
        sentences.append(
            _(
                "The supplier is employed by the Government of Canada and has not attached the confirmation of the "
                "director general yet."
            )
        )
    return sentences


@transaction.atomic
def countersign(offer: Offer, user: User) -> Award:
    """Sign for the department: the work is awarded, publicly in both languages, and every applicant is written to.

    Raises:
        PermissionDenied: the user may not.
        Refused: something stands against it. Both are recorded.
    """
    file = _locked(offer.solicitation)
    _require(states.COUNTERSIGN, file, user, "offer.countersigned")
    locked = locked_offer(offer.proposal)
    if locked is None or locked.pk != offer.pk:
        _refuse(file, user, "offer.countersigned", [_("This offer has ended: load the file again.")])
    if sentences := reasons_against_signing(locked, user):
        _refuse(file, user, "offer.countersigned", sentences)
    award = Award.objects.create(
        offer=locked,
        supplier=locked.contractor,
        value=locked.price,
        delivery_date=locked.delivery_date,
        countersigned_by=user,
    )
    move(locked, states.COUNTERSIGN_IT, user=user)
    move_file(file, file_states.AWARD.name, user=user, data={"receipt": locked.proposal.receipt_number})
    award.refresh_from_db()
    return award


@transaction.atomic
def void(file: Solicitation, user: Actor | None, reason: str) -> Offer | None:
    """Withdraw the offer that stands because what it followed from is undone; nothing of it is deleted.

    Returns:
        The offer, if one stood.
    """
    locked = _locked(file)
    standing = Offer.objects.standing().filter(solicitation=locked).select_related("proposal").first()
    if standing is None or OfferState(standing.state) not in states.VOID.sources:
        return None
    offer = locked_offer(standing.proposal)
    if offer is None:
        return None
    move(offer, states.VOID, user=user, words=_clean(reason) or _("No reason was given."))
    return offer


def move(
    offer: Offer,
    row: states.Transition,
    *,
    user: Actor | None = None,
    declined_for: str = "",
    words: str = "",
    **data: Any,
) -> None:
    """Carry out a transition of the state table: the only function that changes the state of an offer.

    Args:
        offer: Read under its lock.
        row: Of ``states.TRANSITIONS``.
        user: Who decides; None for the supplier and the clock.
        declined_for: Of ``enums.DeclineReason``.
        words: The reason, kept under the reading key and never in the audit.
        **data: What else belongs to the record.

    Raises:
        ValueError: the table has no such transition from that state.
    """
    if OfferState(offer.state) not in row.sources:
        raise ValueError(f"{row.name}: {offer.state}")
    before = offer.state
    offer.state, offer.declined_for, offer.locked_reason = row.target, declined_for, lock_words(words)
    Offer.objects.filter(pk=offer.pk).update(
        state=row.target, declined_for=declined_for, locked_reason=offer.locked_reason, changed_at=Now()
    )
    offer.refresh_from_db(fields=["changed_at"])
    record(
        offer.solicitation,
        row.act,
        user=user,
        data={**_named(offer), "before": before, "after": str(row.target), "for": declined_for, **data},
    )


def reasons_against_ending(file: Solicitation, user: Actor | None = None) -> list[str]:
    """The guard of ``end_unaccepted``: everybody in the order was asked, and nobody is asked now."""
    if Offer.objects.standing().filter(solicitation=file).exists():
        return [_("A supplier is asked already: wait for the answer or for the time limit.")]
    if outcome.next_in_order(file) is not None:
        return [_("Not everybody in the order was asked.")]
    return []


def reasons_nobody_is_next(file: Solicitation, user: Actor | None = None) -> list[str]:
    """A guard of ``offer_next``: somebody in the drawn order was not asked yet."""
    return [_("Everybody in the order was asked.")] if outcome.next_in_order(file) is None else []


def reasons_against_awarding(file: Solicitation, user: Actor | None = None) -> list[str]:
    """The guard of ``award``: both have signed the offer that stands."""
    signed = Award.objects.filter(offer__solicitation=file, offer__state=OfferState.AWARDED)
    return [] if signed.exists() else [_("Both signatures are needed.")]


def _overdue(file: Solicitation) -> list[int]:
    return list(Offer.objects.overdue().filter(solicitation=file).values_list("pk", flat=True))


def _locked(file: Solicitation) -> Solicitation:
    locked: Solicitation = Solicitation.objects.select_for_update().get(pk=file.pk)
    return locked


def locked_offer(proposal: Proposal) -> Offer | None:
    """The newest offer to a supplier, while nobody else can change it; the file is locked first, always."""
    _locked(proposal.solicitation)
    newest = Offer.objects.filter(proposal=proposal).order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return None
    offer: Offer = (
        Offer.objects.select_for_update(of=("self",))
        .select_related("solicitation", "proposal")
        .defer("proposal__sealed")
        .get(pk=newest)
    )
    return offer


def _require(permission: str, file: Solicitation, user: Actor, act: str) -> None:
    if not user.has_perm(permission):
        record_refusal(
            file,
            "offer.refused",
            user=user,
            data={"number": file.number, "act": act, "reasons": _("You do not have the permission.")},
        )
        raise PermissionDenied


def _refuse(file: Solicitation, user: Actor, act: str, sentences: list[str]) -> NoReturn:
    record_refusal(
        file,
        "offer.refused",
        user=user,
        data={"number": file.number, "act": act, "reasons": " ".join(sentences)},
    )
    raise Refused(sentences)


def _named(offer: Offer) -> dict[str, str]:
    return {"number": offer.solicitation.number, "receipt": offer.proposal.receipt_number}


def _reference(file: Solicitation) -> str:
    """Names one agreement, and keeps the digest of its text from being guessed."""
    return f"{file.number}-{''.join(secrets.choice(RECEIPT_ALPHABET) for _letter in range(12))}"


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()
