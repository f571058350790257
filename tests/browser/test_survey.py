"""The survey in a real browser: in both languages, without script, by keyboard, without barriers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from submissions.survey import tokens
from submissions.survey.enums import Cohort
from submissions.survey.models import SpentRight
from tests.browser.conftest import WORDS as OF_WORDS
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
ADDRESS = {"en": "en/survey", "fr": "fr/sondage"}
WORDS = {
    "en": ("Survey of suppliers", "such as K1A", "Thank you for your answers", "This link was used"),
    "fr": (
        "Sondage auprès des fournisseurs",
        "par exemple K1A",
        "Merci de vos réponses",
        "Ce lien a été utilisé",
    ),
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_answers_by_keyboard_without_script_and_only_once(
    site: SiteServer, new_context: Callable[..., BrowserContext], barriers: Barriers, language: str
) -> None:
    site.reset()
    title, mistake, thanks, used = WORDS[language]
    address = f"{site.url}/{ADDRESS[language]}/{tokens.make(Cohort.APPLIED, timezone.localdate())}/"
    page = new_context(java_script_enabled=False).new_page()
    page.goto(address)
    assert page.locator("h1").inner_text() == title
    assert page.get_attribute("html", "lang") == language
    page.locator("input[name=size][value='2-4']").focus()
    page.keyboard.press("Space")
    page.locator("input[name=ownership][value=women]").focus()
    page.keyboard.press("Space")
    page.fill("input[name=postal]", "nonsense")
    with page.expect_navigation():
        page.press("input[name=postal]", "Enter")
    assert mistake in page.locator("#error-summary").inner_text()
    assert page.input_value("input[name=postal]") == "nonsense"
    assert page.locator("input[name=size]:checked").count() == 1
    page.fill("input[name=postal]", "K1A 0B1")
    with page.expect_navigation():
        page.press("input[name=postal]", "Enter")
    assert page.locator("h1").inner_text() == thanks
    assert "survey/thanks" in page.url or "sondage/merci" in page.url
    page.goto(address)
    assert page.locator("h1").inner_text() == used
    assert SpentRight.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_its_pages_have_no_barriers(
    site: SiteServer, new_context: Callable[..., BrowserContext], barriers: Barriers, language: str
) -> None:
    rules = None if language == "fr" else OF_WORDS  # the other rules know no language
    page = new_context().new_page()
    address = f"{site.url}/{ADDRESS[language]}"
    page.goto(f"{address}/{tokens.make(Cohort.AWARDED, timezone.localdate())}/")
    assert barriers(page, rules) == []
    with page.expect_navigation():
        page.locator("main form button").click()
    page.locator("#error-summary").wait_for()
    assert barriers(page, rules) == []
    page.goto(f"{address}/{'thanks' if language == 'en' else 'merci'}/")
    assert barriers(page, rules) == []
    page.goto(f"{address}/{'A' * 43}/")
    assert barriers(page, rules) == []
