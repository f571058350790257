"""Amending while somebody applies, and extending while somebody opens: one of the two waits, and none is half done."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from microacq_pages import roles, splitting_records
from microacq_pages.publishing import PublicationBlocked
from microacq_pages.splitting import OPEN_STANDINGS
from submissions.proposals import custody, opening, services
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations import outage
from submissions.solicitations.models import Solicitation
from submissions.solicitations.outage import Outage
from tests.factories import amendments as making
from tests.factories import pages, people, proposals, splitting
from tests.support.threads import PATIENCE, Parallel, somebody_waits_for_a_lock, wait_until

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def staff(committed_database: str, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        opening.make_trial()
        name = f"person-{threading.get_ident()}-{timezone.now().timestamp()}"
        yield people.make_user(roles.CLIENT, f"c-{name}"), people.make_user(roles.IT_STRATEGY, f"s-{name}")


def make_file(staff: Any) -> Solicitation:
    author, approver = staff
    return proposals.make_posted_file(author, approver, slug=f"opportunity-{uuid4()}")


def test_an_application_that_arrives_first_is_counted_by_the_rules_of_the_amendment(staff: Any) -> None:
    author, approver = staff
    file = make_file(staff)
    page = making.change(file, author, price=Decimal("7000"))
    making.translate(page)
    text, link = None, SupplierLink.generate()
    text = proposals.text_for(file, link)
    posting = file.current_posting
    arrived, go_on = threading.Event(), threading.Event()

    def apply() -> None:
        with transaction.atomic():
            services.receive(
                solicitation=file, posting=posting, link=link, text=text, link_address="https://example.org/"
            )
            arrived.set()
            assert go_on.wait(PATIENCE)

    def amend() -> None:
        with transaction.atomic():
            pages.publish(page, approver)

    both = Parallel()
    both.start(apply)
    assert arrived.wait(PATIENCE)
    both.start(amend)
    wait_until(somebody_waits_for_a_lock)
    go_on.set()
    applied, amended = both.join()

    assert applied is None
    assert isinstance(amended, PublicationBlocked)
    assert {blocker.code for blocker in amended.blockers} == {"amendment-asks-nobody"}
    assert file.postings.count() == 1
    assert making.page_of(file).price == Decimal("6500")


def test_an_application_that_comes_second_must_answer_the_amendment(staff: Any) -> None:
    author, approver = staff
    file = make_file(staff)
    page = making.change(file, author, price=Decimal("7000"))
    if (assessment := splitting_records.assess(page)).standing in OPEN_STANDINGS:
        splitting.accept(assessment)  # the file of the test before resembles it
    making.translate(page)
    link = SupplierLink.generate()
    text, posting = proposals.text_for(file, link), file.current_posting
    published, go_on = threading.Event(), threading.Event()

    def amend() -> None:
        with transaction.atomic():
            pages.publish(page, approver)
            published.set()
            assert go_on.wait(PATIENCE)

    def apply() -> None:
        services.receive(
            solicitation=file, posting=posting, link=link, text=text, link_address="https://example.org/"
        )

    both = Parallel()
    both.start(amend)
    assert published.wait(PATIENCE), both.outcomes
    both.start(apply)
    wait_until(somebody_waits_for_a_lock)
    go_on.set()
    amended, applied = both.join()

    assert amended is None
    assert isinstance(applied, services.PostingChanged)
    assert file.current_posting.amendment == 1


@pytest.mark.parametrize("first", ["open", "extend"])
def test_a_file_is_opened_or_extended_never_both(staff: Any, first: str) -> None:
    _author, approver = staff
    file = make_file(staff)
    proposals.send(file)
    proposals.set_deadline(file, after=-timedelta(minutes=30))
    Solicitation.objects.exclude(pk=file.pk)  # others of this module are not open at that time
    now = timezone.now()
    asked = Outage(now - timedelta(hours=3), now - timedelta(minutes=31), 2)
    done, go_on = threading.Event(), threading.Event()

    def act(name: str) -> Any:
        if name == "open":
            return opening.open_proposals(file, approver, custody.custodian_identities())
        return [each.number for each in outage.extend(asked, approver)]

    def hold() -> Any:
        with transaction.atomic():
            outcome = act(first)
            done.set()
            assert go_on.wait(PATIENCE)
        return outcome

    both = Parallel()
    both.start(hold)
    assert done.wait(PATIENCE)
    both.start(lambda: act("extend" if first == "open" else "open"))
    wait_until(somebody_waits_for_a_lock)
    go_on.set()
    held, waited = both.join()

    file.refresh_from_db()
    if first == "open":
        assert (held, file.state) == (1, "opened")
        assert file.number not in waited
        assert file.postings.count() == 1
    else:
        assert file.number in held
        assert isinstance(waited, opening.OpeningRefused)
        assert (file.state, file.is_open()) == ("posted", True)


@pytest.fixture(autouse=True)
def _connections_are_closed() -> Any:
    yield
    connection.close()
