"""The state machines, as diagrams and tables in a document that is made from the tables in the code.

Seam (Wagtail hook): ``state_machines() -> Iterable[Machine]``: the machines of stages above those that are read here.
Reads no database. Mermaid is drawn by what shows the document; the words beside each diagram say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext
from wagtail import hooks

from submissions.awards import states as offer_states
from submissions.awards.enums import OfferState
from submissions.contracts import states as contract_states
from submissions.contracts.enums import ContractState
from submissions.proposals import states as proposal_states
from submissions.proposals.enums import ProposalState
from submissions.questions import states as question_states
from submissions.questions.enums import State as QuestionState
from submissions.solicitations import states as file_states
from submissions.solicitations.enums import State as FileState

from .next_acts import names_of
from .phases import groups_with


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


def machines() -> list[Machine]:
    """Every state machine, in the order of the process, in the active language."""
    later = [machine for answer in hooks.get_hooks("state_machines") for machine in answer()]
    return [_file(), _question(), _proposal(), _offer(), _contract(), *later]


# --- the machines of earlier stages --------------------------------------------------------------


def _file() -> Machine:
    edges = [
        Edge(source, rule.target, rule.label, names_of(groups_with(rule.permission)), _conditions(rule))
        for rule in file_states.TRANSITIONS.values()
        for source in _in_order(FileState.values, rule.sources)
    ]
    return Machine("file", _("Procurement file"), tuple(FileState.choices), (FileState.POSTED,), tuple(edges))


def _conditions(rule: file_states.Transition) -> tuple[str, ...]:
    found = []
    if rule.after_deadline:
        found.append(_("after the deadline"))
    if rule.needs_reason:
        found.append(_("with a reason"))
    return (*found, *(f"`{guard}`" for guard in rule.guards))


def _question() -> Machine:
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
        for rule in question_states.TRANSITIONS.values()
        for source in _in_order(QuestionState.values, rule.sources)
    ]
    return Machine(
        "question", _("Question"), tuple(QuestionState.choices), (QuestionState.RECEIVED,), tuple(edges)
    )


def _proposal() -> Machine:
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
        for name, rules in proposal_states.TRANSITIONS.items()
        for rule in rules
        for source in _in_order(ProposalState.values, rule.sources)
    ]
    starts = tuple(proposal_states.ARRIVALS)
    return Machine("proposal", _("Application"), tuple(ProposalState.choices), starts, tuple(edges))


def _offer() -> Machine:
    labels = {
        "accept": _("Accept"),
        "decline": _("Decline"),
        "lapse": _("Lapse"),
        "find_not_eligible": _("Find not eligible"),
        "countersign": _("Sign for the department"),
        "void": _("Withdraw"),
        "end": _("End with its contract"),
    }
    edges = [
        Edge(
            source,
            rule.target,
            labels.get(name, name),
            names_of(groups_with(rule.permission)) if rule.permission else str(rule.who),
            (_("with a reason"),) if rule.needs_reason else (),
        )
        for name, rule in offer_states.TRANSITIONS.items()
        for source in _in_order(OfferState.values, rule.sources)
    ]
    return Machine("offer", _("Offer"), tuple(OfferState.choices), (OfferState.OFFERED,), tuple(edges))


def _contract() -> Machine:
    edges = [
        Edge(
            source, rule.target, rule.label, str(rule.who), (_("with a reason"),) if rule.needs_reason else ()
        )
        for rule in contract_states.TRANSITIONS.values()
        for source in _in_order(ContractState.values, rule.sources)
    ]
    states = tuple(ContractState.choices)
    return Machine("contract", _("Contract"), states, (ContractState.UNDER_WAY,), tuple(edges))


def _in_order(every: Iterable[str], some: Iterable[str]) -> list[str]:
    wanted = set(some)
    return [state for state in every if state in wanted]


# --- the document --------------------------------------------------------------------------------

INTRODUCTION = gettext_lazy(
    "This page is made by the command `draw_states` from the tables in the code, and a test compares the two. Change a "
    "table, then run the command."
)


def document(language: str) -> str:
    """The whole page in a language, as Markdown."""
    with override(language):
        lines = [f"# {_('States')}", "", str(INTRODUCTION), ""]
        for machine in machines():
            lines += _section(machine)
    return "\n".join(lines).rstrip() + "\n"


def _section(machine: Machine) -> list[str]:
    labels = {str(name): str(label) for name, label in machine.states}
    header = (
        pgettext("of an act", "From"),
        _("Act"),
        pgettext("of an act", "To"),
        _("Who"),
        pgettext("of an act", "Only"),
    )
    return [
        f"## {machine.title}",
        "",
        "```mermaid",
        *_mermaid(machine, labels),
        "```",
        "",
        f"| {' | '.join(header)} |",
        "|---|---|---|---|---|",
        *(
            f"| {labels[edge.source]} | {capfirst(str(edge.label))} | {labels[edge.target]} | {edge.who or '–'} "
            f"| {', '.join(edge.conditions) or '–'} |"
            for edge in machine.edges
        ),
        "",
    ]


def _mermaid(machine: Machine, labels: dict[str, str]) -> Iterator[str]:
    yield "stateDiagram-v2"
    for name, label in labels.items():
        yield f'    state "{_plain(label)}" as {name}'
    for start in machine.starts:
        yield f"    [*] --> {start}"
    for edge in machine.edges:
        yield f"    {edge.source} --> {edge.target} : {_plain(edge.label)}"
    for name in labels:
        if not any(edge.source == name for edge in machine.edges):
            yield f"    {name} --> [*]"


def _plain(text: Any) -> str:
    """Words as Mermaid takes them: a colon begins a label, a quotation mark ends one."""
    return str(text).replace("\N{NO-BREAK SPACE}:", " –").replace(":", " –").replace('"', "'")
