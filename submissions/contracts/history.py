"""That the next supplier did not deliver under an earlier contract: a fact, with date and reason, for IT Strategy.

Told only once the evaluation is signed off and a supplier is selected, before that supplier is offered the work: no
evaluator can know it, and it changes no order. Suppliers are matched by the keyed digest of the address, never by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from submissions.audit.services import record
from submissions.awards import outcome
from submissions.awards import states as award_states
from submissions.awards.models import Offer
from submissions.evaluation import results as evaluation
from submissions.proposals.reading import IDENTIFY_PERMISSION
from submissions.proposals.services import address_digest
from submissions.solicitations.enums import State

from .enums import NOT_DELIVERED
from .models import Contract

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.proposals.models import Proposal
    from submissions.solicitations.models import Solicitation


@dataclass(frozen=True)
class Earlier:
    """One contract under which the supplier did not deliver.

    Attributes:
        number: Of its file.
        kind: How it ended, in words.
        ended_at: When (UTC).
        reason: Why, in the words of whoever ended it.
        language: Of the reason.
    """

    number: str
    kind: str
    ended_at: datetime
    reason: str
    language: str


def may_be_told(file: Solicitation, user: User) -> bool:
    """Whether this is the moment and the person: selected, not offered yet, and IT Strategy."""
    return (
        file.state == State.SELECTED
        and user.has_perm(award_states.OFFER)
        and user.has_perm(IDENTIFY_PERMISSION)
        and evaluation.signed_round(file) is not None
        and not Offer.objects.standing().filter(solicitation=file).exists()
    )


@transaction.atomic
def tell(file: Solicitation, user: User) -> list[Earlier]:
    """What is known of the supplier who is asked next; that it was looked at is recorded where there is something.

    Args:
        file: The re-run, or any later file.
        user: Who asks.
    """
    if not may_be_told(file, user):
        return []
    following = outcome.next_in_order(file)
    if following is None:
        return []
    proposal = file.proposals.opened().without_text().get(receipt_number=following.receipt)
    found = _of(proposal)
    if found:
        record(
            file,
            "contract.history_read",
            user=user,
            data={
                "number": file.number,
                "receipt": following.receipt,
                "earlier": [each.number for each in found],
            },
        )
    return found


def _of(proposal: Proposal) -> list[Earlier]:
    """Earlier contracts of the same address. The address is decrypted, digested with the key, and forgotten."""
    address = proposal.address
    if not address:
        return []
    ended = (
        Contract.objects.filter(state__in=NOT_DELIVERED)
        .exclude(offer__proposal=proposal)
        .select_related("solicitation", "offer__proposal", "end")
        .defer("offer__proposal__sealed")
    )
    return [
        Earlier(
            number=contract.solicitation.number,
            kind=str(contract.get_state_display()),
            ended_at=contract.end.ended_at,
            reason=contract.end.reason,
            language=contract.end.language,
        )
        for contract in ended
        # The digest is another one in each file, so that nobody can link applications across files at rest.
        if contract.offer.proposal.address_digest == address_digest(contract.solicitation, address)
    ]
