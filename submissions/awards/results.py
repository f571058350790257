"""What later stages and public pages ask of the awards of a file. Reads only; imports no view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .enums import OfferState
from .models import Award, Offer

if TYPE_CHECKING:
    from uuid import UUID

    from submissions.solicitations.models import Solicitation


def current_offer(file: Solicitation) -> Offer | None:
    """The offer that stands: waiting for the supplier, accepted or awarded. There is one at most."""
    offer: Offer | None = (
        Offer.objects.standing()
        .filter(solicitation=file)
        .select_related("proposal", "acceptance", "award__countersigned_by", "made_by")
        .defer("proposal__sealed")
        .first()
    )
    return offer


def awarded(file: Solicitation) -> Offer | None:
    """The offer that both have signed."""
    offer = current_offer(file)
    return offer if offer is not None and offer.state == OfferState.AWARDED else None


def award_of(translation_key: UUID) -> Award | None:
    """The last award of the file of an opportunity, with its public facts; a contract may have ended before it."""
    award: Award | None = (
        Award.objects.filter(offer__solicitation__translation_key=translation_key)
        .select_related("offer__solicitation")
        .order_by("-pk")
        .first()
    )
    return award
