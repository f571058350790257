"""Opportunities, each brought to its state as people would: imported by the client, reviewed, translated, posted.

Every step is taken by the account whose step it is, through the workflow. An opportunity that exists already is
left alone. What happens after posting is in ``proposals``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import TaskState
from wagtail_localize.models import StringTranslation

from microacq_pages import business_days, guardrails, pairs
from microacq_pages.importing.services import File, Options, import_pair
from microacq_pages.models import Opportunity
from microacq_pages.reviewing import looks

from . import files, splitting
from .accounts import person
from .files import Planned

#: Who approves which step of the workflow, in order.
REVIEW = ("it-strategy", "cfob", "translator", "it-strategy")

#: How many of those steps are done in each state; a draft is not submitted at all.
STEPS_DONE = {
    "sent-back": 0,
    "it-review": 0,
    "cfob-review": 1,
    "translation": 2,
    "scheduled": 4,
    "open": 4,
    "closed": 4,
    "opened": 4,
    "selected": 4,
    "desk": 4,
    "completed": 4,
}

#: States that need a deadline which passes while the site is being looked at.
PAST_DEADLINE = ("closed", "opened", "selected", "desk", "completed")
#: Of these, those that the worker opens.
OPENED = ("opened", "selected", "desk", "completed")

#: Rules that the demonstration leaves out, by state, to show deadlines that are near or pass while one watches.
SOON = ("deadline-too-soon",)
AT_ANY_MOMENT = (
    *SOON,
    "deadline-hour",
    "deadline-on-weekend",
    "deadline-on-federal-holiday",
    "deadline-on-provincial-holiday",
)
WAIVED = {"open": SOON, **dict.fromkeys(PAST_DEADLINE, AT_ANY_MOMENT)}


def load() -> Iterator[str]:
    """Make every opportunity whose deadline is to come."""
    for planned in files.planned_opportunities():
        if planned.state not in PAST_DEADLINE and bring_about(planned, day_of(planned)):
            yield f"opportunity {planned.file} ({planned.state})"


def day_of(planned: Planned) -> date:
    """The day on which applications close, the next on which they may; the file gives the hour."""
    day = timezone.localdate() + timedelta(days=planned.closes_in_days)
    while not _may_close(day):
        day += timedelta(days=1)
    return day


def _may_close(day: date) -> bool:
    return (
        business_days.is_business_day(day)
        and not business_days.is_friday(day)
        and not business_days.provinces_off(day)
    )


def exists(planned: Planned) -> bool:
    """Whether the opportunity was loaded before."""
    return Opportunity.objects.filter(import_ref=planned.ref).exists()


@transaction.atomic
def bring_about(planned: Planned, deadline: date | datetime) -> Opportunity | None:
    """Import one opportunity and take it through the workflow as far as its state says.

    Returns:
        The source page, or None when the opportunity was loaded before.

    Raises:
        microacq_pages.importing.faults.ImportFault: the files are wrong.
        microacq_pages.publishing.PublicationBlocked: it cannot be posted, for example because its
            deadline passed meanwhile; nothing is kept.
    """
    if exists(planned):
        return None
    with guardrails.waiving(*WAIVED.get(planned.state, ())):
        return _again(_take_through(planned, deadline))


def _take_through(planned: Planned, deadline: date | datetime) -> Opportunity:
    client = person("client")
    english, french = (_file(planned, language) for language in files.LANGUAGES)
    report = import_pair(english, french, Options(user=client, source=planned.source, deadline=deadline))
    page = _estimate(report.page, planned)
    if planned.untranslated:
        _leave_untranslated(page, planned.untranslated)
    if planned.state in STEPS_DONE:
        splitting.justify(page, True if planned.state in splitting.ACCEPTED_IN else None)
        page.get_workflow().start(page, client)
        for username in REVIEW[: STEPS_DONE[planned.state]]:
            _act(page, username, "approve")
        if planned.state == "sent-back":
            splitting.refuse(page)
            _act(page, REVIEW[0], "reject", comment=planned.reason)
    return page


def submit(page: Opportunity) -> Opportunity:
    """The client submits a text, and everyone whose step it is approves: it is published."""
    page.get_workflow().start(page, person("client"))
    for username in REVIEW:
        _act(page, username, "approve")
    return _again(page)


def _file(planned: Planned, language: str) -> File:
    path = planned.path(language)
    return File(path.name, path.read_bytes())


def _again(page: Any) -> Opportunity:
    """The page as the database has it now."""
    return Opportunity.objects.get(pk=page.pk)


def _estimate(page: Any, planned: Planned) -> Opportunity:
    """The client adds what the file does not hold: the estimate and, if planned, when it goes live."""
    draft = pairs.latest(page)
    draft.estimated_hours, draft.hourly_rate = planned.hours, planned.rate
    if planned.goes_live_in_days is not None:
        draft.go_live_at = timezone.now() + timedelta(days=planned.goes_live_in_days)
    draft.save_revision(user=person("client"))
    if planned.state not in STEPS_DONE:  # submitting it shows translators the text as last saved
        pairs.refresh_translation(_again(page))
    return _again(page)


def _leave_untranslated(page: Opportunity, fields: tuple[str, ...]) -> None:
    """Take out the translations of some fields, so that the translator has something left to do."""
    for field in fields:
        StringTranslation.objects.filter(
            context__object_id=page.translation_key, context__path__startswith=f"{field}."
        ).delete()


def _act(page: Opportunity, username: str, action: str, **kwargs: str) -> None:
    """Let one person read the text and act on the step of the workflow that waits."""
    looks.record_look(_again(page), person(username))
    waiting = _again(page).current_workflow_task_state
    state = TaskState.objects.get(pk=waiting.pk).specific
    state.task.specific.on_action(state, person(username), action, **kwargs)
