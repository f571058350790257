"""What waits for a person because of contracts. Reads only, with as many queries for many contracts as for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microacq_pages.waiting import WaitingItem
from submissions.awards import states as award_states
from submissions.proposals.entering import ENTER_PERMISSION
from submissions.solicitations.enums import State
from submissions.solicitations.services import database_clock

from . import desk, standing, states, timing
from .desk_models import EnteredForSupplier
from .enums import ACTIVE, ENDED
from .letters import has_mail
from .models import Contract, Dispute, EndProposal, Extension
from .standing import Step
from .work_models import Judgement

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: The screen of each step, what it is called, and within how many business days it should be done.
CLIENT = {
    Step.JUDGE: ("judge", _("Judge what was delivered"), timing.JUDGE_WITHIN),
    Step.ANSWER_SUPPLIER: ("answer_extension", _("Answer: a later delivery date"), timing.ANSWER_WITHIN),
    Step.USED_UP: ("work", _("Decide what follows: every round is used up"), timing.DECIDE_WITHIN),
}
OTHERS: dict[Step, tuple[str, str, Any, int]] = {
    Step.CONCUR: (states.CONCUR, "concur", _("Concur with the judgement, or not"), timing.CONCUR_WITHIN),
    Step.CONFIRM_DEFAULT: (
        states.CONFIRM_END,
        "confirm_end",
        _("Decide about the termination for default"),
        timing.DECIDE_WITHIN,
    ),
    Step.SETTLE: (states.SETTLE, "settle", _("Settle the dispute"), timing.DECIDE_WITHIN),
    Step.DECIDE: (
        award_states.OFFER,
        "work",
        _("Decide what follows the end of a contract"),
        timing.DECIDE_WITHIN,
    ),
}


#: Who entered one of these for the supplier does not take these steps about it.
DECIDED_BY_ANOTHER: dict[str, tuple[Step, ...]] = {
    "delivery": (Step.JUDGE, Step.CONCUR),
    "extension": (Step.ANSWER_SUPPLIER,),
    "dispute": (Step.SETTLE,),
}
#: The kind of waiting work that names suppliers to call or to write to.
TO_CALL = "amendment-call"
#: What a supplier without e-mail is told and asked by whoever enters the answer.
TO_ASK = {
    Step.ANSWER_DEPARTMENT: _("Ask a supplier without e-mail, and enter the answer"),
    Step.ANSWER_END: _("Ask a supplier without e-mail, and enter the answer"),
}


def work_of(user: User) -> Iterator[WaitingItem]:
    """What this person may do now about the contracts of all files."""
    all_files, own = user.has_perm(states.WORK), user.has_perm(states.WORK_OWN)
    enters = user.has_perm(ENTER_PERMISSION)
    decides = {step for step, (permission, *_rest) in OTHERS.items() if user.has_perm(permission)}
    if not (all_files or own or decides or enters):
        return
    running = Q(state__in=ACTIVE) | Q(state__in=ENDED, solicitation__state=State.AWARDED)
    contracts = standing.read(Contract.objects.filter(running))
    if not (all_files or decides or enters):
        contracts = contracts.filter(solicitation__client=user)
    excluded, today = _own_decisions(user), timing.today(database_clock())
    for contract in contracts:
        where = standing.of(contract)
        is_client = contract.solicitation.client_id == user.pk and own
        stands_in = all_files and contract.solicitation.client_id is None
        for step, since in where.steps:
            if (step, contract.pk) in excluded:
                continue
            if is_client or stands_in:
                yield from _of_client(where, step, since, today)
            if step in decides and not is_client:
                _permission, name, label, days = OTHERS[step]
                yield _item(where, name, label, days, since)
            if step in TO_ASK and desk.may_enter(user, contract) and not has_mail(contract):
                yield replace(_item(where, "desk", TO_ASK[step], timing.ASK_WITHIN, since), kind=TO_CALL)
        if is_client or stands_in:
            yield from _to_answer(where)


def _of_client(
    where: standing.Standing, step: Step, since: datetime | None, today: date
) -> Iterator[WaitingItem]:
    """What the client of a file may do at a step of its contract."""
    if step in CLIENT:
        name, label, days = CLIENT[step]
        yield _item(where, name, label, days, since)
    elif step == Step.DELIVER and where.due < today:
        yield _item(
            where, "end", _("Decide what follows: the delivery date has passed"), timing.DECIDE_WITHIN, since
        )


def _to_answer(where: standing.Standing) -> Iterator[WaitingItem]:
    if where.unanswered_since is not None and where.contract.is_active:
        yield _item(
            where,
            "work",
            _("Read and answer a message about the work"),
            timing.ANSWER_WITHIN,
            where.unanswered_since,
        )


def _own_decisions(user: User) -> set[tuple[Step, int]]:
    """Steps that are another person’s: this one judged, proposed, raised the dispute, or spoke for the supplier."""
    judged = Judgement.objects.filter(judged_by=user, concurrence=None).values_list(
        "delivery__contract_id", flat=True
    )
    proposed = EndProposal.objects.filter(proposed_by=user, answer=None).values_list("contract_id", flat=True)
    raised = Dispute.objects.filter(raised_by=user, settlement=None).values_list("contract_id", flat=True)
    asked = Extension.objects.filter(asked_by=user, answer=None).values_list("contract_id", flat=True)
    return (
        {(Step.CONCUR, pk) for pk in judged}
        | {(step, pk) for pk in proposed for step in (Step.CONFIRM_DEFAULT, Step.ANSWER_END)}
        | {(Step.ANSWER_DEPARTMENT, pk) for pk in asked}
        | {(Step.SETTLE, pk) for pk in raised}
        | _entered(user)
    )


def _entered(user: User) -> set[tuple[Step, int]]:
    """Steps about what this person entered for the supplier; one query."""
    is_over = Judgement.objects.filter(delivery=OuterRef("delivery"), concurrence__agreed=True)
    rows = (
        EnteredForSupplier.objects.filter(entered_by=user)
        .exclude(extension__answer__isnull=False)
        .exclude(dispute__settlement__isnull=False)
        .exclude(Exists(is_over))
    )
    found: set[tuple[Step, int]] = set()
    for row in rows:
        found |= {(step, row.contract_id) for step in DECIDED_BY_ANOTHER.get(row.what, ())}
    return found


def _item(
    where: standing.Standing, name: str, label: Any, days: int, since: datetime | None = None
) -> WaitingItem:
    contract = where.contract
    return WaitingItem(
        kind="contract",
        label=str(label),
        title=contract.solicitation.number,
        url=reverse(f"contracts:{name}", args=[contract.pk]),
        since=since or contract.changed_at,
        target_days=days,
        detail=contract.solicitation.get_title(),
    )
