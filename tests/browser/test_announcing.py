"""Announcing an opportunity in a real browser: copying a text and recording where it went, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from microacq_pages import roles
from submissions.records.communications.models import Mention
from submissions.records.communications.texts import WRITTEN
from tests.factories import people, proposals
from tests.support.servers import SiteServer

pytestmark = pytest.mark.browser

Barriers = Callable[[Page], list[str]]
WORDS = {
    "en": ("Copy", "Copied", "Place", "Record it", "It is recorded."),
    "fr": ("Copier", "Copié", "Endroit", "Consigner", "C’est inscrit."),
}


def test_staff_copy_a_text_and_record_where_they_sent_it(
    site: SiteServer, sign_in: Callable[..., Page], barriers: Barriers
) -> None:
    site.reset()
    staff = people.make_user(roles.IT_STRATEGY, password="demo")
    file = proposals.make_posted_file(people.make_user(roles.CLIENT), staff)
    page = sign_in(site, "it-strategy")
    for language, (copy, copied, place, record, recorded) in WORDS.items():
        people.prefer(staff, language)
        page.goto(f"{site.url}/admin/communications/{file.pk}/")
        buttons = page.get_by_role("button", name=copy)
        expect(buttons).to_have_count(2 * len(WRITTEN))
        buttons.first.click()
        expect(page.get_by_text(copied, exact=True)).to_be_visible()
        assert barriers(page) == []

        page.get_by_label(place).fill(f"Forum {language}")
        page.get_by_role("button", name=record).click()
        expect(page.get_by_text(recorded)).to_be_visible()
        expect(page.locator("main table")).to_contain_text(f"Forum {language}")
        page.goto(f"{site.url}/admin/communications/{file.pk}/")
        assert barriers(page) == []
        page.goto(f"{site.url}/admin/communications/")
        expect(page.locator("main")).to_contain_text(f"Forum {language}")
        assert barriers(page) == []
    assert Mention.objects.filter(solicitation=file).count() == len(WORDS)
