"""The client's guide as the site brings it: its first text, in both languages, made once.

Called by ``site_setup``. The texts are in ``guidance_texts/``; once made, a page belongs to its editors and is never
written again. A topic whose page was deleted gets its page back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from wagtail.models import Locale, Page

from . import page_texts, pairs, publishing, twins
from .models import GuidanceIndex, GuidancePage, HomePage
from .models.guidance import Topic

TEXTS = Path(__file__).parent / "guidance_texts"
INDEX = "index"
TOOL = "setup_site"


def set_up() -> list[str]:
    """Make the pages of the guide that do not exist, published in both languages.

    Returns:
        A line for each page made.
    """
    done = []
    home = HomePage.objects.get(locale__language_code="en")
    index = GuidanceIndex.objects.child_of(home).first()
    if index is None:
        index = _make(home, GuidanceIndex, INDEX)
        done.append(f"page {index.title}")
    for topic in Topic:
        # Whichever language it is written in.
        if not GuidancePage.objects.filter(topic=topic).exists():
            done.append(f"page {_make(index, GuidancePage, str(topic), topic=str(topic)).title}")
    return done


def text_of(key: str, language: str) -> dict[str, Any]:
    """The text of one page in one language."""
    text: dict[str, Any] = yaml.safe_load((TEXTS / f"{key}.{language}.yaml").read_text(encoding="utf-8"))
    return text


def _make(parent: Page, model: type[Page], key: str, **fields: str) -> Page:
    page = model(locale=Locale.objects.get(language_code="en"), live=False, **fields)
    _fill(page, key, "en")
    parent.add_child(instance=page)
    page.save_revision()
    pairs.start_translation(page, None)
    twin = pairs.latest(page)
    _fill(twin, key, "fr")
    twins.translate_from(pairs.latest(page), twin, None, TOOL)
    publishing.approve_installation(page)
    publishing.publish_pair(page, user=None)
    made: Page = model.objects.get(pk=page.pk)
    return made


def _fill(page: Page, key: str, language: str) -> None:
    text = text_of(key, language)
    page.title, page.slug, page.search_description = text["title"], text["slug"], text["summary"]
    page.intro = page_texts.html(text["intro"], {})
    if isinstance(page, GuidancePage):
        stream = page._meta.get_field("body").stream_block
        page.body = stream.to_python(page_texts.body(key, text["body"], {}))
