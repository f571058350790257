"""What comes next on a file between selection and award, more exactly than its state says. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from submissions.awards import states
from submissions.awards.enums import OfferState
from submissions.awards.models import Offer
from submissions.selection.models import FrozenList
from submissions.solicitations.enums import State

from .next_acts import NextAct, named

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

#: Offers that follow from the list that counts, not from one that was voided before it was frozen.
SINCE = Q(solicitation__offers__selected_at__gte=F("frozen_at"))


def next_acts(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """Whose step the award is, for files whose supplier is selected; two queries."""
    selected = [file.pk for file in files if file.state == State.SELECTED]
    if not selected:
        return {}
    standing = dict(
        Offer.objects.standing().filter(solicitation__in=selected).values_list("solicitation_id", "state")
    )
    asked = Count("solicitation__offers", filter=~Q(solicitation__offers__state=OfferState.VOIDED) & SINCE)
    lists = FrozenList.objects.filter(solicitation__in=selected, voided=None).annotate(asked=asked)
    exhausted = {each.solicitation_id for each in lists if each.asked >= len(each.candidates)}
    return {pk: _next(standing.get(pk, ""), is_exhausted=pk in exhausted) for pk in selected}


def _next(state: str, *, is_exhausted: bool) -> NextAct:
    if state == OfferState.OFFERED:
        return NextAct(_("Wait for the supplier’s answer"), _("The supplier"), is_listed=True)
    if state == OfferState.ACCEPTED:
        return named(_("Sign for the department"), states.COUNTERSIGN)
    if is_exhausted:
        return named(_("End without an award"), states.OFFER)
    return named(_("Offer the work"), states.OFFER)
