"""What follows from verdicts, whatever they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.evaluation import rules, states
from submissions.evaluation.enums import RoundState
from submissions.evaluation.rules import Given

texts = st.sampled_from(["It shows this.", "It does not show this."])
verdicts = st.builds(Given, st.booleans(), texts, st.sampled_from(["en", "fr"]))
CANDIDATES, CRITERIA = (1, 2, 3), (10, 11)
CELLS = rules.cells(CANDIDATES, CRITERIA)
boards = st.dictionaries(
    st.integers(1, 4), st.fixed_dictionaries(dict.fromkeys(CELLS, verdicts)), min_size=1, max_size=4
)
agreements = st.dictionaries(st.sampled_from(CELLS), verdicts)


@given(alone=boards, agreed=agreements)
def test_what_is_final_is_the_consensus_or_what_all_gave(
    alone: dict[int, dict[rules.Cell, Given]], agreed: dict[rules.Cell, Given]
) -> None:
    unsettled = rules.unsettled(CELLS, alone, agreed)
    for cell in CELLS:
        if cell in unsettled:
            with pytest.raises(ValueError, match="not final"):
                rules.final(cell, alone, agreed)
            continue
        final = rules.final(cell, alone, agreed)
        assert final.reason.strip()
        if cell in agreed:
            assert final == agreed[cell]
        else:
            assert {given[cell].passed for given in alone.values()} == {final.passed}


@given(alone=boards)
def test_evaluators_differ_where_one_passed_and_another_failed(
    alone: dict[int, dict[rules.Cell, Given]],
) -> None:
    different = rules.differences(CELLS, alone)
    for cell in CELLS:
        outcomes = [given[cell].passed for given in alone.values()]
        assert (cell in different) == (True in outcomes and False in outcomes)


@given(finals=st.fixed_dictionaries(dict.fromkeys(CELLS, verdicts)))
def test_who_passes_passed_every_criterion(finals: dict[rules.Cell, Given]) -> None:
    passing = rules.passing(CANDIDATES, CRITERIA, finals)
    for candidate in CANDIDATES:
        failed = [item for item in CRITERIA if not finals[candidate, item].passed]
        assert (candidate in passing) == (not failed)


def test_without_a_criterion_nobody_passes() -> None:
    assert rules.passing(CANDIDATES, (), {}) == []


@given(
    given=st.dictionaries(
        st.sampled_from(CELLS), st.builds(Given, st.sampled_from([None, True]), texts, texts)
    )
)
def test_a_verdict_is_missing_until_it_is_given(given: dict[rules.Cell, Given]) -> None:
    missing = rules.missing(CELLS, given)
    assert set(missing) == {cell for cell in CELLS if cell not in given or given[cell].passed is None}


def test_the_table_of_rounds_is_sound() -> None:
    assert {move.target for move in states.MOVES.values()} == set(RoundState)
    assert all(move.target not in move.sources for move in states.MOVES.values())
    assert not [move for move in states.MOVES.values() if RoundState.VOIDED in move.sources]
    assert all(move.needs_reason for name, move in states.MOVES.items() if name in ("send_back", "void"))
