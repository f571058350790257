"""A second proposal from one address: which of them counts is for the owner of the address to say, by a mailed link.

Owns: that word, kept in one transaction with what it changes. ``services.receive`` lets a second proposal wait; what a
page on the screen answers never tells that there is a first (docs/decisions/0023-one-address.md). Unconfirmed at the
deadline, the first stands: nothing has to happen for that. Knows no request and no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from submissions.proposals import letters, links, services
from submissions.proposals.enums import LinkKind, ProposalState
from submissions.proposals.models import AddressConfirmation, Proposal

if TYPE_CHECKING:
    from submissions.proposals.models import MailedLink
    from submissions.proposals.sealing import SupplierLink


@dataclass(frozen=True)
class Choice:
    """What a mailed link is about.

    Attributes:
        mailed: The link.
        proposal: The one that it would make count.
        first: The one that counts now; None when that was withdrawn.
    """

    mailed: MailedLink
    proposal: Proposal
    first: Proposal | None

    @property
    def waits(self) -> bool:
        """Whether there is still something to say."""
        return self.proposal.state == ProposalState.WAITING

    @property
    def counts(self) -> bool:
        """Whether it was said, and holds."""
        return self.proposal.state == ProposalState.SENT


def choice_of(link: SupplierLink) -> Choice | None:
    """What a mailed link is about; None when it was never mailed."""
    mailed = links.found(LinkKind.COUNT, link)
    if mailed is None:
        return None
    proposal = mailed.proposal
    others = Proposal.objects.sent().of_address(proposal.solicitation_id, proposal.address_digest)
    return Choice(mailed, proposal, others.exclude(pk=proposal.pk).without_text().first())


@transaction.atomic
def confirm(link: SupplierLink) -> Choice | None:
    """Let a second proposal be the one in the competition; the first is replaced and stays sealed.

    Saying it again changes nothing, and neither does saying it of one that was replaced or withdrawn meanwhile.

    Returns:
        How it stands afterwards; None when the link was never mailed.

    Raises:
        services.Closed: the deadline has passed by the database's clock.
    """
    asked = choice_of(link)
    if asked is None:
        return None
    services.lock(asked.proposal.link_digest)
    services.lock_addresses(asked.proposal.address_digest)
    choice = choice_of(link)
    if choice is None or not choice.waits:
        return choice
    first = choice.first
    _store(AddressConfirmation(proposal=choice.proposal, replaced=first, link=choice.mailed))
    if first is not None:
        services.move("give_way", first)
    services.move("count", choice.proposal, replaces=first.receipt_number if first else None)
    letters.send_counts(choice.proposal, first)
    return Choice(choice.mailed, choice.proposal, None)


def _store(confirmation: AddressConfirmation) -> None:
    try:
        with transaction.atomic():
            confirmation.save(force_insert=True)
    except IntegrityError as error:
        raise services.in_words(error) from error
