"""Files that really lived through their deadline, so that everything stored of them fits together.

Nothing is dated back: the file is posted with a deadline that is seconds away, and the test waits for it. It needs
``committed_database``, because the database’s clock stands still within a transaction. Make one for a module.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from microacq_pages import guardrails
from microacq_pages.blockers import PublicationBlocked
from submissions.demo.opportunities import WAIVED
from submissions.proposals import custody, opening, services
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.models import Solicitation
from tests.factories import proposals

RULES = {*WAIVED["closed"], "deadline-too-soon"}


def make_closed_file(author: Any, approver: Any, *, count: int = 3, seconds: float = 25) -> Solicitation:
    """A file to which so many applied, one of whom replaced and one more withdrew, after its deadline."""
    opening.make_trial()
    deadline = timezone.now() + timedelta(seconds=seconds)
    with override_settings(MICROACQ_DEMO=True), guardrails.waiving(*RULES), transaction.atomic():
        try:
            file = proposals.make_posted_file(author, approver, deadline=deadline)
        except PublicationBlocked:
            transaction.set_rollback(True)
            file = None
    if file is None:  # the machine was too slow for this deadline
        return make_closed_file(author, approver, count=count, seconds=2 * seconds)
    try:
        send_all(file, count)
    except services.Closed:  # nor for so many applications
        return make_closed_file(author, approver, count=count, seconds=2 * seconds)
    time.sleep(max(0, (deadline - timezone.now()).total_seconds()) + 0.2)
    return Solicitation.objects.get(pk=file.pk)


def send_all(file: Solicitation, count: int) -> None:
    """Applications from so many addresses; the first is replaced once, and one more comes and is withdrawn."""
    for number in range(count):
        link = SupplierLink.generate()
        for version in range(2 if number == 0 else 1):
            proposals.send(file, link, email=f"supplier-{number}@example.org", name=f"Version {version}")
    _withdrawn, link = proposals.send(file, email="withdrawn@example.org")
    services.withdraw(link, link_address="https://example.org/")


def make_opened_file(author: Any, approver: Any, **kwargs: Any) -> Solicitation:
    """The same, and its applications were opened."""
    file = make_closed_file(author, approver, **kwargs)
    with override_settings(MICROACQ_REQUEST_TIMEOUT=0):
        opening.open_proposals(file, approver, custody.custodian_identities())
    return Solicitation.objects.get(pk=file.pk)
