from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.proposals.words import WHITE_SPACE, count_words
from submissions.typed_text import REPLACEMENT, has_unreadable

#: Texts and how many words each has: one table for the server and for the script (``tests/browser/test_applying.py``).
CASES = json.loads(Path(__file__).with_name("word_cases.json").read_text())


@pytest.mark.parametrize(("text", "words"), CASES)
def test_a_word_is_a_run_between_white_space_with_a_letter_or_digit(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.lists(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1), max_size=50))
def test_joining_words_with_any_white_space_counts_each_once(words: list[str]) -> None:
    for space in (" ", "\n", "\r\n", "\u00a0", "\u202f", "\t \u3000"):
        assert count_words(space.join(words)) == len(words)


@given(st.text(), st.text())
def test_a_text_never_has_fewer_words_for_having_more_in_it(before: str, after: str) -> None:
    assert count_words(f"{before} {after}") == count_words(before) + count_words(after)


@given(st.text())
def test_normalising_does_not_change_the_count(text: str) -> None:
    from submissions.typed_text import normalise

    assert count_words(normalise(text)) == count_words(text)


def test_the_script_in_the_browser_splits_at_the_same_characters() -> None:
    script = Path("submissions/static/submissions/js/word-count.js").read_text()
    assert f"[^{WHITE_SPACE}]+" in script
    assert r"/[\p{L}\p{N}]/u" in script


def test_every_letter_and_digit_of_unicode_makes_a_word_and_nothing_else_does() -> None:
    wrong = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if count_words(chr(code)) != (unicodedata.category(chr(code))[0] in "LN")
    ]
    assert wrong == []


def test_unreadable_are_control_characters_half_pairs_and_what_stands_for_broken_bytes() -> None:
    wrong = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if has_unreadable(character := chr(code))
        != (
            character == REPLACEMENT
            or (unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n\r")
        )
    ]
    assert wrong == []
