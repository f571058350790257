"""What a person of staff may do with a contract now, with the way there. Decides nothing: the services do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from submissions.awards import outcome
from submissions.awards import states as award_states
from submissions.solicitations import states as file_states
from submissions.solicitations.services import obstacles

from . import delivering, desk, ending, judging, results, services, states, talking
from .enums import ENDED, ContractState, EndKind, Side
from .models import Contract
from .standing import SIDES, Step

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Act:
    """A screen that a person may go to.

    Attributes:
        label: Of the button.
        url: Of the screen.
        waits: Whether the contract waits for it.
    """

    label: str
    url: str
    waits: bool = False


def acts_of(contract: Contract, step: Step, user: User) -> list[Act]:
    """What this person may do now: what the contract waits for comes first."""
    if contract.state == ContractState.UNDER_WAY:
        found = [*_of_client(contract, step, user), *_of_others(contract, user)]
    else:
        found = list(_after_the_end(contract, step, user))
    if desk.may_enter(user, contract) and (contract.is_active or results.owed(contract) is not None):
        found.append(
            _act("desk", _("Speak with the supplier"), contract, waits=step in SIDES or step == Step.PAY)
        )
    return sorted(found, key=lambda act: not act.waits)


def _act(name: str, label: str, contract: Contract, *, waits: bool = False) -> Act:
    return Act(label, reverse(f"contracts:{name}", args=[contract.pk]), waits)


def _of_client(contract: Contract, step: Step, user: User) -> Iterator[Act]:
    if not services.acts_for_client(user, contract.solicitation):
        return
    delivery = delivering.waiting_delivery(contract)
    if delivery is not None and not judging.reasons_against_judging(delivery, user):
        yield _act("judge", _("Judge what was delivered"), contract, waits=True)
    extension = talking.open_extension(contract)
    if extension is None:
        yield _act("extension", _("Ask for a later delivery date"), contract)
    elif extension.side == Side.SUPPLIER and not desk.has_entered(user, extension):
        yield _act("answer_extension", _("Answer: a later delivery date"), contract, waits=True)
    if not ending.reasons_against_proposing(contract):
        yield _act("end", _("Propose to end the contract"), contract, waits=step == Step.USED_UP)
    if not talking.reasons_against_disputing(contract):
        yield _act("dispute", _("Raise a dispute"), contract)


def _of_others(contract: Contract, user: User) -> Iterator[Act]:
    judgement = judging.waiting_judgement(contract) if user.has_perm(states.CONCUR) else None
    if judgement is not None and not desk.has_entered(user, judgement.delivery):
        yield _act("concur", _("Concur with the judgement, or not"), contract, waits=True)
    proposal = ending.open_proposal(contract) if user.has_perm(states.CONFIRM_END) else None
    if proposal is not None and proposal.kind == EndKind.DEFAULT:
        yield _act("confirm_end", _("Decide about the termination for default"), contract, waits=True)
    raised = talking.open_dispute(contract) if user.has_perm(states.SETTLE) else None
    if raised is not None and not desk.has_entered(user, raised):
        yield _act("settle", _("Settle the dispute"), contract, waits=True)


def _after_the_end(contract: Contract, step: Step, user: User) -> Iterator[Act]:
    file = contract.solicitation
    if contract.state not in ENDED or not user.has_perm(award_states.OFFER):
        return
    if step == Step.DECIDE and not obstacles(file_states.OFFER_NEXT, file, user):
        yield _act("pass_on", _("Offer the work to the next in the order"), contract, waits=True)
    # Once the work was passed on, the file ends so when everybody else was asked in vain.
    is_last = step == Step.DECIDE or outcome.next_in_order(file) is None
    if is_last and not obstacles(file_states.END_CONTRACT, file, user):
        yield _act("end_file", _("End the file without the work"), contract, waits=True)
