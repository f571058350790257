"""After an amendment that changes what evaluation relies on: confirming a proposal, with the supplier’s own link.

Owns what a supplier is asked, until when, and the one transaction in which the confirmation is kept and recorded.
Replacing goes the way of any change. A proposal that is neither confirmed nor replaced at the deadline is set aside: it
stays sealed (docs/decisions/0015-amendments.md). Knows no request and no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from submissions.audit.services import record
from submissions.proposals.enums import ProposalState
from submissions.proposals.models import Proposal, ProposalConfirmation
from submissions.proposals.services import Closed, PostingChanged, gave_way, locked
from submissions.solicitations import changes
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import Posting

if TYPE_CHECKING:
    from submissions.proposals.sealing import SupplierLink

_REFUSALS = {
    "proposal_before_deadline": Closed,
    "proposal_answers_current_posting": PostingChanged,
}


class CannotConfirm(Exception):
    """The proposal has no answer to a criterion that is new, so that it can only be replaced."""


@dataclass(frozen=True)
class Asked:
    """What a supplier is asked about a proposal after amendments.

    Attributes:
        proposal: The last version of a link, whether it counts, waits or gave way: its page does not tell which.
        posting: What counts now, and what a confirmation is bound to.
        changes: What differs from what the proposal answers, in the supplier’s language.
        summaries: Of the amendments since, the oldest first.
        can_confirm: Whether it answers every criterion of now; else it can only be replaced.
    """

    proposal: Proposal
    posting: Posting
    changes: list[changes.Change]
    summaries: list[str]
    can_confirm: bool


def asked_of(proposal: Proposal, language: str) -> Asked | None:
    """What the supplier of a proposal is asked; None when it stands as it is."""
    if proposal.state == ProposalState.WITHDRAWN:
        return None
    if not Proposal.objects.filter(Proposal.objects.unanswered(), pk=proposal.pk).exists():
        return None
    answered = proposal.answered_posting
    later = list(
        Posting.objects.filter(
            solicitation_id=proposal.solicitation_id, amendment__gt=answered.amendment
        ).order_by("amendment")
    )
    current = later[-1]
    found = changes.changes_between(answered.text, current.text, language)
    return Asked(
        proposal=proposal,
        posting=current,
        changes=found,
        summaries=[posting.get_summary(language) for posting in later],
        can_confirm=not any(change.is_new_item and change.name == ItemKind.EVALUATION for change in found),
    )


@transaction.atomic
def confirm(link: SupplierLink, posting_digest: str, language: str) -> ProposalConfirmation | None:
    """Keep a supplier’s word that its proposal stands for what is posted now.

    Confirming again changes nothing.

    Args:
        link: The supplier’s own link.
        posting_digest: Digest of the posting that the supplier was shown.
        language: Of the page.

    Returns:
        The confirmation; None when there is nothing to confirm.

    Raises:
        Closed: the deadline has passed by the database’s clock.
        PostingChanged: the file was amended after the supplier was shown what changed.
        CannotConfirm: it can only be replaced.
    """
    proposal = locked(link) or gave_way(link)
    asked = asked_of(proposal, language) if proposal is not None else None
    if proposal is None or asked is None:
        return None
    if asked.posting.digest != posting_digest:
        raise PostingChanged
    if not asked.can_confirm:
        raise CannotConfirm
    confirmation = _store(ProposalConfirmation(proposal=proposal, posting=asked.posting))
    record(
        proposal,
        "proposal.confirmed",
        data={
            "number": proposal.solicitation.number,
            "receipt": proposal.receipt_number,
            "amendment": asked.posting.amendment,
            "posting": asked.posting.digest,
        },
    )
    return confirmation


def _store(confirmation: ProposalConfirmation) -> ProposalConfirmation:
    try:
        with transaction.atomic():
            confirmation.save(force_insert=True)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if refusal := _REFUSALS.get(name or ""):
            raise refusal from error
        raise
    return confirmation
