"""Periods, values, targets, groups that are hidden, and drawings: the rules, without a database."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.formats import EASTERN
from submissions.reporting.indicators import charts, groups, values
from submissions.reporting.indicators.period import (
    EARLIEST,
    LATEST,
    MOST_STEPS,
    Period,
    fiscal_year,
    fiscal_year_of,
)
from submissions.reporting.indicators.trends import Trend
from submissions.reporting.indicators.values import Target, Unit, Value, known, share
from submissions.survey import suppression
from submissions.survey.questions import NO_ANSWER, NONE_OF
from submissions.survey.suppression import SMALLEST

DAYS = st.dates(EARLIEST, LATEST)


@given(DAYS, DAYS)
def test_the_steps_of_a_trend_cover_the_period_without_gap_or_overlap(one: date, other: date) -> None:
    period = Period(min(one, other), max(one, other))
    steps = period.steps()
    assert steps[0].first == period.first
    assert steps[-1].last == period.last
    assert all(a.last + timedelta(days=1) == b.first for a, b in itertools.pairwise(steps))
    assert len(steps) <= max(MOST_STEPS, period.last.year - period.first.year + 2)


def test_a_fiscal_year_is_from_april_to_march_in_eastern_time() -> None:
    year = fiscal_year(2026)
    assert (year.first, year.last) == (date(2026, 4, 1), date(2027, 3, 31))
    assert year.start == datetime(2026, 4, 1, tzinfo=EASTERN)
    assert year.end == datetime(2027, 4, 1, tzinfo=EASTERN)
    assert fiscal_year_of(date(2027, 3, 31)) == fiscal_year_of(date(2026, 4, 1)) == 2026


def test_a_period_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(ValueError, match="begins before"):
        Period(date(2026, 2, 1), date(2026, 1, 1))


def test_a_share_of_nothing_is_not_known() -> None:
    assert share(0, 0).number is None
    assert share(0, 0).unknown
    assert (share(1, 3).number, share(1, 3).part, share(1, 3).whole) == (Decimal("33.3"), 1, 3)


@pytest.mark.parametrize(
    ("sign", "number", "met"),
    [(">", 1, False), (">", 2, True), (">=", 1, True), ("<=", 1, True), ("<=", 2, False)],
)
def test_a_target_is_met_or_not_and_not_judged_without_a_number(sign: str, number: int, met: bool) -> None:
    target = Target(sign, Decimal(1))
    value = known(number if sign != ">=" else 1)
    assert target.is_met(value) is met
    assert target.is_met(Value(None)) is None


@pytest.mark.parametrize(
    ("number", "unit", "english", "french"),
    [
        (Decimal("6500"), Unit.MONEY, "$6,500", "6 500 $"),
        (Decimal("12.5"), Unit.PERCENT, "12.5%", "12,5 %"),
        (Decimal("1234"), Unit.COUNT, "1,234", "1 234"),
        (Decimal("1.5"), Unit.DAYS, "1.5 days", "1,5 jour"),
        (Decimal(-1), Unit.DAYS, "−1 day", "−1 jour"),
        (None, Unit.COUNT, "–", "–"),
    ],
)
def test_numbers_are_written_as_each_language_does(
    number: Decimal | None, unit: Unit, english: str, french: str
) -> None:
    for language, expected in (("en", english), ("fr", french)):
        with override(language):
            said = values.formatted(number, unit, language)
        assert said.replace("\N{NO-BREAK SPACE}", " ") == expected


# --- groups of people ----------------------------------------------------------------------------


@given(st.lists(st.integers(0, 12), min_size=2, max_size=6), st.data())
def test_a_share_of_people_adds_nothing_to_what_the_sums_tell(counts: list[int], data: st.DataObject) -> None:
    named = {str(place): count for place, count in enumerate(counts)}
    total = sum(counts)
    members = data.draw(st.sets(st.sampled_from(sorted(named)), min_size=1))
    shown = suppression.of_one_choice(named, total)
    count = groups.computable(shown, members, total)
    if count is None:
        return
    assert count == sum(named[name] for name in members)
    assert count >= SMALLEST
    assert total - count >= SMALLEST
    # Everything it is made of may be read.
    assert members <= shown.counts.keys() or set(named) - members <= shown.counts.keys()


@given(st.integers(0, 15), st.integers(0, 15), st.integers(0, 15))
def test_answers_that_exclude_all_others_never_leave_fewer_than_five(
    some: int, none: int, silent: int
) -> None:
    total = some + none + silent
    counts = {"women": some, NONE_OF: none, NO_ANSWER: silent}
    shown = suppression.of_several_choices(counts, total, alone=(NONE_OF, NO_ANSWER))
    alone = [shown.counts[name] for name in (NONE_OF, NO_ANSWER) if name in shown.counts]
    if alone:
        assert total - sum(alone) >= SMALLEST
        assert total - sum(alone) - shown.counts.get("women", 0) >= SMALLEST


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_two_days_of_a_count_differ_by_no_small_group(marks: list[bool], one: int, other: int) -> None:
    before, after = sorted([one, other])
    (few, of_few), (many, of_many) = groups.in_safe_steps(marks[:before]), groups.in_safe_steps(marks[:after])
    assert of_few <= of_many <= min(after, len(marks))
    assert many == sum(marks[:of_many])
    if of_many != of_few:
        assert many - few >= SMALLEST
        assert (of_many - many) - (of_few - few) >= SMALLEST


@given(
    st.lists(st.lists(st.booleans(), min_size=1, max_size=8), max_size=25),
    st.integers(0, 25),
    st.integers(0, 25),
)
def test_two_days_of_the_public_number_of_suppliers_differ_by_no_few_files_or_people(
    files: list[list[bool]], one: int, other: int
) -> None:
    rows = [(number, mark) for number, marks in enumerate(files) for mark in marks]
    seen = [
        groups.in_steps_of_files([row for row in rows if row[0] < until]) for until in range(len(files) + 1)
    ]
    before, after = sorted([min(one, len(files)), min(other, len(files))])
    moved = [day for day in range(1, len(files) + 1) if seen[day] != seen[day - 1]]
    for start, end in itertools.pairwise([0, *moved]):
        marks = [mark for marks in files[start:end] for mark in marks]
        assert end - start >= SMALLEST
        assert sum(marks) == (seen[end] or 0) - (seen[start] or 0) >= SMALLEST
        assert len(marks) - sum(marks) >= SMALLEST
    if (few := seen[before]) is not None:
        assert few <= (seen[after] or 0) <= sum(mark for _file, mark in rows)


# --- drawings ------------------------------------------------------------------------------------

STEPS = fiscal_year(2026).steps()


@given(st.lists(st.one_of(st.none(), st.decimals(0, 90000, places=1)), min_size=12, max_size=12))
def test_a_drawing_is_valid_has_title_and_description_and_stays_in_its_frame(
    numbers: list[Decimal | None],
) -> None:
    trend = Trend("posted", "Posted <&>", Unit.COUNT, list(zip(STEPS, numbers, strict=True)))
    drawn = charts.chart(trend, "en")
    assert len(drawn.rows) == 12
    assert drawn.summary
    if not drawn.svg:
        assert not any(numbers)
        return
    assert "style=" not in drawn.svg
    root = ElementTree.fromstring(str(drawn.svg))
    svg = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{svg}title") == "Posted <&>"
    assert root.findtext(f"{svg}desc") == drawn.summary
    bars = root.findall(f"{svg}rect")
    assert len(bars) == sum(bool(number) for number in numbers)
    for bar in bars:
        assert float(bar.attrib["y"]) >= charts.ABOVE - 0.1
        assert float(bar.attrib["y"]) + float(bar.attrib["height"]) <= charts.HEIGHT - charts.BELOW + 0.2
