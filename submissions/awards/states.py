"""The state machine of an offer, as data (DESIGN rule 9). The triggers hold the same table. Imports no model.

``offers.move`` is the only function that carries a row of it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .enums import OfferState

OFFERED, ACCEPTED = OfferState.OFFERED, OfferState.ACCEPTED

OFFER = "submissions.offer_award"
COUNTERSIGN = "submissions.countersign_award"
READ_CONFIRMATION = "submissions.read_award_confirmation"
ANSWER = "submissions.answer_debrief"


@dataclass(frozen=True)
class Transition:
    """One thing that can become of an offer.

    Attributes:
        name: By which code asks for it.
        sources: The states that it leaves.
        target: The state that it leads to.
        act: What the audit records.
        who: Whose act it is, in words.
        permission: Which staff may; empty where the supplier, the clock or an earlier stage acts.
        needs_reason: No reason, no decision (DESIGN rule 7).
    """

    name: str
    sources: frozenset[OfferState]
    target: OfferState
    act: str
    who: Any
    permission: str = ""
    needs_reason: bool = False


ACCEPT = Transition(
    "accept",
    frozenset({OFFERED}),
    OfferState.ACCEPTED,
    "offer.accepted",
    _("The supplier, with the own link, before the time limit"),
)
DECLINE = Transition(
    "decline",
    frozenset({OFFERED, ACCEPTED}),
    OfferState.DECLINED,
    "offer.declined",
    _("The supplier, with the own link, until the department has signed"),
)
LAPSE = Transition(
    "lapse",
    frozenset({OFFERED}),
    OfferState.LAPSED,
    "offer.lapsed",
    _("The clock, at the time limit"),
)
FIND_NOT_ELIGIBLE = Transition(
    "find_not_eligible",
    frozenset({OFFERED, ACCEPTED}),
    OfferState.NOT_ELIGIBLE,
    "offer.not_eligible",
    _("Staff, with a reason that the supplier reads"),
    permission=OFFER,
    needs_reason=True,
)
COUNTERSIGN_IT = Transition(
    "countersign",
    frozenset({ACCEPTED}),
    OfferState.AWARDED,
    "offer.countersigned",
    _("Staff, another person than who selected or made the offer"),
    permission=COUNTERSIGN,
)
VOID = Transition(
    "void",
    frozenset({OFFERED, ACCEPTED}),
    OfferState.VOIDED,
    "offer.voided",
    _("Whoever reopens the evaluation or cancels the file, with the reason of that act"),
    needs_reason=True,
)

END = Transition(
    "end",
    frozenset({OfferState.AWARDED}),
    OfferState.ENDED,
    "offer.ended",
    _("The stage of the work, when the contract ended for default, for convenience or by withdrawal"),
)

TRANSITIONS: dict[str, Transition] = {
    row.name: row for row in (ACCEPT, DECLINE, LAPSE, FIND_NOT_ELIGIBLE, COUNTERSIGN_IT, VOID, END)
}


def allowed(before: str, after: str) -> bool:
    """Whether any row leads from one state to another, whoever asks."""
    return any(before in row.sources and after == row.target for row in TRANSITIONS.values())
