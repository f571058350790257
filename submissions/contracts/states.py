"""The state machine of a contract, as data (DESIGN rule 9). The triggers hold the same table. Imports no model.

``services.move`` is the only function that carries a row of it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .enums import ContractState

UNDER_WAY = ContractState.UNDER_WAY

#: Staff who do the client’s part of the work: for every file, or for the files whose client they are.
WORK, WORK_OWN = "submissions.work_contract", "submissions.work_own_contract"
CONCUR = "submissions.concur_work"
CONFIRM_END = "submissions.confirm_contract_end"
SETTLE = "submissions.settle_dispute"
PAY = "submissions.pay_contract"

#: Who reads what both sides wrote, besides who does the client’s part.
READERS = (CONCUR, CONFIRM_END, SETTLE, PAY, "submissions.view_auditentry")


@dataclass(frozen=True)
class Transition:
    """One thing that can become of a contract.

    Attributes:
        name: By which code asks for it.
        sources: The states that it leaves.
        target: The state that it leads to.
        act: What the audit records.
        label: What is done, in words.
        who: Whose act it is, in words.
        needs_reason: No reason, no decision (DESIGN rule 7).
    """

    name: str
    sources: frozenset[ContractState]
    target: ContractState
    act: str
    label: Any
    who: Any
    needs_reason: bool = False


ACCEPT = Transition(
    "accept",
    frozenset({UNDER_WAY}),
    ContractState.ACCEPTED,
    "contract.accepted",
    _("Accept the work"),
    _("The client, who judged each criterion, and another person of IT Strategy, who concurs"),
)
PAY_IT = Transition(
    "pay",
    frozenset({ContractState.ACCEPTED}),
    ContractState.PAID,
    "contract.paid",
    _("Pay"),
    _("Finance, once the invoice is approved"),
)
END_DEFAULT = Transition(
    "end_default",
    frozenset({UNDER_WAY}),
    ContractState.ENDED_DEFAULT,
    "contract.ended_default",
    _("Terminate for default"),
    _("Two people of staff: one proposes, another confirms"),
    needs_reason=True,
)
END_CONVENIENCE = Transition(
    "end_convenience",
    frozenset({UNDER_WAY}),
    ContractState.ENDED_CONVENIENCE,
    "contract.ended_convenience",
    _("Terminate for convenience"),
    _("Staff propose with the share that is paid, the supplier agrees"),
    needs_reason=True,
)
WITHDRAW = Transition(
    "withdraw",
    frozenset({UNDER_WAY}),
    ContractState.WITHDRAWN,
    "contract.withdrawn",
    _("Withdraw from the contract"),
    _("The supplier, with the link"),
    needs_reason=True,
)

TRANSITIONS: dict[str, Transition] = {
    row.name: row for row in (ACCEPT, PAY_IT, END_DEFAULT, END_CONVENIENCE, WITHDRAW)
}


def allowed(before: str, after: str) -> bool:
    """Whether any row leads from one state to another, whoever asks."""
    return any(before in row.sources and after == row.target for row in TRANSITIONS.values())
