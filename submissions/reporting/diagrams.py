"""The state machines, as diagrams and tables in a document that is made from the tables in the code.

Each stage tells its own (``solicitations.machines``). Reads no database. Mermaid is drawn by what shows the document;
the words beside each diagram say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext
from wagtail import hooks

from submissions.solicitations.machines import Machine, of_file


def machines() -> list[Machine]:
    """Every state machine, in the order of the process, in the active language."""
    later = [machine for answer in hooks.get_hooks("state_machines") for machine in answer()]
    return [of_file(), *later]


# --- the document --------------------------------------------------------------------------------

INTRODUCTION = gettext_lazy(
    "This page is made by the command `draw_states` from the tables in the code, and a test compares the two. Change a "
    "table, then run the command."
)


def document(language: str) -> str:
    """The whole page in a language, as Markdown."""
    with override(language):
        lines = ["# " + _("States"), "", str(INTRODUCTION), ""]
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
