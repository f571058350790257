"""Verdicts: what an evaluator gives alone, and what evaluators agree where they differed.

Owns the writing of both, version by version, so that a window overwrites only what it has shown. Imports no view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils import translation as languages
from django.utils.translation import gettext as _

from microacq_pages.formats import known_language
from submissions.solicitations.services import Actor

from . import services
from .enums import RoundState
from .models import Assignment, Candidate, Consensus, Judgement, Verdict

if TYPE_CHECKING:
    from submissions.solicitations.models import PostedItem

Kind = TypeVar("Kind", bound=Judgement)


class ChangedMeanwhile(Exception):
    """Another window saved something else; ``stored`` is what stands there now."""

    def __init__(self, stored: Judgement) -> None:
        super().__init__()
        self.stored = stored


@transaction.atomic
def judge(
    assignment: Assignment,
    *,
    user: Actor,
    candidate: Candidate,
    item: PostedItem,
    choice: bool | None,
    reason: str,
    seen: int = 0,
    language: str = "",
) -> Verdict:
    """Keep what an evaluator chose and typed for one criterion of one application.

    Args:
        assignment: The evaluator's.
        user: Who types.
        candidate: The application.
        item: The criterion.
        choice: Passed or not; None while nothing is chosen.
        reason: What is typed so far.
        seen: The version that the window showed; 0 for none.
        language: Of the reason; the active one where it is not said.

    Raises:
        ChangedMeanwhile: another window saved something else.
        Refused: it is not theirs to judge, not attested, or handed in. It is recorded.
    """
    held = services.own(assignment, user, "evaluation.judged", lock=False)
    require_judging(held, user)
    return _keep(
        Verdict,
        {"assignment": held, "candidate": candidate, "item": item},
        {},
        (choice, services.clean_reason(reason), language),
        seen,
    )


def require_judging(held: Assignment, user: Actor) -> None:
    """Refuse verdicts before the attestation, and after handing in.

    Raises:
        Refused: this evaluator cannot judge now. It is recorded.
    """
    if held.attested_at is None:
        services.refuse(
            held.round.solicitation,
            "evaluation.judged",
            user,
            [_("Attest first that you have no conflict of interest.")],
        )
    services.require_state(held, RoundState.WORKING, "evaluation.judged", user)
    if held.handed_in_at is not None:
        services.refuse(
            held.round.solicitation, "evaluation.judged", user, [_("You have handed in: your verdicts stay.")]
        )


@transaction.atomic
def agree_on(
    assignment: Assignment,
    *,
    user: Actor,
    candidate: Candidate,
    item: PostedItem,
    choice: bool | None,
    reason: str,
    seen: int = 0,
    language: str = "",
) -> Consensus:
    """Keep what the evaluators agree for one criterion of one application; who had agreed to the whole agrees anew.

    Raises:
        ChangedMeanwhile: somebody else saved something else.
        Refused: the evaluators are not agreeing now. It is recorded.
    """
    held = services.own(assignment, user, "evaluation.agreed", lock=False)
    require_agreeing(held, user)
    kept = _keep(
        Consensus,
        {"candidate": candidate, "item": item},
        {"written_by": held},
        (choice, services.clean_reason(reason), language),
        seen,
    )
    Assignment.objects.filter(round=held.round, agreed_at__isnull=False).update(agreed_at=None)
    return kept


def require_agreeing(held: Assignment, user: Actor) -> None:
    """Refuse agreed verdicts while somebody judges alone, and after the submission.

    Raises:
        Refused: the evaluators are not agreeing now. It is recorded.
    """
    services.require_state(held, RoundState.AGREEING, "evaluation.agreed", user)


def _keep(
    model: type[Kind],
    key: dict[str, Any],
    beside: dict[str, Any],
    typed: tuple[bool | None, str, str],
    seen: int,
) -> Kind:
    choice, reason, language = typed
    language = language or known_language(languages.get_language())
    row: Any = model._default_manager.select_for_update().filter(**key).first()
    if row is None:
        values = {"choice": choice, "reason": reason, "language": language}
        # Two windows may be the first at once: then the second finds the row of the first.
        row, created = model._default_manager.get_or_create(**key, defaults={**values, **beside})
        if created:
            return _reread(row)
    if (row.choice, row.reason) == (choice, reason):
        return _reread(row)
    if row.version != seen:
        raise ChangedMeanwhile(row)
    row.choice, row.reason, row.language = choice, reason, language
    row.version += 1
    for field, value in beside.items():
        setattr(row, field, value)
    row.save(update_fields=["choice", "reason", "language", "version", *beside])
    return _reread(row)


def _reread(row: Any) -> Any:
    row.refresh_from_db()
    return row
