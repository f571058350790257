"""What is told from words, in both languages, on both sides of each edge."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.guardrails import wording


def sentence_of(words: int, first: str = "Word") -> str:
    return " ".join([first, *["word"] * (words - 1)]) + "."


@pytest.mark.parametrize("words", [1, 24, 25])
def test_a_sentence_of_up_to_25_words_is_not_long(words: int) -> None:
    assert wording.long_sentences(sentence_of(words)) == []


@pytest.mark.parametrize("words", [26, 60])
def test_a_sentence_of_more_is_long(words: int) -> None:
    assert wording.long_sentences(sentence_of(words)) == [(sentence_of(words), words)]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6))
def test_each_sentence_of_a_text_is_counted_by_itself(lengths: list[int]) -> None:
    text = " ".join(sentence_of(length) for length in lengths)
    assert [words for _sentence, words in wording.long_sentences(text)] == [n for n in lengths if n > 25]


@pytest.mark.parametrize(
    ("passage", "count"),
    [
        ("It works, e.g. On Linux. It is version 3.11. Yes!", 3),
        ("Dr. Roy wrote it. She said “Done.” Then she left.", 3),
        ("Il écrit « Oui. » Puis il part. Est-ce tout\u00a0? Non.", 4),
        ("M. Roy paie 6 500 $, p. ex. À la livraison. Merci.", 2),
    ],
)
def test_sentences_end_where_people_end_them(passage: str, count: int) -> None:
    assert len(wording.sentences(passage)) == count


def test_french_elisions_and_numbers_in_groups_are_one_word() -> None:
    assert wording.count_words("L’accessibilité d’un site coûte 6\u00a0500\u00a0$ « environ ».") == 6


def test_rich_text_is_read_paragraph_by_paragraph() -> None:
    html = "<h3>Head</h3><p>One <b>bold</b> word</p><ul><li>Item<ul><li>Inner &amp; more</li></ul></li></ul>"
    assert wording.passages(html) == ["Head", "One bold word", "Item", "Inner & more"]


FOUND = [
    (wording.YEARS_OF_EXPERIENCE, "You have five years of experience with Python."),
    (wording.YEARS_OF_EXPERIENCE, "At least 3+ years’ Django experience."),
    (wording.YEARS_OF_EXPERIENCE, "Vous avez cinq ans d’expérience."),
    (wording.YEARS_OF_EXPERIENCE, "Il faut 3 années de solide expérience."),
    (wording.CLEARANCE, "A security clearance is required."),
    (wording.CLEARANCE, "Reliability status."),
    (wording.CLEARANCE, "Une cote de sécurité est exigée."),
    (wording.CLEARANCE, "Cote de fiabilité."),
    (wording.PREQUALIFICATION, "Only pre-qualified suppliers."),
    (wording.PREQUALIFICATION, "Holders of a standing offer."),
    (wording.PREQUALIFICATION, "Fournisseurs préqualifiés seulement."),
    (wording.PREQUALIFICATION, "Titulaires d’une offre à commandes."),
    (wording.PLACE, "You live in the National Capital Region."),
    (wording.PLACE, "You must be located in Ottawa."),
    (wording.PLACE, "In the NCR."),
    (wording.PLACE, "Vous habitez la région de la capitale nationale."),
    (wording.PLACE, "Vous devez travailler à Gatineau."),
    (wording.PLACE, "Le travail se fait sur place."),
    (wording.SCORING, "Up to 10 points for each example."),
    (wording.SCORING, "Knowledge of React is an asset."),
    (wording.SCORING, "Preferably with tests."),
    (wording.SCORING, "The best application wins."),
    (wording.SCORING, "This criterion will be rated."),
    (wording.SCORING, "Jusqu’à 10 points par exemple."),
    (wording.SCORING, "La connaissance de React est un atout."),
    (wording.SCORING, "De préférence avec des tests."),
    (wording.SCORING, "La meilleure demande l’emporte."),
    (wording.SCORING, "Ce critère sera coté."),
    (wording.VAGUE, "Show strong knowledge of CSS."),
    (wording.VAGUE, "Démontrez une bonne connaissance de CSS."),
    (wording.SIMILAR_SKILLS, "Python or similar skills."),
    (wording.SIMILAR_SKILLS, "Python ou des compétences semblables."),
]
NOT_FOUND = [
    (wording.YEARS_OF_EXPERIENCE, "The data cover five years of operation."),
    (wording.YEARS_OF_EXPERIENCE, "Describe your experience with Python."),
    (wording.YEARS_OF_EXPERIENCE, "Les données couvrent cinq années."),
    (wording.CLEARANCE, "Follow security guidance for web forms."),
    (wording.CLEARANCE, "Suivez les consignes de sécurité."),
    (wording.PREQUALIFICATION, "We offer standing help."),
    (wording.PREQUALIFICATION, "Une offre de services."),
    (wording.PLACE, "The open data of the City of Ottawa."),
    (wording.PLACE, "Les données ouvertes de la Ville d’Ottawa."),
    (wording.SCORING, "Follow best practices and explain two points of view."),
    (wording.SCORING, "Use their preferred language; optimize digital assets and colours."),
    (wording.SCORING, "Nommez un point d’intérêt et suivez les meilleures pratiques."),
    (wording.VAGUE, "Describe one interface that you built."),
    (wording.VAGUE, "Décrivez une interface que vous avez construite."),
    (wording.SIMILAR_SKILLS, "Show that you know Python."),
    (wording.SIMILAR_SKILLS, "Montrez que vous connaissez Python."),
]


@pytest.mark.parametrize(("pattern", "text"), FOUND)
def test_these_words_are_found(pattern: re.Pattern[str], text: str) -> None:
    assert list(wording.found(pattern, text)), text


@pytest.mark.parametrize(("pattern", "text"), NOT_FOUND)
def test_these_are_not(pattern: re.Pattern[str], text: str) -> None:
    assert list(wording.found(pattern, text)) == []


@pytest.mark.parametrize(
    "text",
    [
        *("PROTECTED B", "Protected A", "PROTÉGÉ B", "Classification: Secret", "SECRET", "(CONFIDENTIEL)"),
        *("This text is PROTECTED B.", "TRÈS SECRET", "TOP SECRET // CANADIAN EYES ONLY"),
    ],
)
def test_markings_are_markings(text: str) -> None:
    assert wording.markings(text)


@pytest.mark.parametrize(
    "text",
    [
        *("UNCLASSIFIED", "NON CLASSIFIÉ", "a stored secret", "The branch is protected. A review follows."),
        *("un secret bien gardé", "protect a branch", "AZURE_CLIENT_SECRET"),
    ],
)
def test_other_words_are_no_markings(text: str) -> None:
    assert wording.markings(text) == []
    assert wording.mentions_of_levels(text) == []


@pytest.mark.parametrize("text", ["No Protected B data is needed.", "Aucune donnée de niveau Protégé B."])
def test_a_level_that_is_only_spoken_of_is_no_marking(text: str) -> None:
    assert wording.markings(text) == []
    assert wording.mentions_of_levels(text)


@given(st.text(max_size=300))
def test_no_text_breaks_the_patterns(text: str) -> None:
    for passage in wording.passages(text):
        wording.sentences(passage)
        wording.markings(passage)
        list(wording.found(wording.SCORING, passage))
