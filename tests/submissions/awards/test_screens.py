"""What staff see and do on the file: panels, screens, waiting work; and what the public reads of an award."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.template import Context
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from microacq_pages import formats, roles
from microacq_pages.waiting import waiting_for
from submissions.awards import confirmations, debriefs, offers, outcome
from submissions.awards.enums import DeclineReason, Result, Topic
from submissions.awards.models import Award, DebriefRequest, Offer
from submissions.awards.panels import AwardPanel
from submissions.notices.models import OutgoingMessage
from submissions.solicitations import services as files
from submissions.solicitations.models import Solicitation
from tests.factories import awards, people


def file_page(client: Client, file: Solicitation) -> str:
    return client.get(reverse("solicitations:inspect", args=[file.pk])).content.decode()


def signed_in(role: str | None) -> Client:
    client = Client()
    client.force_login(people.the(role))
    return client


@pytest.fixture
def file(published: Solicitation) -> Solicitation:
    return published


@pytest.fixture
def offer(file: Solicitation) -> Offer:
    return awards.offered(file)


def test_it_strategy_offers_from_the_file(file: Solicitation) -> None:
    client = signed_in(roles.IT_STRATEGY)
    address = reverse("awards:offer", args=[file.pk])
    assert address in file_page(client, file)
    shown = client.get(address)
    assert shown.status_code == 200
    assert not file.offers.exists()
    assert client.post(address).status_code == 302
    assert file.offers.get().state == "offered"
    again = client.post(address)
    assert again.status_code == 422
    assert "A supplier is asked already" in again.content.decode()


def test_cfob_reads_what_was_accepted_and_signs(offer: Offer) -> None:
    awards.accepted(offer, signature="Zoé Signature")
    client = signed_in(roles.CFOB)
    address = reverse("awards:countersign", args=[offer.solicitation_id])
    assert address in file_page(client, offer.solicitation)
    page = client.get(address).content.decode()
    assert "Zoé Signature" in page
    assert offer.contractor in page
    assert ModelLogEntry.objects.filter(action="offer.acceptance_read").exists()
    assert client.post(address).status_code == 422
    assert client.post(address, {"checked": "on", "offer": offer.reference}).status_code == 302
    assert Award.objects.get().offer == offer


def test_a_page_that_showed_another_offer_signs_and_ends_nothing(offer: Offer) -> None:
    awards.accepted(offer, signature="Who was read")
    cfob, it_strategy = signed_in(roles.CFOB), signed_in(roles.IT_STRATEGY)
    sign, refuse = (
        reverse(f"awards:{name}", args=[offer.solicitation_id]) for name in ("countersign", "not_eligible")
    )
    assert offer.reference in cfob.get(sign).content.decode()
    offers.decline(offer.proposal, DeclineReason.NO_TIME)
    second = awards.accepted(awards.offered(offer.solicitation), signature="Who was never read")

    answer = cfob.post(sign, {"checked": "on", "offer": offer.reference})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "another stands now" in shown
    assert "Who was never read" in shown
    assert second.reference in shown
    assert not Award.objects.exists()

    answer = it_strategy.post(refuse, {"reason": "No permit to work.", "offer": offer.reference})
    assert answer.status_code == 422
    assert "No permit to work." in answer.content.decode()
    second.refresh_from_db()
    assert second.state == "accepted"
    assert cfob.post(sign, {"checked": "on", "offer": second.reference}).status_code == 302


def test_of_a_government_employee_the_confirmation_is_read_and_ticked(offer: Offer) -> None:
    awards.accepted(offer, is_government_employee=True)
    client = signed_in(roles.CFOB)
    address = reverse("awards:countersign", args=[offer.solicitation_id])
    assert "has not attached the confirmation" in client.get(address).content.decode()
    kept = confirmations.take(
        offer.proposal,
        name="dg.pdf",
        content_type="application/pdf",
        content=awards.PDF,
        language="en",
    )
    download = client.get(reverse("awards:confirmation", args=[kept.pk]))
    assert download.content == awards.PDF
    assert download["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download["Content-Security-Policy"]
    assert ModelLogEntry.objects.filter(action="offer.confirmation_read").count() == 1
    shown = {"checked": "on", "offer": offer.reference}
    assert client.post(address, shown).status_code == 422
    assert client.post(address, {**shown, "confirmation": "on"}).status_code == 302


@pytest.mark.parametrize(
    "role", [roles.CLIENT, roles.EVALUATOR, roles.FINANCE, roles.AUDITOR, roles.TRANSLATOR]
)
def test_nobody_else_reaches_the_screens(offer: Offer, role: str) -> None:
    awards.accepted(offer, is_government_employee=True)
    kept = confirmations.take(
        offer.proposal,
        name="dg.pdf",
        content_type="application/pdf",
        content=awards.PDF,
        language="en",
    )
    client = signed_in(role)
    names = [(name, offer.solicitation_id) for name in ("offer", "not_eligible", "countersign", "end")]
    for name, key in [*names, ("confirmation", kept.pk)]:
        for method in (client.get, client.post):
            response = method(reverse(f"awards:{name}", args=[key]), {"reason": "x", "checked": "on"})
            assert response.status_code in (302, 403, 405)
            assert awards.PDF not in response.content
    offer.refresh_from_db()
    assert offer.state == "accepted"


def test_names_stay_behind_the_permission_until_the_award(offer: Offer, rf: Any) -> None:
    def told(role: str) -> str:
        panel = AwardPanel(Solicitation.objects.with_clock().get(pk=offer.solicitation_id), people.the(role))
        return str(panel.get_context_data({})["offers"])

    def names(role: str) -> bool:
        return offer.contractor in told(role)

    assert [names(role) for role in (roles.IT_STRATEGY, roles.CFOB, roles.AUDITOR, roles.FINANCE)] == [
        True,
        True,
        False,
        False,
    ]
    awards.awarded(awards.accepted(offer))
    assert names(roles.AUDITOR)


def test_not_eligible_needs_a_reason_on_the_screen(offer: Offer) -> None:
    client = signed_in(roles.IT_STRATEGY)
    address = reverse("awards:not_eligible", args=[offer.solicitation_id])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": " ", "offer": offer.reference}).status_code == 422
    typed = {"reason": "No permit to work in Canada.", "offer": offer.reference}
    assert client.post(address, typed).status_code == 302
    assert reverse("awards:offer", args=[offer.solicitation_id]) in file_page(client, offer.solicitation)
    assert client.get(address).status_code == 302  # nothing stands any more


def test_a_complaint_waits_is_read_and_answered(offer: Offer) -> None:
    awards.awarded(awards.accepted(offer))
    file = Solicitation.objects.get(pk=offer.solicitation_id)
    proposal = next(one for one, result in outcome.results_of(file) if result == Result.NOT_MET)
    request = debriefs.write(proposal, Topic.COMPLAINT, "This is unfair.", language="en", key=uuid.uuid4())
    client = signed_in(roles.CFOB)
    address = reverse("awards:debrief", args=[request.pk])
    assert address in file_page(client, file)
    assert "debrief" in {item.kind for item in waiting_for(people.the(roles.CFOB))}
    assert "This is unfair." in client.get(address).content.decode()
    assert client.post(address, {"words": ""}).status_code == 422
    assert client.post(address, {"words": "We looked again."}).status_code == 302
    assert client.post(address, {"words": "Twice."}).status_code == 422
    assert DebriefRequest.objects.get().answer.words == "We looked again."
    kinds = OutgoingMessage.objects.values_list("kind", flat=True)
    assert {"debrief_received", "debrief_answered"} <= set(kinds)
    assert "debrief" not in {item.kind for item in waiting_for(people.the(roles.CFOB))}
    assert signed_in(roles.AUDITOR).get(address).status_code in (302, 403)


def test_each_step_waits_for_who_can_do_it(file: Solicitation) -> None:
    def kinds(role: str) -> set[str]:
        return {item.kind for item in waiting_for(people.the(role))}

    assert "offer" in kinds(roles.IT_STRATEGY)
    assert "offer" not in kinds(roles.CFOB)
    offer = awards.offered(file)
    assert "offer" not in kinds(roles.IT_STRATEGY)
    awards.accepted(offer)
    assert "countersignature" in kinds(roles.CFOB)
    assert "countersignature" not in kinds(roles.IT_STRATEGY)


def test_the_panels_need_as_many_queries_for_many_as_for_few(
    offer: Offer, django_assert_max_num_queries: Any
) -> None:
    awards.awarded(awards.accepted(offer))
    file = Solicitation.objects.with_clock().get(pk=offer.solicitation_id)
    proposal = next(one for one, result in outcome.results_of(file) if result == Result.NOT_MET)
    for _each in range(3):
        debriefs.write(proposal, Topic.CONVERSATION, "Why?", language="en", key=uuid.uuid4())
    from submissions.awards.panels import DebriefPanel

    with django_assert_max_num_queries(1):
        assert len(list(DebriefPanel(file).get_context_data({})["requests"])) == 3


def test_letters_tell_nobody_who_else_applied(offer: Offer, django_capture_on_commit_callbacks: Any) -> None:
    from django.core import mail

    from submissions.notices import delivery

    awards.awarded(awards.accepted(offer))
    file = Solicitation.objects.get(pk=offer.solicitation_id)
    receipts = set(file.proposals.values_list("receipt_number", flat=True))
    mail.outbox.clear()
    for message in OutgoingMessage.objects.filter(kind__startswith="result_"):
        delivery.deliver(message.pk)
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        body = str(message.body)
        assert len([number for number in receipts if number in body]) == 1
        assert offer.contractor not in body
        assert "/result/" in body
        assert "opo-boa@opo-boa.gc.ca" in body


def test_a_cancellation_after_an_offer_is_told_as_what_it_is(
    offer: Offer, django_capture_on_commit_callbacks: Any
) -> None:
    from django.core import mail

    from submissions.notices import delivery

    files.transition(
        offer.solicitation,
        "cancel",
        user=people.the(roles.IT_STRATEGY),
        reason="No funds.",
        reason_fr="Pas de fonds.",
    )
    mail.outbox.clear()
    for message in OutgoingMessage.objects.filter(kind__in=["offer_withdrawn", "file_cancelled"]):
        delivery.deliver(message.pk)
    bodies = [str(message.body) for message in mail.outbox]
    assert len([body for body in bodies if "the offer that we made to you is withdrawn" in body]) == 1
    assert all("No funds." in body and "The work will not be awarded" in body for body in bodies)
    assert not any("begins again" in body or "evaluated" in body for body in bodies)
    shown = Client().get(reverse("result:page", args=[awards.token_of(offer.proposal)])).content.decode()
    assert "The opportunity was cancelled" in shown
    assert "The offer that was made to you is withdrawn" in shown
    assert "No funds." in shown


# --- what the public reads -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_award_is_public_in_both_languages_at_once(client: Client, offer: Offer, language: str) -> None:
    file = offer.solicitation
    page = file.page(language)
    assert page is not None
    assert offer.contractor not in client.get(page.url).content.decode()
    awards.awarded(awards.accepted(offer))
    shown = client.get(page.url).content.decode()
    assert offer.contractor in shown
    assert formats.money(file.price, language) in shown
    step = {"en": "Contract awarded", "fr": "Attribution du contrat"}[language]
    assert step in shown


def test_the_own_link_leads_to_the_offer_and_the_result(client: Client, offer: Offer) -> None:
    from submissions.awards.panels import ResultPanel
    from submissions.proposals.sealing import SupplierLink
    from submissions.proposals.supplier_panels import panels_of

    proposal = offer.proposal
    [panel] = [one for one in panels_of(proposal, "en") if isinstance(one, ResultPanel)]
    link = SupplierLink.generate()
    told = panel.render_html(Context({"link": link}))
    assert reverse("result:page", args=[link.token]) in told
    assert "please answer" in told
    other = offer.solicitation.proposals.exclude(pk=proposal.pk).first()
    assert not [one for one in panels_of(other, "en") if isinstance(one, ResultPanel)]
    awards.awarded(awards.accepted(offer))
    other.refresh_from_db()
    other.solicitation.refresh_from_db()
    assert [one for one in panels_of(other, "en") if isinstance(one, ResultPanel)]
