"""The state machine of an application as the diagrams show it. Reads no database."""

from __future__ import annotations

from django.utils.translation import gettext as _

from submissions.solicitations.machines import Edge, Machine, in_order

from . import states
from .enums import ProposalState


def of_proposal() -> Machine:
    """The machine, in the active language."""
    labels = {
        "replace": _("Replace"),
        "withdraw": _("Withdraw"),
        "count": _("Let it count"),
        "give_way": _("Let another count"),
    }
    edges = [
        Edge(
            source,
            rule.target,
            labels.get(name, name),
            str(rule.who),
            (_("before the deadline"), *((_("after it gave way"),) if rule.gave_way else ())),
        )
        for name, rules in states.TRANSITIONS.items()
        for rule in rules
        for source in in_order(ProposalState.values, rule.sources)
    ]
    starts = tuple(states.ARRIVALS)
    return Machine("proposal", _("Application"), tuple(ProposalState.choices), starts, tuple(edges))
