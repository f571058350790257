"""Whether a term occurs in a text, in whatever form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.glossary.matching import Index, stems_of


@pytest.mark.parametrize(
    ("language", "term", "text"),
    [
        ("fr", "critère d’évaluation de la demande", "Les CRITÈRES d'evaluation de la demande"),
        ("fr", "évaluation", "l’évaluation"),
        ("fr", "évaluation", "Après d'évaluations, rien"),
        ("fr", "micro-acquisition", "les micro\u2011acquisitions"),
        ("fr", "travail", "l’acceptation des travaux"),
        ("fr", "dossier d’approvisionnement", "vos dossiers d’approvisionnement"),
        ("fr", "date limite", "La <b>date</b>\u00a0limite"),
        ("fr", "affiché", "les opportunités affichées"),
        ("en", "application evaluation criterion", "Application evaluation criteria:"),
        ("en", "opportunity", "All opportunities"),
        ("en", "open source", "open-source code"),
        ("en", "branch", "two branches"),
    ],
)
def test_a_term_is_found_in_other_forms(language: str, term: str, text: str) -> None:
    index = Index(language)
    index.add([term], "it")
    assert [found.key for found in index.find(text)] == ["it"]


@pytest.mark.parametrize(
    ("language", "term", "text"),
    [
        ("fr", "demande", "il demandait"),
        ("fr", "contrat", "contractuel"),
        ("en", "skill", "skilful"),
        ("en", "award", "forward"),
        ("en", "contract", "<contract>"),
    ],
)
def test_a_longer_word_is_another_word(language: str, term: str, text: str) -> None:
    index = Index(language)
    index.add([term], "it")
    assert index.find(text) == []


def test_of_terms_that_overlap_the_longest_counts() -> None:
    index = Index("en")
    index.add(["application"], "short")
    index.add(["application evaluation criterion"], "long")
    found = index.find("An application evaluation criterion of an application")
    assert [place.key for place in found] == ["long", "short"]


@given(
    st.text(max_size=80),
    st.lists(st.text(min_size=1, max_size=20), max_size=5),
    st.sampled_from(["en", "fr"]),
)
def test_any_text_can_be_looked_through_and_places_follow_each_other(
    text: str, terms: list[str], language: str
) -> None:
    index = Index(language)
    for number, term in enumerate(terms):
        index.add([term], number)
    places = index.find(text)
    assert all(0 <= place.start < place.end <= len(stems_of(text, language)) for place in places)
    starts = [place.start for place in places]
    assert starts == sorted(starts)


@given(
    st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=12), st.sampled_from(["en", "fr"])
)
def test_a_word_is_found_in_a_sentence_whatever_its_case(word: str, language: str) -> None:
    if not stems_of(word, language) or stems_of(word, language) != stems_of(word.upper(), language):
        return
    index = Index(language)
    index.add([word], "it")
    assert "it" in [place.key for place in index.find(f"zzzz {word.upper()}, zzzz")]
