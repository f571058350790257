"""One verdict to give: its answer, its form, what is kept of it. Shared by the screens that show several at once.

Owns how a screen of verdicts is read and kept, with and without script. The rules are in ``services``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from submissions.solicitations.models import PostedItem

from . import judging, services
from .forms import FAILS, PASSES, JudgementForm
from .models import Assignment, Candidate, Consensus, Judgement, Verdict
from .reading import Anonymous, Answer


@dataclass
class Cell:
    """One criterion of one application on a screen.

    Attributes:
        candidate: The application.
        item: The criterion.
        answer: What the application says to it.
        form: What is chosen and typed.
        row: What is kept.
        others: What each evaluator gave alone, where the screen shows it.
        stored: What another window saved, where it differs from what is typed here.
    """

    candidate: Candidate
    item: PostedItem
    answer: Answer
    language: str
    form: JudgementForm
    row: Judgement | None
    others: list[Verdict] = field(default_factory=list)
    stored: Judgement | None = None

    @property
    def key(self) -> str:
        return key_of(self.candidate, self.item)

    @property
    def status(self) -> str:
        return status_of(self.row)

    @property
    def is_done(self) -> bool:
        return self.row is not None and self.row.passed is not None


def key_of(candidate: Candidate, item: PostedItem) -> str:
    """The prefix of the fields of one verdict."""
    return f"v{candidate.pk}-{item.pk}"


def status_of(row: Judgement | None) -> str:
    """How far a verdict is, in words."""
    if row is None or (row.choice is None and not row.reason):
        return _("No verdict yet.")
    if row.choice is None:
        return _("Kept. Choose the verdict.")
    if row.passed is None:
        return _("Kept. Write the reason: no verdict without one.")
    return _("Verdict kept.")


def verdict_cells(
    assignment: Assignment,
    asked: Iterable[tuple[Candidate, PostedItem]],
    texts: Mapping[int, Anonymous],
    data: Any = None,
) -> list[Cell]:
    """The verdicts of one evaluator on a screen."""
    asked = list(asked)
    rows = {
        (row.candidate_id, row.item_id): row
        for row in Verdict.objects.filter(
            assignment=assignment,
            candidate__in=[candidate for candidate, _item in asked],
            item__in=[item for _candidate, item in asked],
        )
    }
    return [
        _cell(candidate, item, texts, rows.get((candidate.pk, item.pk)), data) for candidate, item in asked
    ]


def agreed_cells(
    evaluators: list[Assignment],
    asked: Iterable[tuple[Candidate, PostedItem]],
    texts: Mapping[int, Anonymous],
    data: Any = None,
) -> list[Cell]:
    """What evaluators agree on a screen, with what each gave alone."""
    asked = list(asked)
    where: dict[str, Any] = {
        "candidate__in": {candidate.pk for candidate, _item in asked},
        "item__in": {item.pk for _candidate, item in asked},
    }
    rows = {(row.candidate_id, row.item_id): row for row in Consensus.objects.filter(**where)}
    alone: dict[tuple[int, int], list[Verdict]] = {}
    given = Verdict.objects.filter(assignment__in=evaluators, **where).select_related("assignment__evaluator")
    for verdict in given.order_by("assignment_id"):
        alone.setdefault((verdict.candidate_id, verdict.item_id), []).append(verdict)
    cells = []
    for candidate, item in asked:
        cell = _cell(candidate, item, texts, rows.get((candidate.pk, item.pk)), data)
        cell.others = alone.get((candidate.pk, item.pk), [])
        cells.append(cell)
    return cells


def _cell(
    candidate: Candidate,
    item: PostedItem,
    texts: Mapping[int, Anonymous],
    row: Judgement | None,
    data: Any,
) -> Cell:
    text, prefix = texts[candidate.pk], key_of(candidate, item)
    form = JudgementForm(data, prefix=prefix, initial=_initial(row))
    return Cell(candidate, item, text.answers[item.pk], text.language, form, row)


def _initial(row: Judgement | None) -> dict[str, Any]:
    if row is None:
        return {"version": 0}
    choice = {True: PASSES, False: FAILS}.get(row.choice) if row.choice is not None else None
    return {"choice": choice, "reason": row.reason, "version": row.version}


def keep(cells: Iterable[Cell], save: Callable[..., Judgement]) -> bool:
    """Keep what was typed in each of several cells; what cannot be kept says so in its place.

    Args:
        cells: Bound to what was sent.
        save: Takes candidate, item, choice, reason and seen, as ``judging.judge`` does.

    Returns:
        Whether all of it was kept.
    """
    whole = True
    for cell in cells:
        if not cell.form.is_valid():
            whole = False
            continue
        given = cell.form.given()
        kept = (cell.row.choice, cell.row.reason) if cell.row is not None else (None, "")
        if (given["choice"], given["reason"]) == kept:
            continue
        try:
            cell.row = save(candidate=cell.candidate, item=cell.item, **given)
        except judging.ChangedMeanwhile as conflict:
            cell.stored, whole = conflict.stored, False
            _take_version(cell, conflict.stored)
        except services.Refused as refusal:
            cell.form.add_error(None, refusal.messages)
            whole = False
    return whole


def _take_version(cell: Cell, stored: Judgement) -> None:
    """Sent once more, what is typed here takes the place of what was stored: its writer has seen both."""
    data: Any = cell.form.data
    cell.form.data = data = data.copy()
    data[cell.form.add_prefix("version")] = str(stored.version)
