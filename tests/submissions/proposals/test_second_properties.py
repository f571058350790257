"""Whatever suppliers send, change, withdraw and confirm, in whatever order: one per address counts, and is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from submissions.proposals import custody, opening, second, services
from submissions.proposals.enums import LinkKind
from submissions.proposals.models import MailedLink, OpenedProposal, Proposal
from submissions.proposals.sealing import SupplierLink
from tests.factories import proposals

pytestmark = pytest.mark.django_db

ADDRESSES = ("one@example.org", "two@example.org")
LINKS = 4

SENDS = st.tuples(st.just("send"), st.integers(0, LINKS - 1), st.integers(0, 1))
WITHDRAWS = st.tuples(st.just("withdraw"), st.integers(0, LINKS - 1), st.just(0))
COUNTS = st.tuples(st.just("count"), st.integers(0, 11), st.just(0))
RECOVERS = st.tuples(st.just("recover"), st.integers(0, 1), st.integers(0, 1))
ACTS = st.lists(st.one_of(SENDS, SENDS, COUNTS, COUNTS, WITHDRAWS, RECOVERS), min_size=2, max_size=12)


@dataclass
class Version:
    """A proposal as the rules have it, in a few words."""

    link: str
    address: int
    state: str
    gave_way: bool = False


class Rules:
    """The rules again, written down for this test alone."""

    def __init__(self) -> None:
        self.versions: list[Version] = []

    def sent(self, address: int) -> Version | None:
        return next((v for v in self.versions if v.state == "sent" and v.address == address), None)

    def send(self, link: str, address: int, own: Version | None = None) -> None:
        own = own or next(
            (v for v in self.versions if v.link == link and v.state in ("sent", "waiting")), None
        )
        other = self.sent(address)
        if own:
            own.state, own.gave_way = "replaced", own.link != link
        waits = other is not None and other is not own
        self.versions.append(Version(link, address, "waiting" if waits else "sent"))

    def withdraw(self, link: str) -> None:
        versions = [v for v in self.versions if v.link == link]
        last = versions[-1] if versions else None
        if last and (last.state in ("sent", "waiting") or (last.state == "replaced" and last.gave_way)):
            last.state = "withdrawn"

    def count(self, version: Version) -> None:
        if version.state != "waiting":
            return
        if first := self.sent(version.address):
            first.state, first.gave_way = "replaced", True
        version.state = "sent"


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_one_per_address_counts_whatever_happens(
    file: Any, it_strategy: Any, sample: Any, acts: list[tuple[str, int, int]]
) -> None:
    with rolled_back():
        play(file, sample, acts)
        expected = set(file.proposals.sent().values_list("pk", flat=True))
        proposals.pass_deadline(file)
        opening.open_proposals(file, it_strategy, custody.custodian_identities())
        assert set(OpenedProposal.objects.values_list("proposal_id", flat=True)) == expected
    file.refresh_from_db()


@pytest.fixture
def sample(file: Any) -> Any:
    """A text that is valid for the file, to be sent under any name and address."""
    return proposals.text_for(file, SupplierLink.generate())


def play(file: Any, sample: Any, acts: list[tuple[str, int, int]]) -> None:
    rules = Rules()
    links = [SupplierLink.generate() for _n in range(LINKS)]
    posting = file.current_posting
    sent: list[Proposal] = []

    def send(link: SupplierLink, address: int) -> None:
        text = {**sample, "name": f"Number {len(sent)}", "email": ADDRESSES[address]}
        received = services.receive(
            solicitation=file, posting=posting, link=link, text=text, link_address="https://example.org/"
        )
        sent.append(received.proposal)

    for act, which, where in acts:
        if act == "send":
            send(links[which], where)
            rules.send(links[which].digest, where)
        elif act == "withdraw":
            services.withdraw(links[which], link_address="https://example.org/")
            rules.withdraw(links[which].digest)
        elif act == "count" and sent:
            number = which % len(sent)
            second.confirm(mailed(LinkKind.COUNT, sent[number]))
            rules.count(rules.versions[number])
        elif act == "recover" and (own := rules.sent(which)):
            link = mailed(LinkKind.RECOVER, sent[rules.versions.index(own)])
            send(link, where)
            rules.send(link.digest, where, own)
        found = list(file.proposals.order_by("pk").values_list("state", flat=True))
        assert found == [version.state for version in rules.versions], acts
        assert list(file.proposals.standing()) == list(file.proposals.sent())


def mailed(kind: LinkKind, proposal: Proposal) -> SupplierLink:
    """A link as it stands in a mailbox."""
    link = SupplierLink.generate()
    MailedLink.objects.create(kind=kind, proposal=proposal, digest=link.digest)
    return link
