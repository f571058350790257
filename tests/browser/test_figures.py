"""The tracker with every column, the figures of staff and of the public in a real browser, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from microacq_pages import roles
from submissions.reporting.models import SavedView
from tests.browser.reach import by_keyboard, enlarged
from tests.factories import people, proposals
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
WORDS = {
    "en": (
        "Save this view",
        "Funds reserved",
        "Indicators against targets",
        "The same as a table",
        "/en/results/",
    ),
    "fr": (
        "Enregistrer cette vue",
        "Fonds réservés",
        "Indicateurs par rapport aux cibles",
        "La même chose sous forme de tableau",
        "/fr/resultats/",
    ),
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_staff_choose_columns_keep_a_view_and_everyone_reads_the_figures(
    site: SiteServer, sign_in: Callable[..., Page], barriers: Barriers, language: str
) -> None:
    site.reset()
    staff = people.make_user(roles.IT_STRATEGY, password="demo")
    people.prefer(staff, language)
    file = proposals.make_file()
    save, funds, heading, table, public = WORDS[language]

    page = sign_in(site, "it-strategy")
    page.goto(f"{site.url}/admin/reports/tracker/columns/?show=time&posted=yes")
    assert file.number in page.locator("main table").inner_text()
    assert funds in page.locator("main table thead").inner_text()
    assert [*barriers(page), *by_keyboard(page)] == []
    page.locator("summary", has_text=save).click()
    page.locator("#saved-view-name").fill("Mine")
    page.locator("#saved-view-name").press("Enter")
    expect(page.locator("main nav li a", has_text="Mine")).to_be_visible()
    assert SavedView.objects.get().query == "posted=yes&show=time"
    page.goto(f"{site.url}/admin/reports/indicators/")
    assert heading in page.locator("main").inner_text()
    assert page.locator("main svg[role=img]").count() >= 1
    assert barriers(page) == []
    page.goto(f"{site.url}{public}")
    assert heading in page.locator("main").inner_text()
    page.locator("summary", has_text=table).first.click()
    expect(page.locator("figure table").first).to_be_visible()
    assert [*barriers(page), *by_keyboard(page), *enlarged(page)] == []
