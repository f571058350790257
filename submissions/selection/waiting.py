"""What waits because of a selection: lists to freeze, public inputs to enter, draws to carry out. Reads only.

The number of queries does not depend on how many files wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microacq_pages.waiting import WaitingItem
from submissions.evaluation.enums import RoundState
from submissions.evaluation.models import Round
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

from . import services
from .models import FrozenList

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Business days within which each step should be done.
TARGET_DAYS = 1

FREEZE, ENTER, DRAW = "freeze", "enter", "draw"
LABELS = {
    FREEZE: _("Begin the selection of a supplier"),
    ENTER: _("Enter the public input of a random selection"),
    DRAW: _("Carry out a random selection"),
}
PERMISSIONS = {FREEZE: services.SELECT, ENTER: services.WITNESS, DRAW: services.SELECT}


def work_of(user: User) -> Iterator[WaitingItem]:
    """What this person may do next in the selections that are under way."""
    if not (user.has_perm(services.SELECT) or user.has_perm(services.WITNESS)):
        return
    signed = Round.objects.filter(state=RoundState.SIGNED).prefetch_related("assignments")
    lists = FrozenList.objects.filter(voided=None).select_related("commitment").prefetch_related("entries")
    files = Solicitation.objects.filter(state=State.EVALUATED).prefetch_related(
        Prefetch("rounds", queryset=signed, to_attr="signed_rounds"),
        Prefetch("frozen_lists", queryset=lists, to_attr="lists_that_count"),
    )
    now = services.moment()
    for file in files.order_by("pk"):
        found = _next(file, user, now)
        if found is not None and user.has_perm(PERMISSIONS[found[0]]):
            yield _item(file, *found)


def _next(file: Any, user: User, now: datetime) -> tuple[str, datetime] | None:
    """The next act of a file with the time since which it waits, if this person could have a hand in it."""
    for signed in file.signed_rounds:
        if any(assignment.evaluator_id == user.pk for assignment in signed.assignments.all()):
            return None
        if not file.lists_that_count:
            return FREEZE, signed.signed_at
    for frozen in file.lists_that_count:
        if frozen.occurs_at is None or frozen.occurs_at >= now:
            return None
        if services.agreed(frozen) is not None:
            return DRAW, frozen.occurs_at
        people = {entry.entered_by_id for entry in frozen.entries.all()}
        # Who has entered it waits for another, unless what was entered differs.
        if user.pk not in people or len(people) > 1:
            return ENTER, frozen.occurs_at
    return None


def _item(file: Solicitation, act: str, since: datetime) -> WaitingItem:
    return WaitingItem(
        kind="selection",
        label=LABELS[act],
        title=f"{file.number} – {file.get_title()}",
        url=reverse("solicitations:inspect", args=[file.pk]),
        since=since,
        target_days=TARGET_DAYS,
    )
