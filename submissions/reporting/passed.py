"""How many applications of each of many files passed every criterion, with a constant number of queries. Reads only.

The rule is that of ``evaluation.rules``; a file whose list is frozen has it in that list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from submissions.evaluation import rules
from submissions.evaluation.enums import RoundState
from submissions.evaluation.models import Candidate, Consensus, Round, Verdict
from submissions.evaluation.rules import Cell, Given
from submissions.selection.models import FrozenList
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import PostedItem


def counts(files: Iterable[int]) -> dict[int, int]:
    """Applications that passed, by the key of the file; none of a file whose evaluation is not signed off.

    Args:
        files: Keys of files.
    """
    wanted = set(files)
    frozen = FrozenList.objects.filter(solicitation__in=wanted, voided=None)
    found = {pk: len(candidates) for pk, candidates in frozen.values_list("solicitation_id", "candidates")}
    signed = Round.objects.filter(solicitation__in=wanted - set(found), state=RoundState.SIGNED)
    rounds = {
        pk: (file, posting) for pk, file, posting in signed.values_list("pk", "solicitation", "posting")
    }
    if rounds:
        found.update(_judged(rounds))
    return found


def _judged(rounds: dict[int, tuple[int, int]]) -> dict[int, int]:
    items: dict[int, list[int]] = defaultdict(list)
    criteria = PostedItem.objects.filter(
        posting__in=[posting for _file, posting in rounds.values()], kind=ItemKind.EVALUATION
    )
    for posting, item in criteria.values_list("posting_id", "pk"):
        items[posting].append(item)
    candidates: dict[int, list[int]] = defaultdict(list)
    for pk, candidate in Candidate.objects.filter(round__in=rounds).values_list("round_id", "pk"):
        candidates[pk].append(candidate)
    alone: dict[int, dict[int, dict[Cell, Given]]] = defaultdict(lambda: defaultdict(dict))
    given = Verdict.objects.filter(assignment__round__in=rounds, assignment__ended="")
    for pk, assignment, candidate, item, verdict in given.values_list(
        "assignment__round_id", "assignment_id", "candidate_id", "item_id", "passed"
    ):
        alone[pk][assignment][candidate, item] = Given(verdict, "", "")
    agreed: dict[int, dict[Cell, Given]] = defaultdict(dict)
    together = Consensus.objects.filter(candidate__round__in=rounds)
    for pk, candidate, item, verdict in together.values_list(
        "candidate__round_id", "candidate_id", "item_id", "passed"
    ):
        agreed[pk][candidate, item] = Given(verdict, "", "")
    found = {}
    for pk, (file, posting) in rounds.items():
        cells = rules.cells(candidates[pk], items[posting])
        finals = {cell: rules.final(cell, alone[pk], agreed[pk]) for cell in cells}
        found[file] = len(rules.passing(candidates[pk], items[posting], finals))
    return found
