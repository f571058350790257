"""The selection on the file’s page of staff, and on the page of a supplier’s own link. Draws what ``results`` knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from submissions.solicitations.enums import AFTER_SELECTION, State
from submissions.solicitations.panels import when

from . import results, services

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.proposals.models import Proposal
    from submissions.solicitations.models import Solicitation

    from .models import FrozenList

Context = Mapping[str, Any]

#: The states in which there may be something to select.
SHOWN = AFTER_SELECTION | {State.EVALUATED, State.NONE_SUITABLE}


class SelectionPanel(Component):
    """What was committed to, frozen, entered and drawn, and the next act of this person."""

    template_name = "submissions/selection/admin/panel.html"
    order = 290  # after the applications and their evaluation, before the timeline

    def __init__(self, solicitation: Solicitation, user: User) -> None:
        self.solicitation, self.user = solicitation, user

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        file = self.solicitation
        commitment = results.current_commitment(file)
        if commitment is None and file.state not in SHOWN:
            return {"file": file}
        frozen = results.current_list(file)
        return {
            "file": file,
            "commitment": commitment,
            "committed_at": when(commitment.made_at) if commitment else "",
            "frozen": frozen,
            "frozen_at": when(frozen.frozen_at) if frozen else "",
            "frozen_by": _name(frozen.frozen_by) if frozen else "",
            "known_from": when(frozen.occurs_at) if frozen else "",
            "entries": [_told(entry, frozen) for entry in frozen.entries.select_related("entered_by")]
            if frozen
            else [],
            "order": results.order_of(file),
            "drawn_at": when(results.selected_at(file)),
            "voided": [
                {"list": each, "at": when(each.voided.voided_at), "reason": each.voided.get_reason()}
                for each in file.frozen_lists.exclude(voided=None).select_related("voided", "commitment")
            ],
            "acts": self._acts(frozen) if file.state == State.EVALUATED else [],
            "public_url": reverse("selection:page", args=[file.number]),
        }

    def _acts(self, frozen: FrozenList | None) -> list[dict[str, Any]]:
        """The acts that are next, with what stands against each for this person."""
        file, user = self.solicitation, self.user
        if frozen is None:
            offered = [("freeze", services.SELECT, services.obstacles_to_freezing)]
        else:
            offered = [("draw", services.SELECT, services.obstacles_to_drawing)]
            if services.agreed(frozen) is None:
                offered.insert(0, ("enter", services.WITNESS, services.obstacles_to_entering))
        return [
            {
                "name": name,
                "url": reverse(f"selections:{name}", args=[file.pk]),
                "obstacles": obstacles(file, user),
            }
            for name, permission, obstacles in offered
            if user.has_perm(permission)
        ]


def _name(person: Any) -> str:
    return str(person.get_full_name() or person)


def _told(entry: Any, frozen: FrozenList) -> dict[str, Any]:
    """What staff may read of an entry: what a witness said is shown only after the draw."""
    hidden = frozen.commitment.source.is_witnessed and not hasattr(frozen, "draw")
    return {
        "by": _name(entry.entered_by),
        "at": when(entry.entered_at),
        "text": "" if hidden else entry.text,
        "provenance": entry.provenance,
    }


class SupplierSelectionPanel(Component):
    """The way to the public page of the selection, with the own number marked."""

    template_name = "submissions/selection/supplier_panel.html"
    order = 300

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal

    def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
        address = reverse("selection:page", args=[self.proposal.solicitation.number])
        return {"url": f"{address}?receipt={self.proposal.receipt_number}"}
