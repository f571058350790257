"""All the figures of a period, put together once: the dashboard, the public page and the reports show the same.

Owns what stands where; nothing here is computed. Reads only through ``scope``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from microacq_pages.formats import EASTERN
from submissions.contracts.work_models import WorkAcceptance
from submissions.survey import sums
from submissions.survey.enums import CLOSING
from submissions.survey.questions import CONTRACTS, OWNERSHIP, SIZE

from . import stages
from .groups import unique_suppliers
from .metrics import GROUPS, INDICATORS
from .period import Period, fiscal_year_name
from .scope import Scope
from .trends import Trend, trends
from .values import Indicator, Unit, Value, formatted, in_words, known


@dataclass(frozen=True)
class Line:
    """One indicator with its value, in words of one language."""

    indicator: Indicator
    value: Value
    language: str

    @property
    def words(self) -> str:
        return in_words(self.value, self.indicator.unit, self.language)

    @property
    def target(self) -> str:
        """What was aimed at."""
        if self.indicator.target is None:
            return gettext("No target")
        return self.indicator.target.words(self.indicator.unit, self.language)

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None without a target, or where the value is not known."""
        return self.indicator.target.is_met(self.value) if self.indicator.target else None

    @property
    def verdict(self) -> str:
        """The same in a word."""
        if self.is_met is None:
            return "–"
        return pgettext("of a target", "Met") if self.is_met else pgettext("of a target", "Not met")

    @property
    def remarks(self) -> list[str]:
        """Why it is not known, and what else its reader should know."""
        values = [each for _year, each in self.value.by_year] or [self.value]
        said = [str(each) for value in values for each in (value.unknown, value.note) if each]
        return list(dict.fromkeys(said))


@dataclass(frozen=True)
class Completed:
    """A contract whose work was accepted: what of it is public."""

    number: str
    title: str
    supplier: str
    worth: str
    repository: str
    licence: str
    accepted_on: date


@dataclass(frozen=True)
class Told:
    """What suppliers answered to one question, as sums."""

    title: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Arrivals:
    """When applications arrived: fiscal years, and for each time left its number in each of them, in words."""

    years: list[str]
    lines: list[tuple[Any, list[str]]]


@dataclass(frozen=True)
class Passage:
    """A stage with what it took, in words."""

    taken: stages.Taken
    language: str

    @property
    def label(self) -> Any:
        return self.taken.stage.label

    @property
    def planned(self) -> str:
        planned = self.taken.stage.planned
        return formatted(None if planned is None else Decimal(planned), Unit.DAYS, self.language)

    @property
    def mean(self) -> str:
        return formatted(self.taken.mean, Unit.DAYS, self.language)

    @property
    def middle(self) -> str:
        return formatted(self.taken.middle, Unit.DAYS, self.language)

    @property
    def over(self) -> str:
        """Days more or fewer than planned, with the sign."""
        over = self.taken.over
        sign = "+" if over is not None and over > 0 else ""
        return f"{sign}{formatted(over, Unit.DAYS, self.language)}"


class Figures:
    """What there is to say of a period, in one language, which is active meanwhile."""

    def __init__(self, period: Period, language: str, *, is_public: bool = False) -> None:
        self.period, self.language = period, language
        self.scope = Scope(period, is_public=is_public)

    @cached_property
    def totals(self) -> list[tuple[Any, str]]:
        """The numbers at the head."""
        scope = self.scope
        contracts, awarded = scope.awarded
        completed, value, _repositories = scope.completed
        numbers = (
            (_("Opportunities posted"), known(scope.posted_states.total()), Unit.COUNT),
            (_("Applications"), known(scope.applications[0]), Unit.COUNT),
            (_("Unique suppliers"), unique_suppliers(scope), Unit.COUNT),
            (_("Contracts"), known(contracts), Unit.COUNT),
            (_("Value of contracts before tax"), known(awarded, Unit.MONEY), Unit.MONEY),
            (_("Contracts completed"), known(completed), Unit.COUNT),
            (_("Value of completed contracts"), known(value, Unit.MONEY), Unit.MONEY),
        )
        return [(label, in_words(number, unit, self.language)) for label, number, unit in numbers]

    @cached_property
    def lines(self) -> list[Line]:
        """Every indicator, in order."""
        return [Line(each, each.compute(self.scope), self.language) for each in INDICATORS]

    @cached_property
    def groups(self) -> list[tuple[Any, list[Line]]]:
        """The indicators by part of the report."""
        return [
            (label, [line for line in self.lines if line.indicator.group == name])
            for name, label in GROUPS.items()
        ]

    @cached_property
    def stages(self) -> list[Passage]:
        """Every stage against the plan."""
        return [Passage(each, self.language) for each in stages.taken(self.scope)]

    @cached_property
    def arrivals(self) -> Arrivals:
        """When applications arrived before the deadline."""
        years = stages.arrivals(self.scope)
        hidden = gettext("Not shown")
        lines = [
            (label, [hidden if count is None else self.count(count) for count in counts])
            for (_hours, label), counts in zip(
                stages.HOURS, zip(*(year.counts for year in years), strict=True), strict=False
            )
        ]
        if any(year.rest is not None for year in years):
            rests = ["–" if year.rest is None else self.count(year.rest) for year in years]
            lines.append((_("All those not shown, together"), rests))
        lines.append((_("In total"), [self.count(year.total) for year in years]))
        return Arrivals([fiscal_year_name(year.year) for year in years], lines if years else [])

    @cached_property
    def people(self) -> list[Told]:
        """Who suppliers are, from the sums of the survey, by year and cohort: what may be read of them and no more."""
        shown = {str(question.heading) for question in TOLD}
        return [
            Told(
                gettext("%(year)s – %(cohort)s: %(heading)s")
                % {"year": table.year, "cohort": table.cohort.label, "heading": answered.heading},
                self._answers(answered),
            )
            for table in sums.tables()
            if table.year in self.period.years and table.cohort not in CLOSING
            for answered in table.questions
            if str(answered.heading) in shown
        ]

    def _answers(self, answered: sums.Answered) -> list[tuple[str, str]]:
        hidden = gettext("Not shown")
        lines = [
            (str(line.label), hidden if line.count is None else self.count(line.count))
            for line in answered.lines
        ]
        if answered.rest is not None:
            lines.append((gettext("All those not shown, together"), self.count(answered.rest)))
        return lines

    @cached_property
    def trends(self) -> list[Trend]:
        return trends(self.scope)

    @cached_property
    def completed(self) -> list[Completed]:
        """The contracts whose work was accepted in the period, the newest first: the first hundred."""
        return list(self._completed())

    def _completed(self) -> Iterator[Completed]:
        rows = self.scope.accepted.select_related("contract__solicitation", "contract__offer__award")
        for row in rows.order_by("-accepted_at")[:LISTED]:
            yield _of(row, self.language)

    def count(self, number: int) -> str:
        """A number in the language."""
        return formatted(known(number).number, Unit.COUNT, self.language)


#: The questions of the survey that say who suppliers are; where they are is told by the invoice.
TOLD = (CONTRACTS, SIZE, OWNERSHIP)
#: So many completed contracts are listed; the open data have them all.
LISTED = 100


def _of(row: WorkAcceptance, language: str) -> Completed:
    contract = row.contract
    file = contract.solicitation
    return Completed(
        number=file.number,
        title=file.get_title(language),
        supplier=contract.supplier,
        worth=formatted(contract.price, Unit.MONEY, language),
        repository=contract.repository,
        licence=file.licence,
        accepted_on=row.accepted_at.astimezone(EASTERN).date(),
    )
