"""What comes next between selection and award, and whose it is. Reads only, with a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from submissions.selection import results as selection
from submissions.solicitations.enums import State
from submissions.solicitations.next_acts import NextAct, of_group, of_nobody

from . import states
from .enums import OfferState
from .models import EmployeeConfirmation, Offer

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


def next_acts(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """What each file waits for whose supplier is selected."""
    keys = [file.pk for file in files if file.state == State.SELECTED]
    if not keys:
        return {}
    attached = EmployeeConfirmation.objects.filter(offer=OuterRef("pk"))
    standing = {
        offer.solicitation_id: offer
        for offer in Offer.objects.standing()
        .filter(solicitation__in=keys)
        .select_related("acceptance")
        .annotate(has_confirmation=Exists(attached))
    }
    exhausted = _exhausted([key for key in keys if key not in standing])
    return {
        key: _of_offer(standing[key]) if key in standing else _without_offer(key in exhausted) for key in keys
    }


def _exhausted(keys: list[int]) -> set[int]:
    """Files in which everybody in the order was asked, and nobody is asked now."""
    orders = selection.selections_of(keys)
    asked = Offer.objects.filter(solicitation__in=keys).exclude(state=OfferState.VOIDED)
    counts = {
        (row["solicitation"], row["selected_at"]): row["count"]
        for row in asked.order_by().values("solicitation", "selected_at").annotate(count=Count("pk"))
    }
    return {
        key
        for key, (selected_at, order) in orders.items()
        if order and counts.get((key, selected_at), 0) >= len(order)
    }


def _of_offer(offer: Offer) -> NextAct:
    if offer.state == OfferState.OFFERED:
        return of_nobody(_("Wait for the supplier’s answer"), _("The supplier"))
    if offer.acceptance.is_government_employee and not offer.has_confirmation:  # type: ignore[attr-defined]
        return of_nobody(_("Wait for the confirmation of a government employee"), _("The supplier"))
    return of_group(_("Sign for the department"), states.COUNTERSIGN)


def _without_offer(everybody_was_asked: bool) -> NextAct:
    if everybody_was_asked:
        return of_group(_("End without an award"), states.OFFER)
    return of_group(_("Offer the work"), states.OFFER)
