"""The state machine of a file, as one table (DESIGN rule 9). Knows no database.

``services.transition`` is the only thing that carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .enums import State


@dataclass(frozen=True)
class Transition:
    """One way from a state to another.

    Attributes:
        name: What the code and the audit call it.
        sources: States from which it starts.
        target: State in which it ends.
        act: What the audit records.
        permission: Who may, as ``app.codename``.
        label: What the staff's button says.
        after_deadline: Whether the deadline must have passed by the database's clock.
        needs_reason: No reason, no decision (DESIGN rule 7).
        guards: Names of the guards that stages answer through the hook ``file_guards``.
    """

    name: str
    sources: frozenset[State]
    target: State
    act: str
    permission: str
    label: Any
    after_deadline: bool = False
    needs_reason: bool = False
    guards: tuple[str, ...] = ()


OPEN = Transition(
    name="open",
    sources=frozenset({State.POSTED}),
    target=State.OPENED,
    act="file.opened",
    permission="submissions.open_solicitation",
    label=_("Open the proposals"),
    after_deadline=True,
    guards=("proposals_opened",),
)
CANCEL = Transition(
    name="cancel",
    sources=frozenset({State.POSTED, State.OPENED}),
    target=State.CANCELLED,
    act="file.cancelled",
    permission="submissions.cancel_solicitation",
    label=_("Cancel the opportunity"),
    needs_reason=True,
)

TRANSITIONS: dict[str, Transition] = {transition.name: transition for transition in (OPEN, CANCEL)}

#: What the public reads for each state; a posted file past its deadline reads “Closed”.
PUBLIC_LABELS: dict[State, Any] = {
    State.POSTED: _("Open"),
    State.OPENED: _("Being evaluated"),
    State.CANCELLED: _("Cancelled"),
}


def transitions_from(state: str) -> list[Transition]:
    """Transitions that may start in a state, in the order of the process."""
    return [transition for transition in TRANSITIONS.values() if state in transition.sources]
