"""Whether a string that came back may be stored, and if not, why."""

from __future__ import annotations

import pytest
from django.db import models

from microacq_pages.exchange.judging import Verdict, judge, usable
from microacq_pages.exchange.returned import Returned

from .test_formats import unit

SHORT = models.CharField(max_length=10)


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ('See <a id="a1">it</a>', "Voyez", 'missing: <a id="a1">'),
        ('See <a id="a1">it</a>', '<a id="a2">le</a>', 'missing: <a id="a1">'),
        ('See <a id="a1">it</a>', '<a id="a1">le</a> <a id="a1">la</a>', 'does not have: <a id="a1">'),
        ('See <a id="a1">it</a>', '<a href="https://evil.example" id="a1">le</a>', "mark-up"),
        ("One <b>two</b>", "Un deux", "missing: <b>"),
        ("One", "<b>Un</b>", "does not have: <b>"),
        ("One", "<script>alert(1)</script>", "mark-up"),
        ("One", '<b onclick="x">Un</b>', "mark-up"),
        ("One", "Un<!-- deux -->", "mark-up"),
        ("One", "Un<p>deux</p>", "mark-up"),
        ("File {{ number }}", "Dossier", "missing: {{ number }}"),
        ("File {{ number }}", "Dossier {{ numéro }}", "missing: {{ number }}"),
        ("File", "Dossier {{ number }}", "does not have: {{ number }}"),
        ("File %(name)s", "Dossier %(nom)s", "missing: %(name)s"),
        ("One", "U\x00n", "character"),
        ("One", "U\x1bn", "character"),
    ],
)
def test_a_translation_that_would_break_the_page_is_refused(source: str, target: str, reason: str) -> None:
    text, found = usable(unit(source), target)
    assert text == ""
    assert reason in found


def test_a_translation_too_long_for_its_field_is_refused() -> None:
    assert "10" in usable(unit("One", field=SHORT), "x" * 11)[1]
    assert usable(unit("One", field=SHORT), "R&D x 5678") == ("R&amp;D x 5678", "")


def test_a_loose_ampersand_and_the_line_breaks_of_a_tool_are_put_right() -> None:
    assert usable(unit("One"), "R&D\n  et plus") == ("R&amp;D et plus", "")


def verdicts(units: list[object], *returned: Returned) -> list[Verdict]:
    return [string.verdict for string in judge(units, returned)]  # type: ignore[arg-type]


def test_a_text_that_changed_since_it_left_is_reported_and_not_stored() -> None:
    (string, left) = judge([unit("New text")], [Returned("body", "Old text", "Ancien texte")])
    assert string.verdict == Verdict.REFUSED
    assert "changed after the file was made" in str(string.reason)
    assert left.verdict == Verdict.LEFT


def test_a_text_of_another_place_is_refused() -> None:
    string = judge([unit("One", "Un")], [Returned("title", "One", "Une")])[0]
    assert string.verdict == Verdict.REFUSED
    assert "no such text" in str(string.reason)


def test_a_text_of_the_right_key_and_another_source_is_refused() -> None:
    one = unit("One")
    assert verdicts([one], Returned("body", "Two", "Deux", key=one.key)) == [Verdict.REFUSED]


def test_what_is_blank_or_not_confirmed_or_absent_is_left() -> None:
    one, two, three = unit("One"), unit("Two"), unit("Three")
    assert verdicts(
        [one, two, three], Returned("body", "One", " "), Returned("body", "Two", "Deux", confirmed=False)
    ) == [Verdict.LEFT, Verdict.LEFT, Verdict.LEFT]


def test_what_is_stored_already_is_the_same_and_a_second_one_does_not_count() -> None:
    one = unit("One", "Un")
    same, twice = Returned("body", "One", "Un"), Returned("body", "One", "Une")
    assert verdicts([one], same, twice) == [Verdict.SAME, Verdict.REFUSED]


def test_a_blank_never_erases_a_translation() -> None:
    assert verdicts([unit("One", "Un")], Returned("body", "One", "")) == [Verdict.LEFT]
