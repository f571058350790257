"""Figures by month, quarter or year of a period, for charts. Each trend is one query. Reads only."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import fmean
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from microacq_pages.formats import EASTERN
from submissions.proposals.models import Proposal
from submissions.solicitations.services import database_clock

from .period import Period
from .scope import Scope
from .values import Unit, rounded


@dataclass(frozen=True)
class Trend:
    """One figure over time; None where there was nothing to count."""

    name: str
    label: Any
    unit: Unit
    points: list[tuple[Period, Decimal | None]]

    @property
    def is_empty(self) -> bool:
        return not any(value for _step, value in self.points)


def trends(scope: Scope) -> list[Trend]:
    """Every trend of a period."""
    steps = _begun(scope.period.steps())
    applications = Proposal.objects.sent().filter(solicitation__in=scope.closed).order_by()
    by_file = dict(applications.values_list("solicitation_id").annotate(count=Count("pk")))
    closed = [
        (deadline, Decimal(by_file.get(pk, 0))) for pk, deadline in scope.closed.values_list("pk", "deadline")
    ]
    posted = [(moment, Decimal(1)) for moment in scope.posted.values_list("posted_at", flat=True)]
    awards = list(scope.awards.values_list("countersigned_at", "value"))
    return [
        Trend("posted", _("Opportunities posted"), Unit.COUNT, _sums(steps, posted)),
        Trend("applications", _("Applications, by deadline"), Unit.COUNT, _sums(steps, closed)),
        Trend("awarded", _("Value of contracts before tax"), Unit.MONEY, _sums(steps, awards)),
        Trend(
            "days_to_pay",
            _("Days from acceptance to payment"),
            Unit.DAYS,
            _means(steps, [(row.paid_on, Decimal(row.days)) for row in scope.paid]),
        ),
    ]


def _begun(steps: list[Period]) -> list[Period]:
    """Without those that lie ahead, of which a chart would say that nothing happened; one at least."""
    today = database_clock().astimezone(EASTERN).date()
    return [step for step in steps if step.first <= today] or steps[:1]


def _sums(steps: list[Period], rows: Iterable[tuple[date, Decimal]]) -> list[tuple[Period, Decimal | None]]:
    found = _by_step(steps, rows)
    return [(step, sum(found[place], Decimal(0))) for place, step in enumerate(steps)]


def _means(steps: list[Period], rows: Iterable[tuple[date, Decimal]]) -> list[tuple[Period, Decimal | None]]:
    found = _by_step(steps, rows)
    return [
        (step, rounded(Decimal(fmean(found[place])), Unit.DAYS) if found[place] else None)
        for place, step in enumerate(steps)
    ]


def _by_step(steps: list[Period], rows: Iterable[tuple[date, Decimal]]) -> dict[int, list[Decimal]]:
    firsts = [step.first for step in steps]
    found: dict[int, list[Decimal]] = defaultdict(list)
    for moment, value in rows:
        day = moment.astimezone(EASTERN).date() if isinstance(moment, datetime) else moment
        if steps[0].first <= day <= steps[-1].last:
            found[bisect_right(firsts, day) - 1].append(value)
    return found
