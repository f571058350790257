"""Glossary, typography, files and mail texts in a real browser: readable by everyone, usable by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib
import pytest
from django.urls import reverse
from playwright.sync_api import Page
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import pairs, roles
from submissions.notices import wording
from submissions.notices.models import NoticeText
from tests.factories import pages, people
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]


@pytest.fixture
def world(site: SiteServer) -> dict[str, Any]:
    """A translator, somebody of IT Strategy, and an opportunity that is translated but for two texts."""
    site.reset()
    found: dict[str, Any] = {
        role: people.make_user(role, username, password="demo")
        for role, username in (
            (roles.CLIENT, "client"),
            (roles.IT_STRATEGY, "it-strategy"),
            (roles.TRANSLATOR, "translator"),
        )
    }
    page = pages.make_opportunity(found[roles.CLIENT])
    pages.translate(page, found[roles.TRANSLATOR], leave=2)
    found["translation"] = pairs.translation_of(page)
    StringTranslation.objects.filter(context__path="teaser", context__object_id=page.translation_key).update(
        data="Réparez l'outil : vous avez des questions ?"
    )
    found["target"] = pairs.counterpart(page)
    text = NoticeText.objects.create(
        kind="proposal_receipt", body="Write to us.", locale=Locale.objects.get(language_code="en")
    )
    pairs.keep_snippet_in_step(text, None)
    for segment in StringSegment.objects.filter(source__object_id=text.translation_key):
        StringTranslation.objects.create(
            translation_of=segment.string,
            context=segment.context,
            locale=Locale.objects.get(language_code="fr"),
            data="Écrivez-nous.",
        )
    found["text"] = text
    return found


def test_a_translator_works_by_keyboard_from_the_editor_to_the_file_and_back(
    site: SiteServer, world: dict[str, Any], sign_in: Callable[..., Page], barriers: Barriers, tmp_path: Path
) -> None:
    page = sign_in(site, "translator")
    editor = f"{site.url}{reverse('wagtailadmin_pages:edit', args=[world['target'].pk])}"
    page.goto(editor)
    page.focus("#translation-typography-content >> text=Correct all of them")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=corrected")
    assert page.query_selector("#translation-typography-content") is None

    with page.expect_download() as waiting:
        page.focus("#translation-exchange-content a[href$='/po/']")
        page.keyboard.press("Enter")
    file = tmp_path / "out.po"
    waiting.value.save_as(file)
    catalogue = polib.pofile(str(file))
    left = [entry for entry in catalogue if not entry.msgstr]
    assert len(left) == 2
    left[0].msgstr, left[1].msgstr = "Fait", "<script>non</script>"
    catalogue.save(str(file))

    page.set_input_files("#exchange-file", str(file))
    page.focus("text=Check the file")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Store these translations")
    assert barriers(page) == []
    page.focus("text=Store these translations")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 translation was stored.")
    assert len(pairs.missing_strings(world["translation"])) == 1


def test_a_mail_text_is_put_in_force_from_its_preview_without_script(
    site: SiteServer, world: dict[str, Any], new_context: Callable[..., Any]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/admin/login/")
    page.fill("input[name=username]", "it-strategy")
    page.fill("input[name=password]", "demo")
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    page.goto(f"{site.url}{reverse('microacq_notice_text', args=[world['text'].pk])}")
    assert "Écrivez-nous." in page.inner_text("section[lang=fr]")
    with page.expect_navigation():
        page.click("text=Send this text from now on")
    assert wording.in_force("proposal_receipt") is not None
