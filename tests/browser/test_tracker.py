"""The tracker and the sums of the survey in a real browser, in both languages, without barriers, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from microacq_pages import roles
from submissions.survey import pool
from submissions.survey.enums import Cohort
from tests.browser.reach import by_keyboard
from tests.factories import people, proposals
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
WORDS = {
    "en": ("Overdue only", "Open the applications", "Not shown"),
    "fr": ("En retard seulement", "Ouvrir les demandes", "Non affiché"),
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_staff_find_what_is_overdue_and_read_the_sums(
    site: SiteServer, sign_in: Callable[..., Page], barriers: Barriers, language: str
) -> None:
    site.reset()
    staff = people.make_user(roles.IT_STRATEGY, password="demo")
    people.prefer(staff, language)
    file, late = proposals.make_file(), proposals.make_file()
    proposals.set_deadline(late, after=-timedelta(days=9))
    pool.add_to_sums(Cohort.APPLIED, 2026, [{"size": ["1"]}] * 9 + [{"size": ["2-4"]}] * 2)
    overdue, act, hidden = WORDS[language]

    page = sign_in(site, "it-strategy")
    page.goto(f"{site.url}/admin/reports/tracker/")
    assert file.number in page.locator("main").inner_text()
    assert [*barriers(page), *by_keyboard(page)] == []
    page.goto(f"{site.url}/admin/reports/tracker/?late=yes")
    rows = page.locator("main table").inner_text()
    assert late.number in rows
    assert file.number not in rows
    assert act in rows
    assert overdue in page.locator("main").inner_text()
    assert barriers(page) == []
    page.goto(f"{site.url}/admin/reports/survey/")
    assert hidden in page.locator("main").inner_text()
    assert [*barriers(page), *by_keyboard(page)] == []
