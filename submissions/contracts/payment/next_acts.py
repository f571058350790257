"""What comes next on a file whose work is accepted, and whose it is. Reads only, with a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.contracts.models import Contract
from submissions.solicitations.enums import State
from submissions.solicitations.next_acts import NextAct, of_group, of_nobody

from . import permissions, standing
from .enums import Step

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
            found[contract.solicitation_id] = of_nobody(_("Wait for the invoice"), _("The supplier"))
        elif step in OF_STAFF:
            found[contract.solicitation_id] = of_group(*OF_STAFF[step])
    return found
