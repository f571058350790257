"""Two people at once, on connections of their own: one act is done, the other is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from submissions.contracts import delivering, ending, judging
from submissions.contracts.models import Contract
from submissions.contracts.work_models import Delivery, Judgement, WorkAcceptance
from submissions.proposals import opening
from tests.factories import contracts
from tests.support.committed import committed_database
from tests.support.threads import Parallel

__all__ = ["committed_database"]


@pytest.fixture(scope="module")
def _set_up(committed_database: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        opening.make_trial()


@pytest.fixture
def make(_set_up: None, django_db_blocker: Any, settings: Any) -> Iterator[Callable[..., Contract]]:
    """A contract under way, committed."""
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    with django_db_blocker.unblock():
        yield contracts.under_way


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """The kinds of what each returned or raised."""
    parallel = Parallel()
    for act in acts:
        parallel.start(act)
    return sorted(type(outcome).__name__ for outcome in parallel.join())


def test_a_delivery_that_is_sent_twice_is_kept_once_and_two_are_one_round(
    make: Callable[..., Contract],
) -> None:
    contract = make(passing=1)
    same, other = contracts.sent(contract), contracts.sent(contract)
    outcomes = at_once(
        *(lambda sent=sent: delivering.deliver(contract, sent) for sent in (same, same, other))
    )
    assert outcomes.count("Delivery") in (1, 2)
    assert Delivery.objects.filter(contract=contract).count() == 1


def test_concurring_and_withdrawing_at_once_does_one(make: Callable[..., Contract]) -> None:
    judgement = contracts.judged(contracts.delivered(make(passing=1)))
    contract = judgement.delivery.contract
    concurring = contracts.concurring()
    again = Judgement.objects.get(pk=judgement.pk)
    outcomes = at_once(
        lambda: judging.concur(judgement, concurring, agreed=True),
        lambda: judging.concur(again, concurring, agreed=True),
        lambda: ending.withdraw(Contract.objects.get(pk=contract.pk), "I moved.", language="en"),
    )
    contract.refresh_from_db()
    accepted = WorkAcceptance.objects.filter(contract=contract).exists()
    assert contract.state == ("accepted" if accepted else "withdrawn")
    assert outcomes.count("Refused") == 2
