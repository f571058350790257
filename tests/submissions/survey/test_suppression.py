"""Nobody can work out a group smaller than five from what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
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


@pytest.mark.parametrize(("groups", "most"), [(2, 24), (3, 24), (4, 20), (5, 13)])
def test_who_knows_the_rules_still_finds_several_sizes_of_every_hidden_group(groups: int, most: int) -> None:
    """Every table up to so many people: what one of them shows, others show as well."""
    behind: dict[object, list[dict[str, int]]] = defaultdict(list)
    for total in range(SMALLEST, most + 1):
        for values in divided(total, groups):
            table = dict(zip("abcde", values, strict=False))
            shown = of_one_choice(table, total)
            behind[total, *shown.counts.items(), shown.hidden, shown.rest].append(table)
    for tables in behind.values():
        shown = of_one_choice(tables[0], sum(tables[0].values()))
        assert all(len({table[name] for table in tables}) > 1 for name in shown.hidden), tables[0]


def divided(total: int, groups: int) -> Iterator[tuple[int, ...]]:
    """Every way in which people may fall into so many groups."""
    if groups == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for others in divided(total - first, groups - 1):
            yield (first, *others)


@given(st.dictionaries(names, st.integers(0, 30), min_size=1), st.integers(0, 40))
def test_those_outside_a_group_are_a_group_as_well(counts: dict[str, int], total: int) -> None:
    kept = {name: min(count, total) for name, count in counts.items()}
    shown = of_several_choices(kept, total)
    assert all(total - count >= SMALLEST for count in shown.counts.values())


def test_a_table_of_fewer_than_five_people_shows_nothing() -> None:
    assert of_one_choice({"a": 4, "b": 0}, 4).counts == {}


def test_a_single_small_group_takes_the_last_of_the_others_with_it() -> None:
    shown = of_one_choice({"a": 6, "b": 3, "c": 20, "d": 8}, 37)
    assert shown.counts == {"a": 6, "c": 20}
    assert shown.rest == 11


def test_two_groups_of_four_take_another_with_them() -> None:
    assert of_one_choice({"a": 4, "b": 5, "c": 4}, 13).counts == {}
    assert of_one_choice({"a": 4, "b": 9, "c": 3}, 16).counts == {"b": 9}


def test_groups_that_are_all_large_are_all_shown() -> None:
    shown = of_one_choice({"a": 5, "b": 6}, 11)
    assert shown.counts == {"a": 5, "b": 6}
    assert shown.rest is None
