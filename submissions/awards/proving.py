"""What offers and awards can prove: by recorded acts, in order, in time, the exact text, signed by two people.

Answers the hook ``file_proofs``. Reads only; what a supplier accepted is decrypted to compare its digest, and that is
recorded by who asks. Imports no later stage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages.models import PublicStatus
from submissions.proposals import custody
from submissions.selection import results as selection
from submissions.solicitations.enums import WITH_CONTRACT
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import (
    Check,
    Finding,
    Recorded,
    Tell,
    broken,
    erased_digests,
    recorded,
    unproved,
    was_erased,
)

from . import proving_words, states, terms
from .enums import STANDING, OfferState
from .models import Acceptance, Award, EmployeeConfirmation, Offer
from .offers import acceptance_on_record, terms_on_record

MADE = "offer.made"
#: Acts by which an offer changes, by the state that they lead to.
ACTS = {row.target: row.act for row in states.TRANSITIONS.values()}


def checks(file: Solicitation) -> list[Check]:
    """The checks of this stage."""
    return [
        Check(
            "awards.offers",
            gettext_lazy(
                "The work was offered in the order of the selection, and each offer has its records."
            ),
            partial(offers, file),
            order=810,
        ),
        Check(
            "awards.times",
            gettext_lazy("Each acceptance came before the time limit of its offer, for what was offered."),
            partial(times, file),
            order=820,
        ),
        Check(
            "awards.texts",
            gettext_lazy("Each text that was accepted gives the digest that its supplier was given."),
            partial(texts, file),
            opens_texts=True,
            order=830,
        ),
        Check(
            "awards.words",
            gettext_lazy(
                "What suppliers and staff wrote about the offer and after the result is, to the byte, as it was "
                "recorded."
            ),
            partial(proving_words.words, file),
            order=835,
        ),
        Check(
            "awards.signatures",
            gettext_lazy(
                "The award has two signatures of different people, and the file and the public have it so."
            ),
            partial(signatures, file),
            order=840,
        ),
    ]


def _offers_of(file: Solicitation) -> list[Offer]:
    rows = Offer.objects.filter(solicitation=file).select_related("proposal").defer("proposal__sealed")
    return list(rows.order_by("pk"))


def _acts(file: Solicitation, act: str, receipt: str) -> list[Recorded]:
    return [one for one in recorded(file, [act]) if one.data.get("receipt") == receipt]


def offers(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Each offer, and the state that it has, by a record; places as the selection that counts gives them."""
    order, selected_at = selection.order_of(file), selection.selected_at(file)
    rows, erased = _offers_of(file), erased_digests(file)
    for offer in rows:
        receipt = offer.proposal.receipt_number
        made = _acts(file, MADE, receipt)
        of_this = [one for one in made if one.data.get("rank") == offer.rank]
        if not of_this:
            yield broken(_("The offer for application %(receipt)s has no record."), receipt=receipt)
        elif not any(_agrees(one, terms_on_record(offer), erased) for one in of_this):
            yield broken(
                _(
                    "Price, delivery date, time limit or contractor of the offer for application %(receipt)s was "
                    "changed."
                ),
                receipt=receipt,
            )
        moved = _acts(file, ACTS[OfferState(offer.state)], receipt) if offer.state in ACTS else []
        if offer.state != OfferState.OFFERED and not moved:
            yield broken(
                _("The offer for application %(receipt)s is “%(state)s” without a record."),
                receipt=receipt,
                state=offer.get_state_display(),
            )
        elif offer.state == OfferState.DECLINED and not any(
            _agrees(one, _why(offer), erased) for one in moved
        ):
            yield broken(
                _("Why the supplier of application %(receipt)s declined is not what was recorded."),
                receipt=receipt,
            )
        elif offer.state != OfferState.OFFERED and not any(
            _agrees(one, _why(offer), erased) for one in moved
        ):
            yield broken(
                _("Why the offer for application %(receipt)s ended is not what was recorded."),
                receipt=receipt,
            )
        follows = offer.selected_at == selected_at and offer.state != OfferState.VOIDED
        if follows and (offer.rank > len(order) or order[offer.rank - 1] != receipt):
            yield broken(_("Application %(receipt)s was asked out of its turn."), receipt=receipt)
    if len(recorded(file, [MADE])) > len(rows):
        yield broken(_("An offer that was recorded is not there."))
    if sum(offer.state in STANDING for offer in rows) > 1:
        yield broken(_("More than one offer stands."))


def _why(offer: Offer) -> dict[str, str]:
    return {"for": offer.declined_for, "words": custody.digest(offer.locked_reason)}


def _agrees(act: Recorded, values: dict[str, str], erased: Collection[str]) -> bool:
    """Whether a record says the same, as far as it says anything."""
    return all(
        custody.is_as_recorded(act.data.get(name, value), value, erased) for name, value in values.items()
    )


def times(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Accepted before the limit, when the record says, for the price and the date of the offer."""
    erased = erased_digests(file)
    for kept in Acceptance.objects.filter(offer__solicitation=file).select_related("offer__proposal"):
        receipt = kept.offer.proposal.receipt_number
        if kept.accepted_at >= kept.offer.expires_at:
            yield broken(_("Application %(receipt)s was accepted after the time limit."), receipt=receipt)
        if (kept.price, kept.delivery_date) != (kept.offer.price, kept.offer.delivery_date):
            yield broken(_("What application %(receipt)s accepted is not what was offered."), receipt=receipt)
        of_this = [
            one
            for one in _acts(file, states.ACCEPT.act, receipt)
            if one.data.get("terms") == kept.terms_digest
        ]
        if not of_this:
            yield broken(
                _("The digest of what application %(receipt)s accepted is not the recorded one."),
                receipt=receipt,
            )
            continue
        said = acceptance_on_record(kept)
        text = {"locked": said.pop("locked")}
        if not any(_agrees(one, said, erased) for one in of_this):
            yield broken(
                _("When or how application %(receipt)s accepted is not what was recorded."), receipt=receipt
            )
        if not any(_agrees(one, text, erased) for one in of_this):
            yield broken(
                _("The stored text that application %(receipt)s accepted and signed was changed."),
                receipt=receipt,
            )


def texts(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """The text as it was read gives its digest."""
    for kept in Acceptance.objects.filter(offer__solicitation=file).select_related("offer__proposal"):
        receipt = kept.offer.proposal.receipt_number
        try:
            text = kept.words()["terms"]
        except ImproperlyConfigured:
            if not _has_key():
                yield unproved(
                    _("The key for what application %(receipt)s accepted is not here."), receipt=receipt
                )
                continue
            yield broken(
                _(
                    "No reading key here opens what application %(receipt)s accepted: it was changed, or its key is "
                    "gone."
                ),
                receipt=receipt,
            )
            continue
        except KeyError:
            if not was_erased(file):
                yield broken(_("What application %(receipt)s accepted is gone."), receipt=receipt)
            continue
        if terms.digest_of(text) != kept.terms_digest:
            yield broken(
                _("The text that application %(receipt)s accepted does not give its digest."), receipt=receipt
            )


def _has_key() -> bool:
    return bool(list(settings.MICROACQ_READING_KEY))


def signatures(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Two signatures of different people for each award, or none and no award."""
    awards = list(
        Award.objects.filter(offer__solicitation=file)
        .select_related("offer__proposal", "offer__acceptance")
        .order_by("pk")
    )
    standing = [award for award in awards if award.offer.state == OfferState.AWARDED]
    if file.state in WITH_CONTRACT and not awards:
        yield broken(_("The file is awarded without a second signature."))
    # The award of a contract that ended stands no more, whatever the file has become since.
    if standing and file.state not in WITH_CONTRACT:
        yield broken(_("There is a second signature, but the file is not awarded."))
    for award in awards:
        yield from _signature(file, award)
    if standing and standing[0].value != _public_value(file):
        yield broken(_("The value of the award is not the posted price, or not the public one."))


def _signature(file: Solicitation, award: Award) -> Iterator[Finding]:
    offer = award.offer
    if offer.state not in (OfferState.AWARDED, OfferState.ENDED):
        yield broken(_("There is a second signature, but the file is not awarded."))
    if award.countersigned_by_id in {offer.made_by_id, *offer.selectors}:
        yield broken(_("Who selected or made the offer has signed the award."))
    if offer.answered_for.filter(entered_by_id=award.countersigned_by_id).exists():
        yield broken(_("Who entered the acceptance for the supplier has signed the award."))
    yield from _recorded_signature(file, award)
    if not _has_key():
        yield unproved(_("The key for the name in the offer is not here."))
    elif offer.contractor != award.supplier and not _is_erased(offer):
        yield broken(_("The supplier who is public is not the one to whom the work was offered."))
    if award.value != file.price:
        yield broken(_("The value of the award is not the posted price, or not the public one."))
    acceptance: Any = getattr(offer, "acceptance", None)
    if acceptance is None:
        yield broken(_("The award has no acceptance of its supplier."))
    elif acceptance.is_government_employee and not EmployeeConfirmation.objects.filter(offer=offer).exists():
        yield broken(_("The confirmation of a government employee is missing."))


def _is_erased(offer: Offer) -> bool:
    return offer.locked_contractor == custody.ERASED and was_erased(offer.solicitation)


def _recorded_signature(file: Solicitation, award: Award) -> Iterator[Finding]:
    signed = _acts(file, states.COUNTERSIGN_IT.act, award.offer.proposal.receipt_number)
    if str(award.countersigned_by_id) not in {str(one.actor) for one in signed}:
        yield broken(_("The second signature is not by the person whom the record names."))
    elif not any(_agrees(one, {"at": award.countersigned_at.isoformat()}, ()) for one in signed):
        yield broken(_("The second signature is not of the time that was recorded."))


def _public_value(file: Solicitation) -> Any:
    return (
        PublicStatus.objects.filter(translation_key=file.translation_key)
        .values_list("awarded_value", flat=True)
        .first()
    )
