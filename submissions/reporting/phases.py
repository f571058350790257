"""How long a file should stay where it is, as a table beside that of the states. Knows no database.

A phase is a state, but for *posted*, which the clock divides at the deadline. What comes next, and who may do it, is
read from the state table (``solicitations.states``) and the roles; only the targets stand here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from microacq_pages import roles
from microacq_pages.business_days import add_business_days
from submissions.solicitations import states
from submissions.solicitations.enums import State

#: The way of a file from posting to payment; every other transition ends it or leads back.
PROCESS = (
    State.POSTED,
    State.OPENED,
    State.EVALUATED,
    State.SELECTED,
    State.AWARDED,
    State.ACCEPTED,
    State.COMPLETED,
)

#: No act of a file may be due longer than this; the search for what is overdue looks no further back.
LONGEST = timedelta(days=120)


@dataclass(frozen=True)
class Phase:
    """Where a file is.

    Attributes:
        name: In filters and keys of mail.
        state: The state of the file.
        label: What staff read.
        after_deadline: For *posted*: whether the deadline has passed; else None.
        target_days: Business days within which the next act should be done; None where staff have nothing to do.
        until: Column of the file with the day by which the public was told that it would be over; empty for none.
    """

    name: str
    state: State
    label: Any
    after_deadline: bool | None = None
    target_days: int | None = None
    until: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing comes next: the file is complete, or ended otherwise."""
        return self.state not in PROCESS[:-1]

    @property
    def next_transition(self) -> states.Transition | None:
        """The transition that leads on in the process; None while staff wait for the clock, and at an end."""
        if self.target_days is None:
            return None
        onward = PROCESS[PROCESS.index(self.state) + 1 :]
        found = [rule for rule in states.transitions_from(self.state) if rule.target in onward]
        return min(found, key=lambda rule: onward.index(rule.target), default=None)


PHASES: dict[str, Phase] = {
    phase.name: phase
    for phase in (
        Phase("taking", State.POSTED, _("Takes applications"), after_deadline=False),
        Phase("closed", State.POSTED, _("Closed, not opened yet"), after_deadline=True, target_days=1),
        Phase("opened", State.OPENED, State.OPENED.label, target_days=5, until="selection_date"),
        Phase("evaluated", State.EVALUATED, State.EVALUATED.label, target_days=2, until="selection_date"),
        Phase("selected", State.SELECTED, State.SELECTED.label, target_days=10),
        Phase("awarded", State.AWARDED, State.AWARDED.label),
        Phase("accepted", State.ACCEPTED, State.ACCEPTED.label, target_days=10),
        Phase("completed", State.COMPLETED, State.COMPLETED.label),
        Phase("terminated", State.TERMINATED, State.TERMINATED.label),
        Phase("no_proposals", State.NO_PROPOSALS, State.NO_PROPOSALS.label),
        Phase("none_suitable", State.NONE_SUITABLE, State.NONE_SUITABLE.label),
        Phase("not_accepted", State.NOT_ACCEPTED, State.NOT_ACCEPTED.label),
        Phase("cancelled", State.CANCELLED, State.CANCELLED.label),
    )
}
CURRENT = tuple(phase for phase in PHASES.values() if phase.state in PROCESS[:-1])
"""The phases of files that have not come to an end."""


def phase_of(state: str, *, after_deadline: bool) -> Phase:
    """The phase of a file, by its state and the database's clock."""
    return next(
        phase
        for phase in PHASES.values()
        if phase.state == state and phase.after_deadline in (None, after_deadline)
    )


def groups_with(permission: str) -> tuple[str, ...]:
    """Names of the groups that have a permission, as the roles say."""
    return tuple(name for name, role in roles.ROLES.items() if permission in role.models)


def last_start_overdue(target_days: int, now: datetime) -> datetime:
    """The latest moment such that what began then is overdue now: the rule of the due time, turned round for a query.

    Args:
        target_days: Business days within which it should be done.
        now: The moment that is looked at.
    """
    low, high = now - LONGEST, now
    while high - low > timedelta(microseconds=1):
        middle = low + (high - low) / 2
        if add_business_days(middle, target_days) < now:
            low = middle
        else:
            high = middle
    return low


@lru_cache(maxsize=64)
def _memory(target_days: int, minute: datetime) -> datetime:
    return last_start_overdue(target_days, minute)


def overdue_before(target_days: int, now: datetime) -> datetime:
    """As ``last_start_overdue``, worked out once a minute by each process."""
    return _memory(target_days, now.replace(second=0, microsecond=0))
