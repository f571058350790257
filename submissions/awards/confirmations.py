"""The document of a government employee: taken from the supplier, read by staff who may.

Owns both acts. What a file must be is in ``papers``. Knows no request and no page.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from submissions.audit.services import record, record_refusal
from submissions.proposals import custody

from . import offers, papers, states
from .enums import OfferState
from .models import EmployeeConfirmation, Offer

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.proposals.models import Proposal

#: Of one offer: a mistake can be mended, and the table cannot be filled.
MOST = 5


class NotTaken(ValidationError):
    """The file was not taken; the messages say why."""


def is_expected(offer: Offer | None) -> bool:
    """Whether the supplier of an offer can attach a confirmation now: it accepted, as a government employee."""
    return (
        offer is not None
        and offer.state == OfferState.ACCEPTED
        and bool(offer.acceptance.is_government_employee)
    )


@transaction.atomic
def take(
    proposal: Proposal, *, name: str, content_type: str, content: bytes, language: str
) -> EmployeeConfirmation:
    """Keep a PDF, encrypted; the same file again is the same.

    Raises:
        NotTaken: it is no PDF or too large, or none is expected.
    """
    offer = offers.locked_offer(proposal)
    if offer is None or not is_expected(offer):
        raise NotTaken(_("No confirmation is expected now."))
    if fault := papers.fault(content_type, content, language):
        raise NotTaken(fault)
    digest = hashlib.sha256(content).hexdigest()
    before: EmployeeConfirmation | None = offer.confirmations.filter(digest=digest).first()
    if before is not None:
        return before
    if offer.confirmations.count() >= MOST:
        raise NotTaken(_("Enough files were attached. Write to us if another is needed."))
    kept: EmployeeConfirmation = EmployeeConfirmation.objects.create(
        offer=offer,
        name=papers.clean_name(name),
        size=len(content),
        digest=digest,
        locked_content=custody.lock(content).encode("ascii"),
    )
    record(
        offer.solicitation,
        "offer.confirmation_received",
        data={
            "number": offer.solicitation.number,
            "receipt": offer.proposal.receipt_number,
            **on_record(kept),
        },
    )
    return kept


def on_record(kept: EmployeeConfirmation) -> dict[str, str]:
    """What the record of a confirmation says of it, for ``proving``."""
    return {"locked": custody.digest(bytes(kept.locked_content).decode("ascii", "replace"))}


@transaction.atomic
def read(confirmation: EmployeeConfirmation, user: User) -> bytes:
    """The PDF, for staff who may read it; recorded, and so is asking in vain.

    Raises:
        PermissionDenied: the user may not.
    """
    offer = confirmation.offer
    data = {"number": offer.solicitation.number, "receipt": offer.proposal.receipt_number}
    if not user.has_perm(states.READ_CONFIRMATION):
        record_refusal(
            offer.solicitation,
            "offer.refused",
            user=user,
            data={
                "number": offer.solicitation.number,
                "act": "offer.confirmation_read",
                "reasons": _("You do not have the permission."),
            },
        )
        raise PermissionDenied
    record(offer.solicitation, "offer.confirmation_read", user=user, data=data)
    return confirmation.content()
