"""A payment in a real browser: invoiced without a script in French, approved, paid, and found in the catalogue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from microacq_pages import roles
from submissions.contracts.models import Contract
from submissions.contracts.payment.models import Invoice
from submissions.proposals import opening
from submissions.records.reuse.models import CatalogueEntry
from submissions.records.reuse.pages import CataloguePage
from tests.browser.reach import by_keyboard, enlarged
from tests.factories import awards, contracts, people, proposals, selections
from tests.support.servers import SiteServer

Barriers = Callable[..., list[str]]
IT, CFOB, FINANCE = (people.username_of(role) for role in (roles.IT_STRATEGY, roles.CFOB, roles.FINANCE))


@pytest.fixture
def contract(site: SiteServer) -> Contract:
    """The accepted work of a public opportunity."""
    site.reset()
    opening.make_trial()
    staff = {
        role: people.make_user(role, password="demo")
        for role in (roles.CLIENT, roles.IT_STRATEGY, roles.CFOB, roles.FINANCE)
    }
    posted = proposals.make_posted_file(staff[roles.CLIENT], staff[roles.IT_STRATEGY])
    begun = contracts.under_way(selections.selected(1, failing=0, file=posted))
    return contracts.accepted(contracts.judged(contracts.delivered(begun))).contract


def address(site: SiteServer, name: str, token: str, language: str) -> str:
    with override(language):
        return f"{site.url}{reverse(name, args=[token])}"


def fill_in(page: Page) -> None:
    """Say what an invoice needs, as a supplier in Quebec does."""
    for name, value in (
        ("street", "12, rue des Pins"),
        ("city", "Québec"),
        ("postal_code", "G1R 4S9"),
        ("gst_number", "123456782 RT0001"),
        ("provincial_number", "1234567890 TQ0001"),
        ("pay_to", "ada@example.org"),
    ):
        page.fill(f"[name={name}]", value)
    page.select_option("[name=province]", "QC")


def test_an_invoice_is_made_approved_paid_and_the_code_is_found(
    site: SiteServer,
    contract: Contract,
    sign_in: Callable[..., Page],
    page: Page,
    page_fr: Page,
    page_without_script: Page,
    barriers: Barriers,
) -> None:
    tokens = {language: awards.token_of(contract.offer.proposal, language) for language in ("en", "fr")}
    for visitor, language in ((page, "en"), (page_fr, "fr")):
        for name in ("work:page", "payment:invoice", "payment:own"):
            visitor.goto(address(site, name, tokens[language], language))
            assert barriers(visitor) == [], name

    supplier = page_without_script
    supplier.goto(address(site, "work:page", tokens["fr"], "fr"))
    supplier.get_by_role("link", name="Envoyer la facture").click()
    with supplier.expect_navigation():
        supplier.get_by_role("button", name="Préparer la facture").click()
    expect(supplier.locator("#error-summary")).to_contain_text("Choisissez la province")
    fill_in(supplier)
    supplier.fill("[name=pay_to]", "4111 1111 1111 1111")
    with supplier.expect_navigation():
        supplier.get_by_role("button", name="Préparer la facture").click()
    expect(supplier.locator("#error-summary")).to_contain_text("numéro de carte")
    supplier.fill("[name=pay_to]", "ada@example.org")
    with supplier.expect_navigation():
        supplier.get_by_role("button", name="Préparer la facture").click()
    expect(supplier.locator(".agreement")).to_contain_text("TVQ 9,975")
    with supplier.expect_navigation():
        supplier.get_by_role("button", name="Envoyer la facture").click()
    invoice = Invoice.objects.get(contract=contract)
    expect(supplier.locator(".facts")).to_contain_text(invoice.number)

    cfob = sign_in(site, CFOB)
    cfob.goto(f"{site.url}/admin/payments/{contract.pk}/approve/")
    expect(cfob.locator("main")).to_contain_text("rue des Pins")
    assert barriers(cfob) == []
    cfob.fill("[name=fund_reservation]", "600012345")
    cfob.check("[name=certified]")
    with cfob.expect_navigation():
        cfob.get_by_role("button", name="Approve the invoice").click()
    finance = sign_in(site, FINANCE)
    finance.goto(f"{site.url}/admin/payments/{contract.pk}/pay/")
    assert barriers(finance) == []
    finance.check("[name=method][value=paypal]")
    finance.fill("[name=reference]", "8AC38461KX771552M")
    finance.fill("[name=sap_document]", "1900004711")
    with finance.expect_navigation():
        finance.get_by_role("button", name="Record the payment").click()
    expect(finance.locator("main")).to_contain_text("1900004711")
    assert barriers(finance) == []
    finance.goto(f"{site.url}/admin/reports/payments/")
    expect(finance.locator("main")).to_contain_text(contract.solicitation.number)
    assert barriers(finance) == []
    assert by_keyboard(finance) == []
    assert enlarged(finance) == []

    supplier.goto(address(site, "work:page", tokens["fr"], "fr"))
    expect(supplier.locator("main")).to_contain_text("publiccode.yml")
    entry = CatalogueEntry.objects.get(contract=contract)
    for visitor, language, name in ((page, "en", entry.name_en), (page_fr, "fr", entry.name_fr)):
        catalogue = CataloguePage.objects.get(locale__language_code=language)
        visitor.goto(f"{site.url}{catalogue.url}?licence={entry.licence}")
        expect(visitor.locator(".card__title")).to_have_text(name)
        assert barriers(visitor) == []
    staff = sign_in(site, IT)
    staff.goto(f"{site.url}/admin/catalogue/edit/{entry.pk}/")
    assert barriers(staff) == []
