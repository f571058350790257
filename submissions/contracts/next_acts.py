"""What comes next on a file from its award on, and whose it is. Reads only, with a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages import roles
from submissions.awards import states as award_states
from submissions.solicitations.enums import State
from submissions.solicitations.next_acts import NextAct, of_group, of_nobody

from . import standing, states
from .models import Contract
from .standing import Step

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

#: The client’s steps.
OF_CLIENT = {
    Step.JUDGE: gettext_lazy("Judge what was delivered"),
    Step.ANSWER_SUPPLIER: gettext_lazy("Answer: a later delivery date"),
    Step.USED_UP: gettext_lazy("Decide what follows: every round is used up"),
}
#: The steps of other staff, and who may.
OF_STAFF = {
    Step.CONCUR: (gettext_lazy("Concur with the judgement, or not"), states.CONCUR),
    Step.CONFIRM_DEFAULT: (gettext_lazy("Decide about the termination for default"), states.CONFIRM_END),
    Step.SETTLE: (gettext_lazy("Settle the dispute"), states.SETTLE),
    Step.DECIDE: (gettext_lazy("Decide what follows the end of a contract"), award_states.OFFER),
}
#: Where a file is between an early end of its contract and the decision what follows.
ENDED_EARLY = gettext_lazy("Contract ended: what follows is to be decided")
#: What the department waits for.
OF_SUPPLIER = {
    Step.DELIVER: gettext_lazy("Wait for the delivery of the work"),
    Step.ANSWER_DEPARTMENT: gettext_lazy("Wait for the supplier’s answer"),
    Step.ANSWER_END: gettext_lazy("Wait for the supplier’s answer"),
}


def next_acts(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """Whose step the work is, for files that are awarded; one query."""
    awarded = [file.pk for file in files if file.state == State.AWARDED]
    if not awarded:
        return {}
    found: dict[int, NextAct] = {}
    contracts = standing.read(Contract.objects.filter(solicitation__in=awarded))
    # The last contract of a file is the one that counts.
    for contract in contracts.select_related("solicitation__client").order_by("pk"):
        act = _act(contract, standing.of(contract).step)
        if act is not None:
            found[contract.solicitation_id] = act
    return found


def _act(contract: Contract, step: Step) -> NextAct | None:
    if step in OF_SUPPLIER:
        return of_nobody(OF_SUPPLIER[step], _("The supplier"))
    if step in OF_CLIENT:
        client = contract.solicitation.client
        # Without one, who does the client’s part for every file stands in.
        if client is None:
            return of_group(OF_CLIENT[step], states.WORK)
        return NextAct(
            OF_CLIENT[step], roles.label(roles.CLIENT), is_listed=True, people=frozenset({client.pk})
        )
    if step in OF_STAFF:
        act = of_group(*OF_STAFF[step])
        return replace(act, where=ENDED_EARLY) if step == Step.DECIDE else act
    return None
