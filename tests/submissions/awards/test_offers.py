"""The work is offered in the drawn order, accepted in time, signed by another person: through the services."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from wagtail import hooks
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.formats import EASTERN
from microacq_pages.models import PublicStatus
from submissions.awards import offers, outcome, results, states, terms
from submissions.awards.enums import STANDING, DeclineReason, OfferState, Result
from submissions.awards.models import Acceptance, Award
from submissions.notices.models import OutgoingMessage
from submissions.selection import results as selection
from submissions.solicitations import services as files
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from tests.factories import awards, people


def letters(kind: str) -> int:
    return OutgoingMessage.objects.filter(kind=kind).count()


def test_the_first_of_the_order_is_asked_with_a_time_limit_at_the_end_of_a_business_day(
    file: Solicitation, drawer: Any
) -> None:
    offer = offers.make(file, drawer)
    assert offer.proposal.receipt_number == selection.order_of(file)[0]
    assert (offer.rank, offer.state, offer.price) == (1, OfferState.OFFERED, file.price)
    local = offer.expires_at.astimezone(EASTERN)
    assert (local.hour, local.minute) == (23, 59)
    assert results.current_offer(file) == offer
    assert letters("offer_made") == 1


def test_nobody_else_is_asked_while_an_offer_stands(file: Solicitation, drawer: Any) -> None:
    awards.offered(file)
    with pytest.raises(offers.Refused):
        offers.make(file, drawer)
    assert file.offers.count() == 1


@pytest.mark.parametrize("role", [roles.CLIENT, roles.CFOB, roles.EVALUATOR, roles.AUDITOR, roles.FINANCE])
def test_only_it_strategy_makes_offers(file: Solicitation, role: str) -> None:
    with pytest.raises(PermissionDenied):
        offers.make(file, people.the(role))


def test_who_declines_gives_way_to_the_next(file: Solicitation, drawer: Any) -> None:
    first = awards.offered(file)
    offers.decline(first.proposal, DeclineReason.NO_TIME, "Exams.")
    second = offers.make(file, drawer)
    assert second.proposal.receipt_number == selection.order_of(file)[1]
    assert second.rank == 2
    first.refresh_from_db()
    assert (first.state, first.declined_for, first.reason) == ("declined", "no_time", "Exams.")
    assert letters("offer_declined") == 1


def test_what_was_accepted_can_still_be_declined_before_the_department_signs(file: Solicitation) -> None:
    offer = awards.accepted(awards.offered(file))
    offers.decline(offer.proposal, DeclineReason.OTHER)
    assert results.current_offer(file) is None
    assert Acceptance.objects.filter(offer=offer).exists()


def test_after_the_limit_nothing_is_accepted_and_the_next_is_asked(file: Solicitation, drawer: Any) -> None:
    offer = awards.offered(file)
    reply = awards.answer(offer)
    awards.pass_limit(offer)
    with pytest.raises(offers.TooLate):
        offers.accept(offer.proposal, reply)
    with pytest.raises(offers.TooLate):
        offers.decline(offer.proposal, DeclineReason.PRICE)
    assert offers.make(file, drawer).rank == 2
    offer.refresh_from_db()
    assert offer.state == OfferState.LAPSED
    assert letters("offer_lapsed") == 1


def test_tick_ends_offers_and_reminds_once(file: Solicitation) -> None:
    offer = awards.offered(file)
    steps = {step.__name__: step for step in hooks.get_hooks("microacq_tick")}
    assert steps["end_offers_past_their_limit"]() is None
    assert steps["remind_of_offers"]() is None
    awards.pass_limit(offer)
    assert steps["end_offers_past_their_limit"]() == "1 offers ended at their time limit"
    assert steps["end_offers_past_their_limit"]() is None


def test_a_reminder_is_sent_once(file: Solicitation) -> None:
    offer = awards.offered(file)
    assert offers.remind(offer) == 1
    assert offers.remind(offer) == 0
    assert letters("offer_reminder") == 1


def test_the_exact_text_is_kept_with_its_digest(file: Solicitation) -> None:
    offer = awards.offered(file)
    text = terms.text_of(offer, "fr")
    acceptance = offers.accept(
        offer.proposal,
        awards.answer(offer, language="fr", licence_holder="Les logiciels Tremblay", payment="paypal"),
    )
    words = acceptance.words()
    assert words == {
        "terms": text,
        "signature": "Camille Tremblay",
        "licence_holder": "Les logiciels Tremblay",
    }
    assert acceptance.terms_digest == terms.digest_of(text)
    assert offer.contractor in text
    assert file.licence in text
    assert file.number in text


def test_accepting_twice_keeps_one_acceptance(file: Solicitation) -> None:
    offer = awards.offered(file)
    reply = awards.answer(offer)
    assert offers.accept(offer.proposal, reply) == offers.accept(offer.proposal, reply)
    assert letters("offer_accepted") == 1


def test_another_text_than_the_one_read_is_not_accepted(file: Solicitation) -> None:
    offer = awards.offered(file)
    with pytest.raises(offers.TermsChanged):
        offers.accept(offer.proposal, awards.answer(offer, terms_digest="0" * 64))
    assert not Acceptance.objects.exists()


def test_no_name_and_no_reason_stands_in_the_audit(file: Solicitation, drawer: Any) -> None:
    offer = awards.accepted(awards.offered(file), signature="Zoé Unusual")
    offers.find_not_eligible(offer, drawer, "Has no permit to work.")
    told = str(list(ModelLogEntry.objects.for_instance(file).values_list("data", flat=True)))
    assert "Unusual" not in told
    assert "permit" not in told
    assert offer.contractor not in told


def test_a_supplier_is_not_found_ineligible_without_a_reason(file: Solicitation, drawer: Any) -> None:
    offer = awards.offered(file)
    with pytest.raises(offers.Refused):
        offers.find_not_eligible(offer, drawer, " \x00 ")
    offers.find_not_eligible(offer, drawer, "Has no permit to work.")
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == ("not_eligible", "Has no permit to work.")
    assert letters("offer_not_eligible") == 1


def test_both_signatures_award_publicly(file: Solicitation, signer: Any) -> None:
    offer = awards.accepted(awards.offered(file))
    award = offers.countersign(offer, signer)
    file.refresh_from_db()
    status = PublicStatus.objects.get(number=file.number)
    assert (file.state, status.state, status.awarded_value) == ("awarded", "awarded", file.price)
    assert (award.supplier, award.value, award.countersigned_by) == (offer.contractor, file.price, signer)
    assert results.awarded(file) == offer
    assert {
        kind: letters(kind) for kind in ("award_made", "result_not_drawn", "result_not_met", "offer_made")
    } == {"award_made": 1, "result_not_drawn": 2, "result_not_met": 2, "offer_made": 1}


def test_who_drew_or_made_the_offer_does_not_sign(file: Solicitation, drawer: Any, signer: Any) -> None:
    offer = awards.accepted(awards.offered(file))
    with pytest.raises(PermissionDenied):
        offers.countersign(offer, drawer)
    admin = people.the(None)
    offers.decline(offer.proposal, DeclineReason.OTHER)
    second = awards.accepted(offers.make(file, admin))
    with pytest.raises(offers.Refused, match="another person signs"):
        offers.countersign(second, admin)
    with pytest.raises(IntegrityError, match="another person signs"), transaction.atomic():
        Award.objects.create(
            offer=second,
            supplier="x",
            value=second.price,
            delivery_date=second.delivery_date,
            countersigned_by=admin,
        )
    assert offers.countersign(second, signer)


def test_nothing_is_signed_before_the_supplier_has_accepted(file: Solicitation, signer: Any) -> None:
    with pytest.raises(offers.Refused):
        offers.countersign(awards.offered(file), signer)
    assert not Award.objects.exists()


def test_a_file_is_not_awarded_without_both_signatures(file: Solicitation, signer: Any) -> None:
    awards.accepted(awards.offered(file))
    with pytest.raises(files.TransitionRefused):
        files.transition(file, "award", user=signer)
    with pytest.raises(IntegrityError, match="both signatures"), transaction.atomic():
        Solicitation.objects.filter(pk=file.pk).update(state=State.AWARDED)
        connection.check_constraints()


def test_a_file_ends_when_everybody_was_asked_and_not_before(file: Solicitation, drawer: Any) -> None:
    for _place in selection.order_of(file):
        with pytest.raises(files.TransitionRefused):
            files.transition(file, "end_unaccepted", user=drawer)
        offer = offers.make(file, drawer)
        with pytest.raises(files.TransitionRefused):
            files.transition(file, "end_unaccepted", user=drawer)
        offers.decline(offer.proposal, DeclineReason.PAYMENT)
    with pytest.raises(offers.Refused):
        offers.make(file, drawer)
    files.transition(file, "end_unaccepted", user=drawer)
    assert file.state == State.NOT_ACCEPTED
    assert {result for _proposal, result in outcome.results_of(file)} == {Result.PASSED_ON, Result.NOT_MET}
    assert letters("result_not_met") == 2
    assert letters("result_not_drawn") == 0


def test_reopening_the_evaluation_withdraws_the_offer_and_keeps_it(file: Solicitation, signer: Any) -> None:
    offer = awards.accepted(awards.offered(file))
    files.transition(
        file,
        "reopen",
        user=signer,
        reason="A verdict was mixed up.",
        reason_fr="Un verdict a été interverti.",
    )
    offer.refresh_from_db()
    assert offer.state == OfferState.VOIDED
    assert offer.reason
    assert Acceptance.objects.filter(offer=offer).exists()
    assert letters("offer_withdrawn") == 1
    assert outcome.result_of(offer.proposal) is None


def test_cancelling_withdraws_the_offer(file: Solicitation, drawer: Any) -> None:
    offer = awards.offered(file)
    files.transition(file, "cancel", user=drawer, reason="No funds.", reason_fr="Pas de fonds.")
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == ("voided", "No funds.")
    assert letters("offer_withdrawn") == 0


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM submissions_offer",
        "UPDATE submissions_offer SET price = 1",
        "UPDATE submissions_offer SET state = 'awarded'",
        "UPDATE submissions_offer SET state = 'lapsed'",
        "UPDATE submissions_offer SET expires_at = expires_at + interval '1 day'",
        "UPDATE submissions_acceptance SET payment = 'paypal'",
        "DELETE FROM submissions_acceptance",
        "TRUNCATE submissions_acceptance",
    ],
)
def test_plain_sql_changes_nothing_of_an_offer(file: Solicitation, sql: str) -> None:
    awards.accepted(awards.offered(file))
    connection.check_constraints()  # what waits for the end of the transaction has happened
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_late_acceptance_is_refused_by_the_database(file: Solicitation) -> None:
    offer = awards.offered(file)
    awards.pass_limit(offer)
    with pytest.raises(IntegrityError, match="before its time limit"), transaction.atomic():
        Acceptance.objects.create(
            offer=offer,
            price=offer.price,
            delivery_date=offer.delivery_date,
            payment="card",
            is_government_employee=False,
            language="en",
            terms_digest="0" * 64,
            locked_words="x",
        )


def test_the_table_of_offers_is_sound() -> None:
    assert {row.name: row for row in states.TRANSITIONS.values()} == states.TRANSITIONS
    reached = {row.target for row in states.TRANSITIONS.values()} | {OfferState.OFFERED}
    assert reached == set(OfferState)
    assert all(row.target not in row.sources for row in states.TRANSITIONS.values())
    assert [row for row in states.TRANSITIONS.values() if OfferState.AWARDED in row.sources] == [states.END]


@given(st.lists(st.sampled_from(sorted(states.TRANSITIONS)), max_size=8))
def test_whatever_is_tried_one_way_leads_on_and_an_end_is_an_end(names: list[str]) -> None:
    state = OfferState.OFFERED
    for name in names:
        row = states.TRANSITIONS[name]
        if state in row.sources:
            assert states.allowed(state, row.target)
            state = row.target
    if state not in STANDING:
        assert not [row for row in states.TRANSITIONS.values() if state in row.sources]
