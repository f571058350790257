"""Two people, or two clicks, at the same instant: one draft, one decision."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from microacq_pages import roles
from microacq_pages.intake import services
from microacq_pages.intake.models import ClientRequest, RequestDecision
from microacq_pages.models import Opportunity
from tests.factories import people
from tests.factories.requests import decided, make_request
from tests.support.threads import Parallel

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def pair(committed_database: str) -> tuple[Any, Any]:
    """A client and a person of IT Strategy."""
    return people.make_user(roles.CLIENT, uuid.uuid4().hex), people.make_user(
        roles.IT_STRATEGY, uuid.uuid4().hex
    )


def at_once(*acts: Any) -> list[Any]:
    parallel = Parallel()
    for act in acts:
        parallel.start(act)
    return parallel.join()


def test_the_draft_asked_for_many_times_at_once_is_made_once(pair: tuple[Any, Any]) -> None:
    client, it_strategy = pair
    request = decided(make_request(client), it_strategy, "fit")
    before = Opportunity.objects.count()

    found = at_once(
        *(
            lambda user=user: services.decide(request, "draft", user=user).opportunity_key
            for user in [client, it_strategy] * 2
        )
    )

    assert len(set(found)) == 1 and isinstance(found[0], uuid.UUID)
    assert Opportunity.objects.count() == before + 2
    assert RequestDecision.objects.filter(request=request, transition="draft").count() == 1


def test_drafts_of_several_requests_at_once_all_find_their_place(pair: tuple[Any, Any]) -> None:
    client, it_strategy = pair
    requests = [decided(make_request(client, title=f"Need {n}"), it_strategy, "fit") for n in range(3)]

    found = at_once(*(lambda r=r: services.decide(r, "draft", user=client).opportunity_key for r in requests))

    assert all(isinstance(key, uuid.UUID) for key in found), found
    assert len(set(found)) == 3


def test_of_two_opposite_decisions_at_once_one_is_refused(pair: tuple[Any, Any]) -> None:
    client, it_strategy = pair
    request = make_request(client)

    found = at_once(
        lambda: services.decide(request, "withdraw", user=client, reason="Solved.").state,
        lambda: services.decide(request, "refuse", user=it_strategy, reason="No.").state,
    )

    refused = [outcome for outcome in found if isinstance(outcome, services.RequestRefused)]
    assert len(refused) == 1, found
    assert ClientRequest.objects.get(pk=request.pk).decisions.count() == 1
