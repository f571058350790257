"""How texts are set: what breaks the rules, and the text put right."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages import typography

N = "\u00a0"


@pytest.mark.parametrize(
    ("text", "right", "code"),
    [
        ("Prix: 5", f"Prix{N}: 5", "colon"),
        ("Prix : 5", f"Prix{N}: 5", "colon"),
        ("<b>Prix:</b> 5", f"<b>Prix{N}:</b> 5", "colon"),
        ("« Bonjour »", f"«{N}Bonjour{N}»", "opening-guillemet"),
        ("Il dit «oui»", f"Il dit «{N}oui{N}»", "closing-guillemet"),
        ("Quand ?", "Quand?", "space-before-question"),
        (f"Quand{N}!", "Quand!", "space-before-exclamation"),
        ("un ; deux", "un; deux", "space-before-semicolon"),
        ("Il dit “oui”.", f"Il dit «{N}oui{N}».", "quotation-marks"),
        ('Il dit "oui".', f"Il dit «{N}oui{N}».", "straight-quotation-marks"),
        ("L'heure", "L’heure", "apostrophe"),
        ("6 500 personnes", f"6{N}500 personnes", "number"),
        ("6500 $", f"6{N}500{N}$", "thousands"),
        ("$6,500.50", f"6{N}500,50{N}$", "dollar-first"),
        ("15%", f"15{N}%", "symbol"),
        ("à 23h59", f"à 23{N}h{N}59", "hour"),
        ("à 9 h", f"à 9{N}h", "hour"),
        ("no 5", f"n°{N}5", "numero"),
        ("Etat du projet", "État du projet", "capital-accent"),
        ("A partir de lundi", "À partir de lundi", "capital-a"),
        ("Attendez...", "Attendez…", "ellipsis"),
        ("un  deux", "un deux", "doubled-space"),
    ],
)
def test_french_is_put_right(text: str, right: str, code: str) -> None:
    assert code in [finding.code for finding in typography.findings(text, "fr")]
    assert typography.corrected(text, "fr") == right
    assert typography.findings(right, "fr") == []


@pytest.mark.parametrize(
    "text",
    [
        "Avez-vous des questions?",
        f"«{N}Il dit “oui”{N}», dit-elle.",
        f"Prix{N}: 6{N}500{N}$, soit 15{N}% de plus, à 23{N}h{N}59 (heure de l’Est)",
        'Voir <a id="a1">la page</a>&nbsp;: https://example.org/?a=1;b=2',
        "<code>a ? b : c</code>",
        "%(name)s et {{ number }}",
        "À 12:30",
        "Écrivez à nom@example.org",
        "AT&amp;T",
        'Gardez &lt;a id="a1"&gt;…&lt;/a&gt; autour du mot',
        "x != y",
        "le 2e jour",
        "",
    ],
)
def test_good_french_is_left_alone(text: str) -> None:
    assert typography.findings(text, "fr") == []
    assert typography.corrected(text, "fr") == text


def test_an_ordinal_is_pointed_out_and_left_to_a_person() -> None:
    (finding,) = typography.findings("le 2ième jour", "fr")
    assert (finding.code, finding.correctable) == ("ordinal", False)
    assert typography.corrected("le 2ième jour", "fr") == "le 2ième jour"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("What is it ?", "What is it?"),
        (f"«{N}Yes{N}»", "“Yes”"),
        (f"It costs 6{N}500{N}$ today", "It costs $6,500 today"),
        ("one  two", "one two"),
    ],
)
def test_english_is_put_right(text: str, right: str) -> None:
    assert typography.corrected(text, "en") == right
    assert typography.findings(right, "en") == []


def letters(text: str) -> list[str]:
    plain = unicodedata.normalize("NFD", text.replace("&nbsp;", ""))
    return re.findall(r"[^\W_]", plain)


PIECES = st.lists(
    st.sampled_from(
        [
            "Prix",
            "l'an",
            " ",
            "  ",
            N,
            ":",
            ";",
            "?",
            "!",
            "«",
            "»",
            "“",
            "”",
            '"',
            "'",
            "6500",
            "6 500",
            "$6,500",
            "$",
            "%",
            "h",
            "59",
            "no",
            "n°",
            "Etat",
            "A partir",
            "...",
            "<b>",
            "</b>",
            '<a id="a1">',
            "</a>",
            "\n",
            "&nbsp;",
            "&amp;",
            "{{ number }}",
            "%(name)s",
            "https://x.ca/?a : b",
            "\ue000",
            "\ue001",
            ".",
            ",",
            "(",
            ")",
        ]
    ),
    max_size=14,
).map("".join)


@given(st.one_of(PIECES, st.text(max_size=60)), st.sampled_from(["en", "fr"]))
def test_putting_right_twice_is_putting_right_once_and_loses_no_letter_and_no_mark_up(
    text: str, language: str
) -> None:
    once = typography.corrected(text, language)
    assert typography.corrected(once, language) == once
    assert not [finding for finding in typography.findings(once, language) if finding.correctable]
    if not re.search(r"(?i)no|º", text):
        assert letters(once) == letters(text)
    for mark in ("<b>", "</b>", '<a id="a1">', "</a>", "{{ number }}", "%(name)s", "\ue000", "\ue001"):
        assert once.count(mark) == text.count(mark)
