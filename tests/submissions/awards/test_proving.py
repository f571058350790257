"""`verify_file` proves offers and awards again, and names the link that fails when a rule was gone around."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from submissions.awards import offers, proving, terms
from submissions.awards.enums import DeclineReason
from submissions.awards.models import Offer, lock_words
from submissions.solicitations import proofs
from submissions.solicitations.models import Solicitation
from tests.factories import awards

Found = dict[str, list[str]]


@pytest.fixture
def found(file: Solicitation, drawer: Any) -> Callable[[], Found]:
    """What the checks find of a file in which the first declined and the second was awarded."""
    offers.decline(awards.offered(file).proposal, DeclineReason.OTHER)
    awards.awarded(awards.accepted(offers.make(file, drawer)))
    connection.check_constraints()

    def find() -> Found:
        fresh = Solicitation.objects.get(pk=file.pk)
        outcomes = [proofs.carry_out(check, lambda _done, _all: None) for check in proving.checks(fresh)]
        return {one.check.name: [each.sentence for each in one.findings] for one in outcomes if one.findings}

    return find


def behind_the_rules(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


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
    assert list(found()) == ["awards.texts"]
