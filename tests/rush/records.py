"""What the rush does to the site’s records and reads from them. Imported once Django is set up."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection, transaction

from microacq_pages import roles
from submissions.notices.models import OutgoingMessage
from submissions.proposals import opening, services
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import CannotOpen, SupplierLink
from submissions.solicitations.models import Solicitation
from tests.factories import people, proposals
from tests.rush.forms import Application
from tests.rush.proof import Figures, Kept, Seen, judge

#: Seconds that the worker has to deliver what the rush left.
DELIVERY = 240


def post() -> Solicitation:
    """An opportunity that is public in both languages and takes applications."""
    with transaction.atomic():
        opening.make_trial()
        return proposals.make_posted_file(
            _person(roles.CLIENT), _person(roles.IT_STRATEGY), slug=f"rush-{time.time_ns()}", criteria=2
        )


def _person(role: str) -> Any:
    known = people.get_user_model().objects.filter(username=role.lower().replace(" ", "-")).first()
    return known or people.make_user(role)


def address(file: Solicitation) -> str:
    """Where its form is."""
    return proposals.form_page().address_of("apply", file.number)


def put_deadline(file: Solicitation, after: timedelta) -> float:
    """Let the deadline be so long from now; seconds since 1970."""
    with transaction.atomic():
        return proposals.set_deadline(file, after=after).timestamp()


def prove(
    file: Solicitation, seen: Sequence[Seen], applications: Sequence[Application], deadline: float
) -> Figures:
    """Compare what suppliers saw with what the database has; every sealed text is opened with its own link."""
    links = {link.digest: link for link in (SupplierLink(one.token) for one in applications)}
    kept = [
        Kept(
            proposal.link_digest,
            proposal.state,
            proposal.arrived_at.timestamp(),
            _email_of(proposal, links.get(proposal.link_digest)),
        )
        for proposal in Proposal.objects.filter(solicitation=file).iterator()
    ]
    return judge(seen, kept, {one.token: one.email for one in applications}, deadline)


def _email_of(proposal: Proposal, link: SupplierLink | None) -> str | None:
    try:
        return services.what_was_sent(proposal, link)["email"] if link else None
    except CannotOpen:
        return None


def undelivered(file: Solicitation, received: Counter[str]) -> list[str]:
    """What is wrong with the receipts by mail, once the worker had time to deliver them."""
    messages = OutgoingMessage.objects.filter(kind="proposal_receipt", file_number=file.number)
    give_up = time.monotonic() + DELIVERY
    while messages.exclude(state="sent").exists() and time.monotonic() < give_up:
        time.sleep(1)
    ids = list(messages.values_list("message_id", flat=True))
    proposals_kept = Proposal.objects.filter(solicitation=file).count()
    broken = ["a receipt was not mailed" for one in ids if not received[one]]
    # A worker that dies in mid-delivery leaves one message of which nobody knows whether it arrived.
    if sum(received[one] - 1 for one in ids if received[one] > 1) > 1:
        broken.append("receipts were mailed more than once")
    if len(ids) != proposals_kept:
        broken.append(f"{proposals_kept} proposals have {len(ids)} receipts")
    return broken


def broken_chain() -> list[str]:
    """What is wrong with the audit."""
    connection.close()
    try:
        call_command("verify_audit", verbosity=0)
    except (CommandError, SystemExit) as error:
        return [f"the audit is broken: {error}"]
    return []
