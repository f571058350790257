"""What becomes of later stages when an evaluation is reopened.

Seam (Wagtail hook): ``evaluation_reopened(file, round, user, reason)``: the round is void, in this transaction. Later
stages void what followed from it, with a record, and delete nothing. Owns the asking only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail import hooks

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation
    from submissions.solicitations.services import Actor

    from .models import Round


def announce(file: Solicitation, round: Round, user: Actor | None, reason: str) -> None:
    """Tell every later stage that a round is void.

    Args:
        file: The file, in the state ``opened`` again.
        round: The round that is void now.
        user: Who reopened it.
        reason: Why, in English; the file has it in French as ``state_reason_fr``.
    """
    for answer in hooks.get_hooks("evaluation_reopened"):
        answer(file, round, user, reason)
