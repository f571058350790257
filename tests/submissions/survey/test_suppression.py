"""Nobody can work out a group smaller than five from what is shown."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from submissions.survey.suppression import SMALLEST, of_one_choice, of_several_choices

names = st.sampled_from(["a", "b", "c", "d", "e", "f"])


@given(st.dictionaries(names, st.integers(0, 30), min_size=2))
def test_no_group_smaller_than_five_is_shown(counts: dict[str, int]) -> None:
    total = sum(counts.values())
    for shown in (of_one_choice(counts, total), of_several_choices(counts, total)):
        assert all(count >= SMALLEST for count in shown.counts.values())
        assert shown.hidden | shown.counts.keys() == counts.keys()
        assert not shown.hidden & shown.counts.keys()


@given(st.dictionaries(names, st.integers(0, 30), min_size=2))
def test_what_is_hidden_can_not_be_worked_out_from_the_total(counts: dict[str, int]) -> None:
    total = sum(counts.values())
    shown = of_one_choice(counts, total)
    missing = total - sum(shown.counts.values())
    assert not shown.hidden or len(shown.hidden) >= 2
    assert not shown.hidden or missing >= SMALLEST or not shown.counts


@given(st.lists(st.integers(0, 12), min_size=2, max_size=3), st.data())
def test_who_knows_the_rules_still_finds_several_tables_behind_what_is_shown(
    counts: list[int], data: st.DataObject
) -> None:
    total = sum(counts)
    if total < SMALLEST:
        return
    table = dict(zip("abc", counts, strict=False))
    shown = of_one_choice(table, total)
    behind = [
        candidate
        for values in product(range(total + 1), repeat=len(counts))
        if sum(values) == total
        and of_one_choice(candidate := dict(zip("abc", values, strict=False)), total) == shown
    ]
    for name in shown.hidden:
        assert len({candidate[name] for candidate in behind}) > 1


@given(st.dictionaries(names, st.integers(0, 30), min_size=1), st.integers(0, 40))
def test_those_outside_a_group_are_a_group_as_well(counts: dict[str, int], total: int) -> None:
    kept = {name: min(count, total) for name, count in counts.items()}
    shown = of_several_choices(kept, total)
    assert all(total - count >= SMALLEST for count in shown.counts.values())


def test_a_table_of_fewer_than_five_people_shows_nothing() -> None:
    assert of_one_choice({"a": 4, "b": 0}, 4).counts == {}


def test_a_single_small_group_takes_the_next_smallest_with_it() -> None:
    shown = of_one_choice({"a": 20, "b": 6, "c": 3}, 29)
    assert shown.counts == {"a": 20}
    assert shown.rest == 9


def test_groups_that_are_all_large_are_all_shown() -> None:
    shown = of_one_choice({"a": 5, "b": 6}, 11)
    assert shown.counts == {"a": 5, "b": 6}
    assert shown.rest is None
