"""What the form takes, and what it keeps of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from submissions.survey.forms import SurveyForm
from submissions.survey.questions import QUESTIONS


def filled(**values: Any) -> SurveyForm:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return SurveyForm(data)


def test_one_answer_is_enough_and_the_others_count_as_none() -> None:
    form = filled(size="2-4")
    assert form.is_valid(), form.errors
    answers = form.answers()
    assert answers["size"] == ["2-4"]
    assert answers.keys() == {question.name for question in QUESTIONS}
    assert answers["ownership"] == ["no_answer"]


def test_an_empty_form_is_shown_again() -> None:
    assert "Every question is still empty" in str(filled().errors)


@pytest.mark.parametrize("typed", ["k1a", "K1A 0B1", " k1a0b1 "])
def test_three_characters_are_kept_of_a_postal_code(typed: str) -> None:
    form = filled(office="ca", postal=typed)
    assert form.is_valid(), form.errors
    assert form.answers()["office"] == ["ca-K1A"]


@pytest.mark.parametrize("typed", ["11A", "D1A", "K1", "a@b.c", "=1+1"])
def test_what_is_no_postal_code_is_refused_in_words(typed: str) -> None:
    assert "such as K1A" in str(filled(office="ca", postal=typed).errors)


def test_a_postal_code_without_the_country_is_taken() -> None:
    assert filled(postal="H2X").is_valid()


def test_a_postal_code_outside_canada_is_a_contradiction() -> None:
    assert "only if the head office is in Canada" in str(filled(office="us", postal="K1A").errors)


@pytest.mark.parametrize("last", ["none", "no_answer"])
def test_none_of_the_groups_and_a_group_is_a_contradiction(last: str) -> None:
    assert "but not both" in str(filled(ownership=["women", last]).errors)
    assert filled(ownership=["women", "metis"]).is_valid()


def test_an_answer_that_nobody_offers_is_refused() -> None:
    assert not filled(size="a lot").is_valid()
