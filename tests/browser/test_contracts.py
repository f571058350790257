"""The work in a real browser: delivered in French without a script, judged, mended, accepted, public; or ended."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from microacq_pages import roles
from submissions.contracts import talking
from submissions.contracts.enums import EndKind
from submissions.contracts.models import Contract
from submissions.contracts.pages import DeliveryFormPage
from submissions.proposals import opening
from tests.browser.reach import by_keyboard, enlarged
from tests.factories import awards, contracts, people, proposals, selections
from tests.support.servers import SiteServer

Barriers = Callable[..., list[str]]
CLIENT, IT, CFOB = (people.username_of(role) for role in (roles.CLIENT, roles.IT_STRATEGY, roles.CFOB))


@pytest.fixture
def contract(site: SiteServer) -> Contract:
    """The work of a public opportunity, just begun."""
    site.reset()
    opening.make_trial()
    staff = {
        role: people.make_user(role, password="demo")
        for role in (roles.CLIENT, roles.IT_STRATEGY, roles.CFOB)
    }
    posted = proposals.make_posted_file(staff[roles.CLIENT], staff[roles.IT_STRATEGY])
    return contracts.under_way(selections.selected(2, failing=0, file=posted))


def address(site: SiteServer, name: str, token: str, language: str) -> str:
    with override(language):
        return f"{site.url}{reverse(f'work:{name}', args=[token])}"


def deliver(page: Page, contract: Contract) -> None:
    """Fill the whole form of a delivery in, as a person does."""
    page.fill("[name=requests]", "https://git.example.org/project/pull/7")
    page.fill("[name=commit]", contracts.COMMIT)
    for field in page.locator("textarea[name^=answer_]").all():
        field.fill("Les tests le montrent.")
    for field in page.locator("input[name^=check_]").all():
        field.check()
    page.set_input_files(
        "[name=tests_file]",
        files=[{"name": "junit.xml", "mimeType": "text/xml", "buffer": contracts.JUNIT}],
    )
    page.fill("[name=security_link]", "https://git.example.org/project/security")
    page.fill("[name=accessibility_none]", "Aucune interface.")


def judge(page: Page, *, met: bool) -> None:
    """Give every verdict, with its reason; the first criterion is met or not."""
    for number, group in enumerate(page.locator("input[type=radio][value=met]").all()):
        name = group.get_attribute("name") or ""
        page.check(f"[name={name}][value={'met' if met or number else 'not_met'}]")
        page.fill(f"[name=reason_{name.removeprefix('verdict_')}]", "I ran it.")
    if met:
        page.fill("[name=commit]", contracts.COMMIT)
    else:
        page.fill("[name=mend]", "Mend the first one.")
        page.fill("[name=mend_by]", "2099-01-31")


def decide(page: Page, site: SiteServer, contract: Contract, name: str, barriers: Barriers) -> None:
    """Agree on one of the screens that ask for it."""
    page.goto(f"{site.url}/admin/contracts/{contract.pk}/{name}/")
    assert barriers(page) == []
    page.check("[name=agreed][value=yes]")
    with page.expect_navigation():
        page.locator("form button[type=submit].button").last.click()


def test_work_is_delivered_mended_accepted_and_public(
    site: SiteServer,
    contract: Contract,
    sign_in: Callable[..., Page],
    page: Page,
    page_fr: Page,
    page_without_script: Page,
    barriers: Barriers,
) -> None:
    tokens = {language: awards.token_of(contract.offer.proposal, language) for language in ("en", "fr")}
    for visitor, language, title in ((page, "en", "Your work"), (page_fr, "fr", "Vos travaux")):
        visitor.goto(address(site, "page", tokens[language], language))
        expect(visitor.get_by_role("heading", level=1)).to_contain_text(title)
        assert barriers(visitor) == []
        for name in ("deliver", "extension", "dispute", "withdraw"):
            visitor.goto(address(site, name, tokens[language], language))
            assert barriers(visitor) == [], name
        form = DeliveryFormPage.objects.get(locale__language_code=language)
        visitor.goto(f"{site.url}{form.url}")
        assert barriers(visitor) == []

    page_fr.goto(address(site, "deliver", tokens["fr"], "fr"))
    with page_fr.expect_navigation():
        page_fr.get_by_role("button", name="Livrer les travaux").click()
    expect(page_fr.locator("#error-summary")).to_contain_text("Écrivez le commit")
    assert barriers(page_fr) == []

    for met in (False, True):
        page_without_script.goto(address(site, "deliver", tokens["fr"], "fr"))
        deliver(page_without_script, contract)
        with page_without_script.expect_navigation():
            page_without_script.get_by_role("button", name="Livrer les travaux").click()
        expect(page_without_script.locator("#story + p + .story")).to_contain_text("1 réussi,")

        client = sign_in(site, CLIENT)
        client.goto(f"{site.url}/admin/contracts/{contract.pk}/judge/")
        assert barriers(client) == []
        judge(client, met=met)
        with client.expect_navigation():
            client.get_by_role("button", name="Hand the judgement to IT Strategy").click()
        decide(sign_in(site, IT), site, contract, "concur", barriers)
        page_without_script.goto(address(site, "page", tokens["fr"], "fr"))
        expected = "Les travaux sont acceptés" if met else "Mend the first one."
        expect(page_without_script.locator(".story")).to_contain_text(expected)

    client.goto(f"{site.url}/admin/contracts/{contract.pk}/")
    assert barriers(client) == []
    assert by_keyboard(client) == []
    assert enlarged(client) == []
    for visitor, language, label in ((page, "en", "The work was accepted"), (page_fr, "fr", "acceptés")):
        public = contract.solicitation.page(language)
        assert public is not None
        visitor.goto(f"{site.url}{public.url}")
        expect(visitor.locator(".notice").first).to_contain_text(label)
        assert barriers(visitor) == []


def test_a_contract_that_ends_is_told_to_everybody(
    site: SiteServer,
    contract: Contract,
    sign_in: Callable[..., Page],
    page: Page,
    barriers: Barriers,
) -> None:
    talking.dispute(contract, "We never agreed to this.", key=uuid.uuid4(), language="en")
    cfob = sign_in(site, CFOB)
    cfob.goto(f"{site.url}/admin/contracts/{contract.pk}/settle/")
    assert barriers(cfob) == []
    cfob.fill("[name=words]", "It stands in the amendment.")
    with cfob.expect_navigation():
        cfob.get_by_role("button", name="Settle the dispute").click()
    client = sign_in(site, CLIENT)
    client.goto(f"{site.url}/admin/contracts/{contract.pk}/end/")
    assert barriers(client) == []
    client.check(f"[name=kind][value={EndKind.DEFAULT}]")
    client.fill("[name=reason]", "Nothing was delivered.")
    with client.expect_navigation():
        client.get_by_role("button", name="Propose", exact=True).click()
    late = cfob.context.new_page()
    late.goto(f"{site.url}/admin/contracts/{contract.pk}/confirm-end/")
    decide(cfob, site, contract, "confirm-end", barriers)
    late.check("[name=agreed][value=no]")
    late.fill("[name=reason]", "Wait another week.")
    with late.expect_navigation():
        late.locator("form button[type=submit].button").last.click()
    expect(late.locator(".help-critical")).to_be_focused()
    expect(late.locator("main")).to_contain_text("Wait another week.")
    assert barriers(late) == []

    it = sign_in(site, IT)
    it.goto(f"{site.url}/admin/procurement-files/{contract.solicitation_id}/")
    assert barriers(it) == []
    with it.expect_navigation():
        it.get_by_role("link", name="Offer the work to the next in the order").click()
    assert barriers(it) == []
    public = contract.solicitation.page("en")
    assert public is not None
    page.goto(f"{site.url}{public.url}")
    expect(page.locator(".notice").first).to_contain_text("The contract ended before the work was done")
    assert barriers(page) == []
