"""A lost link is asked for again: whoever asks gets the same answer, and only the address learns more.

Owns: what is mailed to whom, and forgetting. The request only writes down that somebody asked; a task looks
whether the address is known, so that neither the answer nor its time tells. The link that is mailed replaces or
withdraws what the address has in the competition, and never reads it (DESIGN rule 3). Imports no view.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction
from django_tasks import task

from submissions.audit.services import record
from submissions.gate import counting, limits
from submissions.proposals import letters, services
from submissions.proposals.models import LinkRequest, Proposal
from submissions.solicitations.services import database_clock

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

DAY = timedelta(days=1)
#: When ``tick`` takes it that the worker will not answer a request any more.
OVERDUE = timedelta(minutes=2)


class TooMany(Exception):
    """Too many requests came from this network; nothing was done."""

    def __init__(self, reached: counting.TooMany) -> None:
        super().__init__()
        self.reached = reached


@transaction.atomic
def ask(solicitation: Solicitation, *, address: str, network: str) -> None:
    """Write down that somebody asked for a lost link; the worker answers, by mail, if there is anything to answer.

    Args:
        solicitation: The file.
        address: As typed.
        network: Where the request came from; only a keyed digest is kept, for a day.

    Raises:
        TooMany: over the limit of a network.
    """
    if reached := counting.take((limits.LOST_LINKS_OF_NETWORK, network)):
        raise TooMany(reached)
    request = LinkRequest.objects.create(
        solicitation=solicitation,
        address_digest=services.address_digest(solicitation, address),
    )
    record(solicitation, "proposal.link_asked", data={"number": solicitation.number})
    answer_request.enqueue(request.pk)


@task()
def answer_request(request_pk: int) -> str:
    """Mail what a request is owed, unless that was done."""
    return answer(request_pk)


@transaction.atomic
def answer(request_pk: int) -> str:
    """Mail the address of a request what it has to know; nothing where the address is unknown or asked too often."""
    request = LinkRequest.objects.select_for_update().filter(pk=request_pk, answered_at=None).first()
    if request is None:
        return "answered before"
    LinkRequest.objects.filter(pk=request.pk).update(answered_at=TransactionNow())
    services.lock_addresses(request.address_digest)
    if counting.take((limits.LOST_LINKS_TO_ADDRESS, request.address_digest)) is None:
        _mail(request)
    # The result of a task is kept: it does not tell what was found.
    return "answered"


def _mail(request: LinkRequest) -> None:
    of_address = Proposal.objects.of_address(request.solicitation_id, request.address_digest)
    of_address = of_address.select_related("solicitation").defer("sealed")
    key = str(request.pk)
    sent = of_address.sent().first()
    if sent is not None:
        letters.send_link_again(sent, key=key)
        record(
            sent,
            "proposal.link_mailed",
            data={"number": sent.solicitation.number, "receipt": sent.receipt_number},
        )
    waiting = of_address.waiting().order_by("-pk").first()
    if waiting is not None and database_clock() < waiting.solicitation.deadline:
        letters.send_waiting(waiting, key=key)


def answer_overdue() -> int:
    """Answer what the worker left; for ``tick``. Returns how many."""
    overdue = LinkRequest.objects.filter(answered_at=None, asked_at__lt=TransactionNow() - OVERDUE)
    keys = list(overdue.values_list("pk", flat=True)[:100])
    for key in keys:
        answer(key)
    return len(keys)


def forget() -> int:
    """Delete the requests of more than a day ago; for ``tick``. Returns how many."""
    old = LinkRequest.objects.filter(asked_at__lte=TransactionNow() - DAY, answered_at__isnull=False)
    return int(old.delete()[0])
