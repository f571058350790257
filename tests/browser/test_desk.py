"""In a real browser: an opening watched to its end, what staff enter for suppliers, reasons that are translated."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page, expect

from microacq_pages import roles
from submissions.awards import offers, translations
from submissions.evaluation import asking, boards
from submissions.proposals import opening
from submissions.proposals.opening_models import Opening
from submissions.selection import services as selection
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import transition
from tests.factories import awards, contracts, evaluations, people, proposals, selections
from tests.support.servers import SiteServer

Barriers = Callable[..., list[str]]
IT, TRANSLATOR = people.username_of(roles.IT_STRATEGY), people.username_of(roles.TRANSLATOR)


@pytest.fixture
def closed(site: SiteServer) -> Solicitation:
    """A file past its deadline with two applications."""
    site.reset()
    for role in (roles.IT_STRATEGY, roles.TRANSLATOR, roles.CFOB):
        people.make_user(role, password="demo")
    file = proposals.make_file()
    for number in range(2):
        proposals.send(file, email=f"supplier{number}@example.org")
    proposals.pass_deadline(file)
    return file


def entered() -> Solicitation:
    """A file to which somebody applied by telephone."""
    file = proposals.make_file()
    proposals.enter(file, people.make_user(roles.IT_STRATEGY, f"enters-{file.pk}"))
    selection.commit(file)
    return file


def test_an_opening_is_watched_and_staff_answer_for_a_supplier(
    site: SiteServer, closed: Solicitation, sign_in: Callable[..., Page], barriers: Barriers
) -> None:
    person = get_user_model().objects.get(username=IT)
    opening.ask_to_open(closed, person)
    Opening.objects.update(attempts=1, total=2, done=1)
    asked_file = entered()
    evaluations.opened(0, file=asked_file)
    (one,) = evaluations.named(asked_file, "asks")
    board = boards.read(one.round)
    question = asking.ask_supplier(
        one, user=one.evaluator, candidate=board.candidates[0], item=board.items[0], question="For whom?"
    )
    offered = selections.evaluated(0, failing=0, file=entered())
    selection.freeze(offered, selections.drawer())
    offers.make(offered, selections.drawer())
    work = contracts.by_telephone(people.make_user(roles.IT_STRATEGY, "enters-for-work"))
    screens = [(name, work.pk) for name in ("contracts:desk", "contracts:desk_deliver")]

    for language in ("en", "fr"):
        people.prefer(person, language)
        page = sign_in(site, IT)
        page.goto(f"{site.url}{reverse('proposals:opening', args=[closed.pk])}")
        words = {"en": "1 of 2 applications opened.", "fr": "Demandes ouvertes\N{NO-BREAK SPACE}: 1 sur 2."}
        expect(page.locator("[data-sentence]")).to_have_text(words[language])
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "1")
        assert barriers(page) == []
        for name, key in (("evaluation:answer-for", question.pk), ("awards:desk", offered.pk), *screens):
            page.goto(f"{site.url}{reverse(name, args=[key])}")
            assert barriers(page) == []

    page.goto(f"{site.url}{reverse('proposals:opening', args=[closed.pk])}")
    opening.open_file.call(closed.pk, person.pk)
    expect(page.get_by_text("Les 2 demandes sont ouvertes.")).to_be_visible()
    assert barriers(page) == []

    page.goto(f"{site.url}{reverse('contracts:desk', args=[work.pk])}")
    page.get_by_role("link", name="Saisir un message du fournisseur").click()
    page.get_by_role("radio", name="Par téléphone").check()
    page.get_by_role("radio", name="Message").check()
    page.locator("[name=taken_at]").fill(f"{timezone.localtime():%Y-%m-%d %H:%M}")
    page.locator("[name=statement]").fill("Appel du numéro de la demande.")
    with page.expect_navigation():
        page.get_by_role("button", name="Conserver le message").click()
    expect(page.get_by_text("Écrivez ce que le fournisseur a dit ou écrit.")).to_be_visible()
    expect(page.locator("[name=statement]")).to_have_value("Appel du numéro de la demande.")
    assert barriers(page) == []
    page.locator("[name=words]").fill("La moitié est faite.")
    with page.expect_navigation():
        page.get_by_role("button", name="Conserver le message").click()
    expect(page.get_by_text("La moitié est faite.")).to_be_visible()
    expect(page.get_by_text("Appel du numéro de la demande.")).to_be_visible()
    assert barriers(page) == []


def test_reasons_are_translated_where_a_supplier_asks(
    site: SiteServer,
    closed: Solicitation,
    sign_in: Callable[..., Page],
    page_fr: Page,
    barriers: Barriers,
) -> None:
    file = selections.evaluated(0, failing=1)
    transition(file, "find_none", user=selections.drawer())
    proposal = file.proposals.get()
    with override("fr"):
        address = reverse("result:page", args=[awards.token_of(proposal, "fr")])
    page_fr.goto(f"{site.url}{address}")
    assert barriers(page_fr) == []
    with page_fr.expect_navigation():
        page_fr.get_by_role("button", name="Demander une traduction").click()
    expect(page_fr.get_by_text("Vous avez demandé une traduction.")).to_be_visible()
    wanted = translations.wanted(proposal, "fr")
    assert wanted is not None
    translator = sign_in(site, TRANSLATOR)
    translator.goto(f"{site.url}{reverse('awards:reasons', args=[wanted.pk])}")
    assert barriers(translator) == []
    translator.locator("textarea").fill("Elle ne montre aucun travail de ce genre.")
    with translator.expect_navigation():
        translator.get_by_role("button", name="Keep the translation").click()
    page_fr.reload()
    expect(page_fr.get_by_text("Elle ne montre aucun travail de ce genre.")).to_be_visible()
    assert barriers(page_fr) == []
