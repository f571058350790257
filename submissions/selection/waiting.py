"""What waits because of a selection: lists to freeze, public inputs to enter, draws to carry out. Reads only.

The number of queries depends on the files that wait, which are few, and not on how many files there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from microacq_pages.waiting import WaitingItem
from submissions.evaluation import results as evaluated
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

from . import results, services

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Business days within which each step should be done.
TARGET_DAYS = 1


def work_of(user: User) -> Iterator[WaitingItem]:
    """What this person may do next in the selections that are under way."""
    if not (user.has_perm(services.SELECT) or user.has_perm(services.WITNESS)):
        return
    for file in Solicitation.objects.filter(state=State.EVALUATED).order_by("pk"):
        frozen = results.current_list(file)
        if frozen is None:
            yield from _item(file, user, "freeze", _("Freeze the list of a selection"), _signed(file))
        elif services.agreed(frozen) is not None:
            yield from _item(
                file, user, "draw", _("Carry out a random selection"), frozen.occurs_at or frozen.frozen_at
            )
        else:
            yield from _item(
                file, user, "enter", _("Enter the public input of a random selection"), frozen.occurs_at
            )


def _signed(file: Solicitation) -> datetime | None:
    signed = evaluated.signed_round(file)
    if signed is not None and signed.signed_at is not None:
        return signed.signed_at
    entries = ModelLogEntry.objects.for_instance(file).order_by("-timestamp")
    return entries.values_list("timestamp", flat=True).first()


ACTS: dict[str, tuple[str, Any]] = {
    "freeze": (services.SELECT, services.obstacles_to_freezing),
    "enter": (services.WITNESS, services.obstacles_to_entering),
    "draw": (services.SELECT, services.obstacles_to_drawing),
}


def _item(
    file: Solicitation, user: User, act: str, label: Any, since: datetime | None
) -> Iterator[WaitingItem]:
    permission, obstacles = ACTS[act]
    if since is None or not user.has_perm(permission):
        return
    none_passed = act == "freeze" and not evaluated.passing(file)
    if not none_passed and obstacles(file, user):
        return
    yield WaitingItem(
        kind="selection",
        label=_("End a file without a selection") if none_passed else label,
        title=f"{file.number} – {file.get_title()}",
        url=reverse("solicitations:inspect", args=[file.pk]),
        since=since,
        target_days=TARGET_DAYS,
    )
