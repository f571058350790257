"""What comes next on a file and whose it is: by the state table, or as the stage that has it says.

Seam (Wagtail hook): ``file_next_acts(files) -> Mapping[int, NextAct]``: which of these files wait for something more
exact than the next transition, by primary key? The number of queries must not depend on how many files there are.
Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail import hooks

from microacq_pages import roles
from microacq_pages.business_days import add_business_days, business_days_between
from microacq_pages.formats import EASTERN

from .phases import Phase, groups_with, overdue_before, phase_of

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


@dataclass(frozen=True)
class NextAct:
    """The next act on a file.

    Attributes:
        label: What is to be done.
        who: Whose it is, in words.
        is_listed: Whether the stage lists it among waiting work itself, so that the tracker does not list it again.
    """

    label: Any
    who: Any
    is_listed: bool = False


@dataclass(frozen=True)
class Tracked:
    """A file as the tracker shows it.

    Attributes:
        file: The file, read by ``tracker.tracked``.
        phase: Where it is.
        since: Since when (UTC).
        age_days: Business days since then.
        act: What comes next; None where nothing does.
        due: When that should be done (UTC), if there is a target.
        is_overdue: Whether that has passed.
    """

    file: Solicitation
    phase: Phase
    since: datetime
    age_days: int
    act: NextAct | None
    due: datetime | None
    is_overdue: bool


def track(files: Sequence[Solicitation]) -> list[Tracked]:
    """What the tracker knows of each file, in the same order.

    Args:
        files: Read by ``tracker.tracked``, so that they carry ``clock`` and ``since``.
    """
    more_exact: dict[int, NextAct] = {}
    for answer in hooks.get_hooks("file_next_acts"):
        more_exact.update(answer(files))
    return [_tracked(file, more_exact) for file in files]


def _tracked(file: Any, more_exact: Mapping[int, NextAct]) -> Tracked:
    phase = phase_of(file.state, after_deadline=file.clock >= file.deadline)
    return Tracked(
        file=file,
        phase=phase,
        since=file.since,
        age_days=business_days_between(file.since, file.clock),
        act=None if phase.is_over else more_exact.get(file.pk) or default_act(phase),
        due=due_of(phase, file),
        is_overdue=is_overdue(phase, file),
    )


def default_act(phase: Phase) -> NextAct | None:
    """What the state table says comes next."""
    if phase.name == "taking":
        return NextAct(_("Wait for the deadline to apply"), _("The clock"))
    rule = phase.next_transition
    return NextAct(capfirst(str(rule.label)), names_of(groups_with(rule.permission))) if rule else None


def names_of(groups: Iterable[str]) -> str:
    """Groups in words."""
    return ", ".join(roles.label(name) for name in groups)


def due_of(phase: Phase, file: Any) -> datetime | None:
    """When the next act should be done: by the target of the phase, never after the day that the public was told."""
    if phase.target_days is None:
        return None
    times: list[datetime] = [add_business_days(file.since, phase.target_days)]
    if phase.until:
        times.append(_end_of(getattr(file, phase.until)))
    return min(times)


def is_overdue(phase: Phase, file: Any) -> bool:
    """Whether that time has passed; the same rule as the query of ``tracker.overdue``."""
    if phase.target_days is None:
        return False
    if phase.until and getattr(file, phase.until) < file.clock.astimezone(EASTERN).date():
        return True
    return bool(file.since <= overdue_before(phase.target_days, file.clock))


def _end_of(day: Any) -> datetime:
    return datetime.combine(day, time(23, 59), EASTERN)
