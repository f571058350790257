"""What comes next on a file whose work is accepted, and whose it is, more exactly than its state says. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.contracts.models import Contract
from submissions.contracts.payment import permissions, standing
from submissions.contracts.payment.enums import Step
from submissions.solicitations.enums import State

from .next_acts import NextAct, names_of
from .phases import groups_with

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

#: What is to be done at each step that is staff’s, and who may.
OF_STAFF = {
    Step.APPROVE: (gettext_lazy("Approve the invoice under section 34"), permissions.APPROVE),
    Step.PAY: (gettext_lazy("Pay the invoice"), permissions.PAY),
}


def next_acts(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """Whose step the payment is, for files whose work is accepted; one query."""
    accepted = [file.pk for file in files if file.state == State.ACCEPTED]
    if not accepted:
        return {}
    found: dict[int, NextAct] = {}
    for contract in standing.read(Contract.objects.filter(solicitation__in=accepted).active()):
        step = standing.of(contract).step
        if step == Step.INVOICE:
            found[contract.solicitation_id] = NextAct(_("Wait for the invoice"), _("The supplier"))
        elif step in OF_STAFF:
            label, permission = OF_STAFF[step]
            who = names_of(groups_with(permission))
            found[contract.solicitation_id] = NextAct(label, who, is_listed=True)
    return found
