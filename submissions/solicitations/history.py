"""Who did what to a file and its two pages, and when each step was planned and done.

Reads Wagtail's log, where every act is recorded; writes nothing and draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry
from wagtail.models import BaseLogEntry, Page, PageLogEntry

from . import states
from .enums import State
from .models import Solicitation

FILE = _("The file")
WORK_DELIVERED = _("Work delivered")
#: The step with which a file ends that is not awarded, with its act.
ENDS: dict[State, tuple[Any, str]] = {
    State.CANCELLED: (_("Cancelled"), states.CANCEL.act),
    State.NO_PROPOSALS: (State.NO_PROPOSALS.label, states.END_EMPTY.act),
    State.NONE_SUITABLE: (State.NONE_SUITABLE.label, states.FIND_NONE.act),
    State.NOT_ACCEPTED: (_("Ended without an award"), states.END_UNACCEPTED.act),
}
BEFORE_SELECTION = frozenset({State.POSTED, State.OPENED, State.EVALUATED, State.NONE_SUITABLE})
#: Under these names the data of an act has the user name of a person.
PEOPLE = ("person", "from", "to")
LANGUAGES = {"en": _("English page"), "fr": _("French page")}


@dataclass(frozen=True)
class Act:
    """One thing that somebody did, or several alike in a row."""

    action: str
    sentence: str
    actor: str
    subject: Any
    at: datetime
    last_at: datetime
    times: int = 1

    def is_like(self, other: Act) -> bool:
        mine = (self.action, self.sentence, self.actor, self.subject)
        return mine == (other.action, other.sentence, other.actor, other.subject)


def acts(solicitation: Solicitation, pages: Iterable[Page]) -> list[Act]:
    """What was done to the file and to its pages, the newest last.

    Editors save every few seconds; what one person does to one thing without a break is one line.

    Args:
        solicitation: The file.
        pages: Its two pages.
    """
    by_id = {page.pk: page for page in pages}
    entries: list[BaseLogEntry] = [
        *registry.get_logs_for_instance(solicitation).select_related("user"),
        *PageLogEntry.objects.filter(page_id__in=by_id).select_related("user"),
    ]
    name_people(entries)
    told: list[Act] = []
    for entry in sorted(entries, key=lambda entry: (entry.timestamp, entry.pk)):
        act = _act(entry, by_id)
        if told and told[-1].is_like(act):
            told[-1] = replace(told[-1], last_at=act.at, times=told[-1].times + 1)
        else:
            told.append(act)
    return told


def name_people(entries: Iterable[BaseLogEntry]) -> None:
    """Let entries that name an account by its user name show the person’s name; nothing is saved. One query."""
    rows = [entry for entry in entries if any(isinstance(entry.data.get(key), str) for key in PEOPLE)]
    if not rows:
        return
    wanted = {str(entry.data[key]) for entry in rows for key in PEOPLE if entry.data.get(key)}
    accounts = get_user_model().objects.filter(username__in=wanted)
    names = {each.get_username(): each.get_full_name() or each.get_username() for each in accounts}
    for entry in rows:
        told = {key: names[entry.data[key]] for key in PEOPLE if entry.data.get(key) in names}
        entry.data = {**entry.data, **told}


def _act(entry: BaseLogEntry, pages: dict[int, Page]) -> Act:
    subject: Any = FILE
    if isinstance(entry, PageLogEntry):
        entry.page = pages[entry.page_id]
        subject = LANGUAGES[entry.page.locale.language_code]
    return Act(
        action=entry.action,
        sentence=_sentence(entry),
        actor=str(entry.user_display_name),
        subject=subject,
        at=entry.timestamp,
        last_at=entry.timestamp,
    )


def _sentence(entry: BaseLogEntry) -> str:
    formatter = entry.formatter
    return capfirst(str(formatter.format_message(entry))) if formatter else entry.action


@dataclass(frozen=True)
class Step:
    """One step of the process: when it should happen, and when it did."""

    label: Any
    planned: datetime | date | None
    actual: datetime | None


def timeline(solicitation: Solicitation, done: Iterable[Act], work: Iterable[Step] = ()) -> list[Step]:
    """The steps of the file in order; one that was cancelled, or ended without an award, ends there.

    Args:
        solicitation: The file, read ``with_clock``.
        done: What ``acts`` told.
        work: The steps of the work, where a contract began; later stages know them.
    """
    when = {act.action: act.at for act in done if act.subject == FILE}
    passed = solicitation.deadline if solicitation.deadline <= solicitation.clock else None
    # What a reopened evaluation undid is among the acts, and no step of the file any more.
    selected = None if solicitation.state in BEFORE_SELECTION else when.get(states.SELECT.act)
    steps = [
        Step(_("Posted"), None, solicitation.posted_at),
        Step(_("Deadline to apply"), solicitation.deadline, passed),
        Step(_("Applications opened"), solicitation.deadline, when.get(states.OPEN.act)),
        Step(_("Supplier selected"), solicitation.selection_date, selected),
    ]
    if states.AWARD.act in when:
        steps.append(Step(_("Work awarded"), None, when[states.AWARD.act]))
    steps += list(work) or [Step(WORK_DELIVERED, solicitation.delivery_date, None)]
    if solicitation.state not in (State.POSTED, State.OPENED) and states.SIGN_OFF.act in when:
        steps.insert(3, Step(_("Evaluation signed off"), None, when[states.SIGN_OFF.act]))
    if solicitation.state in ENDS:
        steps = [step for step in steps if step.actual]
        label, act = ENDS[State(solicitation.state)]
        steps.append(Step(label, None, when.get(act)))
        steps.sort(key=lambda step: step.actual or solicitation.clock)
    return steps
