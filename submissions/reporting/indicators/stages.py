"""How long each stage takes, against the plan of the pilot's annex A; and when applications arrive before a deadline.

Owns the stages and the events between which each lies. Calendar days, the mean and the median of the files posted in
the period that have both events. Reads only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from statistics import fmean, median
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Min, Value, When
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision, WorkflowState

from microacq_pages import roles
from microacq_pages.formats import EASTERN
from microacq_pages.models.reviewing import StepApproval
from submissions.awards.models import Acceptance, Offer
from submissions.contracts.models import Contract
from submissions.contracts.work_models import Delivery, WorkAcceptance
from submissions.evaluation.enums import RoundState
from submissions.evaluation.models import Round
from submissions.proposals.models import Proposal
from submissions.reporting.paying import payments
from submissions.selection.models import FrozenList
from submissions.survey import suppression

from .period import FIRST_MONTH
from .scope import Scope
from .values import Unit, rounded

#: What happened to a file, and when (UTC), by the name of the event.
Events = dict[str, datetime]


@dataclass(frozen=True)
class Stage:
    """One stage: between two events, with the days that the pilot had planned for it; None where it planned none."""

    name: str
    label: Any
    begin: str
    end: str
    planned: int | None


STAGES = (
    Stage("write", _("Write the opportunity"), "begun", "submitted", 2),
    Stage("review", _("Review it and commit the funds"), "submitted", "approved", 5),
    Stage("publish", _("Translate it and post it"), "approved", "posted", 6),
    Stage("open", _("Take applications"), "posted", "deadline", 7),
    Stage("evaluate", _("Evaluate the applications"), "deadline", "evaluated", None),
    Stage("select", _("Select the supplier"), "deadline", "selected", 1),
    Stage("sign", _("Supplier accepts the terms"), "offered", "accepted", 1),
    Stage("work", _("Do the work"), "started", "delivered", None),
    Stage("judge", _("Judge the work"), "delivered", "worked", 2),
    Stage("invoice", _("Invoice"), "worked", "invoiced", 1),
    Stage("approve", _("Section 34 approval"), "invoiced", "certified", 2),
    Stage("pay", _("Pay"), "certified", "paid", 4),
    Stage("total_work", _("From the first words to accepted work"), "begun", "worked", 23),
    Stage("total_pay", _("From accepted work to payment"), "worked", "paid", 7),
)


@dataclass(frozen=True)
class Taken:
    """What a stage took: files that passed it, mean and median of days; None where none has."""

    stage: Stage
    files: int
    mean: Decimal | None
    middle: Decimal | None

    @property
    def over(self) -> Decimal | None:
        """Days more than planned, by the mean."""
        return None if self.mean is None or self.stage.planned is None else self.mean - self.stage.planned


def taken(scope: Scope) -> list[Taken]:
    """Every stage, in the order of the process."""
    events = list(events_of(scope).values())
    return [_taken(stage, events) for stage in STAGES]


def _taken(stage: Stage, events: list[Events]) -> Taken:
    days = [
        (each[stage.end] - each[stage.begin]) / timedelta(days=1)
        for each in events
        if stage.begin in each and stage.end in each and each[stage.end] >= each[stage.begin]
    ]
    if not days:
        return Taken(stage, 0, None, None)
    return Taken(
        stage,
        len(days),
        rounded(Decimal(fmean(days)), Unit.DAYS),
        rounded(Decimal(median(days)), Unit.DAYS),
    )


def events_of(scope: Scope) -> dict[int, Events]:
    """The events of each file posted in the period, by its key; the number of queries is constant."""
    rows = list(scope.posted.values_list("pk", "translation_key", "posted_at", "deadline"))
    found: dict[int, Events] = {pk: {"posted": posted, "deadline": end} for pk, _key, posted, end in rows}
    if not found:
        return found
    _add_writing(found, {key: pk for pk, key, _posted, _end in rows})
    files = scope.posted.values("pk")
    rounds = Round.objects.filter(solicitation__in=files, state=RoundState.SIGNED)
    contracts = Contract.objects.filter(solicitation__in=files).order_by("pk")
    offers = Offer.objects.filter(solicitation__in=files).order_by("pk")
    accepted = Acceptance.objects.filter(offer__solicitation__in=files).order_by("pk")
    delivered = Delivery.objects.filter(contract__solicitation__in=files).order_by("pk")
    worked = WorkAcceptance.objects.filter(contract__solicitation__in=files)
    for name, queryset, file, moment in (
        ("evaluated", rounds, "solicitation_id", "signed_at"),
        ("offered", offers, "solicitation_id", "made_at"),
        ("accepted", accepted, "offer__solicitation_id", "accepted_at"),
        ("started", contracts, "solicitation_id", "started_at"),
        ("delivered", delivered, "contract__solicitation_id", "delivered_at"),
        ("worked", worked, "contract__solicitation_id", "accepted_at"),
    ):
        for pk, when in queryset.values_list(file, moment):
            if when is not None:
                found[pk][name] = when  # the last that there was
    lists = FrozenList.objects.filter(solicitation__in=files, voided=None)
    for pk, frozen, drawn, candidates in lists.values_list(
        "solicitation_id", "frozen_at", "draw__drawn_at", "candidates"
    ):
        # A single application is selected with the freeze, several by the draw.
        when = frozen if len(candidates) == 1 else drawn
        if when is not None:
            found[pk]["selected"] = when
    for paid in payments(contract__solicitation__in=files):
        midday = datetime.combine(paid.paid_on, time(12), EASTERN)
        found[paid.file] |= {"invoiced": paid.invoiced_at, "certified": paid.approved_at}
        # The hour of a payment is not recorded: it was on that day, and not before the approval.
        found[paid.file]["paid"] = max(midday, paid.approved_at)
    return found


def _add_writing(found: dict[int, Events], keys: dict[UUID, int]) -> None:
    pages = {
        str(pk): keys[key]
        for pk, key in Page.objects.filter(translation_key__in=keys).values_list("pk", "translation_key")
    }
    saved = Revision.page_revisions.filter(object_id__in=pages).order_by().values_list("object_id")
    sent = WorkflowState.objects.filter(object_id__in=pages).order_by().values_list("object_id")
    for name, queryset in (
        ("begun", saved.annotate(moment=Min("created_at"))),
        ("submitted", sent.annotate(moment=Min("created_at"))),
    ):
        for page, moment in queryset:
            events = found[pages[page]]
            events[name] = min(moment, events.get(name, moment))
    steps = StepApproval.objects.filter(
        task_state__workflow_state__object_id__in=pages, group__name=roles.CFOB
    ).order_by("approved_at")
    for page, moment in steps.values_list("task_state__workflow_state__object_id", "approved_at"):
        events = found[pages[page]]
        if moment <= events["posted"]:
            # The last before the posting: what changed later is an amendment, which is approved as well.
            events["approved"] = moment


# --- when applications arrive --------------------------------------------------------------------

#: Until how many hours before the deadline, and what that is called; the last has no end.
HOURS: tuple[tuple[int, Any], ...] = (
    (1, _("In the last hour")),
    (6, _("1 to 6 hours before")),
    (24, _("6 to 24 hours before")),
    (72, _("1 to 3 days before")),
    (168, _("3 to 7 days before")),
    (0, _("Earlier")),
)


@dataclass(frozen=True)
class Arrivals:
    """When the applications of one fiscal year arrived.

    Attributes:
        year: The calendar year in which it began.
        counts: Applications for each of ``HOURS``; None where a group is hidden.
        rest: How many the hidden groups are together, where that may be read.
        total: All of them.
    """

    year: int
    counts: list[int | None]
    rest: int | None
    total: int


def arrivals(scope: Scope) -> list[Arrivals]:
    """Applications by the time left until the deadline, groups of fewer than five hidden.

    Of each fiscal year that the period touches, whole: two periods that differ by one file would tell of its few
    applications.
    """
    place = Case(
        *(
            When(solicitation__deadline__lt=F("arrived_at") + timedelta(hours=hours), then=Value(number))
            for number, (hours, _label) in enumerate(HOURS)
            if hours
        ),
        default=Value(len(HOURS) - 1),
        output_field=IntegerField(),
    )
    # Comparing with each first of April is many times faster than asking for the year of every row.
    years = scope.period.fiscal_years
    fiscal_year = Case(
        *(
            When(
                solicitation__deadline__lt=datetime(year + 1, FIRST_MONTH, 1, tzinfo=EASTERN),
                then=Value(year),
            )
            for year in years
        ),
        default=Value(years[-1]),
        output_field=IntegerField(),
    )
    sent = Proposal.objects.sent().filter(solicitation__in=scope.closed_of_fiscal_years).order_by()
    rows = (
        sent.annotate(place=place, fiscal_year=fiscal_year)
        .values_list("fiscal_year", "place")
        .annotate(count=Count("pk"))
    )
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for year, number, count in rows:
        found[year][number] = count
    return [_arrived(year, counts) for year, counts in sorted(found.items())]


def _arrived(year: int, counts: Counter[int]) -> Arrivals:
    total = counts.total()
    shown = suppression.of_one_choice({str(number): counts[number] for number in range(len(HOURS))}, total)
    return Arrivals(year, [shown.counts.get(str(number)) for number in range(len(HOURS))], shown.rest, total)
