"""After an outage: one act moves the deadline of every file that was open meanwhile.

Owns which files those are, what their new dates are, and that pages, drafts and files follow in one transaction, in
both languages, without review (DESIGN rule 2; issue 3, section 4). The text is standing. Imports no later stage.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from microacq_pages import business_days, page_cache, pairs, publishing
from microacq_pages.formats import EASTERN, eastern
from microacq_pages.models import Opportunity
from submissions.audit.services import record, record_refusal

from . import amendments, postings
from .enums import PostingKind, State
from .models import Solicitation
from .services import database_clock

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PERMISSION = "submissions.extend_solicitation"
MOST_DAYS = 10

SUMMARY = _(
    "Between %(start)s and %(end)s this site could not be used as it should. So that nobody loses a chance to apply, "
    "the deadline to apply moves to %(deadline)s, and the dates of selection and delivery move with it. Nothing else "
    "changes."
)
PLAN_CHANGED = _("The files changed meanwhile, or were moved already: look again at what would be moved.")


class NotExtended(ValidationError):
    """The extension may not be made as asked; the messages say why. Nothing was changed."""


@dataclass(frozen=True)
class Outage:
    """A period in which the site could not be used, and by how much deadlines move.

    Attributes:
        start: When it began (UTC).
        end: When it ended (UTC).
        days: Business days by which every deadline moves.
    """

    start: datetime
    end: datetime
    days: int


@dataclass(frozen=True)
class Planned:
    """A file that was open during the outage, its new deadline, and why it cannot be extended, if so."""

    file: Solicitation
    deadline: datetime
    obstacle: str = ""


def grace() -> timedelta:
    """For how long after a deadline it can still be extended."""
    return timedelta(hours=int(getattr(settings, "MICROACQ_OUTAGE_GRACE_HOURS", 72)))


def new_deadline(deadline: datetime, now: datetime, days: int) -> datetime:
    """The deadline after an extension: the same hour, so many business days after it, or after today if it passed.

    Args:
        deadline: The one until now (UTC).
        now: The database's clock (UTC).
        days: Business days, at least one.
    """
    local = deadline.astimezone(EASTERN)
    first = max(local.date(), now.astimezone(EASTERN).date())
    day = business_days.add_business_days(first, days)
    moved = datetime.combine(day, local.timetz()).astimezone(deadline.tzinfo)
    return moved.replace(second=0, microsecond=0)


def plan(outage: Outage) -> list[Planned]:
    """Every file that took applications at some time of the outage, in the order of their numbers."""
    files = (
        Solicitation.objects.with_clock()
        .filter(posted_at__lt=outage.end, deadline__gt=outage.start)
        .exclude(state=State.CANCELLED)
        .order_by("pk")
    )
    return [
        Planned(file, new_deadline(file.deadline, file.clock, outage.days), _obstacle(file)) for file in files
    ]


def _obstacle(file: Solicitation) -> str:
    if file.state != State.POSTED:
        return gettext("Its applications were opened already.")
    if file.deadline + grace() <= file.clock:
        return gettext("Its deadline passed more than %(hours)d hours ago.") % {
            "hours": grace() // timedelta(hours=1)
        }
    return ""


def digest_of(planned: list[Planned]) -> str:
    """Names exactly what a plan would do, so that a person does what they were shown, and only once."""
    lines = [
        f"{each.file.number} {each.file.deadline.isoformat()} {each.deadline.isoformat()} {bool(each.obstacle)}"
        for each in planned
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@transaction.atomic
def extend(outage: Outage, user: User | None, shown: str | None = None) -> list[Solicitation]:
    """Move the deadline of every file that can be extended, in both languages, and tell everyone.

    Pages are locked before their file, as publication does it. An opening that holds a file first wins: the file is
    then left out.

    Args:
        outage: The period, and by how much.
        user: Who decides; None for the command line.
        shown: ``digest_of`` the plan that the person was shown; None when nobody was shown one.

    Returns:
        The files that were extended.

    Raises:
        PermissionDenied: the user may not.
        NotExtended: the period or the number of days makes no sense.
    """
    now = database_clock()
    planned = plan(outage)
    if user is not None and not user.has_perm(PERMISSION):
        if planned:
            _record_refusal(planned[0].file, user)
        raise PermissionDenied
    if sentences := faults(outage, now):
        raise NotExtended(sentences)
    if shown is not None and shown != digest_of(planned):
        raise NotExtended([PLAN_CHANGED])
    extended = [file for each in planned if (file := _extend(each.file, outage, user, now)) is not None]
    for file in extended:
        record(
            file,
            "file.extended",
            user=user,
            data={
                "number": file.number,
                "amendment": file.current_posting.amendment,
                "start": outage.start.isoformat(),
                "end": outage.end.isoformat(),
                "deadline": file.deadline.isoformat(),
                "files": [each.number for each in extended],
            },
        )
    page_cache.bump()
    return extended


def faults(outage: Outage, now: datetime) -> list[str]:
    """What is wrong with a period or a number of days."""
    sentences = []
    if outage.start >= outage.end:
        sentences.append(gettext("The outage ends before it begins: correct one of the times."))
    if outage.end > now:
        sentences.append(gettext("The outage ends in the future: wait until it is over."))
    if not 1 <= outage.days <= MOST_DAYS:
        sentences.append(gettext("Choose from 1 to %(most)d business days.") % {"most": MOST_DAYS})
    return sentences


def _record_refusal(file: Solicitation, user: User) -> None:
    record_refusal(
        file,
        "file.decision_refused",
        user=user,
        data={"number": file.number, "act": "file.extended", "reasons": "permission"},
    )


def _extend(found: Solicitation, outage: Outage, user: User | None, now: datetime) -> Solicitation | None:
    rows = Page.objects.select_for_update().filter(translation_key=found.translation_key)
    pages = list(rows.order_by("pk"))
    Solicitation.objects.select_for_update().get(pk=found.pk)
    file = Solicitation.objects.with_clock().get(pk=found.pk)
    # Whoever moved it since it was planned has moved it: the same outage does not count twice.
    if _obstacle(file) or file.deadline != found.deadline:
        return None
    before = file.current_posting
    facts = new_facts(file, now, outage.days)
    _move_pages(pages, file, facts)
    summaries = {}
    for language in ("en", "fr"):
        with override(language):
            summaries[f"summary_{language}"] = SUMMARY % {
                "start": eastern(outage.start, language),
                "end": eastern(outage.end, language),
                "deadline": eastern(facts["deadline"], language),
            }
    posting = postings.keep(
        file,
        postings.moved(before, file, facts),
        amendment=before.amendment + 1,
        kind=PostingKind.OUTAGE,
        # Whoever was asked to confirm is still asked: the rule looks at every posting since.
        made_by=user,
        **summaries,
    )
    amendments.carry_into_file(file, posting, facts)
    amendments.announce(file, before, posting, user)
    return file


def new_facts(file: Solicitation, now: datetime, days: int) -> dict[str, Any]:
    """The three dates after an extension; selection and delivery move by as many days as the deadline."""
    deadline = new_deadline(file.deadline, now, days)
    moved = deadline.astimezone(EASTERN).date() - file.deadline.astimezone(EASTERN).date()
    return {
        "deadline": deadline,
        "selection_date": _business_day(file.selection_date + moved),
        "delivery_date": _business_day(file.delivery_date + moved),
    }


def _business_day(day: date) -> date:
    return day if business_days.is_business_day(day) else business_days.add_business_days(day, 1)


def _move_pages(pages: list[Page], file: Solicitation, facts: dict[str, Any]) -> None:
    """Let both public pages, and the draft that may be under review, say the new dates."""
    if not pages:
        return
    Opportunity.objects.filter(pk__in=[page.pk for page in pages]).update(**facts)
    source = pairs.source_of(pages[0])
    draft = pairs.latest(source)
    for name, value in facts.items():
        # A draft may already say a later date.
        theirs = getattr(draft, name)
        if theirs is None or theirs == getattr(file, name) or theirs < value:
            setattr(draft, name, value)
    with publishing.acting(source):
        # Nobody’s text; a review under way is of the new dates, and begins again where they were approved.
        draft.save_revision(user=None, changed=False, clean=False)
    pairs.refresh_translation(Page.objects.get(pk=source.pk))  # which knows the revision of now
