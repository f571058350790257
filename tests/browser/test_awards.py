"""An award in a real browser: offered, accepted without a script, signed, public; the others read why, and write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from microacq_pages import roles
from submissions.awards import outcome
from submissions.awards.enums import Result
from submissions.awards.models import DebriefRequest, Offer
from submissions.proposals import opening
from submissions.solicitations.models import Solicitation
from tests.factories import awards, people, proposals, selections
from tests.support.servers import SiteServer

Barriers = Callable[[Page], list[str]]
IT, CFOB = people.username_of(roles.IT_STRATEGY), people.username_of(roles.CFOB)


@pytest.fixture
def file(site: SiteServer) -> Solicitation:
    """A public opportunity whose supplier is selected: three passed, one did not."""
    site.reset()
    opening.make_trial()
    staff = {
        role: people.make_user(role, password="demo")
        for role in (roles.CLIENT, roles.IT_STRATEGY, roles.CFOB)
    }
    posted = proposals.make_posted_file(staff[roles.CLIENT], staff[roles.IT_STRATEGY])
    return selections.selected(3, failing=1, file=posted)


def address(site: SiteServer, name: str, token: str, language: str) -> str:
    with override(language):
        return f"{site.url}{reverse(f'result:{name}', args=[token])}"


def fill_in(page: Page, *, employee: str) -> None:
    """Accept, field by field, as a person does who uses the keyboard or a mouse."""
    for name in ("price", "delivery_date", "accepted"):
        page.check(f"[name={name}]")
    page.check("[name=payment][value=paypal]")
    page.check(f"[name=employee][value={employee}]")
    page.fill("[name=signature]", "Camille Tremblay")


def test_work_is_offered_accepted_signed_and_public(
    site: SiteServer,
    file: Solicitation,
    sign_in: Callable[..., Page],
    page: Page,
    page_fr: Page,
    page_without_script: Page,
    barriers: Barriers,
) -> None:
    it = sign_in(site, IT)
    it.goto(f"{site.url}/admin/procurement-files/{file.pk}/")
    with it.expect_navigation():
        it.get_by_role("link", name="Offer the work").click()
    assert barriers(it) == []
    with it.expect_navigation():
        it.get_by_role("button", name="Send the offer").click()
    it.reload()  # without the message, whose colours change while it appears
    expect(it.get_by_role("heading", name="Offer and award")).to_be_visible()
    assert barriers(it) == []
    offer = Offer.objects.get(solicitation=file)
    tokens = {language: awards.token_of(offer.proposal, language) for language in ("en", "fr")}

    for visitor, language, heading in (
        (page, "en", "You are selected"),
        (page_fr, "fr", "Votre demande est sélectionnée"),
    ):
        visitor.goto(address(site, "page", tokens[language], language))
        expect(visitor.get_by_role("heading", level=1)).to_contain_text(heading)
        assert barriers(visitor) == []
        visitor.goto(address(site, "decline", tokens[language], language))
        assert barriers(visitor) == []

    page_fr.goto(address(site, "page", tokens["fr"], "fr"))
    with page_fr.expect_navigation():
        page_fr.get_by_role("button", name="Accepter les modalités").click()
    expect(page_fr.locator("#error-summary")).to_contain_text("Tapez votre nom")
    assert barriers(page_fr) == []

    page_without_script.goto(address(site, "page", tokens["en"], "en"))
    fill_in(page_without_script, employee="yes")
    with page_without_script.expect_navigation():
        page_without_script.get_by_role("button", name="Accept the terms").click()
    page_without_script.set_input_files(
        "[name=file]", files=[{"name": "dg.txt", "mimeType": "text/plain", "buffer": b"Hello"}]
    )
    with page_without_script.expect_navigation():
        page_without_script.get_by_role("button", name="Send the confirmation").click()
    expect(page_without_script.locator("#error-summary")).to_contain_text("no PDF")
    page_without_script.set_input_files(
        "[name=file]", files=[{"name": "dg.pdf", "mimeType": "application/pdf", "buffer": awards.PDF}]
    )
    with page_without_script.expect_navigation():
        page_without_script.get_by_role("button", name="Send the confirmation").click()
    expect(page_without_script.get_by_text("We have your confirmation")).to_be_visible()
    for visitor, language in ((page, "en"), (page_fr, "fr")):
        for name in ("confirmation", "page"):
            visitor.goto(address(site, name, tokens[language], language))
            assert barriers(visitor) == []

    cfob = sign_in(site, CFOB)
    cfob.goto(f"{site.url}/admin/procurement-files/{file.pk}/")
    with cfob.expect_navigation():
        cfob.get_by_role("link", name="Sign for the department").click()
    expect(cfob.get_by_text("Camille Tremblay").first).to_be_visible()
    assert barriers(cfob) == []
    with cfob.expect_download() as download:
        cfob.get_by_role("link", name="dg.pdf").click()
    assert download.value.suggested_filename.endswith(".pdf")
    cfob.check("[name=checked]")
    cfob.check("[name=confirmation]")
    with cfob.expect_navigation():
        cfob.get_by_role("button", name="Sign and award").click()
    expect(cfob.locator(".messages")).to_contain_text("awarded")

    for visitor, language, label in ((page, "en", "The work was awarded"), (page_fr, "fr", "attribués")):
        public = file.page(language)
        assert public is not None
        visitor.goto(f"{site.url}{public.url}")
        expect(visitor.locator(".notice").first).to_contain_text(label)
        expect(visitor.locator(".notice").first).to_contain_text(offer.contractor)
        assert barriers(visitor) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_was_not_selected_reads_why_and_is_answered(
    site: SiteServer,
    file: Solicitation,
    sign_in: Callable[..., Page],
    new_context: Callable[..., Any],
    barriers: Barriers,
    language: str,
) -> None:
    awards.awarded(awards.accepted(awards.offered(file)))
    results = {
        result: proposal for proposal, result in outcome.results_of(Solicitation.objects.get(pk=file.pk))
    }
    visitor = new_context(locale=f"{language}-CA").new_page()
    for result in (Result.NOT_DRAWN, Result.NOT_MET):
        visitor.goto(address(site, "page", awards.token_of(results[result], language), language))
        assert barriers(visitor) == []
    complain, send = {
        "en": ("Write a complaint", "Send my complaint"),
        "fr": ("Déposer une plainte", "Envoyer ma plainte"),
    }[language]
    with visitor.expect_navigation():
        visitor.get_by_role("link", name=complain).click()
    assert barriers(visitor) == []
    visitor.get_by_role("textbox").fill("I think that this is a mistake.")
    with visitor.expect_navigation():
        visitor.get_by_role("button", name=send).click()
    expect(visitor.locator("#written")).to_be_visible()

    people.prefer(people.the(roles.CFOB), language)
    cfob = sign_in(site, CFOB)
    request = DebriefRequest.objects.get()
    cfob.goto(f"{site.url}{reverse('awards:debrief', args=[request.pk])}")
    assert barriers(cfob) == []
    cfob.get_by_role("textbox").last.fill("We looked again, and it stands.")
    with cfob.expect_navigation():
        cfob.locator("form button[type=submit]").last.click()
    cfob.reload()  # without the message, whose colours change while it appears
    assert barriers(cfob) == []
    visitor.reload()
    expect(visitor.get_by_text("We looked again, and it stands.")).to_be_visible()
    assert barriers(visitor) == []
