"""A file whose applications were evaluated and whose order was drawn, by the people whose steps these are.

The demonstration announces the words of two witnesses as public input, so that a whole selection can be tried while one
watches; with another source the list is frozen and waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import override

from submissions.evaluation import assigning, boards, handing_in, judging
from submissions.selection import results
from submissions.selection import services as selecting
from submissions.solicitations.enums import State
from submissions.solicitations.services import transition

from .accounts import person

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

REASON = "The answer names finished work in public that shows this skill, with links."
#: What the two witnesses say.
WORDS = {"it-strategy": "quiet morning on the canal", "cfob": "onze érables rouges"}


@transaction.atomic
def evaluate_and_select(file: Solicitation) -> str:
    """Evaluate an opened file, sign it off, freeze its list and draw; what was begun by somebody else is left alone.

    Returns:
        Where the file stands then.
    """
    with override("en"):
        if file.state == State.OPENED and boards.current_round(file) is None:
            _evaluate(file)
        if file.state == State.EVALUATED and results.current_list(file) is None:
            _select(file)
    return str(file.state)


def _evaluate(file: Solicitation) -> None:
    """Every application passes: the reasons are those of an invented evaluator."""
    evaluator = person("evaluator")
    assignment = assigning.assign(file, evaluator, user=person("it-strategy"))
    assignment = assigning.attest(assignment, user=evaluator)
    board = boards.read(assignment.round)
    for candidate in board.candidates:
        for item in board.items:
            judging.judge(
                assignment, user=evaluator, candidate=candidate, item=item, choice=True, reason=REASON
            )
    handing_in.hand_in(assignment, user=evaluator)
    transition(file, "sign_off", user=person("cfob"))


def _select(file: Solicitation) -> None:
    drawer = person("it-strategy")
    frozen = selecting.freeze(file, drawer)
    if frozen.is_single or not frozen.commitment.source.is_witnessed:
        return
    for username, words in WORDS.items():
        selecting.enter(file, person(username), words)
    selecting.carry_out(file, drawer)
