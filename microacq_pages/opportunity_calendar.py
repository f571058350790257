"""The dates of one opportunity as a calendar file. Must not import ``submissions``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from .calendars import CONTENT_TYPE, Event, calendar_of
from .formats import eastern
from .furniture import absolute
from .models.status import PublicStatus
from .timetable import Kind, Progress, Step

if TYPE_CHECKING:
    from .models import Opportunity

#: Steps that a reader plans for; what has no place in a plan is told on the page.
SHOWN = (Kind.QUESTIONS, Kind.DEADLINE, Kind.SELECTION, Kind.DELIVERY)


def answer(page: Opportunity) -> HttpResponse:
    """The file, to be saved or opened.

    Raises:
        Http404: nothing is posted yet, so that no date holds.
    """
    status = page.public_status
    if status is None:
        raise Http404
    language = page.locale.language_code
    content = calendar_of(f"{page.title} ({status.number})", events_of(page, status), language)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{status.number}-{language}.ics"'
    response["Content-Language"] = language
    # The page is the address to keep; a date may move.
    response["X-Robots-Tag"] = "noindex"
    return response


def events_of(page: Opportunity, status: PublicStatus) -> list[Event]:
    """An entry for each step that has a date."""
    cancelled = [step.actual for step in page.timetable if step.kind == Kind.CANCELLED]
    acts = [status.posted_at, status.amended_at, *cancelled]
    changed_at = max(moment for moment in acts if isinstance(moment, datetime))
    dated = [(step, step.actual or step.known.planned) for step in page.timetable if step.kind in SHOWN]
    return [
        Event(
            uid=uid_of(status.number, step.kind, page.locale.language_code),
            summary=_("%(step)s: %(title)s (%(number)s)")
            % {"step": step.label, "title": page.title, "number": status.number},
            start=start,
            url=absolute(page.url),
            changed_at=changed_at,
            description=_description(page, step),
            sequence=status.amendments + len(cancelled),
            is_cancelled=step.progress == Progress.DROPPED,
        )
        for step, start in dated
        if start is not None
    ]


def uid_of(number: str, kind: Kind, language: str) -> str:
    """The identity of an entry, the same in every file that holds it."""
    host = urlsplit(settings.MICROACQ_BASE_URL).hostname
    return f"{number}-{kind}-{language}@{host}"


def _description(page: Opportunity, step: Step) -> str:
    lines = [step.progress_label] if step.progress == Progress.DROPPED else []
    if step.kind == Kind.DEADLINE and page.public_deadline:
        lines.append(
            _("Applications are accepted until %(deadline)s.")
            % {"deadline": eastern(page.public_deadline, page.locale.language_code)}
        )
    return "\n".join([*lines, absolute(page.url)])
