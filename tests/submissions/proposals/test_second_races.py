"""Two at once from one address, on connections of their own that really commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from submissions.proposals import second, services
from submissions.proposals.enums import LinkKind
from submissions.proposals.models import MailedLink, Proposal
from submissions.proposals.sealing import SupplierLink
from tests.factories import proposals
from tests.support.threads import Parallel

pytestmark = pytest.mark.usefixtures("committed_database")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or raised, all run together."""
    parallel = Parallel()
    for act in acts:
        parallel.start(act)
    return parallel.join()


def mailed(proposal: Proposal) -> SupplierLink:
    link = SupplierLink.generate()
    MailedLink.objects.create(kind=LinkKind.COUNT, proposal=proposal, digest=link.digest)
    return link


def failures(outcomes: list[Any]) -> list[Any]:
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def test_of_several_at_once_from_one_address_one_counts_and_the_others_wait() -> None:
    file = proposals.make_file()
    assert not failures(at_once(*[lambda n=n: proposals.send(file, name=f"Number {n}") for n in range(4)]))
    assert sorted(file.proposals.values_list("state", flat=True)) == ["sent", "waiting", "waiting", "waiting"]


def test_two_confirmations_at_once_leave_one_that_counts() -> None:
    file = proposals.make_file()
    proposals.send(file)
    waiting = [proposals.send(file)[0] for _n in range(2)]
    links = [mailed(proposal) for proposal in waiting]
    assert not failures(at_once(*[lambda link=link: second.confirm(link) for link in links]))
    assert sorted(file.proposals.values_list("state", flat=True)) == ["replaced", "replaced", "sent"]


def test_a_confirmation_and_a_change_of_the_first_at_once_leave_one_that_counts() -> None:
    file = proposals.make_file()
    _first, link = proposals.send(file)
    later, _link = proposals.send(file)
    confirmed = mailed(later)
    outcomes = at_once(
        lambda: second.confirm(confirmed),
        lambda: proposals.send(file, link, name="Changed"),
        lambda: services.withdraw(_link, link_address="https://example.org/"),
    )
    assert not failures(outcomes)
    assert file.proposals.sent().count() <= 1
    assert file.proposals.count() == 3


def test_two_addresses_that_are_exchanged_at_once_wait_for_nobody_for_ever() -> None:
    file = proposals.make_file()
    _one, one = proposals.send(file, email="one@example.org")
    _two, two = proposals.send(file, email="two@example.org")
    outcomes = at_once(
        lambda: proposals.send(file, one, email="two@example.org"),
        lambda: proposals.send(file, two, email="one@example.org"),
    )
    assert not failures(outcomes)
    for address in ("one@example.org", "two@example.org"):
        digest = services.address_digest(file, address)
        assert file.proposals.sent().filter(address_digest=digest).count() <= 1
