"""Shares of groups of people, which never tell of fewer than five: by calendar year alone, from what may be read
anyway.

A share is computed from the answers that are shown (``survey.suppression``), never from those that are hidden, so it
adds nothing to what the sums tell. Years are never added up, and a period changes no year's figure: no difference of
two figures is about fewer than five. Where people are counted from payments, a year grows by five at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from submissions.survey import suppression
from submissions.survey.enums import Cohort
from submissions.survey.models import PEOPLE
from submissions.survey.questions import NO_ANSWER, NONE_OF, Question
from submissions.survey.suppression import SMALLEST, Shown

from .scope import Scope
from .values import NOTHING_YET, TOO_FEW, Value, share, unknown


def computable(shown: Shown, members: Iterable[str], total: int, *, is_several: bool = False) -> int | None:
    """How many people are in some groups together, where the groups that are shown tell it; else None.

    Args:
        shown: What may be read of the question.
        members: The groups.
        total: How many people there are.
        is_several: Whether a person may be in several groups: then only those outside all of them tell it.
    """
    wanted = set(members)
    others = (shown.counts.keys() | shown.hidden) - wanted
    if not is_several and wanted <= shown.counts.keys():
        count = sum(shown.counts[name] for name in wanted)
    elif others <= shown.counts.keys() and total >= SMALLEST:
        count = total - sum(shown.counts[name] for name in others)
    else:
        return None
    return count if count >= SMALLEST and total - count >= SMALLEST else None


def of_survey(scope: Scope, cohort: Cohort, question: Question, members: Iterable[str]) -> Value:
    """The share of those who answered a survey whose answer is one of some, by calendar year."""
    wanted = set(members)
    years = []
    for year in scope.period.years:
        sums = scope.sums.get((year, cohort))
        if sums is None:
            continue
        total = sums[PEOPLE][""]
        shown = shown_of(question, sums.get(question.name, {}), total)
        count = computable(shown, wanted, total, is_several=question.is_several)
        years.append((year, unknown(TOO_FEW) if count is None else share(count, total)))
    return _by_year(years)


def shown_of(question: Question, found: Mapping[str, int], total: int) -> Shown:
    """What may be read of the answers to one question."""
    counts = {name: found.get(name, 0) for name, _label in question.choices}
    if question.is_several:
        return suppression.of_several_choices(counts, total, alone=(NONE_OF, NO_ANSWER))
    return suppression.of_one_choice(counts, total)


def outside_capital(scope: Scope) -> Value:
    """The share of paid suppliers who work outside the National Capital Region, by calendar year of payment."""
    years = []
    for year, rows in scope.paid_by_year.items():
        # So many as make whole groups of five: otherwise each payment would tell where its supplier is.
        counted = rows[: len(rows) // SMALLEST * SMALLEST]
        if not counted:
            continue
        inside = sum(row.in_capital_region for row in counted)
        shown = suppression.of_one_choice({"in": inside, "out": len(counted) - inside}, len(counted))
        count = shown.counts.get("out")
        years.append((year, unknown(TOO_FEW) if count is None else share(count, len(counted))))
    return _by_year(years)


def _by_year(years: list[tuple[int, Value]]) -> Value:
    if not years:
        return unknown(NOTHING_YET)
    if len(years) == 1:
        return years[0][1]
    return Value(None, by_year=tuple(years))
