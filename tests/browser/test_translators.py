"""The screens of translators in a real browser: readable by everyone, usable by keyboard, with and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from wagtail.models import Page as WagtailPage

from microacq_pages import roles
from submissions.proposals import opening
from tests.factories import pages, people
from tests.microacq_pages.translating import working
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
WORK = "<ul><li>Repair the keyboard support.</li><li>Write the tests.</li></ul>"


@pytest.fixture
def job(site: SiteServer) -> Any:
    """An opportunity that was translated and of which one sentence changed since; somebody has translated alike."""
    site.reset()
    opening.make_trial()
    client = people.make_user(roles.CLIENT, "client", password="demo")
    translator = people.make_user(roles.TRANSLATOR, "translator", password="demo")
    page = pages.make_opportunity(client, work=WORK)
    pages.translate(page, translator)
    working.save_source(
        page, client, work=WORK.replace("the tests", "the unit tests first"), teaser="Brand new."
    )
    return working.translation_of(page)


def editor(site: SiteServer, job: Any) -> str:
    target = WagtailPage.objects.get(translation_key=job.source.object_id, locale=job.target_locale)
    return f"{site.url}/admin/pages/{target.pk}/edit/"


def test_a_changed_sentence_is_translated_by_keyboard_beside_the_editor(
    site: SiteServer, job: Any, sign_in: Callable[..., Page], barriers: Barriers
) -> None:
    page = sign_in(site, "translator")
    page.goto(editor(site, job))
    page.locator(".js-translation-editor li").first.wait_for()
    items = page.locator("#translation-aside .microacq-item")
    assert items.count() == 2
    assert barriers(page) == []

    item = page.locator("#translation-aside form", has_text="Write the")
    item.locator("button[name=start]").focus()
    page.keyboard.press("Enter")
    field = item.locator("textarea")
    assert field.evaluate("field => field === document.activeElement")
    assert field.input_value() == "[fr] Write the tests."
    field.fill("Écrire d’abord les tests unitaires.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.locator("text=1 piece of text saved.").wait_for()
    page.locator(
        ".js-translation-editor li.complete", has_text="Écrire d’abord les tests unitaires."
    ).wait_for()
    assert items.count() == 1


def test_the_editor_is_not_hidden_in_a_small_window(
    site: SiteServer, job: Any, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(site, "translator")
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(editor(site, job))
    first = page.locator(".js-translation-editor li h4, .js-translation-editor li p").first
    first.wait_for()
    there, aside = (
        page.locator(".js-translation-editor").bounding_box(),
        page.locator("#translation-aside").bounding_box(),
    )

    assert there and aside
    assert aside["y"] >= there["y"] + there["height"] - 1
    assert there["width"] >= 300


def test_the_button_leads_to_the_text_in_the_editor(
    site: SiteServer, job: Any, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(site, "translator")
    page.goto(editor(site, job))
    page.locator(".js-translation-editor li").first.wait_for()

    page.locator("#translation-aside form", has_text="Write the").locator("[data-show-in-editor]").click()

    focused = page.evaluate(
        "() => document.activeElement.closest('li.incomplete, li.complete')?.textContent ?? ''"
    )
    assert "Write the unit tests first." in focused


def test_everything_is_done_without_a_script(site: SiteServer, job: Any, page_without_script: Page) -> None:
    page = page_without_script
    page.goto(f"{site.url}/admin/login/?next=/admin/translations/{job.pk}/left/")
    page.fill("input[name=username]", "translator")
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/translations/{job.pk}/left/")
    with page.expect_navigation():
        page.locator("button[name=start]").first.click()
    for field in page.locator(".microacq-item textarea").all():
        field.fill("Fait.")
    page.locator("form.microacq-form--left button[type=submit]:not([name])").click()

    page.locator("text=Everything is translated.").wait_for()


def test_the_page_is_previewed_in_the_other_language(
    site: SiteServer, job: Any, sign_in: Callable[..., Page], barriers: Barriers
) -> None:
    page = sign_in(site, "translator")
    page.goto(editor(site, job))
    page.locator("#translation-aside a", has_text="Preview the page").click()

    page.locator(".microacq-preview-notice").wait_for()
    assert page.get_attribute("html", "lang") == "fr"
    assert page.locator("span[lang=en]", has_text="Write the unit tests first.").count() == 1
    assert barriers(page) == []
