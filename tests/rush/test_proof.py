"""The proof finds what it is there to find: a rush in which something was lost is never called whole."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rush.proof import Kept, Seen, digest_of, judge, percentile, silence

DEADLINE = 1000.0


def seen(token: str = "a", **changes: Any) -> Seen:
    values = {
        "attempt": 0,
        "began": 990.0,
        "ended": 990.2,
        "status": 303,
        "place": f"/en/apply/link/{token}/",
    }
    return Seen(token, **{**values, **changes})


def kept(token: str = "a", **changes: Any) -> Kept:
    values = {"state": "sent", "arrived": 990.1, "email": f"{token}@example.org"}
    return Kept(digest_of(token), **{**values, **changes})


def broken(seen_: list[Seen], kept_: list[Kept]) -> str:
    emails = {one.token: f"{one.token}@example.org" for one in seen_}
    return " ".join(judge(seen_, kept_, emails, DEADLINE).broken)


def test_a_rush_in_which_everything_held() -> None:
    late = seen("b", status=410, place="", began=1000.1, ended=1000.2)
    figures = judge([seen(), late], [kept()], {"a": "a@example.org", "b": ""}, DEADLINE)
    assert figures.broken == []
    assert (figures.accepted, figures.refused_late, figures.never_answered) == (1, 1, 0)


@pytest.mark.parametrize(
    ("sent", "stored", "sentence"),
    [
        ([seen()], [], "for which there is no proposal"),
        ([seen()], [kept(email="b@example.org")], "is not what was sent"),
        ([seen()], [kept(email=None)], "is not what was sent"),
        ([seen()], [kept(arrived=1000.0)], "after the deadline"),
        ([seen(status=410, place="")], [], "s before the deadline"),
        ([seen()], [kept(), kept()], "2 proposals stand"),
        ([seen(place="/en/")], [kept()], "instead of its receipt"),
        ([seen(), seen(status=410, place="", ended=1001.0)], [kept()], "was told that it was refused"),
    ],
)
def test_every_broken_promise_is_found(sent: list[Seen], stored: list[Kept], sentence: str) -> None:
    assert sentence in broken(sent, stored)


def test_a_refusal_that_was_under_way_when_the_deadline_passed_breaks_nothing() -> None:
    assert broken([seen(status=410, place="", began=999.9, ended=1000.1)], []) == ""


def test_who_got_no_answer_and_sent_the_same_again_is_recovered() -> None:
    first = seen(status=0, place="", ended=990.1)
    figures = judge(
        [first, seen(attempt=1, began=991.0, ended=991.2)], [kept()], {"a": "a@example.org"}, DEADLINE
    )
    assert figures.broken == []
    assert (figures.accepted, figures.recovered, dict(figures.errors)) == (1, 1, {"no answer": 1})


def test_what_was_stored_without_an_answer_is_counted_and_breaks_nothing() -> None:
    figures = judge([seen(status=500, place="")], [kept()], {"a": "a@example.org"}, DEADLINE)
    assert (figures.unseen, figures.never_answered, figures.broken) == (1, 1, [])


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.1, 100))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float], percent: float) -> None:
    ordered = sorted(values)
    found = percentile(ordered, percent)
    assert found in ordered
    assert sum(value <= found for value in ordered) >= len(ordered) * percent / 100 - 1e-9


def test_after_an_interruption_the_silence_and_what_was_taken_after_it_are_told() -> None:
    answers = [seen(ended=ended) for ended in (988.0, 990.5, 995.0, 996.0)]
    late = seen(status=410, place="", ended=1000.5)
    assert silence([*answers, late], 990.0, DEADLINE) == (4.5, 2)


def test_a_site_that_never_came_back_is_silent_until_the_deadline() -> None:
    assert silence([seen(ended=988.0)], 990.0, DEADLINE) == (10.0, 0)


def test_of_nothing_there_is_no_percentile() -> None:
    assert math.isnan(percentile([], 50))
