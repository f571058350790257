"""What became of each application of a file that has its result. Decides nothing: evaluation and selection did.

Imports no view and no letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from submissions.evaluation import results as evaluation
from submissions.proposals.models import Proposal
from submissions.selection import results as selection
from submissions.solicitations.enums import WITH_CONTRACT, State

from .enums import PASSED_ON, OfferState, Result
from .models import Offer, OfferQuerySet

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

#: From then on suppliers learn what became of their own application.
WITH_RESULT = WITH_CONTRACT | {State.NONE_SUITABLE, State.NOT_ACCEPTED}
#: To whom a debrief is offered.
UNSUCCESSFUL = frozenset({Result.NOT_DRAWN, Result.NOT_MET, Result.PASSED_ON, Result.SET_ASIDE})


@dataclass(frozen=True)
class Next:
    """The next in the order, who was not asked yet.

    Attributes:
        receipt: Receipt number.
        rank: Place in the order, from 1.
    """

    receipt: str
    rank: int


def offers_of_selection(file: Solicitation) -> OfferQuerySet:
    """The offers that follow from the selection that counts; those of an earlier one were voided with it."""
    selected_at = selection.selected_at(file)
    if selected_at is None:
        return Offer.objects.none()
    offers = Offer.objects.filter(solicitation=file, selected_at=selected_at)
    return offers.exclude(state=OfferState.VOIDED)


def next_in_order(file: Solicitation) -> Next | None:
    """Who is asked next; None when everybody in the order was asked, or nobody was selected."""
    asked = set(offers_of_selection(file).values_list("proposal__receipt_number", flat=True))
    for rank, receipt in enumerate(selection.order_of(file), start=1):
        if receipt not in asked:
            return Next(receipt, rank)
    return None


def result_of(proposal: Proposal) -> Result | None:
    """What became of one application; None while its file has no result."""
    file = proposal.solicitation
    if file.state not in WITH_RESULT:
        return None
    state = _states_of_offers(file).get(proposal.pk, "")
    is_opened = Proposal.objects.opened().filter(pk=proposal.pk).exists()
    return _result(proposal.receipt_number, state, is_opened, set(evaluation.passing(file)))


def results_of(file: Solicitation) -> list[tuple[Proposal, Result]]:
    """What became of every application in the competition, by receipt number; nothing before the file’s result."""
    if file.state not in WITH_RESULT:
        return []
    states, passing = _states_of_offers(file), set(evaluation.passing(file))
    sent = list(file.proposals.sent().defer("sealed").select_related("solicitation"))
    opened = set(file.proposals.opened().values_list("pk", flat=True))
    return [
        (each, _result(each.receipt_number, states.get(each.pk, ""), each.pk in opened, passing))
        for each in sent
    ]


def _states_of_offers(file: Solicitation) -> dict[int, str]:
    return dict(offers_of_selection(file).values_list("proposal_id", "state"))


def _result(receipt: str, offer_state: str, is_opened: bool, passing: set[str]) -> Result:
    if offer_state == OfferState.AWARDED:
        return Result.AWARDED
    if offer_state in PASSED_ON:
        return Result.PASSED_ON
    if not is_opened:
        return Result.SET_ASIDE
    return Result.NOT_DRAWN if receipt in passing else Result.NOT_MET
