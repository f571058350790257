"""The pair of public pages of the figures, as ``setup_site`` first makes it. Imports no view."""

from __future__ import annotations

from microacq_pages.site_setup import Bilingual

from .pages import IndicatorsPage

INTRODUCTION = {
    "en": (
        "What comes of the opportunities on this site, against the targets that were set. Every "
        "figure is computed from "
        "what the site records; what cannot be known says so."
    ),
    "fr": (
        "Ce que donnent les opportunités de ce site, par rapport aux cibles établies. Chaque chiffre "
        "est calculé à partir "
        "de ce que le site consigne; ce qui ne peut être connu est indiqué."
    ),
}


def indicators_page() -> Bilingual:
    return Bilingual(
        IndicatorsPage,
        en={
            "title": "Results",
            "slug": "results",
            "introduction": f"<p>{INTRODUCTION['en']}</p>",
            "show_in_menus": True,
        },
        fr={"title": "Résultats", "slug": "resultats", "introduction": INTRODUCTION["fr"]},
    )
