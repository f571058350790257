"""What holds one application per address can be taken away and put back on a site that has a history."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from submissions.proposals.models import Proposal
from tests.factories import proposals

pytestmark = pytest.mark.usefixtures("committed_database")


def migrate(*target: str) -> None:
    call_command("migrate", *target, verbosity=0, skip_checks=True)


def test_the_rules_are_put_on_what_was_sent_before() -> None:
    file = proposals.make_file()
    proposal, link = proposals.send(file)
    proposals.send(file, link, name="Changed")
    states = list(Proposal.objects.order_by("pk").values_list("state", flat=True))

    migrate("submissions", "0023")
    migrate()

    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == states
    _second, _link = proposals.send(file)
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == [*states, "waiting"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.waiting().update(state="sent")
    assert proposal.receipt_number
