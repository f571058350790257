"""What staff read of the survey."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from microacq_pages import roles
from submissions.survey import pool, sums
from submissions.survey.enums import Cohort
from tests.factories.people import prefer

pytestmark = pytest.mark.django_db


def answered(count: int, **choices: list[str]) -> list[dict[str, list[str]]]:
    return [choices] * count


def add(*groups: list[dict[str, list[str]]], year: int = 2026) -> None:
    pool.add_to_sums(Cohort.APPLIED, year, [answers for group in groups for answers in group])


def lines(question: str) -> dict[str, int | None]:
    (table,) = sums.tables()
    found = next(one for one in table.questions if str(one.heading) == question)
    return {line.label: line.count for line in found.lines}


def test_a_small_group_is_hidden_and_so_is_the_next_smallest() -> None:
    add(answered(20, size=["1"]), answered(6, size=["2-4"]), answered(3, size=["5-19"]))
    shown = lines("Size of the business")
    assert shown["1"] == 20
    assert shown["2 to 4"] is None
    assert shown["5 to 19"] is None


def test_places_of_few_are_counted_by_region() -> None:
    add(
        answered(6, office=["ca-K1A"]),
        *(answered(1, office=[f"ca-H2{letter}"]) for letter in "ABCEG"),
        answered(7, office=["ca-M5V"]),
    )
    shown = lines("Head office")
    assert shown["National Capital Region, K1A"] == 6
    assert shown["Ontario, M5V"] == 7
    assert not any("H2" in label for label in shown)


def test_what_is_hidden_in_one_language_is_hidden_in_the_other() -> None:
    """In alphabetical order the last place would be Nova Scotia in English and Terre-Neuve in French."""
    places = {"ca-A1A": 3, "ca-A2A": 3, "ca-B1A": 4, "ca-B2A": 4}
    add(answered(1, office=["us"]), *(answered(count, office=[code]) for code, count in places.items()))
    shown = []
    for language, words in (("en", "Head office"), ("fr", "Siège social")):
        with translation.override(language):
            shown.append([count for count in lines(words).values() if count])
    assert shown[0] == shown[1] == [6]


def test_a_region_of_few_is_not_even_named() -> None:
    add(answered(6, office=["ca-K1A"]), answered(8, office=["us"]), answered(1, office=["ca-X0A"]))
    shown = lines("Head office")
    assert shown["National Capital Region, K1A"] == 6
    assert not any("Nunavut" in label for label in shown)


def test_who_reads_every_day_learns_of_no_small_group() -> None:
    add(
        answered(8, size=["1"]),
        answered(7, size=["2-4"]),
        answered(6, size=["5-19"]),
        answered(2, size=["100"]),
    )
    read = lines("Size of the business")
    assert (read["1"], read["2 to 4"]) == (8, 7)
    # Five more, one of them with a business of five or more: neither of the two may be told.
    add(answered(4, size=["1"]), answered(1, size=["2-4"]), year=2026)
    assert lines("Size of the business") == read
    add(answered(2, size=["1"]), answered(4, size=["2-4"]), answered(5, size=["5-19"]))
    assert lines("Size of the business") == read | {"1": 14, "2 to 4": 12}
    (table,) = sums.tables()
    assert [(each.people, table.people) for each in table.questions if each.people] == [(39, 39)]


def test_sums_are_never_added_over_years_or_cohorts(user_in: Callable[..., Any], client: Client) -> None:
    add(answered(9, size=["1"]), year=2026)
    add(answered(8, size=["1"]), year=2027)
    client.force_login(user_in(roles.AUDITOR))
    text = client.get(reverse("microacq_survey")).content.decode()
    assert "2026 – Applied" in text
    assert "2027 – Applied" in text
    assert "17" not in text.split("survey-sums")[1].split("</main>")[0]


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: Any) -> None:
    for year in range(2020, 2030):
        add(answered(9, size=["1"], office=["ca-K1A"]), year=year)
    with django_assert_num_queries(1):
        assert len(sums.tables()) == 10


@pytest.mark.parametrize("role", [roles.IT_STRATEGY, roles.CFOB, roles.AUDITOR])
@pytest.mark.parametrize(("language", "words"), [("en", "Not shown"), ("fr", "Non affiché")])
def test_who_may_reads_the_sums_in_each_language(
    user_in: Callable[..., Any], client: Client, role: str, language: str, words: str
) -> None:
    add(answered(9, size=["1"]), answered(2, size=["5-19"]))
    user = user_in(role)
    prefer(user, language)
    client.force_login(user)
    assert words in client.get(reverse("microacq_survey")).content.decode()


@pytest.mark.parametrize("role", [roles.CLIENT, roles.EVALUATOR, roles.FINANCE, roles.TRANSLATOR])
def test_who_may_not_is_refused(user_in: Callable[..., Any], client: Client, role: str) -> None:
    client.force_login(user_in(role))
    assert client.get(reverse("microacq_survey")).status_code in (302, 403)
