"""What waits for a person in evaluations.

Reads only, with a number of queries that does not depend on how many wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from microacq_pages.waiting import WaitingItem
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

from . import desk, states
from .aids import WorkingTranslation
from .enums import RoundState
from .models import Assignment, Round

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Business days within which each step should be done.
ASSIGNING, JUDGING, SIGNING, TRANSLATING = 1, 5, 2, 2


def work_of(user: User) -> Iterator[WaitingItem]:
    """Files that need evaluators, verdicts to give, evaluations to sign, translations to write, suppliers to call."""
    if user.has_perm(states.ASSIGN):
        yield from _without_evaluators()
    if user.has_perm(states.EVALUATE):
        yield from _to_judge(user)
    if user.has_perm(states.SIGN_OFF):
        yield from _to_sign(user)
    if user.has_perm(states.TRANSLATE):
        yield from _to_translate()
    yield from desk.work_of(user)


def _item(label: str, file: Solicitation, url: str, since: object, days: int) -> WaitingItem:
    return WaitingItem(
        kind="evaluation",
        label=label,
        title=file.number,
        url=url,
        since=since,  # type: ignore[arg-type]  # a moment of the database
        target_days=days,
        detail=file.get_title(),
    )


def _without_evaluators() -> Iterator[WaitingItem]:
    counting = Assignment.objects.filter(
        round__solicitation=OuterRef("pk"),
        ended="",
        round__state__in=[RoundState.WORKING, RoundState.AGREEING],
    )
    rounds = Round.objects.filter(solicitation=OuterRef("pk"), state=RoundState.SUBMITTED)
    files = Solicitation.objects.filter(~Exists(counting), ~Exists(rounds), state=State.OPENED)
    for file in files.order_by("deadline"):
        yield _item(
            _("Name evaluators"),
            file,
            reverse("evaluation:file", args=[file.pk]),
            file.deadline,
            ASSIGNING,
        )


def _to_judge(user: User) -> Iterator[WaitingItem]:
    mine = Assignment.objects.filter(
        evaluator=user, ended="", round__solicitation__state=State.OPENED
    ).select_related("round__solicitation")
    for own in mine.order_by("assigned_at", "pk"):
        round = own.round
        if round.state == RoundState.WORKING and own.handed_in_at is None:
            label = _("Evaluate applications")
        elif round.state == RoundState.AGREEING and own.agreed_at is None:
            label = _("Agree on verdicts")
        else:
            continue
        url = reverse("evaluation:file", args=[round.solicitation_id])
        since = max(own.assigned_at, round.changed_at)
        yield _item(label, round.solicitation, url, since, JUDGING)


def _to_sign(user: User) -> Iterator[WaitingItem]:
    mine = Assignment.objects.filter(round=OuterRef("pk"), evaluator=user)
    rounds = Round.objects.filter(
        ~Exists(mine), state=RoundState.SUBMITTED, solicitation__state=State.OPENED
    ).exclude(solicitation__client=user)
    for round in rounds.select_related("solicitation").order_by("changed_at", "pk"):
        url = reverse("evaluation:file", args=[round.solicitation_id])
        yield _item(_("Sign an evaluation off"), round.solicitation, url, round.changed_at, SIGNING)


def _to_translate() -> Iterator[WaitingItem]:
    wanted = WorkingTranslation.objects.filter(
        translated_at__isnull=True,
        candidate__round__state__in=[RoundState.WORKING, RoundState.AGREEING],
        candidate__round__solicitation__state=State.OPENED,
    ).select_related("candidate__round__solicitation")
    for each in wanted:
        file = each.candidate.round.solicitation
        url = reverse("evaluation:translate", args=[each.pk])
        yield _item(_("Write a working translation"), file, url, each.requested_at, TRANSLATING)
