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
from .timetable import LABELS, Kind, Progress, Step

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
            uid=uid_of(status.number, step.kind),
            summary=summary_of(step.kind, page.title, status.number),
            start=start,
            url=absolute(page.url),
            changed_at=changed_at,
            description=_description(page, step),
            sequence=sequence_of(status.amendments, is_cancelled=bool(cancelled)),
            is_cancelled=step.progress == Progress.DROPPED,
        )
        for step, start in dated
        if start is not None
    ]


def uid_of(number: str, kind: Kind) -> str:
    """The identity of an entry, the same in every file and feed that holds it, in either language."""
    host = urlsplit(settings.MICROACQ_BASE_URL).hostname
    return f"{number}-{kind}@{host}"


def sequence_of(amendments: int, *, is_cancelled: bool) -> int:
    """How often an entry has changed, the same in every file and feed, so that none of them holds another for older."""
    return amendments + is_cancelled


def summary_of(kind: Kind, title: str, number: str) -> str:
    """What an entry says in one line."""
    return _("%(step)s: %(title)s (%(number)s)") % {"step": LABELS[kind], "title": title, "number": number}


def _description(page: Opportunity, step: Step) -> str:
    lines = [step.progress_label] if step.progress == Progress.DROPPED else []
    if step.kind == Kind.DEADLINE and page.public_deadline:
        lines.append(
            _("Applications are accepted until %(deadline)s.")
            % {"deadline": eastern(page.public_deadline, page.locale.language_code)}
        )
    return "\n".join([*lines, absolute(page.url)])
