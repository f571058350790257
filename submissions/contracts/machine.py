"""The state machine of a contract as the diagrams show it. Reads no database."""

from __future__ import annotations

from django.utils.translation import gettext as _

from submissions.solicitations.machines import Edge, Machine, in_order

from . import states
from .enums import ContractState


def of_contract() -> Machine:
    """The machine, in the active language."""
    edges = [
        Edge(
            source, rule.target, rule.label, str(rule.who), (_("with a reason"),) if rule.needs_reason else ()
        )
        for rule in states.TRANSITIONS.values()
        for source in in_order(ContractState.values, rule.sources)
    ]
    return Machine(
        "contract", _("Contract"), tuple(ContractState.choices), (ContractState.UNDER_WAY,), tuple(edges)
    )
