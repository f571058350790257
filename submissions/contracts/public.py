"""What the public reads of the work: its steps with their days. Never a reason, a message or a result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from microacq_pages.timetable import Kind, Known
from submissions.solicitations.enums import WITH_CONTRACT, State

from . import results, standing
from .enums import ACTIVE, ENDED
from .models import Contract, PassedOn
from .work_models import WorkAcceptance

if TYPE_CHECKING:
    from microacq_pages.models import PublicStatus


@dataclass(frozen=True)
class Work:
    """The public facts of the work.

    Attributes:
        is_active: Whether a contract is under way, accepted or paid.
        delivered_at: When the last delivery came (UTC).
        accepted_at: When it was accepted (UTC).
        commit: The merged commit.
        repository: Where the code is.
        ended_at: When the contract ended without the work (UTC).
        paid_part: What is due of the price after such an end, in CAD before tax: the agreed share, or nothing.
        delivery_date: As last agreed.
    """

    is_active: bool
    delivered_at: datetime | None
    accepted_at: datetime | None
    commit: str
    repository: str
    ended_at: datetime | None
    paid_part: Decimal | None
    delivery_date: date


def work_of(status: PublicStatus) -> Work | None:
    """The work of an opportunity that was awarded; None for any other."""
    if status.state not in WITH_CONTRACT:
        return None
    contract = (
        standing.read(Contract.objects.filter(solicitation__translation_key=status.translation_key))
        .order_by("-pk")
        .first()
    )
    if contract is None:
        return None
    where = standing.of(contract)
    acceptance = WorkAcceptance.objects.filter(contract=contract).first()
    return Work(
        is_active=contract.state in ACTIVE,
        delivered_at=where.delivered_at,
        accepted_at=acceptance.accepted_at if acceptance else None,
        commit=acceptance.commit if acceptance else "",
        repository=contract.repository,
        ended_at=contract.end.ended_at if contract.state in ENDED else None,
        paid_part=results.payable(contract) or Decimal(0) if contract.state in ENDED else None,
        delivery_date=contract.delivery_date,
    )


def steps(status: PublicStatus) -> dict[Kind, Known]:
    """The steps of the work with what is known of them."""
    work = work_of(status)
    if work is None:
        return _passed_on(status)
    found: dict[Kind, Known] = {
        Kind.DELIVERY: Known(planned=work.delivery_date, actual=work.delivered_at),
    }
    if work.ended_at is not None:
        found[Kind.TERMINATED] = Known(actual=work.ended_at)
    else:
        found[Kind.ACCEPTED] = Known(actual=work.accepted_at)
    return found


@dataclass(frozen=True)
class Next:
    """That the next supplier in the drawn order is asked, because a contract ended.

    Attributes:
        ended_at: When the contract before ended (UTC).
        delivery_date: Until when the work is delivered now.
    """

    ended_at: datetime
    delivery_date: date


def next_of(status: PublicStatus) -> Next | None:
    """What the public knows while the next supplier is asked; None at any other time."""
    if status.state != State.SELECTED:
        return None
    passed = (
        PassedOn.objects.filter(contract__solicitation__translation_key=status.translation_key)
        .order_by("-pk")
        .values_list("contract__end__ended_at", "delivery_date")
        .first()
    )
    return Next(*passed) if passed is not None else None


def _passed_on(status: PublicStatus) -> dict[Kind, Known]:
    """The date that was decided for the next supplier, while that one is asked; what was posted has passed away."""
    following = next_of(status)
    return {Kind.DELIVERY: Known(planned=following.delivery_date)} if following is not None else {}
