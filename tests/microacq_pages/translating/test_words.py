"""How many words a text has, and what changed between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.translating import wording, words
from microacq_pages.translating.wording import ADDED, REMOVED, SAME, Piece


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("Repair the date picker.", 4),
        ("Réparer le sélecteur de dates.", 5),
        ("L’accès à l’information", 3),
        ("Le prix\u00a0: 6\u00a0500\u00a0$", 3),
        ("The price: $6,500", 3),
        ("«\u00a0Oui\u00a0»", 1),
        ("one – two", 2),
        ("peut-être", 1),
        ('<b>bold</b>er <a id="a1">a link</a>', 3),
        ("one<br/>two", 2),
        ("<p>one</p><p>two</p>", 2),
        ("R&amp;D &lt;script&gt;", 2),
        ("12 345 678 words", 2),
        ("In 2021 500 people", 4),
        ("___ --- …", 0),
        ("a < b", 2),
    ],
)
def test_words_are_counted_as_people_count_them(text: str, expected: int) -> None:
    assert words.count(text) == expected


@given(st.text())
def test_counting_never_fails_and_markup_adds_no_words(text: str) -> None:
    bare = text.replace("<", "").replace(">", "").replace("&", "")
    assert words.count(f"<b>{bare}</b>") == words.count(bare) >= 0


TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(["le", "la", "file", " ", "\u00a0", ".", "<b>", "</b>", "6"]), max_size=40).map(
        "".join
    ),
)


@given(TEXTS, TEXTS)
def test_applying_the_changes_gives_both_texts(old: str, new: str) -> None:
    pieces = wording.compare(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == new
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_a_text_that_did_not_change_has_no_marks(text: str) -> None:
    assert {piece.kind for piece in wording.compare(text, text)} <= {SAME}
    assert wording.likeness(text, text) == 1.0


@given(TEXTS, TEXTS)
def test_likeness_is_a_share(old: str, new: str) -> None:
    assert 0.0 <= wording.likeness(old, new) <= 1.0


def test_changes_are_whole_words() -> None:
    assert wording.compare("Repair the old picker.", "Repair the date picker now.") == [
        Piece(SAME, "Repair the "),
        Piece(REMOVED, "old"),
        Piece(ADDED, "date"),
        Piece(SAME, " picker"),
        Piece(ADDED, " now"),
        Piece(SAME, "."),
    ]


def test_long_texts_are_compared_in_good_time() -> None:
    old = " ".join(f"a{number}" for number in range(20_000))
    new = " ".join(f"b{number}" for number in range(20_000))

    pieces = wording.compare(f"Start {old} end.", f"Start {new} end.")

    assert [piece.kind for piece in pieces] == [SAME, REMOVED, ADDED, SAME]
