"""The state machine of an offer as the diagrams show it. Reads no database."""

from __future__ import annotations

from django.utils.translation import gettext as _

from submissions.solicitations.machines import Edge, Machine, in_order
from submissions.solicitations.next_acts import groups_with, names_of

from . import states
from .enums import OfferState


def of_offer() -> Machine:
    """The machine, in the active language."""
    labels = {
        "accept": _("Accept"),
        "decline": _("Decline"),
        "lapse": _("Lapse"),
        "find_not_eligible": _("Find not eligible"),
        "countersign": _("Sign for the department"),
        "void": _("Withdraw"),
        "end": _("End with its contract"),
    }
    edges = [
        Edge(
            source,
            rule.target,
            labels.get(name, name),
            names_of(groups_with(rule.permission)) if rule.permission else str(rule.who),
            (_("with a reason"),) if rule.needs_reason else (),
        )
        for name, rule in states.TRANSITIONS.items()
        for source in in_order(OfferState.values, rule.sources)
    ]
    return Machine("offer", _("Offer"), tuple(OfferState.choices), (OfferState.OFFERED,), tuple(edges))
