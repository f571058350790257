"""What the catalogue says on a new site, in both languages, until editors make it their own."""

from __future__ import annotations

from microacq_pages.site_setup import Bilingual

from .pages import CataloguePage

INTRODUCTION = {
    "en": "Open-source code that was bought by micro-acquisition. Everybody may use it under the licence it names.",
    "fr": (
        "Code source ouvert acheté par micro-acquisition. Toute personne peut l’utiliser selon la licence indiquée."
    ),
}


def catalogue() -> Bilingual:
    """The pair of catalogues as ``setup_site`` first makes it."""
    return Bilingual(
        CataloguePage,
        en={
            "title": "Code we bought",
            "slug": "code",
            "introduction": f"<p>{INTRODUCTION['en']}</p>",
            "show_in_menus": True,
        },
        fr={"title": "Code acheté", "slug": "code-achete", "introduction": INTRODUCTION["fr"]},
    )
