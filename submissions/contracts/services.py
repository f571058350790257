"""Starting a contract and moving it from state to state: what every act of this stage goes through.

Owns ``move``, the one function that changes the state of a contract, and who may act for which side. The acts
themselves are in ``talking``, ``delivering``, ``judging`` and ``ending``. Knows no request and no page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from submissions.audit.services import record, record_refusal
from submissions.awards import offers
from submissions.awards import results as awards
from submissions.awards import states as offer_states
from submissions.awards.models import Offer
from submissions.solicitations import states as file_states
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import Actor
from submissions.solicitations.services import transition as move_file

from . import fingerprints, states
from .enums import ENDED, ContractState
from .models import Contract

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Refused(ValidationError):
    """The act may not be done now; the messages say why."""


@transaction.atomic
def start(file: Solicitation) -> Contract | None:
    """Make the contract of the award that both have just signed; again, it gives the one there is."""
    offer = awards.awarded(file)
    if offer is None:
        return None
    before: Contract | None = Contract.objects.filter(offer=offer).first()
    if before is not None:
        return before
    contract: Contract = Contract.objects.create(
        offer=offer,
        solicitation=file,
        price=offer.award.value,
        delivery_date=offer.award.delivery_date,
        repository=file.repository,
        rounds=int(getattr(settings, "MICROACQ_DELIVERY_ROUNDS", 3)),
        started_at=offer.award.countersigned_at,
    )
    record(
        file,
        "contract.started",
        data={**named(contract), fingerprints.KEPT: fingerprints.of(contract)},
    )
    return contract


def move(contract: Contract, row: states.Transition, *, user: Actor | None = None, **data: Any) -> None:
    """Carry out a transition of the state table: the only function that changes the state of a contract.

    What the state needs (acceptance, end, payment) is written before, in the same transaction.

    Args:
        contract: Read under its lock.
        row: Of ``states.TRANSITIONS``.
        user: Who decides; None for the supplier.
        **data: What else belongs to the record: never a name, never a reason.

    Raises:
        ValueError: the table has no such transition from that state.
    """
    if ContractState(contract.state) not in row.sources:
        raise ValueError(f"{row.name}: {contract.state}")
    before = contract.state
    Contract.objects.filter(pk=contract.pk).update(state=row.target, changed_at=Now())
    contract.refresh_from_db(fields=["state", "changed_at"])
    kept = {**data.pop(fingerprints.KEPT, {}), **fingerprints.of(contract)}
    moved = {"before": before, "after": str(row.target), **data, fingerprints.KEPT: kept}
    record(contract.solicitation, row.act, user=user, data={**named(contract), **moved})
    if row.target in ENDED:
        # The offer stands no more, so that the next in the order can be asked.
        offer = offers.locked_offer(contract.offer.proposal)
        if offer is not None:
            offers.move(offer, offer_states.END, user=user)


@transaction.atomic
def mark_paid(contract: Contract, user: User, **data: Any) -> None:
    """Follow a payment in its transaction: the contract is paid and its file complete.

    What was paid after a termination for convenience changes neither.

    Raises:
        TransitionRefused: the file stands against it.
    """
    locked = locked_contract(contract)
    if locked.state == ContractState.ACCEPTED:
        move(locked, states.PAY_IT, user=user, **data)
        move_file(locked.solicitation, file_states.COMPLETE.name, user=user, data=named(locked))


# --- guards of the file ----------------------------------------------------------------------------


def reasons_against_accepting(file: Solicitation, user: Actor | None = None) -> list[str]:
    """The guard of ``accept_work``: the acceptance was recorded."""
    accepted = Contract.objects.filter(solicitation=file, state=ContractState.ACCEPTED)
    return [] if accepted.exists() else [_("The work is not accepted yet.")]


def reasons_against_completing(file: Solicitation, user: Actor | None = None) -> list[str]:
    """The guard of ``complete``: the work was paid."""
    paid = Contract.objects.filter(solicitation=file, state=ContractState.PAID)
    return [] if paid.exists() else [_("The work is not paid yet.")]


def reasons_against_going_on(file: Solicitation, user: Actor | None = None) -> list[str]:
    """The guard of ``offer_next`` and ``end_contract``: the contract ended, and nobody else has been asked since."""
    contracts = Contract.objects.filter(solicitation=file)
    if contracts.active().exists():
        return [_("The contract has not ended.")]
    if not contracts.ended().exists():
        return [_("No contract of this file has ended.")]
    if Offer.objects.standing().filter(solicitation=file).exists():
        return [_("A supplier is asked already: wait for the answer or for the time limit.")]
    return []


def reasons_against_ending_unaccepted(file: Solicitation, user: Actor | None = None) -> list[str]:
    """Asked beside the answer of ``awards`` to ``order_exhausted``: a file with a contract ends as one."""
    if Contract.objects.filter(solicitation=file).exists():
        return [
            _("Somebody accepted the work, and the contract ended: end the file as one whose contract ended.")
        ]
    return []


# --- who may -----------------------------------------------------------------------------------------


def locked_contract(contract: Contract) -> Contract:
    """A contract while nobody else can change it; the file is locked first, always."""
    Solicitation.objects.select_for_update().get(pk=contract.solicitation_id)
    locked: Contract = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("solicitation", "offer__proposal", "offer__award")
        .defer("offer__proposal__sealed")
        .get(pk=contract.pk)
    )
    return locked


def acts_for_client(user: Actor, file: Solicitation) -> bool:
    """Whether a person does the client’s part: the client of the file, or IT Strategy in the client’s place."""
    if user.has_perm(states.WORK):
        return True
    return user.has_perm(states.WORK_OWN) and user.pk is not None and user.pk == file.client_id


def require_client(contract: Contract, user: Actor, act: str) -> None:
    """Refuse, and record, who may not do the client’s part.

    Raises:
        PermissionDenied: the user may not.
    """
    if not acts_for_client(user, contract.solicitation):
        _deny(contract, user, act)


def require(permission: str, contract: Contract, user: Actor, act: str) -> None:
    """Refuse, and record, who does not have a permission.

    Raises:
        PermissionDenied: the user may not.
    """
    if not user.has_perm(permission):
        _deny(contract, user, act)


def may_see(user: Actor, contract: Contract) -> bool:
    """Whether a person reads what both sides wrote and delivered: whose step it can be, who pays, who audits."""
    return acts_for_client(user, contract.solicitation) or any(user.has_perm(name) for name in states.READERS)


def require_visible(contract: Contract, user: Actor, act: str) -> None:
    """Refuse, and record, who may not see the work.

    Raises:
        PermissionDenied: the user may not.
    """
    if not may_see(user, contract):
        _deny(contract, user, act)


def _deny(contract: Contract, user: Actor, act: str) -> NoReturn:
    _record_refusal(contract, user, act, [_("You do not have the permission.")])
    raise PermissionDenied


def refuse(contract: Contract, user: Actor | None, act: str, sentences: list[str]) -> NoReturn:
    """Record that something stands against an act, and say what.

    Raises:
        Refused: always.
    """
    _record_refusal(contract, user, act, sentences)
    raise Refused(sentences)


def _record_refusal(contract: Contract, user: Actor | None, act: str, sentences: list[str]) -> None:
    record_refusal(
        contract.solicitation,
        "contract.refused",
        user=user,
        data={**named(contract), "act": act, "reasons": " ".join(sentences)},
    )


def named(contract: Contract) -> dict[str, str]:
    """What the audit calls a contract by."""
    return {
        "number": contract.solicitation.number,
        "receipt": contract.offer.proposal.receipt_number,
    }


def clean(text: str) -> str:
    """What people typed, as the database takes it."""
    return text.replace("\x00", "").strip()
