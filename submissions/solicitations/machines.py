"""A state machine as the diagrams show it, whatever table it is read from; and that of the file.

Seam (Wagtail hook): ``state_machines() -> Iterable[Machine]``: the machines of a stage, in the active language, in the
order of the process (``order`` of the hook). ``reporting.diagrams`` asks. Reads no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import states
from .enums import State
from .next_acts import groups_with, names_of


@dataclass(frozen=True)
class Edge:
    """One way from a state to another.

    Attributes:
        source: State that it leaves.
        target: State that it leads to.
        label: What is done, in words.
        who: Who may, in words.
        conditions: What else must be so, in words.
    """

    source: str
    target: str
    label: Any
    who: Any
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Machine:
    """One state machine.

    Attributes:
        name: Stable.
        title: What it is the machine of.
        states: Its states with their labels, in order.
        starts: States in which one begins.
        edges: Its transitions, worked out in the active language.
    """

    name: str
    title: Any
    states: tuple[tuple[str, Any], ...]
    starts: tuple[str, ...]
    edges: tuple[Edge, ...]


def in_order(every: Iterable[str], some: Iterable[str]) -> list[str]:
    """Some states, in the order of all."""
    wanted = set(some)
    return [state for state in every if state in wanted]


def of_file() -> Machine:
    """The machine of the file."""
    edges = [
        Edge(source, rule.target, rule.label, names_of(groups_with(rule.permission)), _conditions(rule))
        for rule in states.TRANSITIONS.values()
        for source in in_order(State.values, rule.sources)
    ]
    return Machine("file", _("Procurement file"), tuple(State.choices), (State.POSTED,), tuple(edges))


def _conditions(rule: states.Transition) -> tuple[str, ...]:
    found = []
    if rule.after_deadline:
        found.append(_("after the deadline"))
    if rule.needs_reason:
        found.append(_("with a reason"))
    return (*found, *(f"`{guard}`" for guard in rule.guards))
