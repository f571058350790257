"""The right to answer: signed, limited in time, with nothing of its holder."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.log_lines import _LINK
from submissions.survey import tokens
from submissions.survey.enums import Cohort

DAY = date(2026, 11, 21)


@given(st.sampled_from(list(Cohort)), st.dates(date(2024, 1, 1), date(2200, 12, 31)))
def test_what_is_made_can_be_read_until_its_time_is_over(cohort: Cohort, day: date) -> None:
    token = tokens.make(cohort, day)
    assert tokens.read(str(token), day) == token
    assert tokens.read(str(token), token.usable_until - timedelta(days=1)).year == day.year
    with pytest.raises(tokens.InvalidToken):
        tokens.read(str(token), token.usable_until)


@given(st.integers(0, 42), st.sampled_from("ABCxyz019-_"))
def test_a_changed_character_makes_it_worthless(place: int, letter: str) -> None:
    text = str(tokens.make(Cohort.APPLIED, DAY))
    changed = text[:place] + letter + text[place + 1 :]
    if changed != text:
        with pytest.raises(tokens.InvalidToken):
            tokens.read(changed, DAY)


@given(st.text(max_size=60))
def test_any_other_text_is_refused_without_a_fault(text: str) -> None:
    with pytest.raises(tokens.InvalidToken):
        tokens.read(text, DAY)


def test_the_last_day_of_a_year_reaches_into_march() -> None:
    assert tokens.make(Cohort.APPLIED, date(2026, 12, 31)).usable_until == date(2027, 4, 1)


def test_a_key_that_was_replaced_still_reads(settings: Any) -> None:
    token = tokens.make(Cohort.AWARDED, DAY)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert tokens.read(str(token), DAY) == token


def test_the_log_blanks_it() -> None:
    text = str(tokens.make(Cohort.APPLIED, DAY))
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", text)
    assert text not in _LINK.sub("•••", f"GET /en/survey/{text}/ 404")
