"""What comes next in the selection of a supplier, and whose it is. Reads only, with a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from submissions.evaluation import results as evaluated
from submissions.solicitations.enums import State
from submissions.solicitations.next_acts import NextAct, of_group, of_nobody
from submissions.solicitations.panels import when

from . import services
from .models import FrozenList

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


def next_acts(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """What each file waits for whose evaluation is signed off."""
    keys = [file.pk for file in files if file.state == State.EVALUATED]
    if not keys:
        return {}
    lists = FrozenList.objects.filter(solicitation__in=keys, voided=None)
    frozen = {
        each.solicitation_id: each for each in lists.select_related("commitment").prefetch_related("entries")
    }
    passing = evaluated.files_with_passing(keys)
    now = services.moment()
    return {
        key: _of_list(frozen[key], now) if key in frozen else _before_freezing(key in passing) for key in keys
    }


def _before_freezing(anybody_passed: bool) -> NextAct:
    if anybody_passed:
        return of_group(_("Freeze the list of those that passed"), services.SELECT)
    return of_group(_("End without a selection"), services.SELECT)


def _of_list(frozen: Any, now: datetime) -> NextAct:
    if frozen.occurs_at is None or frozen.occurs_at >= now:
        moment = when(frozen.occurs_at) if frozen.occurs_at else ""
        return of_nobody(
            _("Wait for the public input, known from %(moment)s") % {"moment": moment}, _("The clock")
        )
    if services.agreed(frozen) is not None:
        return of_group(_("Carry out the random selection"), services.SELECT)
    people = {entry.entered_by_id for entry in frozen.entries.all()}
    if len(people) == 1:
        return of_group(_("Enter the public input, as a second person"), services.WITNESS)
    if people:
        return of_group(_("Enter the public input again: what was entered differs"), services.WITNESS)
    return of_group(_("Enter the public input"), services.WITNESS)
