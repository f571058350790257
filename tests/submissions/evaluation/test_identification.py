"""What tells who wrote a text is found, and nothing else."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.evaluation.identification import Who, certain, joined, pieces, places, plain, possible

WHO = Who(
    name="Renée O’Connor-Lavoie",
    business_name="Boréalis Solutions inc.",
    others=("renee.lavoie@exemple.ca", "613 555-0199", "12, rue Principale"),
)


def read(text: str, who: Who = WHO) -> str:
    return "".join("█" if piece.hidden else piece.text for piece in pieces(text, certain(text, who)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I am Renée O’Connor-Lavoie.", "I am █."),
        ("I am Renee O'Connor-Lavoie.", "I am █."),
        ("RENÉE wrote this.", "█ wrote this."),
        ("Mme Lavoie l’a écrit.", "Mme █ l’a écrit."),
        ("See lavoie, in lower case.", "See lavoie, in lower case."),
        ("Chez Boréalis solutions inc. et Borealis", "Chez █ et █"),
        ("Solutions for the web, ready to go", "Solutions for the web, ready to go"),
        ("Write to other@example.org or 819-555-0100.", "Write to █ or █."),
        ("I live at 12, rue Principale today", "I live at █ today"),
        ("renee.lavoie on the forge", "█ on the forge"),
        ("The year 2021 and 6500 lines", "The year 2021 and 6500 lines"),
        ("", ""),
    ],
)
def test_own_names_and_addresses_are_hidden_and_other_words_are_not(text: str, shown: str) -> None:
    assert read(text) == shown


def test_links_and_accounts_are_pointed_out_to_a_person() -> None:
    text = "See https://forge.example.org/rlavoie/picker. Also github.com/rlavoie, @rlavoie_dev and version 1.2.3."
    assert possible(text) == [
        "https://forge.example.org/rlavoie/picker",
        "github.com/rlavoie",
        "@rlavoie_dev",
    ]


def test_passages_are_found_everywhere_letter_for_letter() -> None:
    assert places("a.b and a.b, not aXb", ["a.b", " ", "absent"]) == [(0, 3), (8, 11)]


spans = st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=6)


@given(text=st.text(max_size=40), spans=spans)
def test_nothing_of_what_is_hidden_remains_and_everything_else_does(
    text: str, spans: list[tuple[int, int]]
) -> None:
    shown = "".join(piece.text for piece in pieces(text, spans))
    hidden = {place for start, end in spans for place in range(max(0, start), min(end, len(text)))}
    assert shown == "".join(letter for place, letter in enumerate(text) if place not in hidden)


@given(spans=spans)
def test_places_are_joined_in_order(spans: list[tuple[int, int]]) -> None:
    result = joined(spans)
    assert all(start < end for start, end in result)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(result))


@given(text=st.text(max_size=60))
def test_letters_keep_their_places(text: str) -> None:
    assert len(plain(text)) == len(text)


@given(name=st.text(alphabet="ABCÉabcdé", min_size=3, max_size=8), around=st.text(max_size=20))
def test_a_whole_name_never_remains(name: str, around: str) -> None:
    text = f"{around} {name} {around}"
    shown = [piece.text for piece in pieces(text, certain(text, Who(name)))]
    assert not any(f" {name} " in each for each in shown)
