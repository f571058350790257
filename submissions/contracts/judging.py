"""Judging what was delivered: the client each criterion, IT Strategy whether that is right.

Owns both acts, each in one transaction. Work is accepted in the transaction in which another person concurs. Knows no
request and no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microacq_pages.formats import known_language
from submissions.audit.services import record
from submissions.awards.models import lock_words
from submissions.solicitations import states as file_states
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import PostedItem
from submissions.solicitations.services import Actor, database_clock
from submissions.solicitations.services import transition as move_file

from . import delivering, desk, fingerprints, letters, states, timing
from .enums import ContractState
from .models import Contract
from .services import clean, locked_contract, move, named, refuse, require, require_client
from .work_models import Concurrence, CriterionJudgement, Delivery, Judgement, WorkAcceptance

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Given:
    """What the client says of one criterion."""

    passed: bool
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What follows from the verdicts.

    Attributes:
        commit: The merged commit, where every criterion is met.
        mend: What to mend, where one is not.
        mend_by: By when; None in the last round.
    """

    commit: str = ""
    mend: str = ""
    mend_by: date | None = None


def criteria_of(delivery: Delivery) -> list[PostedItem]:
    """The work acceptance criteria that a delivery answers, as its file posted them."""
    return list(
        PostedItem.objects.filter(posting_id=delivery.posting_id, kind=ItemKind.ACCEPTANCE).order_by(
            "position"
        )
    )


def is_last_round(delivery: Delivery) -> bool:
    """Whether nothing can be delivered after this."""
    return delivery.round >= delivery.contract.rounds


def last_of(delivery: Delivery) -> Judgement | None:
    """The newest judgement of a delivery."""
    found: Judgement | None = (
        Judgement.objects.filter(delivery=delivery)
        .select_related("judged_by", "concurrence")
        .order_by("-sequence")
        .first()
    )
    return found


def waits_for_concurrence(delivery: Delivery) -> Judgement | None:
    """The judgement of a delivery that nobody has concurred with or turned down yet."""
    last = last_of(delivery)
    return None if last is None or hasattr(last, "concurrence") else last


def waiting_judgement(contract: Contract) -> Judgement | None:
    """The judgement under a contract that waits for another person’s concurrence."""
    last = delivering.last_delivery(contract)
    return waits_for_concurrence(last) if last is not None else None


def judged_before(delivery: Delivery) -> dict[str, Any]:
    """What the last judgement of a delivery said, by the fields of the form in which it is judged again."""
    last = last_of(delivery)
    if last is None:
        return {}
    said: dict[str, Any] = {"mend": last.mend, "mend_by": last.mend_by}
    if last.commit:
        said["commit"] = last.commit
    for each in last.criteria.all():
        said[f"verdict_{each.item_id}"] = "met" if each.passed else "not_met"
        said[f"reason_{each.item_id}"] = each.reason
    return said


def reasons_against_judging(delivery: Delivery, user: Actor) -> list[str]:
    """Sentences against this person’s judging a delivery now."""
    if delivery.contract.state != ContractState.UNDER_WAY:
        return [_("The work is not under way.")]
    waiting = delivering.waiting_delivery(delivery.contract)
    if waiting is None or waiting.pk != delivery.pk:
        return [_("This delivery was judged already.")]
    if waits_for_concurrence(delivery) is not None:
        return [_("It was judged: IT Strategy says next whether it concurs.")]
    if desk.has_entered(user, delivery):
        return [desk.not_the_one_who_entered()]
    return []


@transaction.atomic
def judge(delivery: Delivery, user: User, given: Mapping[int, Given], outcome: Outcome) -> Judgement:
    """Keep what the client judged of each criterion, with what follows.

    Args:
        delivery: The one that waits.
        user: Who judges: the client, or IT Strategy in the client’s place.
        given: By the key of the posted item, one for each.
        outcome: What follows.

    Raises:
        PermissionDenied: the user may not.
        Refused: something is missing or stands against it. Both are recorded.
    """
    contract = locked_contract(delivery.contract)
    delivery.contract = contract
    require_client(contract, user, "contract.judged")
    criteria = criteria_of(delivery)
    passed = bool(criteria) and all(item.pk in given and given[item.pk].passed for item in criteria)
    sentences = reasons_against_judging(delivery, user)
    if any(item.pk not in given or not clean(given[item.pk].reason) for item in criteria) or not criteria:
        sentences.append(_("Judge each criterion, with its reason."))
    sentences += _faults(delivery, outcome, passed=passed)
    if sentences:
        refuse(contract, user, "contract.judged", sentences)
    before = last_of(delivery)
    judgement: Judgement = Judgement.objects.create(
        delivery=delivery,
        sequence=before.sequence + 1 if before else 1,
        passed=passed,
        commit=outcome.commit if passed else "",
        mend_by=None if passed or is_last_round(delivery) else outcome.mend_by,
        # The supplier reads the reasons: the screen asks for them in the language of the letters.
        language=letters.language_of_supplier(contract),
        locked_mend="" if passed else lock_words(clean(outcome.mend)),
        judged_by=user,
    )
    CriterionJudgement.objects.bulk_create(
        CriterionJudgement(
            judgement=judgement,
            item=item,
            passed=given[item.pk].passed,
            locked_reason=lock_words(clean(given[item.pk].reason)),
        )
        for item in criteria
    )
    kept = fingerprints.of(judgement, *judgement.criteria.all())
    met = sum(given[item.pk].passed for item in criteria)
    record(
        contract.solicitation,
        "contract.judged",
        user=user,
        data={
            **named(contract),
            "round": delivery.round,
            "met": met,
            "of": len(criteria),
            fingerprints.KEPT: kept,
        },
    )
    letters.send_judged(judgement)
    return judgement


def _faults(delivery: Delivery, outcome: Outcome, *, passed: bool) -> list[str]:
    """What is missing of what follows."""
    if passed:
        return [] if outcome.commit else [_("Name the merged commit.")]
    found = [] if clean(outcome.mend) else [_("Write what is to be mended.")]
    if not is_last_round(delivery):
        if outcome.mend_by is None:
            found.append(_("Say by when it is to be mended."))
        elif outcome.mend_by <= timing.today(database_clock()):
            found.append(_("Choose a day in the future."))
    return found


def _language() -> str:
    return known_language(get_language())


def reasons_against_concurring(judgement: Judgement, user: Actor) -> list[str]:
    """Sentences against this person’s saying whether they concur."""
    contract = judgement.delivery.contract
    if contract.state != ContractState.UNDER_WAY:
        return [_("The work is not under way.")]
    waiting = waits_for_concurrence(judgement.delivery)
    if waiting is None or waiting.pk != judgement.pk:
        return [_("Somebody has decided this meanwhile.")]
    if user.pk in (judgement.judged_by_id, contract.solicitation.client_id):
        return [_("You judged the work, or you are the client: another person concurs.")]
    if desk.has_entered(user, judgement.delivery):
        return [desk.not_the_one_who_entered()]
    return []


@transaction.atomic
def concur(judgement: Judgement, user: User, *, agreed: bool, reason: str = "") -> Concurrence:
    """Concur with a judgement, which then counts, or say why not; then the client judges again.

    Raises:
        PermissionDenied: the user may not.
        Refused: the same person judged, no reason was given, or it was decided. Both are recorded.
    """
    act = "contract.concurred" if agreed else "contract.not_concurred"
    contract = locked_contract(judgement.delivery.contract)
    judgement.delivery.contract = contract
    require(states.CONCUR, contract, user, act)
    sentences = reasons_against_concurring(judgement, user)
    if not agreed and not clean(reason):
        sentences.append(_("Write the reason: no decision without one."))
    if sentences:
        refuse(contract, user, act, sentences)
    concurrence: Concurrence = Concurrence.objects.create(
        judgement=judgement,
        agreed=agreed,
        language=_language(),
        locked_reason=lock_words(clean(reason)),
        concurred_by=user,
    )
    data = {
        **named(contract),
        "round": judgement.delivery.round,
        fingerprints.KEPT: fingerprints.of(concurrence),
    }
    record(contract.solicitation, act, user=user, data=data)
    if not agreed:
        letters.send_not_concurred(judgement)
    elif judgement.passed:
        _accept(judgement, user)
    else:
        letters.send_not_accepted(judgement)
    return concurrence


def _accept(judgement: Judgement, user: User) -> WorkAcceptance:
    contract = judgement.delivery.contract
    acceptance: WorkAcceptance = WorkAcceptance.objects.create(
        contract=contract,
        judgement=judgement,
        commit=judgement.commit,
        accepted_by=judgement.judged_by,
        concurred_by=user,
    )
    kept = {fingerprints.KEPT: fingerprints.of(acceptance)}
    move(contract, states.ACCEPT, user=user, commit=acceptance.commit, round=judgement.delivery.round, **kept)
    move_file(contract.solicitation, file_states.ACCEPT_WORK.name, user=user, data=named(contract))
    letters.send_accepted(acceptance)
    return acceptance
