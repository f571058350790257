"""What this stage writes to suppliers, in the language that they chose.

Owns: the receipt and the confirmation of a withdrawal. They carry the supplier’s link, so the outbox never shows them and
blanks them after delivery. Sends with Django’s mail functions, in the transaction of the act; imports no view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from microacq_pages.formats import eastern

if TYPE_CHECKING:
    from submissions.proposals.models import Proposal


def send_receipt(proposal: Proposal, *, link_address: str) -> None:
    """Tell the supplier what was received, when, and how to come back to it."""
    _send(proposal, "proposal_receipt", proposal.receipt_number, link_address)


def send_withdrawal(proposal: Proposal, *, link_address: str) -> None:
    """Confirm that the proposal is out of the competition."""
    _send(proposal, "proposal_withdrawn", f"{proposal.receipt_number}/withdrawn", link_address)


def _send(proposal: Proposal, kind: str, key: str, link_address: str) -> None:
    solicitation = proposal.solicitation
    language = proposal.correspondence_language
    context = {
        "proposal": proposal,
        "file": solicitation,
        "title": solicitation.get_title(language),
        "arrived_at": eastern(proposal.arrived_at, language),
        "deadline": eastern(solicitation.deadline, language),
        "link_address": link_address,
    }
    with translation.override(language):
        subject = render_to_string(f"submissions/proposals/mail/{kind}_subject.txt", context)
        body = render_to_string(f"submissions/proposals/mail/{kind}_body.txt", context)
    EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[proposal.address],
        headers={
            "X-Microacq-Kind": kind,
            "X-Microacq-Key": f"{kind}:{key}",
            "X-Microacq-File": solicitation.number,
            "X-Microacq-Language": language,
            "X-Microacq-Private": "1",
        },
    ).send()
