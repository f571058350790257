"""What a contract waits for and whose step it is, for one contract or for many in one query. Reads only.

The same answer is drawn for staff, for the supplier, in the tracker and on the public page, so that all tell one story.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from microacq_pages.formats import EASTERN
from submissions.solicitations.enums import State

from .enums import ENDED, ContractState, EndKind, Side
from .models import Contract, ContractQuerySet, Dispute, EndProposal, Extension, Message
from .work_models import Delivery, Judgement


class Step(StrEnum):
    """What comes next."""

    DELIVER = "deliver"
    JUDGE = "judge"
    CONCUR = "concur"
    ANSWER_SUPPLIER = "answer_supplier"
    ANSWER_DEPARTMENT = "answer_department"
    SETTLE = "settle"
    CONFIRM_DEFAULT = "confirm_default"
    ANSWER_END = "answer_end"
    USED_UP = "used_up"
    PAY = "pay"
    DECIDE = "decide"
    NOTHING = "nothing"


#: What both sides read.
SENTENCES = {
    Step.DELIVER: _("The supplier does the work and delivers it."),
    Step.JUDGE: _("The work was delivered. The client judges each criterion."),
    Step.CONCUR: _("The client has judged the work. IT Strategy says whether it concurs."),
    Step.ANSWER_SUPPLIER: _("The supplier asks for a later delivery date. The department answers."),
    Step.ANSWER_DEPARTMENT: _("The department asks for a later delivery date. The supplier answers."),
    Step.SETTLE: _("A dispute is to be settled by somebody who is no part of it."),
    Step.CONFIRM_DEFAULT: _("Termination for default is proposed. Another person of the department decides."),
    Step.ANSWER_END: _("The department proposes to end the contract for convenience. The supplier answers."),
    Step.USED_UP: _(
        "The work was delivered as often as the contract allows. The client decides what follows."
    ),
    Step.PAY: _("The work is accepted. The invoice and the payment come next."),
    Step.DECIDE: _("The contract ended. IT Strategy decides what comes next."),
    Step.NOTHING: "",
}
#: Whose step each is: a side, for those who are told in one word.
SIDES = {
    Step.DELIVER: Side.SUPPLIER,
    Step.ANSWER_DEPARTMENT: Side.SUPPLIER,
    Step.ANSWER_END: Side.SUPPLIER,
}


@dataclass(frozen=True)
class Standing:
    """Where one contract is.

    Attributes:
        contract: Read by ``read``.
        step: What comes next.
        due: The day by which the supplier delivers.
        round: The last delivery; 0 before the first.
        delivered_at: When that was (UTC).
        unanswered_since: When the supplier wrote last (UTC), unless the department has written since.
        since: From when on it waits for this step (UTC); for a delivery, from the end of the day on which it is due.
        others: What it waits for besides, each with its time: a dispute hides no delivery that is to be judged.
    """

    contract: Contract
    step: Step
    due: date
    round: int
    delivered_at: datetime | None
    unanswered_since: datetime | None = None
    since: datetime | None = None
    others: tuple[tuple[Step, datetime], ...] = ()

    @property
    def steps(self) -> list[tuple[Step, datetime | None]]:
        """Everything that it waits for, each with its time."""
        return [(self.step, self.since), *self.others]

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.step])

    @property
    def is_suppliers(self) -> bool:
        """Whether the department waits for the supplier."""
        return SIDES.get(self.step) == Side.SUPPLIER


def read(contracts: ContractQuerySet) -> ContractQuerySet:
    """Contracts with everything that ``of`` looks at."""
    mine = OuterRef("pk")
    last = Delivery.objects.filter(contract=mine).order_by("-round")
    judged = Judgement.objects.filter(delivery__contract=mine, delivery__round=OuterRef("last_round"))
    counted = Judgement.objects.filter(delivery__contract=mine, concurrence__agreed=True).order_by("-pk")
    last_judged = Judgement.objects.filter(delivery__contract=mine).order_by("-pk")
    end_proposed = EndProposal.objects.filter(contract=mine, answer=None)
    extension_asked = Extension.objects.filter(contract=mine, answer=None)
    disputes = Dispute.objects.filter(contract=mine, settlement=None)
    found: ContractQuerySet = (
        contracts.select_related("solicitation", "offer__proposal", "offer__award", "end", "payment")
        .defer("offer__proposal__sealed")
        .annotate(
            last_round=Subquery(last.values("round")[:1]),
            last_at=Subquery(last.values("delivered_at")[:1]),
            file_state=F("solicitation__state"),
            end_waits=Subquery(end_proposed.values("kind")[:1]),
            end_at=Subquery(end_proposed.values("proposed_at")[:1]),
            extension_waits=Subquery(extension_asked.values("side")[:1]),
            extension_at=Subquery(extension_asked.values("asked_at")[:1]),
            last_side=Subquery(Message.objects.filter(contract=mine).order_by("-pk").values("side")[:1]),
            last_written=Subquery(
                Message.objects.filter(contract=mine).order_by("-pk").values("sent_at")[:1]
            ),
            in_dispute=Exists(disputes),
            dispute_at=Subquery(disputes.values("raised_at")[:1]),
            judged_at=Subquery(last_judged.values("judged_at")[:1]),
            concurred_at=Subquery(last_judged.values("concurrence__concurred_at")[:1]),
            mend_by=Subquery(counted.values("mend_by")[:1]),
        )
        .annotate(
            is_settled=Exists(judged.filter(concurrence__agreed=True)),
            is_judged=Exists(judged.filter(concurrence=None)),
        )
    )
    return found


def of(contract: Any) -> Standing:
    """Where a contract is that was read by ``read``."""
    due = max(filter(None, (contract.delivery_date, contract.mend_by)))
    written = contract.last_written if contract.last_side == Side.SUPPLIER else None
    first, *others = ((step, _since(contract, step, due)) for step in _steps(contract))
    return Standing(
        contract, first[0], due, contract.last_round or 0, contract.last_at, written, first[1], tuple(others)
    )


def of_contract(contract: Contract) -> Standing:
    """The same of one contract, read afresh."""
    return of(read(Contract.objects.filter(pk=contract.pk)).get())


def _steps(contract: Any) -> list[Step]:
    """Everything that the contract waits for now, what comes first before the rest; never nothing."""
    if contract.state != ContractState.UNDER_WAY:
        return [_after_the_work(contract)]
    found = []
    if contract.end_waits == EndKind.CONVENIENCE:
        found.append(Step.ANSWER_END)
    if contract.in_dispute:
        found.append(Step.SETTLE)
    elif contract.end_waits == EndKind.DEFAULT:
        found.append(Step.CONFIRM_DEFAULT)
    if contract.last_round and not contract.is_settled:
        found.append(Step.CONCUR if contract.is_judged else Step.JUDGE)
    if contract.extension_waits:
        is_suppliers = contract.extension_waits == Side.SUPPLIER
        found.append(Step.ANSWER_SUPPLIER if is_suppliers else Step.ANSWER_DEPARTMENT)
    if not found:
        found.append(Step.USED_UP if (contract.last_round or 0) >= contract.rounds else Step.DELIVER)
    return found


def _since(contract: Any, step: Step, due: date) -> datetime:
    """When somebody did what made this the next step; nobody is late for what was not asked yet."""
    moments = {
        Step.DELIVER: datetime.combine(due + timedelta(days=1), time(), tzinfo=EASTERN),
        # Where IT Strategy did not concur, the client judges again from then on.
        Step.JUDGE: max(filter(None, (contract.last_at, contract.concurred_at)), default=None),
        Step.CONCUR: contract.judged_at,
        Step.ANSWER_SUPPLIER: contract.extension_at,
        Step.ANSWER_DEPARTMENT: contract.extension_at,
        Step.SETTLE: contract.dispute_at,
        Step.CONFIRM_DEFAULT: contract.end_at,
        Step.ANSWER_END: contract.end_at,
        Step.USED_UP: contract.concurred_at,
    }
    found: datetime = moments.get(step) or contract.changed_at
    return found


def _after_the_work(contract: Any) -> Step:
    if contract.state == ContractState.ACCEPTED:
        return Step.PAY
    if contract.state in ENDED and contract.file_state == State.AWARDED:
        return Step.DECIDE
    return Step.NOTHING
