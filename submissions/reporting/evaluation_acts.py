"""What comes next on a file between its opening and its selection, more exactly than its state says. Reads only.

A constant number of queries for any number of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from submissions.evaluation import states as evaluation
from submissions.evaluation.enums import RoundState
from submissions.evaluation.models import Round
from submissions.selection import services as selection
from submissions.selection.models import FrozenList
from submissions.solicitations.enums import State

from .next_acts import NextAct, clock, named

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


def next_acts(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """Whose step the evaluation or the selection is, for files that are opened or evaluated."""
    return {
        **_of_evaluations([file.pk for file in files if file.state == State.OPENED]),
        **_of_selections([file for file in files if file.state == State.EVALUATED]),
    }


def _of_evaluations(opened: list[int]) -> dict[int, NextAct]:
    if not opened:
        return {}
    rounds = (
        Round.objects.filter(solicitation__in=opened)
        .exclude(state__in=[RoundState.SIGNED, RoundState.VOIDED])
        .annotate(evaluators=Count("assignments", filter=Q(assignments__ended="")))
    )
    found = {round.solicitation_id: round for round in rounds}
    return {pk: _of_round(found.get(pk)) for pk in opened}


def _of_round(round: Any) -> NextAct:
    if round is not None and round.state == RoundState.SUBMITTED:
        return named(_("Sign the evaluation off"), evaluation.SIGN_OFF)
    if round is None or not round.evaluators:
        return named(_("Name evaluators"), evaluation.ASSIGN)
    label = (
        _("Agree where evaluators differ")
        if round.state == RoundState.AGREEING
        else _("Judge the applications")
    )
    # Who named them sees to it when it takes too long.
    return NextAct(label, _("The evaluators"), is_listed=True, permission=evaluation.ASSIGN)


def _of_selections(evaluated: list[Any]) -> dict[int, NextAct]:
    if not evaluated:
        return {}
    lists = FrozenList.objects.filter(solicitation__in=evaluated, voided=None)
    frozen = {
        each.solicitation_id: each for each in lists.select_related("commitment").prefetch_related("entries")
    }
    return {file.pk: _of_list(frozen.get(file.pk), file.clock) for file in evaluated}


def _of_list(frozen: FrozenList | None, now: datetime) -> NextAct:
    if frozen is None:
        return named(_("Begin the selection of a supplier"), selection.SELECT)
    if frozen.occurs_at is not None and frozen.occurs_at > now:
        return clock(_("Wait for the public input of the random selection"))
    if selection.agreed(frozen) is None:
        return named(_("Enter the public input of a random selection"), selection.WITNESS)
    return named(_("Carry out a random selection"), selection.SELECT)
