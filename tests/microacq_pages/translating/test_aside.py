"""What stands around the editor of wagtail-localize."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Locale

from microacq_pages import pairs
from microacq_pages.models import Skill
from tests.factories import pages

pytestmark = pytest.mark.django_db


class Note(Component):
    def __init__(self, text: str, order: int | None = None) -> None:
        self.text = text
        if order is not None:
            self.order = order

    class Media:
        css = {"all": ["note.css"]}
        js = ["note.js"]

    def render_html(self, parent_context: Any = None) -> str:
        return format_html("<p class='note'>{}</p>", self.text)


def editor_of(target: Any, user: Any) -> BeautifulSoup:
    client = Client()
    client.force_login(user)
    if isinstance(target, Skill):
        address = reverse(Skill.snippet_viewset.get_url_name("edit"), args=[target.pk])
    else:
        address = reverse("wagtailadmin_pages:edit", args=[target.pk])
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def skill(db: None) -> Skill:
    made = Skill.objects.create(name="Rust", locale=Locale.objects.get(language_code="en"))
    pairs.keep_snippet_in_step(made, None)
    return Skill.objects.get(translation_key=made.translation_key, locale__language_code="fr")


@pytest.mark.parametrize("kind", ["page", "skill"])
def test_whoever_answers_the_hook_stands_beside_the_editor_in_order(
    author: Any, translator: Any, skill: Skill, kind: str
) -> None:
    target = skill if kind == "skill" else pairs.counterpart(pages.make_opportunity(author))
    asked: list[Any] = []

    def answer(translation: Any, user: Any) -> list[Component]:
        asked.append((translation.source.object_id, user))
        return [Note("last"), Note("first", order=1)]

    with hooks.register_temporarily("microacq_translation_aside", answer):
        page = editor_of(target, translator)

    assert asked == [(target.translation_key, translator)]
    assert page.select_one(".js-translation-editor") is not None
    notes = [note.text for note in page.select("aside#translation-aside .note")]
    assert notes == ["first", "last"]
    assert page.select_one("link[href*='note.css']")
    assert page.select_one("script[src*='note.js']")


def test_the_editor_no_longer_offers_the_conversion_that_is_always_refused(
    author: Any, translator: Any
) -> None:
    page = editor_of(pairs.counterpart(pages.make_opportunity(author)), translator)

    props = json.loads(page.select_one(".js-translation-editor")["data-props"])

    assert props["links"]["convertToAliasUrl"] is None
    assert props["segments"]
