"""The pair of pages below which the public asks, as ``setup_site`` first makes it. Imports no view."""

from __future__ import annotations

from microacq_pages.site_setup import Bilingual
from submissions.questions.pages import QuestionsPage

INTRODUCTION = {
    "en": (
        "Anyone may ask about an open opportunity, in English or in French, without an account. Questions and answers "
        "are published in both languages on the page of the opportunity, and nobody learns who asked."
    ),
    "fr": (
        "Toute personne peut poser une question sur une opportunité ouverte, en français ou en anglais, sans compte. "
        "Les questions et les réponses sont publiées dans les deux langues sur la page de l’opportunité, et nul ne "
        "sait qui les a posées."
    ),
}


def questions_page() -> Bilingual:
    return Bilingual(
        QuestionsPage,
        en={"title": "Questions", "slug": "questions", "introduction": f"<p>{INTRODUCTION['en']}</p>"},
        # French has the same word; the address too, which is another page below another home.
        fr={"title": "Questions", "slug": "questions", "introduction": INTRODUCTION["fr"]},
    )
