"""What this stage writes to suppliers, in the language that they chose.

Owns: what the receipt and the confirmation of a withdrawal say; their words are with all notices. Both carry
the supplier’s link, so the outbox never shows them and blanks them after delivery. Imports no view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from microacq_pages.formats import eastern
from submissions.notices.services import send_notice

if TYPE_CHECKING:
    from submissions.proposals.models import Proposal


def send_receipt(proposal: Proposal, *, link_address: str) -> None:
    """Tell the supplier what was received, when, and how to come back to it."""
    language = proposal.correspondence_language
    send_notice(
        "proposal_receipt",
        proposal.address,
        key=f"proposal_receipt:{proposal.receipt_number}",
        language=language,
        number=proposal.solicitation.number,
        context={
            **_shared(proposal, language, link_address),
            "eastern_time": eastern(proposal.arrived_at, language),
            "digest": proposal.text_digest,
        },
    )


def send_withdrawal(proposal: Proposal, *, link_address: str) -> None:
    """Confirm that the proposal is out of the competition."""
    language = proposal.correspondence_language
    send_notice(
        "proposal_withdrawn",
        proposal.address,
        key=f"proposal_withdrawn:{proposal.receipt_number}",
        language=language,
        number=proposal.solicitation.number,
        context={
            **_shared(proposal, language, link_address),
            "deadline": eastern(proposal.solicitation.deadline, language),
        },
    )


def _shared(proposal: Proposal, language: str, link_address: str) -> dict[str, str]:
    return {
        "number": proposal.solicitation.number,
        "title": proposal.solicitation.get_title(language),
        "receipt": proposal.receipt_number,
        "link": link_address,
        "contact_email": settings.MICROACQ_CONTACT_EMAIL,
    }
