"""What this stage writes to suppliers, in the language that they chose.

Owns: what each letter says of which proposal; the words are with all notices. All carry a supplier’s link or receipt,
so the outbox never shows them and blanks them after delivery. Who has no e-mail is written to by nobody: a member of
staff hands the receipt over. Imports no view.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from microacq_pages.formats import eastern
from submissions.gate import counting, limits
from submissions.notices.services import send_notice
from submissions.proposals import links
from submissions.proposals.enums import LinkKind
from submissions.proposals.models import Proposal

#: How many waiting proposals one letter lists, the newest of them.
WAITING_LISTED = 5


def send_receipt(proposal: Proposal, *, link_address: str) -> None:
    """Tell the supplier what was received, when, and how to come back to it; the page of the link says it as well."""
    if _is_enough(proposal):
        return
    _send(
        "proposal_receipt",
        proposal,
        eastern_time=eastern(proposal.arrived_at, _language(proposal)),
        digest=proposal.text_digest,
        link=link_address,
    )


def send_withdrawal(proposal: Proposal, *, link_address: str, tell_waiting: bool) -> None:
    """Confirm that the proposal is out of the competition, and tell the address of others that wait for its word."""
    if _is_enough(proposal):
        return
    _send("proposal_withdrawn", proposal, deadline=_deadline(proposal), link=link_address)
    if tell_waiting:
        send_waiting(proposal)


def send_withdrawal_for(proposal: Proposal) -> None:
    """Tell a supplier who has e-mail that staff withdrew the proposal on their word."""
    _send("proposal_withdrawn_for", proposal, deadline=_deadline(proposal))


def send_second(proposal: Proposal, first: Proposal, *, link_address: str) -> None:
    """Tell the owner of the address that there are two, and how to say that the second counts.

    Beyond so many in a day nothing is sent, so that nobody fills a mailbox; asking for a lost link mails what waits.
    """
    if counting.take((limits.SECOND_PROPOSALS_OF_ADDRESS, proposal.address_digest)) is not None:
        return
    language = _language(proposal)
    _send(
        "proposal_second",
        proposal,
        eastern_time=eastern(proposal.arrived_at, language),
        digest=proposal.text_digest,
        first_receipt=first.receipt_number,
        first_time=eastern(first.arrived_at, language),
        deadline=_deadline(proposal),
        confirm_link=links.make(LinkKind.COUNT, proposal, beside=link_address),
        link=link_address,
    )


def send_counts(proposal: Proposal, first: Proposal | None) -> None:
    """Confirm that the second counts now, and what became of the first."""
    language = _language(proposal)
    with override(language):
        before = (
            _("Application %(receipt)s no longer counts: it stays sealed and is never opened.")
            % {"receipt": first.receipt_number}
            if first
            else _("No other application from your address counts.")
        )
    _send("proposal_counts", proposal, before=before, deadline=_deadline(proposal))


def send_waiting(proposal: Proposal, *, key: str = "") -> None:
    """Tell the address of a proposal of the others that wait for its word, each with a fresh link; if there are any."""
    of_address = Proposal.objects.of_address(proposal.solicitation_id, proposal.address_digest)
    waiting = list(of_address.waiting().defer("sealed").order_by("-pk")[:WAITING_LISTED])
    if not waiting:
        return
    language = _language(proposal)
    with override(language):
        lines = [
            _("%(receipt)s, received %(time)s:\n%(link)s")
            % {
                "receipt": each.receipt_number,
                "time": eastern(each.arrived_at, language),
                "link": links.make(LinkKind.COUNT, each),
            }
            for each in waiting
        ]
    _send(
        "proposals_waiting",
        proposal,
        key=key,
        waiting="\n\n".join(lines),
        deadline=_deadline(proposal),
    )


def send_link_again(proposal: Proposal, *, key: str) -> None:
    """Mail a link that stands for a lost one."""
    _send(
        "link_again",
        proposal,
        key=key,
        eastern_time=eastern(proposal.arrived_at, _language(proposal)),
        deadline=_deadline(proposal),
        link=links.make(LinkKind.RECOVER, proposal),
    )


def _is_enough(proposal: Proposal) -> bool:
    """Whether this address, which nobody proved to be theirs, was sent enough for a day; else count one more letter.

    What staff entered is not counted: its link is in this letter and nowhere else.
    """
    address = "" if proposal.entered_by_id else proposal.address
    return bool(address) and counting.take((limits.RECEIPTS_TO_ADDRESS, address.casefold())) is not None


def _send(kind: str, proposal: Proposal, *, key: str = "", **values: Any) -> None:
    address = proposal.address
    if not address:
        return
    language = _language(proposal)
    send_notice(
        kind,
        address,
        key=f"{kind}:{key or proposal.receipt_number}",
        language=language,
        number=proposal.solicitation.number,
        context={
            "number": proposal.solicitation.number,
            "title": proposal.solicitation.get_title(language),
            "receipt": proposal.receipt_number,
            "contact_email": settings.MICROACQ_CONTACT_EMAIL,
            **values,
        },
    )


def _language(proposal: Proposal) -> str:
    return proposal.correspondence_language


def _deadline(proposal: Proposal) -> str:
    return eastern(proposal.solicitation.deadline, _language(proposal))
