"""Who evaluates: naming evaluators of a round, attesting, declaring a conflict of interest, letting go.

Owns the writing of rounds, their applications in an order by lot, and assignments up to the attestation. Each act is
one transaction with its record. Imports no view.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from submissions.audit.services import record
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import Actor, database_clock

from . import attesting, boards, carrying, handing_in, people, services, states
from .enums import Ended, RoundState
from .models import Assignment, Candidate, Round


@transaction.atomic
def assign(file: Solicitation, person: Any, *, user: Actor) -> Assignment:
    """Name an evaluator of an opened file, with an order of the applications of their own.

    Raises:
        PermissionDenied: the user does not name evaluators.
        Refused: the file is not being evaluated, or something stands against this person. Both are recorded.
    """
    services.require(states.ASSIGN, file, "evaluation.assigned", user)
    file = Solicitation.objects.select_for_update().get(pk=file.pk)
    round = boards.current_round(file)
    reasons = people.reasons_against_naming(file, round, person)
    if file.state != State.OPENED or (round is not None and round.state != RoundState.WORKING):
        reasons.insert(
            0, _("Evaluators are named once the applications are opened, and before all have handed in.")
        )
    if reasons:
        services.refuse(file, "evaluation.assigned", user, reasons)
    round = round or begin(file)
    assignment = name(round, person, user)
    record(
        file,
        "evaluation.assigned",
        user=user,
        data={"number": file.number, "round": round.number, "person": person.get_username()},
    )
    return assignment


def begin(file: Solicitation, after: Round | None = None) -> Round:
    """A round with every opened application, numbered by lot; after a void one, with its numbers."""
    round = Round.objects.create(
        solicitation=file,
        posting_id=after.posting_id if after else file.current_posting.pk,
        number=after.number + 1 if after else 1,
    )
    if after is not None:
        labels = {one.proposal_id: one.label for one in after.candidates.all()}
    else:
        keys = list(file.proposals.opened().values_list("pk", flat=True))
        labels = dict(zip(shuffled(keys), range(1, len(keys) + 1), strict=True))
    Candidate.objects.bulk_create(
        [Candidate(round=round, proposal_id=key, label=label) for key, label in labels.items()],
        batch_size=500,
    )
    return round


def name(round: Round, person: Any, user: Actor | None) -> Assignment:
    """Add an evaluator; the order is by lot and stays."""
    labels = list(round.candidates.values_list("label", flat=True))
    return Assignment.objects.create(
        round=round,
        evaluator=person,
        assigned_by_id=user.pk if user is not None else None,
        order=shuffled(labels),
    )


def shuffled(values: list[int]) -> list[int]:
    """The same values in an order that nobody can foresee."""
    return secrets.SystemRandom().sample(values, len(values))


@transaction.atomic
def attest(assignment: Assignment, *, user: Actor) -> Assignment:
    """Attest that one has no conflict of interest; the text is kept as it was shown.

    Whoever judged in the round that was reopened finds their own verdicts again.

    Raises:
        Refused: it is not the user's to attest, or no longer. It is recorded.
    """
    held = services.own(assignment, user, "evaluation.attested")
    if held.attested_at is not None:
        return held
    services.require_state(held, RoundState.WORKING, "evaluation.attested", user)
    held.attested_at, held.attestation = database_clock(), attesting.text()
    held.save(update_fields=["attested_at", "attestation"])
    carrying.carry_verdicts(held)
    services.note(held.round, "evaluation.attested", user)
    return held


@transaction.atomic
def declare_conflict(assignment: Assignment, *, user: Actor, reason: str) -> Assignment:
    """Say that one has a conflict of interest: one evaluates no more in this round.

    Raises:
        Refused: it is not the user's to say, no longer possible, or no reason is given. It is recorded.
    """
    held = services.own(assignment, user, "evaluation.conflict")
    return _end(held, Ended.CONFLICT, user, reason, "evaluation.conflict")


@transaction.atomic
def release(assignment: Assignment, *, user: Actor, reason: str) -> Assignment:
    """Let a person evaluate no more in this round, such as one who is absent. What they wrote stays; it counts no more.

    Raises:
        PermissionDenied: the user does not name evaluators.
        Refused: it is too late, or no reason is given. It is recorded.
    """
    held = services.locked_assignment(assignment)
    services.require(states.ASSIGN, held.round.solicitation, "evaluation.released", user)
    return _end(held, Ended.RELEASED, user, reason, "evaluation.released")


def _end(held: Assignment, how: Ended, user: Actor, reason: str, act: str) -> Assignment:
    file, reason = held.round.solicitation, services.clean_reason(reason)
    if not reason:
        services.refuse(file, act, user, [_("Write the reason: no decision without one.")])
    if held.ended or held.round.state not in (RoundState.WORKING, RoundState.AGREEING):
        services.refuse(file, act, user, [_("This can no longer be done.")])
    held.ended, held.ended_at, held.ended_reason = how, database_clock(), reason
    held.save(update_fields=["ended", "ended_at", "ended_reason"])
    services.note(held.round, act, user, person=held.evaluator.get_username())
    handing_in.advance(held.round, user)
    return held
