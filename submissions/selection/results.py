"""What later stages ask of a selection. Reads only; only a list that was not voided counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from .models import Draw, DrawCommitment, FrozenList

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation


def current_list(file: Solicitation) -> FrozenList | None:
    """The frozen list that counts, drawn or not; None before the freeze and after it was voided."""
    lists = FrozenList.objects.select_related("commitment", "draw", "round")
    found: FrozenList | None = lists.filter(solicitation=file, voided=None).first()
    return found


def current_commitment(file: Solicitation) -> DrawCommitment | None:
    """The commitment that counts for the list that counts, or for the next one."""
    found: DrawCommitment | None = file.draw_commitments.order_by("-sequence").first()
    return found


def draw_of(file: Solicitation) -> Draw | None:
    """The draw that counts; None before it, and where a single application passed."""
    found: Draw | None = Draw.objects.filter(frozen_list__solicitation=file, frozen_list__voided=None).first()
    return found


def order_of(file: Solicitation) -> list[str]:
    """Receipt numbers in the order in which their suppliers are asked: the first is selected, the rest are reserves.

    Empty before the selection, and after it was voided.
    """
    frozen = current_list(file)
    if frozen is None:
        return []
    if frozen.is_single:
        return list(frozen.candidates)
    return list(frozen.draw.order) if hasattr(frozen, "draw") else []


def selected_at(file: Solicitation) -> datetime | None:
    """When the supplier was selected: at the draw, or at the freeze where a single application passed (UTC)."""
    frozen = current_list(file)
    if frozen is None:
        return None
    if frozen.is_single:
        return frozen.frozen_at
    return frozen.draw.drawn_at if hasattr(frozen, "draw") else None


def selections_of(files: Iterable[int]) -> dict[int, tuple[datetime, list[str]]]:
    """When the supplier of each of these files was selected, and the order; one query. Files without are left out."""
    found = {}
    lists = FrozenList.objects.filter(solicitation__in=files, voided=None).select_related("draw")
    for frozen in lists:
        if frozen.is_single:
            found[frozen.solicitation_id] = frozen.frozen_at, list(frozen.candidates)
        elif hasattr(frozen, "draw"):
            found[frozen.solicitation_id] = frozen.draw.drawn_at, list(frozen.draw.order)
    return found


def who_selected(file: Solicitation) -> frozenset[int]:
    """Keys of who froze the list and who drew: they do not countersign the award (DESIGN rule 8)."""
    frozen = current_list(file)
    if frozen is None:
        return frozenset()
    drawn = {frozen.draw.drawn_by_id} if hasattr(frozen, "draw") else set()
    return frozenset({frozen.frozen_by_id} | drawn)
