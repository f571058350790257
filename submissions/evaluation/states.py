"""The state machine of a round of evaluation, as one table (DESIGN rule 9). Knows no database.

``services`` alone carries it out; a trigger holds the same table. ``sign_off`` and ``void`` are carried out by the
transitions ``sign_off`` and ``reopen`` of the file, so that file and round never differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from .enums import RoundState

EVALUATE = "submissions.evaluate_proposal"
ASSIGN = "submissions.assign_evaluator"
SIGN_OFF = "submissions.sign_off_evaluation"
REOPEN = "submissions.reopen_evaluation"
VIEW = "submissions.view_evaluation"
REDACT = "submissions.redact_proposal"
TRANSLATE = "submissions.translate_proposal"


@dataclass(frozen=True)
class Move:
    """One way from a state of a round to another.

    Attributes:
        name: What the code calls it.
        sources: States from which it starts.
        target: State in which it ends.
        act: What the audit records.
        permission: Who may, as ``app.codename``.
        needs_reason: No reason, no decision (DESIGN rule 7).
    """

    name: str
    sources: frozenset[RoundState]
    target: RoundState
    act: str
    permission: str
    needs_reason: bool = False


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        # The last of several evaluators hands in, and they differ somewhere.
        Move(
            "compare",
            frozenset({RoundState.WORKING}),
            RoundState.AGREEING,
            "evaluation.handed_in",
            EVALUATE,
        ),
        # The only evaluator hands in, or the last of several who do not differ.
        Move(
            "submit",
            frozenset({RoundState.WORKING}),
            RoundState.SUBMITTED,
            "evaluation.handed_in",
            EVALUATE,
        ),
        Move(
            "agree",
            frozenset({RoundState.AGREEING}),
            RoundState.SUBMITTED,
            "evaluation.agreed",
            EVALUATE,
        ),
        # Back to the one evaluator, or to the several, who then agree anew: what each wrote alone stays.
        Move(
            "send_back",
            frozenset({RoundState.SUBMITTED}),
            RoundState.WORKING,
            "evaluation.sent_back",
            SIGN_OFF,
            needs_reason=True,
        ),
        Move(
            "send_back_to_several",
            frozenset({RoundState.SUBMITTED}),
            RoundState.AGREEING,
            "evaluation.sent_back",
            SIGN_OFF,
            needs_reason=True,
        ),
        Move("sign_off", frozenset({RoundState.SUBMITTED}), RoundState.SIGNED, "file.evaluated", SIGN_OFF),
        Move(
            "void",
            frozenset({RoundState.SIGNED}),
            RoundState.VOIDED,
            "file.evaluation_reopened",
            REOPEN,
            needs_reason=True,
        ),
    )
}


def allowed(before: str, after: str) -> bool:
    """Whether any move leads from one state to another, whoever asks."""
    return any(before in move.sources and after == move.target for move in MOVES.values())
