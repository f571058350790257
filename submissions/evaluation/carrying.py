"""What evaluators find again of the round that was reopened: their own verdicts, and what they agreed.

Owns copying it into the next round. Decides nothing; who calls it holds the round. Imports no view.
"""

from __future__ import annotations

from . import boards, rules
from .models import Assignment, Consensus, Round, Verdict


def _before(round: Round) -> Round | None:
    found: Round | None = Round.objects.filter(
        solicitation_id=round.solicitation_id, number=round.number - 1
    ).first()
    return found


def carry_verdicts(held: Assignment) -> None:
    """Let an evaluator find what they gave in the round before."""
    before = _before(held.round)
    if before is None:
        return
    ours = dict(held.round.candidates.values_list("proposal_id", "pk"))
    rows = Verdict.objects.filter(assignment__round=before, assignment__evaluator_id=held.evaluator_id)
    Verdict.objects.bulk_create(
        [
            Verdict(
                assignment=held,
                candidate_id=ours[row.candidate.proposal_id],
                item_id=row.item_id,
                choice=row.choice,
                reason=row.reason,
                language=row.language,
            )
            for row in rows.select_related("candidate")
        ],
        batch_size=500,
    )


def carry_agreed(round: Round, board: boards.Board) -> None:
    """Let evaluators find what they agreed in the round before, where they differ as they did then."""
    before = _before(round)
    if before is None:
        return
    earlier = boards.read(before)
    proposals = {one.proposal_id: one.pk for one in earlier.candidates}
    then = {one.pk: proposals.get(one.proposal_id) for one in board.candidates}
    outcomes = [_by_person(each) for each in (board, earlier)]
    for candidate, item in board.differences:
        old = (then[candidate] or 0, item)
        if old in earlier.agreed and outcomes[0][candidate, item] == outcomes[1].get(old):
            given = earlier.agreed[old]
            Consensus.objects.create(
                candidate_id=candidate,
                item_id=item,
                written_by=board.evaluators[0],
                choice=given.passed,
                reason=given.reason,
                language=given.language,
            )


def _by_person(board: boards.Board) -> dict[rules.Cell, list[tuple[int, bool | None]]]:
    found: dict[rules.Cell, list[tuple[int, bool | None]]] = {}
    for one in sorted(board.evaluators, key=lambda one: one.evaluator_id):
        for cell, given in board.alone[one.pk].items():
            found.setdefault(cell, []).append((one.evaluator_id, given.passed))
    return found
