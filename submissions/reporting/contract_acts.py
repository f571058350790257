"""What comes next on a file from its award on, and whose it is, more exactly than its state says. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages import roles
from submissions.awards import states as award_states
from submissions.contracts import standing, states
from submissions.contracts.models import Contract
from submissions.contracts.standing import Step
from submissions.solicitations.enums import State

from .next_acts import NextAct, names_of
from .phases import groups_with

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

#: What is to be done at each step that is staff’s, and who may; the client’s where no permission is named.
OF_STAFF = {
    Step.JUDGE: (gettext_lazy("Judge what was delivered"), ""),
    Step.ANSWER_SUPPLIER: (gettext_lazy("Answer: a later delivery date"), ""),
    Step.USED_UP: (gettext_lazy("Decide what follows: every round is used up"), ""),
    Step.CONCUR: (gettext_lazy("Concur with the judgement, or not"), states.CONCUR),
    Step.CONFIRM_DEFAULT: (gettext_lazy("Decide about the termination for default"), states.CONFIRM_END),
    Step.SETTLE: (gettext_lazy("Settle the dispute"), states.SETTLE),
    Step.DECIDE: (gettext_lazy("Decide what follows the end of a contract"), award_states.OFFER),
}
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
    # The last contract of a file is the one that counts.
    for contract in standing.read(Contract.objects.filter(solicitation__in=awarded)).order_by("pk"):
        act = _act(standing.of(contract).step)
        if act is not None:
            found[contract.solicitation_id] = act
    return found


def _act(step: Step) -> NextAct | None:
    if step in OF_SUPPLIER:
        return NextAct(OF_SUPPLIER[step], _("The supplier"), is_listed=True)
    if step not in OF_STAFF:
        return None
    label, permission = OF_STAFF[step]
    who = names_of(groups_with(permission)) if permission else roles.label(roles.CLIENT)
    return NextAct(label, who, is_listed=True)
