"""Who did what to a file and its two pages, and when each step was planned and done.

Reads Wagtail's log, where every act is recorded; writes nothing and draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry
from wagtail.models import BaseLogEntry, Page, PageLogEntry

from . import states
from .enums import State
from .models import Solicitation

FILE = _("The file")
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
    told: list[Act] = []
    for entry in sorted(entries, key=lambda entry: (entry.timestamp, entry.pk)):
        act = _act(entry, by_id)
        if told and told[-1].is_like(act):
            told[-1] = replace(told[-1], last_at=act.at, times=told[-1].times + 1)
        else:
            told.append(act)
    return told


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


def timeline(solicitation: Solicitation, done: Iterable[Act]) -> list[Step]:
    """The steps of the file in order; a cancelled file ends where it was cancelled.

    Args:
        solicitation: The file, read ``with_clock``.
        done: What ``acts`` told.
    """
    when = {act.action: act.at for act in done if act.subject == FILE}
    passed = solicitation.deadline if solicitation.deadline <= solicitation.clock else None
    steps = [
        Step(_("Posted"), None, solicitation.posted_at),
        Step(_("Deadline to apply"), solicitation.deadline, passed),
        Step(_("Applications opened"), solicitation.deadline, when.get(states.OPEN.act)),
        Step(_("Supplier selected"), solicitation.selection_date, when.get(states.SELECT.act)),
        Step(_("Work delivered"), solicitation.delivery_date, None),
    ]
    if states.AWARD.act in when:
        steps.insert(-1, Step(_("Work awarded"), None, when[states.AWARD.act]))
    if states.END_UNACCEPTED.act in when:
        steps[-1:] = [Step(_("Ended without an award"), None, when[states.END_UNACCEPTED.act])]
    if solicitation.state not in (State.POSTED, State.OPENED) and states.SIGN_OFF.act in when:
        steps.insert(3, Step(_("Evaluation signed off"), None, when[states.SIGN_OFF.act]))
    if solicitation.state == State.CANCELLED:
        cancelled = when.get(states.CANCEL.act)
        steps = [step for step in steps if step.actual]
        steps.append(Step(_("Cancelled"), None, cancelled))
        steps.sort(key=lambda step: step.actual or solicitation.clock)
    return steps
