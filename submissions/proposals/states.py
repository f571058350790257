"""The state machine of proposals, as data (DESIGN rule 9). The triggers hold the same table.

Owns: the states that a version can arrive in, and what can become of it. ``services.move`` is the only function that
carries a row of it out. Imports no model.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from submissions.proposals.enums import ProposalState

SENT, WAITING = ProposalState.SENT, ProposalState.WAITING
REPLACED, WITHDRAWN = ProposalState.REPLACED, ProposalState.WITHDRAWN

#: The states that a version arrives in, each with the act that is recorded. It waits where its address has another in
#: the competition that came with another link.
ARRIVALS: dict[ProposalState, str] = {SENT: "proposal.received", WAITING: "proposal.waits"}


@dataclass(frozen=True)
class Transition:
    """One thing that can become of a version, always before the deadline.

    Attributes:
        name: By which code asks for it.
        sources: The states that it leaves.
        target: The state that it leads to.
        who: Whose act it is, in words.
        act: What is recorded; empty where the act is recorded on the version that comes in its place.
        gave_way: Only for a version that one with another link took the place of.
    """

    name: str
    sources: frozenset[ProposalState]
    target: ProposalState
    who: object
    act: str = ""
    gave_way: bool = False


TRANSITIONS: dict[str, tuple[Transition, ...]] = {
    "replace": (
        Transition(
            "replace", frozenset({SENT, WAITING}), REPLACED, _("The supplier, by sending another version")
        ),
    ),
    "withdraw": (
        Transition(
            "withdraw",
            frozenset({SENT, WAITING}),
            WITHDRAWN,
            _("The supplier, with the own link or a mailed one"),
            "proposal.withdrawn",
        ),
        # What the page of a link answers must not tell that another of the same address counts.
        Transition(
            "withdraw",
            frozenset({REPLACED}),
            WITHDRAWN,
            _("The supplier, with the own link, of what another of the same address took the place of"),
            "proposal.withdrawn",
            gave_way=True,
        ),
    ),
    "withdraw_for": (
        Transition(
            "withdraw_for",
            frozenset({SENT, WAITING}),
            WITHDRAWN,
            _("Staff who entered it, on the word of the supplier"),
        ),
    ),
    "count": (
        Transition(
            "count",
            frozenset({WAITING}),
            SENT,
            _("The owner of the address, with a mailed link"),
            "proposal.counts",
        ),
    ),
    "give_way": (
        Transition(
            "give_way",
            frozenset({SENT}),
            REPLACED,
            _("The owner of the address, who says that another counts"),
        ),
    ),
}


def transition(name: str, state: str, *, gave_way: bool = False) -> Transition | None:
    """The row by which ``name`` leaves ``state``; None where the table has none."""
    for row in TRANSITIONS[name]:
        if state in row.sources and (gave_way or not row.gave_way):
            return row
    return None


def allowed(before: str, after: str) -> bool:
    """Whether any row leads from one state to another, whoever asks."""
    return any(before in row.sources and after == row.target for rows in TRANSITIONS.values() for row in rows)
