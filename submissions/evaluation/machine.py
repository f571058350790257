"""The state machine of a round of evaluation as the diagrams show it. Reads no database."""

from __future__ import annotations

from django.utils.translation import gettext as _

from submissions.solicitations.machines import Edge, Machine, in_order
from submissions.solicitations.next_acts import groups_with, names_of

from . import states
from .enums import RoundState


def of_round() -> Machine:
    """The machine, in the active language."""
    labels = {
        "compare": _("The last of several hands in, and they differ"),
        "submit": _("The only evaluator hands in, or the last of several who do not differ"),
        "agree": _("The last agrees to what they wrote together"),
        "send_back": _("Send back to the one evaluator"),
        "send_back_to_several": _("Send back to several"),
        "sign_off": _("Sign the evaluation off"),
        "void": _("Reopen the evaluation"),
    }
    edges = [
        Edge(
            source,
            move.target,
            labels.get(move.name, move.name),
            names_of(groups_with(move.permission)),
            (_("with a reason"),) if move.needs_reason else (),
        )
        for move in states.MOVES.values()
        for source in in_order(RoundState.values, move.sources)
    ]
    return Machine("round", _("Evaluation"), tuple(RoundState.choices), (RoundState.WORKING,), tuple(edges))
