"""What waits for a person because of offers and of what suppliers wrote after the result. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from microacq_pages.formats import EASTERN
from microacq_pages.waiting import WaitingItem
from submissions.selection import results as selection
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

from . import desk, states, timing, translations
from .enums import OfferState, Topic
from .models import DebriefRequest, Offer

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: Business days within which the next is asked, and an acceptance is signed.
ASK_WITHIN, SIGN_WITHIN = 1, 2


def work_of(user: User) -> Iterator[WaitingItem]:
    """What this person may do now about the awards of all files."""
    if user.has_perm(states.OFFER):
        yield from _to_ask()
    if user.has_perm(states.COUNTERSIGN):
        yield from _to_sign(user)
    if user.has_perm(states.ANSWER):
        yield from _to_answer()
    yield from desk.work_of(user)
    yield from translations.work_of(user)


def _to_ask() -> Iterator[WaitingItem]:
    standing = Offer.objects.standing().values("solicitation_id")
    # Few files are between selection and award at a time.
    for file in Solicitation.objects.filter(state=State.SELECTED).exclude(pk__in=standing):
        since = selection.selected_at(file)
        last = file.offers.order_by("-changed_at").values_list("changed_at", flat=True).first()
        yield WaitingItem(
            kind="offer",
            label=_("Ask the next supplier in the order, or end the file"),
            title=file.number,
            url=reverse("solicitations:inspect", args=[file.pk]),
            since=max(filter(None, (since, last)), default=file.deadline),
            target_days=ASK_WITHIN,
            detail=file.get_title(),
        )


def _to_sign(user: User) -> Iterator[WaitingItem]:
    accepted = Offer.objects.filter(state=OfferState.ACCEPTED).select_related("solicitation", "acceptance")
    others = accepted.exclude(made_by=user).exclude(selectors__contains=[user.pk])
    for offer in others.exclude(answered_for__entered_by=user):
        yield WaitingItem(
            kind="countersignature",
            label=_("Sign an award for the department"),
            title=offer.solicitation.number,
            url=reverse("awards:countersign", args=[offer.solicitation_id]),
            since=offer.acceptance.accepted_at,
            target_days=SIGN_WITHIN,
            detail=offer.solicitation.get_title(),
        )


def _to_answer() -> Iterator[WaitingItem]:
    asked = DebriefRequest.objects.filter(answer=None).select_related("proposal__solicitation")
    for request in asked.defer("proposal__sealed", "locked_words"):
        complains = request.topic == Topic.COMPLAINT
        file = request.proposal.solicitation
        day = timing.answer_due(request.topic, request.received_at)
        yield WaitingItem(
            kind="debrief",
            label=_("Answer a complaint")
            if complains
            else _("Answer a supplier who asks for a conversation"),
            title=f"{file.number} – {request.proposal.receipt_number}",
            url=reverse("awards:debrief", args=[request.pk]),
            since=request.received_at,
            due=datetime.combine(day, time(23, 59), tzinfo=EASTERN),
            detail=file.get_title(),
        )
