"""What comes next in the evaluations of files, and whose it is. Reads only.

The number of queries depends neither on how many files there are nor on how many applications they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from submissions.solicitations.enums import ItemKind, State
from submissions.solicitations.models import PostedItem
from submissions.solicitations.next_acts import NextAct, of_group, of_people

from . import states
from .enums import RoundState
from .models import Assignment, Round, Verdict

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

OPEN_STATES = (RoundState.WORKING, RoundState.AGREEING, RoundState.SUBMITTED)


def next_acts(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """What each file that is being evaluated waits for."""
    keys = [file.pk for file in files if file.state == State.OPENED]
    if not keys:
        return {}
    rounds = {round.solicitation_id: round for round in _rounds(keys)}
    return {key: _of_round(rounds.get(key)) for key in keys}


def _rounds(keys: list[int]) -> list[Round]:
    given = (
        Verdict.objects.filter(assignment=OuterRef("pk"), passed__isnull=False)
        .order_by()
        .values("assignment")
        .annotate(count=Count("pk"))
    )
    criteria = (
        PostedItem.objects.filter(posting=OuterRef("posting"), kind=ItemKind.EVALUATION)
        .order_by()
        .values("posting")
        .annotate(count=Count("pk"))
    )
    evaluators = (
        Assignment.objects.filter(ended="")
        .select_related("evaluator")
        .annotate(given=Coalesce(Subquery(given.values("count")), 0))
        .order_by("pk")
    )
    return list(
        Round.objects.filter(solicitation__in=keys, state__in=OPEN_STATES)
        .annotate(criteria=Coalesce(Subquery(criteria.values("count")), 0))
        .prefetch_related(Prefetch("assignments", queryset=evaluators, to_attr="counting"))
    )


def _of_round(round: Round | None) -> NextAct:
    counting: list[Assignment] = getattr(round, "counting", [])
    if round is not None and round.state == RoundState.SUBMITTED:
        return of_group(_("Sign the evaluation off"), states.SIGN_OFF)
    if round is None or not counting:
        return of_group(_("Name evaluators"), states.ASSIGN)
    if round.state == RoundState.AGREEING:
        return of_people(
            _("Agree on the verdicts"), [one.evaluator for one in counting if one.agreed_at is None]
        )
    return _alone(round, [one for one in counting if one.handed_in_at is None] or counting)


def _alone(round: Round, waiting: list[Assignment]) -> NextAct:
    """The first step that somebody has still to take, and everybody who has to take it."""
    unattested = [one.evaluator for one in waiting if one.attested_at is None]
    if unattested:
        return of_people(_("Attest that there is no conflict of interest"), unattested)
    judging = [
        one.evaluator
        for one in waiting
        if one.given < len(one.order) * round.criteria  # type: ignore[attr-defined]
    ]
    if judging:
        return of_people(_("Evaluate the applications"), judging)
    return of_people(_("Hand the verdicts in"), [one.evaluator for one in waiting])
