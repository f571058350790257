"""Loading the demonstration into an empty site, and loading it again."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from microacq_pages import pairs
from microacq_pages.models import ContentPage, HomePage, Project, Skill
from submissions.demo import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.MICROACQ_DEMO = True


def load() -> str:
    output = StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


def test_nothing_is_loaded_where_this_is_no_demonstration(settings: Any) -> None:
    settings.MICROACQ_DEMO = False
    with pytest.raises(CommandError, match="no demonstration"):
        load()


def test_every_page_is_public_in_both_languages(demonstration: None) -> None:
    load()
    assert Skill.objects.count() == 2 * len(files.load("skills.yaml"))
    assert Project.objects.live().count() == 6
    assert ContentPage.objects.live().count() == 2 * len(files.GUIDE_PAGES)
    for key in files.GUIDE_PAGES:
        text = files.page(key)
        english = ContentPage.objects.get(slug=text["en"]["slug"], locale__language_code="en")
        french = pairs.counterpart(english)
        assert french is not None
        assert (french.title, french.slug) == (text["fr"]["title"], text["fr"]["slug"])
        assert [block.block_type for block in french.body] == [block["type"] for block in text["fr"]["body"]]
        headings = [block["text"] for block in text["fr"]["body"] if block["type"] == "heading"]
        assert [block.value for block in french.body if block.block_type == "heading"] == headings
    assert HomePage.objects.get(locale__language_code="fr").intro


def test_the_french_pages_keep_their_own_links_and_typography(demonstration: None) -> None:
    load()
    guide = ContentPage.objects.get(slug="guide-de-l-utilisateur", locale__language_code="fr")
    stored = json.dumps(guide.body.get_prep_value(), ensure_ascii=False)
    assert "https://www.canada.ca/fr/immigration-refugies-citoyennete/" in stored
    assert "https://www.canada.ca/en/" not in stored
    assert "«\u00a0J’ai dix ans" in stored
    assert 'linktype=\\"page\\"' in stored
    with translation.override("fr"):
        html = guide.body.render_as_block()
    assert "/fr/modalites/" in html
    assert "/en/" not in html


def test_loading_again_changes_nothing(demonstration: None) -> None:
    assert load()
    assert load() == ""
