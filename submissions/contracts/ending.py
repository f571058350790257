"""The other ends of a contract, and what follows from them. Each act in one transaction.

Default: two people of staff, nothing is paid. Convenience: staff propose, with the share of the criteria that are met,
and the supplier agrees. Withdrawal: the supplier alone. Then the next in the drawn order is asked, or the file ends.
Knows no request and no page.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from submissions.audit.services import record
from submissions.awards import timing as award_timing
from submissions.awards.models import lock_words
from submissions.solicitations import states as file_states
from submissions.solicitations.services import Actor, database_clock, obstacles
from submissions.solicitations.services import transition as move_file

from . import fingerprints, letters, results, states, talking
from .enums import STATE_OF_END, ContractState, EndKind
from .models import Contract, ContractEnd, EndAnswer, EndProposal, PassedOn
from .services import clean, locked_contract, move, named, refuse, require, require_client
from .work_models import share_met

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import Solicitation

_ROW_OF_KIND = {
    EndKind.DEFAULT: states.END_DEFAULT,
    EndKind.CONVENIENCE: states.END_CONVENIENCE,
    EndKind.WITHDRAWN: states.WITHDRAW,
}


def computed_share(contract: Contract) -> int:
    """The share of the work that is complete, in percent: of the criteria, those that the last judgement found met."""
    return share_met(results.last_judgement(contract))


def open_proposal(contract: Contract) -> EndProposal | None:
    """The proposal to end a contract that waits for an answer; there is one at most."""
    found: EndProposal | None = EndProposal.objects.filter(contract=contract, answer=None).first()
    return found


def reasons_against_proposing(contract: Contract) -> list[str]:
    """Sentences against proposing to end a contract now."""
    if contract.state != ContractState.UNDER_WAY:
        return [_("The work is not under way.")]
    if open_proposal(contract) is not None:
        return [_("A proposal to end the contract waits for its answer already.")]
    return []


@transaction.atomic
def propose(
    contract: Contract,
    user: User,
    kind: EndKind | str,
    reason: str,
    *,
    percentage: int,
    key: uuid.UUID,
    language: str,
) -> EndProposal:
    """Propose to end a contract.

    Args:
        contract: Under way.
        user: Who does the client’s part.
        kind: Default or convenience.
        reason: The supplier reads it.
        percentage: The share that is paid; 0 for default.
        key: Of the form.
        language: Of the reason.

    Raises:
        PermissionDenied: the user may not.
        Refused: no reason, no share, or another waits. Both are recorded.
    """
    locked = locked_contract(contract)
    require_client(locked, user, "contract.end_proposed")
    before: EndProposal | None = EndProposal.objects.filter(key=key, contract=locked).first()
    if before is not None:
        return before
    words = clean(reason)
    sentences = reasons_against_proposing(locked)
    if not words:
        sentences.append(_("Write the reason: no decision without one."))
    if kind not in (EndKind.DEFAULT, EndKind.CONVENIENCE) or not 0 <= percentage <= 100:
        sentences.append(_("Choose how the contract ends, and a share from 0 to 100 percent."))
    if sentences:
        refuse(locked, user, "contract.end_proposed", sentences)
    share = percentage if kind == EndKind.CONVENIENCE else 0
    proposal: EndProposal = EndProposal.objects.create(
        contract=locked,
        kind=kind,
        key=key,
        computed=computed_share(locked),
        percentage=share,
        language=language,
        locked_reason=lock_words(words),
        proposed_by=user,
    )
    record(
        locked.solicitation,
        "contract.end_proposed",
        user=user,
        data={
            **named(locked),
            "kind": str(kind),
            "percentage": share,
            "computed": proposal.computed,
            fingerprints.KEPT: fingerprints.of(proposal),
        },
    )
    letters.send_end_proposed(proposal)
    return proposal


def reasons_against_answering(proposal: EndProposal, user: Actor | None, *, agreed: bool = True) -> list[str]:
    """Sentences against this person’s answer; None stands for the supplier. A dispute stands against agreeing alone."""
    if proposal.contract.state != ContractState.UNDER_WAY:
        return [_("The work is not under way.")]
    if EndAnswer.objects.filter(proposal=proposal).exists():
        return [_("Somebody has answered this meanwhile.")]
    if proposal.kind == EndKind.CONVENIENCE and user is not None:
        return [_("The supplier answers.")]
    if proposal.kind == EndKind.DEFAULT:
        if user is None or user.pk == proposal.proposed_by_id:
            return [_("Another person of staff confirms what you proposed.")]
        if agreed and (sentence := against_default_now(proposal.contract)):
            return [sentence]
    return []


def against_default_now(contract: Contract) -> str:
    """What stands against agreeing to a default, whoever asks; empty when nothing does."""
    if talking.open_dispute(contract) is not None:
        return _("A dispute waits: it is settled before a contract ends for default.")
    return ""


@transaction.atomic
def answer(
    proposal: EndProposal, *, agreed: bool, reason: str = "", language: str, user: User | None = None
) -> EndAnswer:
    """Agree to the end of a contract, which then ends, or say why not.

    Args:
        proposal: The one that waits.
        agreed: Whether.
        reason: Why not.
        language: In which it is written.
        user: Who confirms a default; None for the supplier, who agrees to a convenience.

    Raises:
        PermissionDenied: the user may not.
        Refused: something stands against it. Both are recorded.
    """
    act = "contract.end_confirmed" if agreed else "contract.end_refused"
    locked = locked_contract(proposal.contract)
    proposal.contract = locked
    if user is not None:
        require(states.CONFIRM_END, locked, user, act)
    sentences = reasons_against_answering(proposal, user, agreed=agreed)
    if not agreed and not clean(reason):
        sentences.append(_("Write the reason: no decision without one."))
    if sentences:
        refuse(locked, user, act, sentences)
    given: EndAnswer = EndAnswer.objects.create(
        proposal=proposal,
        agreed=agreed,
        answered_by=user,
        language=language,
        locked_reason=lock_words(clean(reason)),
    )
    if agreed:
        _end(locked, EndKind(proposal.kind), proposal.reason, proposal.language, given=given, user=user)
    else:
        record(
            locked.solicitation,
            act,
            user=user,
            data={**named(locked), "kind": proposal.kind, fingerprints.KEPT: fingerprints.of(given)},
        )
        letters.send_end_refused(proposal)
    return given


@transaction.atomic
def withdraw(contract: Contract, reason: str, *, language: str) -> ContractEnd:
    """Take a supplier’s word that it does not do the work; nothing is paid.

    Raises:
        Refused: no reason, or the work is not under way. It is recorded.
    """
    locked = locked_contract(contract)
    sentences = [] if locked.state == ContractState.UNDER_WAY else [_("The work is not under way.")]
    words = clean(reason)
    if not words:
        sentences.append(_("Write the reason: no decision without one."))
    if sentences:
        refuse(locked, None, states.WITHDRAW.act, sentences)
    return _end(locked, EndKind.WITHDRAWN, words, language)


def _end(
    contract: Contract,
    kind: EndKind,
    reason: str,
    language: str,
    *,
    given: EndAnswer | None = None,
    user: Actor | None = None,
) -> ContractEnd:
    proposal = given.proposal if given is not None else None
    share = proposal.percentage if proposal is not None else 0
    end: ContractEnd = ContractEnd.objects.create(
        contract=contract,
        kind=kind,
        percentage=share,
        proposal=proposal,
        language=language,
        locked_reason=lock_words(reason),
    )
    written = [end, given] if given is not None else [end]
    kept = {fingerprints.KEPT: fingerprints.of(*written)}
    move(contract, _ROW_OF_KIND[kind], user=user, percentage=share, **kept)
    if contract.state != STATE_OF_END[kind]:
        raise ValueError(f"{kind}: {contract.state}")
    letters.send_ended(contract)
    return end


# --- what follows ------------------------------------------------------------------------------------------


def delivery_date_of(file: Solicitation) -> date | None:
    """Until when the next supplier delivers, where work was passed on; None where it was not."""
    decided: date | None = (
        PassedOn.objects.filter(contract__solicitation=file)
        .order_by("-pk")
        .values_list("delivery_date", flat=True)
        .first()
    )
    return decided


def reasons_against_passing_on(file: Solicitation, user: Actor) -> list[str]:
    """Sentences against offering the work to the next in the order."""
    return obstacles(file_states.OFFER_NEXT, file, user)


def fault_of_next_date(until: date) -> str:
    """Why the next supplier cannot be asked to deliver by a day; empty when it can."""
    if until <= award_timing.limit_of_offer(database_clock()).date():
        return _("The delivery date comes before the supplier would have to answer: choose a later day.")
    return ""


@transaction.atomic
def pass_on(contract: Contract, user: User, until: date) -> PassedOn:
    """After the end of a contract: offer the work to the next in the drawn order, for a new delivery date.

    Raises:
        PermissionDenied: the user may not.
        TransitionRefused: the contract has not ended, or nobody is left.
        Refused: the date is too early. All are recorded.
    """
    locked = locked_contract(contract)
    require(file_states.OFFER_NEXT.permission, locked, user, file_states.OFFER_NEXT.act)
    if fault := fault_of_next_date(until):
        refuse(locked, user, file_states.OFFER_NEXT.act, [fault])
    data: dict[str, Any] = {**named(locked), "until": until.isoformat()}
    if reasons_against_passing_on(locked.solicitation, user):
        # The transition says, and records, what stands against it; the row would only be refused by the database.
        move_file(locked.solicitation, file_states.OFFER_NEXT.name, user=user, data=data)
    decided: PassedOn = PassedOn.objects.create(contract=locked, delivery_date=until, decided_by=user)
    data[fingerprints.KEPT] = fingerprints.of(decided)
    move_file(locked.solicitation, file_states.OFFER_NEXT.name, user=user, data=data)
    return decided


@transaction.atomic
def end_file(contract: Contract, user: User) -> None:
    """After the end of a contract: end the file; the opportunity can be posted again.

    Raises:
        PermissionDenied: the user may not.
        TransitionRefused: the contract has not ended, or a supplier is asked. Both are recorded.
    """
    locked = locked_contract(contract)
    move_file(locked.solicitation, file_states.END_CONTRACT.name, user=user, data=named(locked))
