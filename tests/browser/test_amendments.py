"""An amendment in a real browser: written in the editor, read in both languages, confirmed by a supplier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.users.models import UserProfile

from microacq_pages import roles
from submissions.proposals import opening
from submissions.proposals.models import ProposalConfirmation
from submissions.solicitations import services
from submissions.solicitations.models import Solicitation
from tests.factories import amendments as making
from tests.factories import pages, people, proposals
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
STAFF = (
    (roles.CLIENT, "client"),
    (roles.IT_STRATEGY, "it-strategy"),
    (roles.CFOB, "cfob"),
    (roles.TRANSLATOR, "translator"),
)


@pytest.fixture
def staff(site: SiteServer) -> dict[str, Any]:
    site.reset()
    opening.make_trial()
    return {role: people.make_user(role, name, password="demo") for role, name in STAFF}


@pytest.fixture
def file(staff: dict[str, Any]) -> Solicitation:
    return proposals.make_posted_file(staff[roles.CLIENT], staff[roles.IT_STRATEGY])


def approve(file: Solicitation, *people_in_turn: Any) -> None:
    """Let one person after the other approve the step that waits."""
    for person in people_in_turn:
        pages.approve_step(making.page_of(file), person)


def test_an_amendment_is_written_published_read_and_confirmed(
    site: SiteServer,
    staff: dict[str, Any],
    file: Solicitation,
    sign_in: Callable[..., Page],
    new_context: Callable[..., Any],
    barriers: Barriers,
) -> None:
    _proposal, link = proposals.send(file, language="fr")
    source = making.page_of(file)
    client = sign_in(site, "client")
    client.goto(f"{site.url}/admin/pages/{source.pk}/edit/")
    expect(client.get_by_text("becomes amendment 1").first).to_be_visible()
    client.fill("[name=price]", "7000")
    client.fill("[name=amendment_summary]", making.SUMMARY)
    client.check("[name=amendment_asks_confirmation]")
    client.get_by_role("button", name="More actions").click()
    client.locator("footer button[name='action-submit']").first.click()
    expect(client.locator(".messages")).to_contain_text("submitted")
    client.goto(f"{site.url}/admin/pages/{source.pk}/edit/")
    expect(client.locator(".amendment-sides")).to_contain_text("$7,000")

    assert making.translate(making.page_of(file)) == [making.SUMMARY]
    approve(
        file, staff[roles.IT_STRATEGY], staff[roles.CFOB], staff[roles.TRANSLATOR], staff[roles.IT_STRATEGY]
    )
    assert file.current_posting.amendment == 1

    for language, updated, before in (
        ("en", "Updated", "$6,500"),
        ("fr", "Mise à jour", "6\u00a0500\u00a0$"),
    ):
        visitor = new_context(locale=f"{language}-CA").new_page()
        visitor.goto(f"{site.url}{file.page(language).url}")
        expect(visitor.locator(".label--updated")).to_contain_text(updated)
        expect(visitor.locator("#amendment-1 ~ .changes del").first).to_contain_text(before)
        assert barriers(visitor) == []
        visitor.goto(f"{site.url}{file.page(language).get_parent().url}")
        expect(visitor.locator(".label--updated").first).to_be_visible()
        assert barriers(visitor) == []

    supplier = new_context(locale="fr-CA", java_script_enabled=False).new_page()
    supplier.goto(f"{site.url}{proposals.form_page('fr').address_of('link', link.token)}")
    supplier.get_by_role("link", name="Voir ce qui a changé, puis confirmer ou remplacer").click()
    expect(supplier.locator(".changes")).to_contain_text("7\u00a0000\u00a0$")
    with_script = new_context(locale="fr-CA").new_page()
    with_script.goto(supplier.url)
    assert barriers(with_script) == []
    with supplier.expect_navigation():
        supplier.get_by_role("button", name="Confirmer ma demande telle quelle").press("Enter")
    expect(supplier.get_by_text("Vous l’avez confirmée pour la modification 1")).to_be_visible()
    assert ProposalConfirmation.objects.count() == 1


def test_all_deadlines_are_extended_after_an_outage_once_the_list_was_read(
    site: SiteServer,
    staff: dict[str, Any],
    file: Solicitation,
    sign_in: Callable[..., Page],
    barriers: Barriers,
) -> None:
    UserProfile.objects.create(user=staff[roles.IT_STRATEGY], preferred_language="fr")
    proposals.set_deadline(file, after=-timedelta(hours=1))
    page = sign_in(site, "it-strategy")
    page.goto(f"{site.url}/admin/procurement-files/extend/")
    now = timezone.localtime()
    page.fill("[name=start]", (now - timedelta(hours=5)).strftime("%Y-%m-%d %H:%M"))
    page.fill("[name=end]", (now - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M"))
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.locator("main form[method=post] button[type=submit]").first.press("Enter")
    expect(page.locator("table.listing")).to_contain_text(file.number)
    assert barriers(page) == []
    with page.expect_navigation():
        page.locator("button[name=confirm]").press("Enter")
    file.refresh_from_db()
    assert file.is_open()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_cancelled_opportunity_gives_its_reason_in_the_language_of_the_page(
    site: SiteServer,
    staff: dict[str, Any],
    file: Solicitation,
    page: Page,
    barriers: Barriers,
    language: str,
) -> None:
    reasons = {"en": "The need is gone.", "fr": "Le besoin n’existe plus."}
    services.transition(
        file, "cancel", user=staff[roles.IT_STRATEGY], reason=reasons["en"], reason_fr=reasons["fr"]
    )
    page.goto(f"{site.url}{file.page(language).url}")
    expect(page.locator(".notice--danger")).to_contain_text(reasons[language])
    assert barriers(page) == []
