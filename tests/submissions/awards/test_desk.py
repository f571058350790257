"""Suppliers who cannot use their link accept on paper or decline, and staff enter it under the same rules."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.waiting import waiting_for
from submissions.awards import desk, offers, proving, terms
from submissions.awards.desk_models import OfferAnsweredForSupplier
from submissions.awards.enums import OfferState
from submissions.awards.models import Award, Offer
from submissions.notices.models import OutgoingMessage
from submissions.solicitations import proofs
from submissions.solicitations.models import Solicitation
from tests.factories import awards, evaluations, people, proposals, selections

pytestmark = pytest.mark.django_db

STATEMENT = "It came by post on letter paper; the signature is that of the application. Kept in cabinet 4."


@pytest.fixture(scope="module")
def _offered_of_module(module_transaction: None) -> int:
    """The work offered to the only one who passed, who applied by telephone."""
    file = proposals.make_file()
    proposals.enter(file, people.make_user(roles.IT_STRATEGY, "enters"))
    selections.services.commit(file)
    evaluations.evaluated(0, failing=0, file=file)
    selections.services.freeze(file, selections.drawer())
    return offers.make(file, selections.drawer()).pk


@pytest.fixture
def offer(_offered_of_module: int, db: None) -> Offer:
    return Offer.objects.select_related("solicitation", "proposal").get(pk=_offered_of_module)


@pytest.fixture
def staff(db: None) -> Any:
    return people.make_user(roles.IT_STRATEGY, "desk")


@pytest.fixture
def browser(client: Client, staff: Any) -> Client:
    client.force_login(staff)
    return client


def url(offer: Offer) -> str:
    return reverse("awards:desk", args=[offer.solicitation_id])


def came(offer: Offer, how: str = "paper") -> desk.Came:
    return desk.Came(how, offer.made_at, STATEMENT)


def typed(offer: Offer, act: str = "accept", **changes: Any) -> dict[str, Any]:
    moment = timezone.localtime(offer.made_at).replace(second=0, microsecond=0)
    shared = {
        "act": act,
        "entered_how": "paper",
        "taken_at": f"{moment:%Y-%m-%d %H:%M}",
        "statement": STATEMENT,
    }
    accepted = {
        "payment": "card",
        "employee": "no",
        "accepted": "on",
        "signature": "Camille Tremblay",
        "terms": terms.digest_of(terms.text_of(offer, "en")),
    }
    own = accepted if act == "accept" else {"reason": "no_time", "words": "Too much else."}
    return {**shared, **own, **changes}


def acts(name: str) -> list[Any]:
    return list(ModelLogEntry.objects.filter(action=name))


def test_nobody_is_mailed_and_staff_are_told_whom_to_call(offer: Offer, staff: Any) -> None:
    assert not OutgoingMessage.objects.filter(kind="offer_made").exists()
    (item,) = [each for each in waiting_for(staff) if each.url == url(offer)]
    assert item.label == "Offer the work to a supplier without e-mail, and enter the answer"


def test_staff_see_how_to_reach_the_supplier_and_take_the_terms_to_print(
    offer: Offer, browser: Client
) -> None:
    assert "613 555-0142" not in browser.get(url(offer)).content.decode()
    assert "613 555-0142" in browser.post(url(offer), {"act": "reach"}).content.decode()
    text = browser.post(url(offer), {"act": "terms"}).content.decode()
    assert text == terms.text_of(offer, "en")
    assert len(acts("supplier.reach_shown")) == len(acts("offer.terms_printed")) == 1


def test_terms_signed_on_paper_are_kept_like_every_acceptance_with_how_they_came(
    offer: Offer, browser: Client, staff: Any
) -> None:
    assert browser.post(url(offer), typed(offer)).status_code == 302
    offer.refresh_from_db()
    assert offer.state == OfferState.ACCEPTED
    words = offer.acceptance.words()
    assert (words["signature"], words["terms"]) == ("Camille Tremblay", terms.text_of(offer, "en"))
    row = OfferAnsweredForSupplier.objects.get(offer=offer)
    assert (row.entered_by, row.entered_how, row.statement) == (staff, "paper", STATEMENT)
    (entry,) = acts("offer.answered_for")
    assert "cabinet" not in str(entry.data)


def test_who_signs_for_the_department_reads_how_it_came(
    offer: Offer, browser: Client, client: Client
) -> None:
    browser.post(url(offer), typed(offer))
    client.force_login(awards.signer())
    page = client.get(reverse("awards:countersign", args=[offer.solicitation_id])).content.decode()
    assert "Kept in cabinet 4." in page


def test_who_entered_the_acceptance_does_not_sign_for_the_department(offer: Offer) -> None:
    both = people.make_user(roles.IT_STRATEGY, "both")
    both.groups.add(roles.Group.objects.get(name=roles.CFOB))
    both = type(both).objects.get(pk=both.pk)
    desk.accept_for(offer, both, awards.answer(offer), came(offer))
    offer.refresh_from_db()
    with pytest.raises(offers.Refused, match="another person signs"):
        offers.countersign(offer, both)
    with pytest.raises(DatabaseError, match="entered the acceptance"), transaction.atomic():
        Award.objects.create(
            offer=offer,
            supplier=offer.contractor,
            value=offer.price,
            delivery_date=offer.delivery_date,
            countersigned_by=both,
        )
    assert not [each for each in waiting_for(both) if each.kind == "countersignature"]
    award = offers.countersign(offer, awards.signer())
    assert award.countersigned_by == awards.signer()


def test_a_file_that_was_answered_on_paper_is_proved_again(offer: Offer, staff: Any) -> None:
    desk.accept_for(offer, staff, awards.answer(offer), came(offer))
    offer.refresh_from_db()
    offers.countersign(offer, awards.signer())
    connection.check_constraints()
    checks = proving.checks(Solicitation.objects.get(pk=offer.solicitation_id))
    outcomes = [proofs.carry_out(check, lambda _done, _all: None) for check in checks]
    assert [each.sentence for one in outcomes for each in one.findings] == []


def test_a_refusal_by_telephone_lets_the_next_be_asked(offer: Offer, browser: Client) -> None:
    answer = browser.post(url(offer), typed(offer, "decline", entered_how="telephone"))
    assert answer.status_code == 302
    offer.refresh_from_db()
    assert (offer.state, offer.declined_for, offer.reason) == (
        OfferState.DECLINED,
        "no_time",
        "Too much else.",
    )
    assert OfferAnsweredForSupplier.objects.get(offer=offer).what == "declined"


def test_nobody_accepts_by_telephone(offer: Offer, browser: Client, staff: Any) -> None:
    assert browser.post(url(offer), typed(offer, entered_how="telephone")).status_code == 422
    with pytest.raises(offers.Refused, match="on paper"):
        desk.accept_for(offer, staff, awards.answer(offer), came(offer, "telephone"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"statement": ""}, "Write how it was received."),
        ({"signature": ""}, "Type your name"),
        ({"accepted": ""}, "Compare the paper with the terms"),
        ({"taken_at": "2020-01-01 10:00"}, "This is before the work was offered."),
        ({"taken_at": "2099-01-01 10:00"}, "This is in the future"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    offer: Offer, browser: Client, changes: dict[str, str], words: str
) -> None:
    response = browser.post(url(offer), typed(offer, **changes))
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert changes.get("statement", "Kept in cabinet 4.") in page
    assert not OfferAnsweredForSupplier.objects.exists()


def test_the_time_limit_is_that_of_every_answer(offer: Offer, browser: Client, staff: Any) -> None:
    data = typed(offer)
    awards.pass_limit(offer)
    with pytest.raises(offers.TooLate):
        desk.accept_for(offer, staff, awards.answer(offer), came(offer))
    assert browser.post(url(offer), data).status_code in (409, 422)


def test_another_text_than_the_one_that_stands_is_not_accepted(offer: Offer, browser: Client) -> None:
    response = browser.post(url(offer), typed(offer, terms="0" * 64))
    assert response.status_code == 409
    assert "Kept in cabinet 4." in response.content.decode()


def test_the_confirmation_of_a_government_employee_comes_as_a_scan(offer: Offer, browser: Client) -> None:
    browser.post(url(offer), typed(offer, employee="yes"))
    scan = SimpleUploadedFile("dg.pdf", awards.PDF, content_type="application/pdf")
    assert browser.post(url(offer), {"act": "attach", "file": scan}).status_code == 302
    assert offer.confirmations.count() == 1
    wrong = SimpleUploadedFile("dg.txt", b"no", content_type="text/plain")
    assert browser.post(url(offer), {"act": "attach", "file": wrong}).status_code == 422


@pytest.mark.parametrize("role", [roles.CFOB, roles.EVALUATOR, roles.AUDITOR, roles.CLIENT, roles.FINANCE])
def test_others_may_not(offer: Offer, client: Client, role: str) -> None:
    person = people.make_user(role, "another")
    client.force_login(person)
    assert client.get(url(offer)).status_code in (302, 403, 404)
    with pytest.raises(PermissionDenied):
        desk.accept_for(offer, person, awards.answer(offer), came(offer))


def test_who_uses_the_own_link_answers_there(staff: Any, client: Client) -> None:
    other = awards.offered(selections.selected(1, failing=0))
    with pytest.raises(PermissionDenied):
        desk.decline_for(other, staff, "no_time", "", came(other))
    client.force_login(staff)
    assert client.get(url(other)).status_code == 302
