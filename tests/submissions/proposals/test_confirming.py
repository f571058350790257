"""After an amendment that asks: confirm or replace with the supplier’s own link, else the application is set aside."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from submissions.proposals import confirming, custody, opening
from submissions.proposals.models import OpenedProposal, Proposal, ProposalConfirmation
from submissions.proposals.services import Closed, PostingChanged, withdraw
from submissions.solicitations.models import Solicitation
from tests.factories import amendments as making
from tests.factories import proposals

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(posted_once: Solicitation) -> Solicitation:
    return posted_once


@pytest.fixture
def ask(file: Solicitation, author: Any, it_strategy: Any) -> Any:
    """Amend the price, asking each applicant."""

    def amend(price: str = "7000", **fields: Any) -> None:
        values = {"price": Decimal(price), "amendment_asks_confirmation": True, **fields}
        making.amend(file, author, it_strategy, **values)
        file.refresh_from_db()

    return amend


def address(file: Solicitation, link: Any, name: str = "confirm", language: str = "en") -> str:
    return str(proposals.form_page(language).address_of(name, link.token))


def open_now(file: Solicitation, user: Any) -> int:
    proposals.pass_deadline(file)
    return opening.open_proposals(file, user, custody.custodian_identities())


def test_a_confirmed_application_is_opened_and_one_that_is_not_is_set_aside(
    file: Solicitation, ask: Any, it_strategy: Any
) -> None:
    confirmed, link = proposals.send(file)
    silent, _link = proposals.send(file, email="silent@example.org")
    ask()
    later, _link = proposals.send(file, email="later@example.org")
    assert set(file.proposals.set_aside()) == {confirmed, silent}
    confirming.confirm(link, file.current_posting.digest, "en")
    assert set(file.proposals.standing()) == {confirmed, later}

    assert open_now(file, it_strategy) == 2
    assert {opened.proposal for opened in OpenedProposal.objects.all()} == {confirmed, later}
    with pytest.raises(IntegrityError, match="set aside"), transaction.atomic():
        OpenedProposal.objects.create(proposal=silent, locked_text="x")


def test_replacing_answers_as_well(file: Solicitation, ask: Any) -> None:
    _first, link = proposals.send(file)
    ask()
    second, _link = proposals.send(file, link, name="Camille T.")
    assert list(file.proposals.standing()) == [second]


def test_a_later_amendment_that_asks_asks_again_and_one_that_does_not_changes_nothing(
    file: Solicitation, ask: Any, author: Any, it_strategy: Any
) -> None:
    proposal, link = proposals.send(file)
    ask()
    confirming.confirm(link, file.current_posting.digest, "en")
    making.amend(file, author, it_strategy, teaser="Shorter.")
    assert list(file.proposals.standing()) == [proposal]
    ask("7500")
    assert list(file.proposals.set_aside()) == [proposal]
    confirming.confirm(link, file.current_posting.digest, "en")
    assert list(file.proposals.standing()) == [proposal]
    assert Proposal.objects.get(pk=proposal.pk).answered_posting == file.current_posting


def test_a_confirmation_is_bound_to_what_was_shown(file: Solicitation, ask: Any) -> None:
    _proposal, link = proposals.send(file)
    ask()
    shown = file.current_posting.digest
    ask("7500")
    with pytest.raises(PostingChanged):
        confirming.confirm(link, shown, "en")


def test_after_the_deadline_nothing_is_confirmed(file: Solicitation, ask: Any) -> None:
    _proposal, link = proposals.send(file)
    ask()
    proposals.set_deadline(file)
    with pytest.raises(Closed):
        confirming.confirm(link, file.current_posting.digest, "en")


def test_what_was_withdrawn_is_not_confirmed(file: Solicitation, ask: Any) -> None:
    proposal, link = proposals.send(file)
    ask()
    withdraw(link, link_address="https://example.org/")
    assert confirming.confirm(link, file.current_posting.digest, "en") is None
    with pytest.raises(IntegrityError, match="can still change"), transaction.atomic():
        ProposalConfirmation.objects.create(proposal=proposal, posting=file.current_posting)


def test_a_new_criterion_can_only_be_answered_by_replacing(
    file: Solicitation, author: Any, it_strategy: Any
) -> None:
    from microacq_pages import pairs
    from microacq_pages.models import Criterion
    from tests.factories import pages

    _proposal, link = proposals.send(file)
    page = making.change(file, author, amendment_asks_confirmation=True)
    draft = pairs.latest(page)
    draft.criteria.add(Criterion(statement="<p>Another skill.</p>", sort_order=5, locale=draft.locale))
    draft.save_revision(user=author)
    pairs.keep_in_step(making.page_of(file), author)
    making.translate(making.page_of(file))
    pages.publish(making.page_of(file), it_strategy)
    with pytest.raises(confirming.CannotConfirm):
        confirming.confirm(link, file.current_posting.digest, "en")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_link_shows_what_changed_and_confirms_with_one_post(
    file: Solicitation, ask: Any, supplier: Client, form_of: Any, language: str
) -> None:
    proposal, link = proposals.send(file)
    ask()
    own = supplier.get(address(file, link, "link", language)).content.decode()
    assert address(file, link, "confirm", language) in own
    page = supplier.get(address(file, link, "confirm", language))
    content = page.content.decode()
    assert ("7 000" in content) or ("7,000" in content) or ("7\xa0000" in content)
    assert making.SUMMARY in content
    form = form_of(page)
    assert supplier.post(address(file, link, "confirm", language), form.data).status_code == 303
    assert ProposalConfirmation.objects.get().proposal == proposal
    # Once more changes nothing.
    assert supplier.post(address(file, link, "confirm", language), form.data).status_code == 303
    assert ProposalConfirmation.objects.count() == 1
    assert (
        address(file, link, "confirm", language)
        not in supplier.get(address(file, link, "link", language)).content.decode()
    )


def test_after_the_deadline_the_link_says_that_it_was_set_aside(
    file: Solicitation, ask: Any, supplier: Client
) -> None:
    _proposal, link = proposals.send(file)
    ask()
    proposals.pass_deadline(file)
    assert "set aside" in supplier.get(address(file, link, "link")).content.decode()
    assert supplier.get(address(file, link)).status_code == 303


def test_an_unknown_link_confirms_nothing(file: Solicitation, supplier: Client) -> None:
    from submissions.proposals.sealing import SupplierLink

    assert supplier.get(address(file, SupplierLink.generate())).status_code == 404
    assert supplier.post(address(file, SupplierLink.generate())).status_code in (403, 404)


@pytest.mark.parametrize("statement", ["UPDATE submissions_proposalconfirmation SET confirmed_at = now()"])
def test_a_confirmation_is_kept(file: Solicitation, ask: Any, statement: str) -> None:
    from django.db import connection

    _proposal, link = proposals.send(file)
    ask()
    kept = confirming.confirm(link, file.current_posting.digest, "en")
    for tampering in (statement, "DELETE FROM submissions_proposalconfirmation"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(tampering)
    with pytest.raises(Exception, match="never deleted"):
        kept.delete()
    assert uuid.UUID(str(file.translation_key))
