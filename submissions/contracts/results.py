"""What later stages, public pages and reports ask of contracts. Reads only; imports no view."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from .enums import ContractState
from .models import Contract, ContractQuerySet
from .work_models import Judgement, WorkAcceptance

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

CENT = Decimal("0.01")


def _read() -> ContractQuerySet:
    rows: ContractQuerySet = Contract.objects.select_related(
        "solicitation", "offer__proposal", "offer__award", "end", "acceptance"
    ).defer("offer__proposal__sealed")
    return rows


def contracts_of(file: Solicitation) -> list[Contract]:
    """Every contract of a file, the first first."""
    return list(_read().filter(solicitation=file).order_by("pk"))


def contract_of(file: Solicitation) -> Contract | None:
    """The active contract of a file, else the last one that ended; None before the award."""
    found: Contract | None = _read().filter(solicitation=file).order_by("-pk").first()
    return found


def acceptance_of(contract: Contract) -> WorkAcceptance | None:
    """The acceptance of the work, with who accepted and who concurred; None before it."""
    found: WorkAcceptance | None = (
        WorkAcceptance.objects.filter(contract=contract)
        .select_related("accepted_by", "concurred_by", "judgement__delivery")
        .first()
    )
    return found


def last_judgement(contract: Contract) -> Judgement | None:
    """The newest judgement with which IT Strategy concurred; None while there is none."""
    counting = Judgement.objects.filter(delivery__contract=contract, concurrence__agreed=True)
    found: Judgement | None = counting.select_related("delivery").order_by("-pk").first()
    return found


def payable(contract: Contract) -> Decimal | None:
    """What is due, in CAD before tax: the price of accepted work, or the agreed share; None while nothing is due."""
    if contract.state in (ContractState.ACCEPTED, ContractState.PAID):
        return contract.price
    if contract.state == ContractState.ENDED_CONVENIENCE:
        share = contract.price * contract.end.percentage / 100
        return share.quantize(CENT, ROUND_HALF_UP) or None
    return None


def owed(contract: Contract) -> Decimal | None:
    """What is due and not paid yet, in CAD before tax; None once it was paid."""
    # Payment is a later part of this stage: its row is reached by name. Only what can be due is looked up.
    due = payable(contract)
    if due is None or contract.state == ContractState.PAID or getattr(contract, "payment", None) is not None:
        return None
    return due
