"""Sums that follow one another never tell of fewer than five people, neither each nor their difference."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from submissions.survey import steps
from submissions.survey.questions import CONTRACTS, NONE_OF, OFFICES, OWNERSHIP, Question
from submissions.survey.steps import EVERYBODY
from submissions.survey.suppression import SMALLEST, Shown

ONE = st.sampled_from([name for name, _label in CONTRACTS.choices]).map(lambda name: [name])
GROUPS = [name for name, _label in OWNERSHIP.choices if name not in (NONE_OF, "no_answer")][:3]
SEVERAL = st.one_of(
    st.lists(st.sampled_from(GROUPS), min_size=1, unique=True), st.sampled_from([[NONE_OF], ["no_answer"]])
)
PLACES = st.sampled_from(["ca-K1A", "ca-K2P", "ca-M5V", "ca-H2X", "ca", "us"]).map(lambda name: [name])


def read(question: Question, batches: list[list[list[str]]]) -> list[tuple[Counter[str], Shown]]:
    """What may be read after each batch: the sums themselves, and what of them is shown."""
    now: Counter[str] = Counter()
    before: Counter[str] = Counter()
    found = []
    for batch in batches:
        for chosen in batch:
            now.update([*chosen, EVERYBODY])
        if steps.may_follow(question, before, now):
            before = Counter(now)
        by_group = steps.grouped(steps.groups_of(question, before), before)
        found.append((before, steps.shown_of(question, by_group, before[EVERYBODY])))
    return found


def batches_of(answers: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[list[list[str]]]]:
    return st.lists(st.lists(answers, min_size=SMALLEST, max_size=25), min_size=1, max_size=8)


def assert_no_difference_is_small(question: Question, batches: list[list[list[str]]]) -> None:
    told = read(question, batches)
    for (before, earlier), (now, later) in itertools.pairwise(told):
        people = now[EVERYBODY] - before[EVERYBODY]
        if not people:
            assert later == earlier
            continue
        added = {
            name: later.counts[name] - earlier.counts[name] for name in later.counts.keys() & earlier.counts
        }
        assert all(count >= SMALLEST for count in added.values())
        if question.is_several:
            assert all(people - count >= SMALLEST for count in added.values())
        elif people != sum(added.values()):
            assert people - sum(added.values()) >= SMALLEST


@given(batches_of(ONE))
def test_of_questions_with_one_answer(batches: list[list[list[str]]]) -> None:
    assert_no_difference_is_small(CONTRACTS, batches)


@given(batches_of(SEVERAL))
def test_of_questions_with_several_answers(batches: list[list[list[str]]]) -> None:
    assert_no_difference_is_small(OWNERSHIP, batches)


@given(batches_of(PLACES))
def test_of_places_that_are_counted_by_region_until_they_are_large(batches: list[list[list[str]]]) -> None:
    told = read(OFFICES, batches)
    for (before, earlier), (now, later) in itertools.pairwise(told):
        if before == now:
            continue
        # A place that was counted with its region before is taken together with it again.
        groups = steps.groups_of(OFFICES, before)
        coarse = Counter[str]()
        for name, count in later.counts.items():
            coarse[groups.get(name, name)] += count
        for name in earlier.counts:
            if coarse[name]:
                assert coarse[name] - earlier.counts[name] >= SMALLEST


def test_the_sums_do_move_on() -> None:
    batch = [["yes"], ["bid"], ["never"], ["no_answer"]] * 5
    assert [sums[EVERYBODY] for sums, _shown in read(CONTRACTS, [batch, batch[:8], batch[:12], batch])] == [
        20,
        20,
        40,
        60,
    ]
