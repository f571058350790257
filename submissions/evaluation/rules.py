"""What follows from verdicts: what is complete, where evaluators differ, what is final, who passes. Knows no database.

A *cell* is one application and one criterion, by their keys. A verdict of ``None`` is not given yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Application and criterion.
Cell = tuple[int, int]


@dataclass(frozen=True)
class Given:
    """A verdict with its reason.

    Attributes:
        passed: Whether the criterion is met; None while no verdict is given.
        reason: Why, as it was written.
        language: Of the reason, ``en`` or ``fr``.
    """

    passed: bool | None
    reason: str
    language: str


#: What each evaluator gave, by evaluator and cell.
Alone = Mapping[int, Mapping[Cell, Given]]


def cells(candidates: Iterable[int], criteria: Iterable[int]) -> list[Cell]:
    """Everything that is to be judged, application by application."""
    criteria = list(criteria)
    return [(candidate, criterion) for candidate in candidates for criterion in criteria]


def missing(wanted: Iterable[Cell], given: Mapping[Cell, Given]) -> list[Cell]:
    """The cells that have no verdict yet."""
    return [cell for cell in wanted if cell not in given or given[cell].passed is None]


def differences(wanted: Iterable[Cell], alone: Alone) -> list[Cell]:
    """The cells in which some passed and some failed the application.

    Args:
        wanted: Every cell.
        alone: Complete verdicts of every evaluator who counts.
    """
    return [cell for cell in wanted if len({given[cell].passed for given in alone.values()}) > 1]


def unsettled(wanted: Iterable[Cell], alone: Alone, agreed: Mapping[Cell, Given]) -> list[Cell]:
    """The cells in which evaluators differ and no consensus with a reason is written."""
    return missing(differences(wanted, alone), agreed)


def reasons(cell: Cell, alone: Alone, agreed: Mapping[Cell, Given]) -> list[Given]:
    """The reasons behind the verdict that counts, each in its own language: the agreed one, or what each gave alone.

    The same words of several stand there once; in the order of the evaluators.
    """
    if cell in agreed and agreed[cell].passed is not None:
        return [agreed[cell]]
    given = [alone[evaluator][cell] for evaluator in sorted(alone)]
    return list({each.reason: each for each in reversed(given)}.values())[::-1]


def final(cell: Cell, alone: Alone, agreed: Mapping[Cell, Given]) -> Given:
    """The verdict that counts: the consensus where there is one, else what all gave alone.

    The reasons of several who agree are put one after the other, in the order of the evaluators.

    Raises:
        ValueError: evaluators differ and there is no consensus, or a verdict is missing.
    """
    if cell in agreed and agreed[cell].passed is not None:
        return agreed[cell]
    given = [alone[evaluator][cell] for evaluator in sorted(alone)]
    outcomes = {each.passed for each in given}
    if len(outcomes) != 1 or None in outcomes:
        raise ValueError(f"The verdict of {cell} is not final.")
    reasons = list(dict.fromkeys(each.reason for each in given))
    languages = {each.language for each in given}
    language = languages.pop() if len(languages) == 1 else ""
    return Given(given[0].passed, "\n\n".join(reasons), language)


def passing(candidates: Iterable[int], criteria: Iterable[int], finals: Mapping[Cell, Given]) -> list[int]:
    """The applications that passed every criterion; where there is no criterion, none does."""
    criteria = list(criteria)
    return [
        candidate
        for candidate in candidates
        if criteria and all(finals[candidate, criterion].passed is True for criterion in criteria)
    ]
