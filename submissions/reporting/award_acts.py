"""What comes next on a file between selection and award, more exactly than its state says. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from submissions.awards import states
from submissions.awards.enums import OfferState
from submissions.awards.models import Offer
from submissions.solicitations.enums import State

from .next_acts import NextAct, names_of
from .phases import groups_with

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


def next_acts(files: Sequence[Solicitation]) -> dict[int, NextAct]:
    """Whose step the award is, for files whose supplier is selected; one query."""
    selected = [file.pk for file in files if file.state == State.SELECTED]
    if not selected:
        return {}
    standing = dict(
        Offer.objects.standing().filter(solicitation__in=selected).values_list("solicitation_id", "state")
    )
    return {pk: _next(standing.get(pk, "")) for pk in selected}


def _next(state: str) -> NextAct:
    if state == OfferState.OFFERED:
        return NextAct(_("Wait for the supplier’s answer"), _("The supplier"), is_listed=True)
    if state == OfferState.ACCEPTED:
        return NextAct(
            _("Sign for the department"), names_of(groups_with(states.COUNTERSIGN)), is_listed=True
        )
    return NextAct(_("Offer the work"), names_of(groups_with(states.OFFER)), is_listed=True)
