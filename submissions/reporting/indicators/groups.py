"""Shares of groups of people, which never tell of fewer than five: by whole years alone, from what may be read
anyway.

A share is computed from the answers that are shown (``survey.suppression``, ``survey.steps``), never from those that
are hidden, so it adds nothing to what the sums tell. Years are never added up, and a period changes no year's figure:
no difference of two figures is about fewer than five. Where people are counted one by one, a year grows by steps that
are themselves safe, so that who compares today's figure with yesterday's learns of no smaller group either.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace

from submissions.survey.enums import Cohort
from submissions.survey.questions import Question
from submissions.survey.steps import EVERYBODY, shown_of
from submissions.survey.suppression import SMALLEST, Shown

from .period import fiscal_year_name
from .scope import Scope
from .values import NOTHING_YET, TOO_FEW, Value, known, share, unknown


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
        found = sums[question.name]
        total = found[EVERYBODY]
        shown = shown_of(question, {name: found[name] for name, _label in question.choices}, total)
        count = computable(shown, wanted, total, is_several=question.is_several)
        years.append((year, unknown(TOO_FEW) if count is None else share(count, total)))
    return _by_year(scope, years)


def in_safe_steps(marks: Iterable[bool]) -> tuple[int, int]:
    """How many are marked, and of how many, up to the last step in which at least five are and five are not.

    Args:
        marks: Of each person whether it is so, in an order to which more are only ever added at the end.
    """
    counted = counted_marked = marked = unmarked = 0
    for is_marked in marks:
        marked, unmarked = marked + is_marked, unmarked + (not is_marked)
        if marked >= SMALLEST and unmarked >= SMALLEST:
            counted, counted_marked = counted + marked + unmarked, counted_marked + marked
            marked = unmarked = 0
    return counted_marked, counted


def in_steps_of_files(rows: Iterable[tuple[int, bool]]) -> int | None:
    """How many suppliers are new, up to the last file that ends a step; None before the first.

    A step has at least five files, five applicants who are new and five who are not: who reads the number every day
    never learns how many applicants of one file, or which small part of several, had applied before.

    Args:
        rows: File of each applicant, and whether they are new, in the order of counting, file by file.
    """
    counted: int | None = None
    files = new = others = 0
    for _file, applicants in itertools.groupby(rows, key=lambda row: row[0]):
        marks = [is_new for _same, is_new in applicants]
        files, new, others = files + 1, new + sum(marks), others + len(marks) - sum(marks)
        if min(files, new, others) >= SMALLEST:
            counted = (counted or 0) + new
            files = new = others = 0
    return counted


def _in_steps(marks: Iterable[bool]) -> Value:
    part, whole = in_safe_steps(marks)
    return share(part, whole) if whole else unknown(TOO_FEW)


def outside_capital(scope: Scope) -> Value:
    """The share of paid suppliers who work outside the National Capital Region, by calendar year of payment."""
    years = []
    for year, rows in scope.paid_by_year.items():
        # A supplier who was paid twice in a year is one supplier: where the first invoice says.
        first = {row.supplier: row.in_capital_region for row in reversed(rows)}
        places = [first.pop(row.supplier) for row in rows if row.supplier in first]
        years.append((year, _in_steps(not is_inside for is_inside in places)))
    return _by_year(scope, years)


def unique_suppliers(scope: Scope) -> Value:
    """Suppliers with an application to at least one opportunity of a fiscal year; for the public in steps of files."""
    if scope.is_public:
        counts = {year: in_steps_of_files(rows) for year, rows in scope.applicants.items()}
    else:
        counts = {year: len(new) for year, new in scope.suppliers.items()}
    years = {
        fiscal_year_name(year): unknown(TOO_FEW) if count is None else known(count)
        for year, count in counts.items()
    }
    return _of_years(years, _asked_fiscal(scope)) if years else known(0)


def first_time_suppliers(scope: Scope) -> Value:
    """Of them, those who had applied to no opportunity of this site before."""
    years = {fiscal_year_name(year): _in_steps(new) for year, new in scope.suppliers.items()}
    return _of_years(years, _asked_fiscal(scope))


def _asked_fiscal(scope: Scope) -> str:
    """The fiscal year that was asked for, if it was one."""
    year = scope.period.fiscal_years[0]
    return fiscal_year_name(year) if scope.period.is_fiscal_year else ""


def _by_year(scope: Scope, years: list[tuple[int, Value]]) -> Value:
    asked = str(scope.period.years[0]) if scope.period.is_calendar_year else ""
    return _of_years({str(year): value for year, value in years}, asked)


def _of_years(years: Mapping[str, Value], asked: str) -> Value:
    """One value, or each year with its own; a year is named where it is not what was asked for."""
    if not years:
        return unknown(NOTHING_YET)
    if len(years) > 1:
        return Value(None, by_year=tuple(years.items()))
    ((name, value),) = years.items()
    return value if name == asked else replace(value, year=name)
