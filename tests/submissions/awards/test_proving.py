"""`verify_file` proves offers and awards again, and names the link that fails when a rule was gone around."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import override_settings

from microacq_pages import roles
from submissions.awards import confirmations, debriefs, offers, proving, terms
from submissions.awards.enums import DeclineReason, Topic
from submissions.awards.models import Offer, lock_words
from submissions.proposals import custody
from submissions.proposals.models import Proposal
from submissions.solicitations import proofs
from submissions.solicitations.models import Solicitation
from tests.factories import awards, people, selections
from tests.support.guards import behind_the_rules, changed_text, one_byte_changed

Found = dict[str, list[str]]


@pytest.fixture(scope="module")
def _answered_of_module(_selected_of_module: int) -> int:
    """The first declined, the second was awarded and is an employee, another asked and was answered."""
    file, drawer = Solicitation.objects.get(pk=_selected_of_module), selections.drawer()
    declined = offers.decline(awards.offered(file).proposal, DeclineReason.OTHER, "My studies begin again.")
    accepted = awards.accepted(offers.make(file, drawer), is_government_employee=True)
    confirmations.take(
        accepted.proposal,
        name="confirmation.pdf",
        content_type="application/pdf",
        content=awards.PDF,
        language="en",
    )
    awards.awarded(accepted)
    taken = [accepted.proposal_id, declined.proposal_id]
    others = Proposal.objects.opened().filter(solicitation=file.pk).exclude(pk__in=taken)
    for topic in Topic:
        words = f"What could I have written instead? ({topic})"
        request = debriefs.write(others[0], topic, words, language="en", key=uuid.uuid4())
        debriefs.answer(request, people.the(roles.IT_STRATEGY), "Show an example that works by keyboard.")
    connection.check_constraints()
    return file.pk


@pytest.fixture
def found(_answered_of_module: int, db: None) -> Callable[[], Found]:
    """What the checks find of a file in which the first declined and the second was awarded."""

    def find() -> Found:
        fresh = Solicitation.objects.get(pk=_answered_of_module)
        outcomes = [proofs.carry_out(check, lambda _done, _all: None) for check in proving.checks(fresh)]
        return {one.check.name: [each.sentence for each in one.findings] for one in outcomes if one.findings}

    return find


def test_nothing_is_found_of_what_the_software_wrote(found: Callable[[], Found]) -> None:
    assert found() == {}


@pytest.mark.parametrize(
    ("check", "sql"),
    [
        ("awards.offers", "UPDATE submissions_offer SET state = 'lapsed', declined_for = '' WHERE rank = 1"),
        ("awards.offers", "DELETE FROM submissions_offer WHERE rank = 1"),
        ("awards.offers", "UPDATE submissions_offer SET rank = 3 WHERE rank = 2"),
        ("awards.times", "UPDATE submissions_acceptance SET accepted_at = now() + interval '30 days'"),
        (
            "awards.offers",
            "UPDATE submissions_offer SET expires_at = expires_at + interval '1 day' WHERE rank = 1",
        ),
        ("awards.offers", "UPDATE submissions_offer SET price = price + 1 WHERE rank = 2"),
        ("awards.times", "UPDATE submissions_acceptance SET accepted_at = accepted_at - interval '1 second'"),
        ("awards.times", "UPDATE submissions_acceptance SET payment = 'paypal'"),
        (
            "awards.signatures",
            "UPDATE submissions_award SET countersigned_at = countersigned_at - interval '1 hour'",
        ),
        ("awards.times", "UPDATE submissions_acceptance SET price = price - 1"),
        ("awards.times", "UPDATE submissions_acceptance SET terms_digest = repeat('0', 64)"),
        (
            "awards.signatures",
            "UPDATE submissions_award SET countersigned_by_id ="
            " (SELECT made_by_id FROM submissions_offer WHERE id = offer_id)",
        ),
        ("awards.offers", "UPDATE submissions_offer SET declined_for = 'price' WHERE rank = 1"),
        ("awards.signatures", "UPDATE submissions_award SET supplier = 'Somebody Else'"),
        ("awards.signatures", "UPDATE submissions_award SET value = value - 1"),
        ("awards.signatures", "DELETE FROM submissions_award"),
        ("awards.signatures", "UPDATE microacq_pages_publicstatus SET awarded_value = 1"),
    ],
)
def test_a_change_behind_the_rules_is_found(found: Callable[[], Found], check: str, sql: str) -> None:
    behind_the_rules(sql)
    assert check in found()


def test_another_text_is_found(found: Callable[[], Found]) -> None:
    offer = Offer.objects.get(rank=2)
    text = terms.text_of(offer, "en").replace("$", "€")
    words = {**offer.acceptance.words(), "terms": text}
    behind_the_rules("UPDATE submissions_acceptance SET locked_words = %s", lock_words(words))
    assert list(found()) == ["awards.times", "awards.texts"]


def test_another_signature_below_the_same_text_is_found(found: Callable[[], Found]) -> None:
    words = {**Offer.objects.get(rank=2).acceptance.words(), "signature": "Somebody Else"}
    behind_the_rules("UPDATE submissions_acceptance SET locked_words = %s", lock_words(words))
    (sentence,) = found()["awards.times"]
    assert re.fullmatch(r"The stored text that application \S+ accepted and signed was changed\.", sentence)


@pytest.mark.parametrize("place", ["first", "middle", "last letter", "last"])
def test_one_byte_of_an_acceptance_is_found_wherever_it_stands(
    found: Callable[[], Found], place: str
) -> None:
    one_byte_changed("submissions_acceptance", "locked_words", place)
    assert list(found()) == ["awards.times", "awards.texts"]
    with override_settings(MICROACQ_READING_KEY=[]):
        told = found()
    assert "was changed" in told["awards.times"][0]
    assert "is not here" in told["awards.texts"][0]


@pytest.mark.parametrize(
    ("check", "table", "column", "words"),
    [
        ("awards.offers", "submissions_offer", "locked_contractor", "contractor of the offer"),
        ("awards.words", "submissions_debriefrequest", "locked_words", "wrote after the result (message "),
        ("awards.words", "submissions_debriefanswer", "locked_words", "The answer to message "),
        ("awards.words", "submissions_employeeconfirmation", "locked_content", "government employee"),
    ],
)
@pytest.mark.parametrize("place", ["first", "last letter"])
def test_one_byte_of_what_was_written_is_found_and_named(
    found: Callable[[], Found], check: str, table: str, column: str, words: str, place: str
) -> None:
    one_byte_changed(table, column, place)
    assert words in found()[check][0]


@pytest.mark.parametrize(
    ("check", "sql", "words"),
    [
        ("awards.offers", "UPDATE submissions_offer SET locked_reason = 'x' WHERE rank = 1", "declined"),
        ("awards.words", "DELETE FROM submissions_debriefanswer", "not there as it was"),
        ("awards.words", "UPDATE submissions_debriefrequest SET topic = 'conversation'", "is not what was"),
        (
            "awards.words",
            "UPDATE submissions_debriefrequest SET received_at = received_at + interval '1 day'",
            "wrote after the result",
        ),
    ],
)
def test_words_that_were_exchanged_or_taken_away_are_named(
    found: Callable[[], Found], check: str, sql: str, words: str
) -> None:
    assert behind_the_rules(sql)
    assert words in " ".join(found()[check])


@pytest.mark.parametrize("place", ["first", "middle", "last letter", "last"])
@pytest.mark.parametrize("length", [1, 16, 32])
def test_a_locked_text_of_which_a_byte_was_changed_is_not_opened(
    settings: Any, length: int, place: str
) -> None:
    locked = custody.lock(b"x" * length)
    assert custody.unlock(locked) == b"x" * length
    with pytest.raises(ImproperlyConfigured):
        custody.unlock(changed_text(locked, place))
