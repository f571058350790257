"""The pages that suppliers read, as the project words them: how it works, user guide, questions, terms, privacy.

Owns: their first texts (``supplier_texts/``) and making them as drafts in both languages, for a department to read,
change and publish by its own workflow; nothing is published here. What exists already is left alone. Called by
``setup_supplier_pages``. Must not import: the demonstration, which publishes the same texts with its own names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from wagtail.models import Page

from . import page_texts, pairs, twins
from .models import ContentPage, HomePage, OpportunityIndex, ProjectIndex

TEXTS = Path(__file__).parent / "supplier_texts"
LANGUAGES = ("en", "fr")
#: In the order in which they are made.
KEYS = ("how-it-works", "user-guide", "faq", "terms", "privacy", "privacy-contracting")
#: Those of them that the main menu shows.
IN_MENU = ("how-it-works", "user-guide", "faq")
TOOL = "setup_supplier_pages"


@dataclass(frozen=True)
class Names:
    """Who speaks in the texts.

    Attributes:
        department: The department by language, with its article: “the Department of …”, « le ministère de … ».
        contact: The address for questions of suppliers.
        privacy: The address for requests under the Privacy Act.
    """

    department: dict[str, str]
    contact: str
    privacy: str


def text_of(key: str, names: Names) -> dict[str, dict[str, Any]]:
    """The text of one page, by language."""
    return {
        language: yaml.safe_load(
            (TEXTS / f"{key}.{language}.yaml")
            .read_text(encoding="utf-8")
            .replace("{department}", names.department[language])
            .replace("{contact}", names.contact)
            .replace("{privacy}", names.privacy)
        )
        for language in LANGUAGES
    }


@transaction.atomic
def make_drafts(names: Names) -> list[str]:
    """Make the pages that do not exist, translated, and neither approved nor published.

    Returns:
        A line for each page made.
    """
    home = HomePage.objects.get(locale__language_code="en")
    texts = {key: text_of(key, names) for key in KEYS}
    there = {key: Page.objects.child_of(home).filter(slug=texts[key]["en"]["slug"]).first() for key in KEYS}
    new = {key: _add(home, key, texts[key]["en"]) for key in KEYS if there[key] is None}
    # A text may link to any of them, so that each has its number before any text is written.
    known = {key: page.pk for key, page in (there | new).items() if page is not None}
    for name, model in (("home", HomePage), ("opportunities", OpportunityIndex), ("projects", ProjectIndex)):
        known[name] = model.objects.get(locale__language_code="en").pk
    for key, page in new.items():
        _fill(page, key, texts[key]["en"], known)
        page.save_revision()
        pairs.start_translation(page, None)
        twin = pairs.latest(page)
        _fill(twin, key, texts[key]["fr"], known)
        twins.translate_from(pairs.latest(page), twin, None, TOOL)
        translation = pairs.translation_of(page)
        if translation is not None:  # started above
            translation.save_target(publish=False)
    return [f"draft {page.title}" for page in new.values()]


def _add(home: HomePage, key: str, text: dict[str, Any]) -> ContentPage:
    page = ContentPage(
        title=text["title"], slug=text["slug"], locale=home.locale, show_in_menus=key in IN_MENU, live=False
    )
    home.add_child(instance=page)
    return page


def _fill(page: Page, key: str, text: dict[str, Any], known: dict[str, int]) -> None:
    page.title, page.slug, page.search_description = text["title"], text["slug"], text["seo_description"]
    page.intro = page_texts.html(text["intro"], known)
    stream = page._meta.get_field("body").stream_block
    page.body = stream.to_python(page_texts.body(key, text["body"], known))
