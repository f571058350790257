"""Two people at once, on connections of their own: one act is done, the other is told, and refusals stay on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.awards import offers
from submissions.awards.enums import DeclineReason
from submissions.awards.models import Acceptance, Award, Offer
from submissions.notices.models import OutgoingMessage
from submissions.proposals import opening
from submissions.solicitations.models import Solicitation
from tests.factories import awards, people, selections
from tests.support.threads import Parallel


@pytest.fixture(scope="module")
def _set_up(committed_database: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        opening.make_trial()


@pytest.fixture
def make(_set_up: None, django_db_blocker: Any, settings: Any) -> Iterator[Callable[..., Solicitation]]:
    """A file whose supplier is selected, committed."""
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    with django_db_blocker.unblock():
        yield selections.selected


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """The kinds of what each returned or raised."""
    parallel = Parallel()
    for act in acts:
        parallel.start(act)
    return sorted(type(outcome).__name__ for outcome in parallel.join())


def test_two_who_offer_at_once_make_one_offer(make: Callable[..., Solicitation]) -> None:
    file = make(2, failing=0)
    other = people.make_user(roles.IT_STRATEGY, "second-offerer")
    fresh = Solicitation.objects.get(pk=file.pk)
    outcomes = at_once(lambda: offers.make(file, selections.drawer()), lambda: offers.make(fresh, other))
    assert outcomes == ["Offer", "Refused"]
    assert Offer.objects.filter(solicitation=file).count() == 1
    assert ModelLogEntry.objects.for_instance(file).filter(action="offer.refused").count() == 1


def test_accepting_and_declining_at_once_never_leaves_both(make: Callable[..., Solicitation]) -> None:
    offer = awards.offered(make(2, failing=0))
    reply = awards.answer(offer)
    at_once(
        lambda: offers.accept(offer.proposal, reply),
        lambda: offers.decline(offer.proposal, DeclineReason.OTHER),
    )
    offer.refresh_from_db()
    # Who declines last has declined; who accepts last is too late.
    assert offer.state == "declined"


def test_a_form_that_is_sent_twice_accepts_once(make: Callable[..., Solicitation]) -> None:
    offer = awards.offered(make(2, failing=0))
    reply = awards.answer(offer)
    outcomes = at_once(*(lambda: offers.accept(offer.proposal, reply) for _n in range(3)))
    assert outcomes == ["Acceptance"] * 3
    assert Acceptance.objects.filter(offer=offer).count() == 1


def test_signing_and_finding_not_eligible_at_once_does_one(make: Callable[..., Solicitation]) -> None:
    offer = awards.accepted(awards.offered(make(2, failing=0)))
    same = Offer.objects.get(pk=offer.pk)
    outcomes = at_once(
        lambda: offers.countersign(offer, awards.signer()),
        lambda: offers.find_not_eligible(same, selections.drawer(), "No permit."),
    )
    offer.refresh_from_db()
    assert (offer.state == "awarded") == Award.objects.filter(offer=offer).exists()
    assert offer.state in ("awarded", "not_eligible")
    assert "Refused" in outcomes


def test_two_who_sign_at_once_award_once(make: Callable[..., Solicitation]) -> None:
    offer = awards.accepted(awards.offered(make(2, failing=1)))
    same = Offer.objects.get(pk=offer.pk)
    other = people.make_user(roles.CFOB, "second-signer")
    outcomes = at_once(
        lambda: offers.countersign(offer, awards.signer()), lambda: offers.countersign(same, other)
    )
    assert outcomes == ["Award", "Refused"]
    number = offer.solicitation.number
    letters = OutgoingMessage.objects.filter(file_number=number, kind__startswith="result_")
    assert letters.count() == 2
