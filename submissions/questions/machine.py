"""The state machine of a question as the diagrams show it. Reads no database."""

from __future__ import annotations

from django.utils.translation import gettext as _

from submissions.solicitations.machines import Edge, Machine, in_order
from submissions.solicitations.next_acts import groups_with, names_of

from . import states
from .enums import State


def of_question() -> Machine:
    """The machine, in the active language."""
    edges = [
        Edge(
            source,
            rule.target,
            rule.label,
            names_of(
                dict.fromkeys([*groups_with(rule.permission), *groups_with(rule.own_permission or "-")])
            ),
            (_("not once it was published"),) if rule.before_publication else (),
        )
        for rule in states.TRANSITIONS.values()
        for source in in_order(State.values, rule.sources)
    ]
    return Machine("question", _("Question"), tuple(State.choices), (State.RECEIVED,), tuple(edges))
