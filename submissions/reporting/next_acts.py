"""What the tracker says of a file: where it is, since when, what comes next and whose it is, whether it is overdue.

What comes next is read from the state table, or from the stage that knows it more exactly
(``solicitations.next_acts``). Reads only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from microacq_pages.business_days import business_days_between
from microacq_pages.formats import EASTERN
from submissions.solicitations.models import Solicitation
from submissions.solicitations.next_acts import NextAct, groups_with, names_of, told

from .phases import CURRENT, Phase, due_after, overdue_before, phase_of
from .tracker import in_phases

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.querysets import SolicitationQuerySet


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

    @property
    def where(self) -> str:
        """Where the file is, as its stage says it or else its state."""
        return str((self.act.where if self.act is not None else "") or self.phase.label)


def track(files: Sequence[Solicitation]) -> list[Tracked]:
    """What the tracker knows of each file, in the same order.

    Args:
        files: Read by ``tracker.tracked``, so that they carry ``clock`` and ``since``.
    """
    more_exact = told(files)
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
    if rule is None:
        return None
    who = names_of(groups_with(rule.permission))
    return NextAct(capfirst(str(rule.label)), who, permission=rule.permission)


def acts_of(files: SolicitationQuerySet) -> dict[int, NextAct]:
    """What comes next on those of these files that are under way, by primary key; a constant number of queries."""
    rows: list[Any] = list(
        Solicitation.objects.with_clock().filter(
            in_phases(list(CURRENT)), pk__in=files.order_by().values("pk")
        )
    )
    more_exact = told(rows)
    acts = {
        file.pk: more_exact.get(file.pk)
        or default_act(phase_of(file.state, after_deadline=file.clock >= file.deadline))
        for file in rows
    }
    return {key: act for key, act in acts.items() if act is not None}


def of_user(files: SolicitationQuerySet, user: User) -> set[int]:
    """Keys of the files whose next act is this person's: theirs by name, or of everybody who may do it."""
    return {
        key
        for key, act in acts_of(files).items()
        if user.pk in act.people or (act.permission and user.has_perm(act.permission))
    }


def of_groups(files: SolicitationQuerySet, groups: Collection[str]) -> set[int]:
    """Keys of the files whose next act is of one of these groups: by its permission, or of members by name."""
    acts = acts_of(files)
    named = {person for act in acts.values() for person in act.people}
    rows = get_user_model()._default_manager.filter(pk__in=named, groups__name__in=groups)
    members = set(rows.values_list("pk", flat=True))
    return {
        key
        for key, act in acts.items()
        if act.people & members or (act.permission and set(groups) & set(groups_with(act.permission)))
    }


def due_of(phase: Phase, file: Any) -> datetime | None:
    """When the next act should be done: by the target of the phase, never after the day that the public was told."""
    if phase.target_days is None:
        return None
    times: list[datetime] = [due_after(file.since, phase.target_days)]
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
