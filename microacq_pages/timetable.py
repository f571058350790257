"""The steps of an opportunity with their planned and actual dates, so that page, calendar and structured data agree.

Owns their order and what each means at a moment of the database's clock. Must not import ``submissions``: what the
stages know comes through a seam.

Seam (Wagtail hook): ``microacq_timetable(page, status) -> dict[Kind, Known]``: what does the stage know of a posted
opportunity's steps? A later answer completes an earlier one.

Source of the steps: issue 4, item 3. The pilot's ``start_date`` was the day of selection (DESIGN section 5): no field
holds the day on which work starts, because it starts when the selected supplier has accepted the terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks

from .formats import EASTERN

if TYPE_CHECKING:
    from .models import Opportunity, PublicStatus

#: A day, or an instant (UTC).
Moment = date | datetime


class Kind(StrEnum):
    """A step, in the order of the process."""

    POSTED = "posted"
    QUESTIONS = "questions"
    DEADLINE = "deadline"
    OPENED = "opened"
    EVALUATED = "evaluated"
    SELECTION = "selection"
    AWARD = "award"
    START = "start"
    DELIVERY = "delivery"
    ACCEPTED = "accepted"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Progress(StrEnum):
    """What the clock and the file say of a step."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"
    LATE = "late"
    DROPPED = "dropped"


LABELS = {
    Kind.POSTED: pgettext_lazy("step of an opportunity", "Posted"),
    Kind.QUESTIONS: pgettext_lazy("step of an opportunity", "Questions close"),
    Kind.DEADLINE: _("Deadline to apply"),
    Kind.OPENED: pgettext_lazy("step of an opportunity", "Applications opened"),
    Kind.EVALUATED: pgettext_lazy("step of an opportunity", "Applications evaluated"),
    Kind.SELECTION: pgettext_lazy("step of an opportunity", "Supplier selection"),
    Kind.AWARD: pgettext_lazy("step of an opportunity", "Contract awarded"),
    Kind.START: pgettext_lazy("step of an opportunity", "Start of work"),
    Kind.DELIVERY: pgettext_lazy("step of an opportunity", "Delivery of the work"),
    Kind.ACCEPTED: pgettext_lazy("step of an opportunity", "Work accepted"),
    Kind.ENDED: pgettext_lazy("step of an opportunity", "Contract ended without the work"),
    Kind.CANCELLED: pgettext_lazy("step of an opportunity", "Opportunity cancelled"),
}
PROGRESS_LABELS = {
    Progress.DONE: pgettext_lazy("progress of a step", "Done"),
    Progress.NEXT: pgettext_lazy("progress of a step", "Next"),
    Progress.LATER: "",
    Progress.LATE: pgettext_lazy("progress of a step", "Later than planned"),
    Progress.DROPPED: pgettext_lazy("progress of a step", "Does not take place"),
}
#: What stands where a step has no planned day of its own.
WITHOUT_DATE = {
    Kind.OPENED: _("After the deadline, all together"),
    Kind.START: _("As soon as the selected supplier has accepted the terms"),
    Kind.ACCEPTED: _("When it meets every work acceptance criterion"),
}
#: Steps that the clock itself carries out: what was planned is what happened.
BY_THE_CLOCK = frozenset({Kind.QUESTIONS, Kind.DEADLINE})


@dataclass(frozen=True)
class Known:
    """What is known of a step.

    Attributes:
        planned: When it is to happen, as last amended.
        actual: When it happened.
        before: When it was to happen as first posted, where an amendment moved it.
    """

    planned: Moment | None = None
    actual: Moment | None = None
    before: Moment | None = None

    def completed_by(self, other: Known) -> Known:
        """With what another stage knows beside it."""
        return Known(other.planned or self.planned, other.actual or self.actual, other.before or self.before)


@dataclass(frozen=True)
class Step:
    """One line of the timetable."""

    kind: Kind
    known: Known
    progress: Progress

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])

    @property
    def progress_label(self) -> str:
        return str(PROGRESS_LABELS[self.progress])

    @property
    def planned(self) -> Moment | None:
        """The planned date, unless what happened is known and is the same."""
        return None if self.known.planned == self.known.actual else self.known.planned

    @property
    def actual(self) -> Moment | None:
        return self.known.actual

    @property
    def moved_from(self) -> Moment | None:
        """The date as first posted, where an amendment moved it."""
        return None if self.known.before == self.known.planned else self.known.before

    @property
    def without_date(self) -> str:
        """What to say where no date is known."""
        if self.known.planned or self.known.actual or self.progress == Progress.DROPPED:
            return ""
        return str(WITHOUT_DATE.get(self.kind, ""))


def timetable_of(page: Opportunity) -> list[Step]:
    """The steps of an opportunity: of a draft as planned, of a posted one as its file has them."""
    status = page.public_status
    facts = {
        Kind.DEADLINE: Known(planned=page.public_deadline),
        Kind.SELECTION: Known(planned=page.selection_date),
        Kind.DELIVERY: Known(planned=page.delivery_date),
    }
    if status is None:
        return arrange(facts, None)
    facts[Kind.POSTED] = Known(actual=status.posted_at)
    for answer in hooks.get_hooks("microacq_timetable"):
        facts = completed(facts, answer(page, status))
    return arrange(facts, clock_of(status))


def clock_of(status: PublicStatus) -> datetime:
    """The database's time at which the status was read ``with_clock`` (UTC)."""
    now: datetime = status.asked_at  # type: ignore[attr-defined]
    return now


def completed(facts: Mapping[Kind, Known], more: Mapping[Kind, Known]) -> dict[Kind, Known]:
    """Two accounts of the same steps as one."""
    return {kind: facts.get(kind, Known()).completed_by(more.get(kind, Known())) for kind in {*facts, *more}}


def arrange(facts: Mapping[Kind, Known], now: datetime | None) -> list[Step]:
    """Put the steps in order and say how far each is.

    Args:
        facts: What is known of each step.
        now: The database's clock (UTC); None before posting, when nothing has happened.
    """
    # A contract that ended is followed by nothing, as a cancellation is.
    ended = next((facts[kind].actual for kind in (Kind.CANCELLED, Kind.ENDED) if kind in facts), None)
    steps = [_step(kind, facts.get(kind, Known()), now) for kind in Kind if _belongs(kind, facts)]
    if ended is not None:
        steps = [_after_cancellation(step, ended) for step in steps]
        # What was done before the cancellation stays before it.
        steps.sort(key=lambda step: step.progress == Progress.DROPPED)
        return steps
    open_steps = [step for step in steps if step.progress == Progress.LATER]
    first = open_steps[0] if open_steps and now is not None else None
    return [replace(step, progress=Progress.NEXT) if step is first else step for step in steps]


def _belongs(kind: Kind, facts: Mapping[Kind, Known]) -> bool:
    known = facts.get(kind, Known())
    return kind in WITHOUT_DATE or known.planned is not None or known.actual is not None


def _step(kind: Kind, known: Known, now: datetime | None) -> Step:
    if kind in BY_THE_CLOCK and known.actual is None and now is not None and is_past(known.planned, now):
        known = replace(known, actual=known.planned)
    if known.actual is not None:
        return Step(kind, known, Progress.DONE)
    late = now is not None and is_past(known.planned, now)
    return Step(kind, known, Progress.LATE if late else Progress.LATER)


def is_past(moment: Moment | None, now: datetime) -> bool:
    """Whether a moment has passed; a day passes at its end in Eastern time."""
    if isinstance(moment, datetime):
        return moment <= now
    return moment is not None and moment < now.astimezone(EASTERN).date()


def _after_cancellation(step: Step, ended: Moment) -> Step:
    """Nothing happens after a cancellation but what had happened before."""
    actual = step.known.actual
    if step.kind in (Kind.CANCELLED, Kind.ENDED) or (
        actual is not None and _instant(actual) <= _instant(ended)
    ):
        return step
    return Step(step.kind, replace(step.known, actual=None), Progress.DROPPED)


def _instant(moment: Moment) -> datetime:
    return (
        moment
        if isinstance(moment, datetime)
        else datetime(moment.year, moment.month, moment.day, tzinfo=EASTERN)
    )
