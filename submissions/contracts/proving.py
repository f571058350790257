"""What contracts can prove: states by recorded acts, rounds in order, judged and concurred with by different people.

Answers the hook ``file_proofs``. Reads only; files of results are decrypted to compare their digests, and that is
recorded by who asks. Imports no later stage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.proposals import custody
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import (
    Check,
    Finding,
    Recorded,
    Tell,
    broken,
    recorded,
    unproved,
    was_erased,
)

from . import fingerprints, results, states
from .desk_models import EnteredForSupplier
from .enums import ACTIVE, ENDED, STATE_OF_END, ContractState, EndKind
from .models import (
    Contract,
    ContractEnd,
    Dispute,
    EndAnswer,
    EndProposal,
    Extension,
    ExtensionAnswer,
    Message,
    PassedOn,
    Settlement,
)
from .work_models import Concurrence, CriterionJudgement, Delivery, Evidence, Judgement, WorkAcceptance

STARTED, DELIVERED = "contract.started", "contract.delivered"
#: Acts by which a contract changes, by the state that they lead to.
ACTS = {row.target: row.act for row in states.TRANSITIONS.values()}
#: Where a file is that has an active contract in a state.
FILE_OF = {
    ContractState.UNDER_WAY: State.AWARDED,
    ContractState.ACCEPTED: State.ACCEPTED,
    ContractState.PAID: State.COMPLETED,
}


def checks(file: Solicitation) -> list[Check]:
    """The checks of this stage."""
    return [
        Check(
            "contracts.states",
            gettext_lazy(
                "Each contract follows from an award and has its state by recorded acts, as its file has."
            ),
            partial(states_reached, file),
            order=910,
        ),
        Check(
            "contracts.dates",
            gettext_lazy("Each delivery date was signed, or agreed by both sides."),
            partial(dates, file),
            order=920,
        ),
        Check(
            "contracts.rounds",
            gettext_lazy("Deliveries came in their rounds, were judged whole, and another person concurred."),
            partial(rounds, file),
            order=930,
        ),
        Check(
            "contracts.acceptance",
            gettext_lazy(
                "Work was accepted, or a contract ended, as two different people or both sides decided."
            ),
            partial(ends, file),
            order=940,
        ),
        Check(
            "contracts.words",
            gettext_lazy("What both sides wrote, delivered and decided is, to the byte, what was recorded."),
            partial(words, file),
            order=945,
        ),
        Check(
            "contracts.evidence",
            gettext_lazy("Each file of results gives the digest that was noted when it came."),
            partial(evidence, file),
            opens_texts=True,
            order=950,
        ),
    ]


def _acts(file: Solicitation, act: str, contract: Contract) -> list[Recorded]:
    receipt = contract.offer.proposal.receipt_number
    return [one for one in recorded(file, [act]) if one.data.get("receipt") == receipt]


def states_reached(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Each contract begun and moved by a record, with its award’s facts; the file where its contract is."""
    contracts = results.contracts_of(file)
    for contract in contracts:
        receipt = contract.offer.proposal.receipt_number
        award = getattr(contract.offer, "award", None)
        if award is None or (contract.price, contract.started_at) != (award.value, award.countersigned_at):
            yield broken(
                _("The contract of application %(receipt)s is not as it was awarded."), receipt=receipt
            )
        moved = contract.state != ContractState.UNDER_WAY
        if moved and not _acts(file, ACTS[ContractState(contract.state)], contract):
            yield broken(
                _("The contract of application %(receipt)s is “%(state)s” without a record."),
                receipt=receipt,
                state=contract.get_state_display(),
            )
        if contract.offer.state != ("awarded" if contract.state in ACTIVE else "ended"):
            yield broken(_("The offer to application %(receipt)s is not as its contract."), receipt=receipt)
    if len(recorded(file, [STARTED])) > len(contracts):
        yield broken(_("A contract that was recorded is not there."))
    active = [contract for contract in contracts if contract.state in ACTIVE]
    if len(active) > 1:
        yield broken(_("More than one contract is active."))
    if active and file.state != FILE_OF[ContractState(active[0].state)]:
        yield broken(_("The file is not where its contract is."))
    if not active and file.state in {State.ACCEPTED, State.COMPLETED}:
        yield broken(_("The file is not where its contract is."))


def dates(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """The date of the award, then each that both sides agreed to, lead to the one that stands."""
    for contract in results.contracts_of(file):
        award = getattr(contract.offer, "award", None)
        day = award.delivery_date if award is not None else None
        for extension in contract.extensions.filter(answer__agreed=True).order_by("answer__pk"):
            if extension.before != day:
                day = None
                break
            day = extension.until
        if day != contract.delivery_date:
            yield broken(
                _(
                    "The delivery date of application %(receipt)s is neither the signed one nor one agreed to."
                ),
                receipt=contract.offer.proposal.receipt_number,
            )


def rounds(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Rounds without a gap, each recorded; each criterion judged once; concurred with by another person."""
    for contract in results.contracts_of(file):
        receipt = contract.offer.proposal.receipt_number
        told = {int(one.data.get("round", 0)) for one in _acts(file, DELIVERED, contract)}
        found = list(Delivery.objects.filter(contract=contract).order_by("round"))
        numbers = [delivery.round for delivery in found]
        if numbers != list(range(1, len(found) + 1)) or len(found) > contract.rounds or told != set(numbers):
            yield broken(
                _("The deliveries of application %(receipt)s are not those of the record."), receipt=receipt
            )
        for judgement in Judgement.objects.filter(delivery__in=found).select_related(
            "delivery", "concurrence"
        ):
            yield from _judgement(file, judgement)


def _judgement(file: Solicitation, judgement: Judgement) -> Iterator[Finding]:
    posted = judgement.delivery.posting.items.filter(kind="acceptance").values_list("pk", flat=True)
    verdicts = dict(judgement.criteria.values_list("item_id", "passed"))
    if set(verdicts) != set(posted) or judgement.passed != all(verdicts.values()):
        yield broken(
            _("The judgement of round %(round)s is not that of its criteria."), round=judgement.delivery.round
        )
    concurrence = getattr(judgement, "concurrence", None)
    if concurrence and concurrence.concurred_by_id in (judgement.judged_by_id, file.client_id):
        yield broken(
            _("Who judged round %(round)s, or the client, concurred with it."), round=judgement.delivery.round
        )
    deciders = {judgement.judged_by_id, concurrence.concurred_by_id if concurrence else None}
    if EnteredForSupplier.objects.filter(
        delivery=judgement.delivery, entered_by__in=deciders - {None}
    ).exists():
        yield broken(
            _("Who entered the delivery of round %(round)s for the supplier decided about it."),
            round=judgement.delivery.round,
        )


def ends(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """An acceptance for accepted work, an end for a contract that ended, each as it was decided."""
    for contract in results.contracts_of(file):
        receipt = contract.offer.proposal.receipt_number
        accepted = WorkAcceptance.objects.filter(contract=contract).select_related("judgement").first()
        is_accepted = contract.state in (ContractState.ACCEPTED, ContractState.PAID)
        if is_accepted != (accepted is not None):
            yield broken(
                _("The acceptance of application %(receipt)s does not fit its contract."), receipt=receipt
            )
        if accepted is not None:
            yield from _acceptance(contract, accepted)
        end = ContractEnd.objects.filter(contract=contract).select_related("proposal__answer").first()
        if (contract.state in ENDED) != (end is not None):
            yield broken(
                _("The end of the contract of application %(receipt)s does not fit it."), receipt=receipt
            )
        if end is not None:
            yield from _end(contract, end)


def _acceptance(contract: Contract, accepted: WorkAcceptance) -> Iterator[Finding]:
    judgement = accepted.judgement
    by_two = accepted.accepted_by_id != accepted.concurred_by_id
    if not (by_two and judgement.passed and accepted.commit == judgement.commit):
        yield broken(
            _("The work of application %(receipt)s was not accepted as it was judged."),
            receipt=contract.offer.proposal.receipt_number,
        )


def _end(contract: Contract, end: ContractEnd) -> Iterator[Finding]:
    receipt = contract.offer.proposal.receipt_number
    if contract.state != STATE_OF_END[EndKind(end.kind)]:
        yield broken(
            _("The end of the contract of application %(receipt)s does not fit it."), receipt=receipt
        )
    if end.proposal is None:
        return
    answer = getattr(end.proposal, "answer", None)
    agreed = answer is not None and answer.agreed and end.percentage == end.proposal.percentage
    by_another = answer is not None and answer.answered_by_id != end.proposal.proposed_by_id
    by_supplier = answer is not None and answer.answered_by_id is None
    if not agreed or not by_another or (end.kind == EndKind.CONVENIENCE) != by_supplier:
        yield broken(
            _("The contract of application %(receipt)s did not end as it was proposed and agreed."),
            receipt=receipt,
        )


def words(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Rows and encrypted texts that were changed, added or taken away since their act was recorded."""
    return fingerprints.findings(
        file,
        (
            Contract.objects.filter(solicitation=file),
            PassedOn.objects.filter(contract__solicitation=file),
            Message.objects.filter(contract__solicitation=file),
            Extension.objects.filter(contract__solicitation=file),
            ExtensionAnswer.objects.filter(extension__contract__solicitation=file),
            Dispute.objects.filter(contract__solicitation=file),
            Settlement.objects.filter(dispute__contract__solicitation=file),
            EndProposal.objects.filter(contract__solicitation=file),
            EndAnswer.objects.filter(proposal__contract__solicitation=file),
            ContractEnd.objects.filter(contract__solicitation=file),
            Delivery.objects.filter(contract__solicitation=file),
            Evidence.objects.filter(delivery__contract__solicitation=file),
            Judgement.objects.filter(delivery__contract__solicitation=file),
            CriterionJudgement.objects.filter(judgement__delivery__contract__solicitation=file),
            Concurrence.objects.filter(judgement__delivery__contract__solicitation=file),
            WorkAcceptance.objects.filter(contract__solicitation=file),
            EnteredForSupplier.objects.filter(contract__solicitation=file),
        ),
    )


def evidence(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Files of results as they came."""
    kept = Evidence.objects.filter(delivery__contract__solicitation=file, size__gt=0)
    for each in kept.select_related("delivery"):
        try:
            content = each.content()
        except ImproperlyConfigured:
            yield unproved(
                _("The key for the results of round %(round)s is not here."), round=each.delivery.round
            )
            continue
        except custody.Erased:
            if not was_erased(file):
                yield broken(_("A file of results of round %(round)s is gone."), round=each.delivery.round)
            continue
        if hashlib.sha256(content).hexdigest() != each.digest or len(content) != each.size:
            yield broken(
                _("A file of results of round %(round)s does not give its digest."), round=each.delivery.round
            )
