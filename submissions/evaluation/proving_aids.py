"""What stands beside the verdicts can prove: questions, answers, hidden passages and translations are as recorded.

Called by ``proving``. Reads rows and acts only, decrypts nothing and shows no text. Imports no later stage.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from submissions.proposals import custody
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Finding, Recorded, Tell, broken, erased_digests, recorded

from . import on_record
from .aids import AnsweredForSupplier, Clarification, Redaction, WorkingTranslation

ASKED, ANSWERED, ANSWERED_FOR = (
    "clarification.asked",
    "clarification.answered",
    "clarification.answered_for",
)
HIDDEN, TRANSLATED = "evaluation.hidden", "working_translation.written"


def aids(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Texts beside the verdicts that were changed, added or taken away."""
    yield from _questions(file)
    yield from _entered(file)
    yield from _hidden(file)
    yield from _translations(file)


def _agree(act: Recorded | None, values: Mapping[str, Any], erased: Collection[str] = ()) -> bool:
    return act is not None and all(
        custody.is_as_recorded(act.data.get(name), value, erased) for name, value in values.items()
    )


def _by(acts: Iterable[Recorded], key: Callable[[Recorded], Any]) -> dict[Any, Recorded]:
    """The first act of each key: nothing of this is done twice."""
    found: dict[Any, Recorded] = {}
    for act in acts:
        found.setdefault(key(act), act)
    return found


def _questions(file: Solicitation) -> Iterator[Finding]:
    asked = _by(recorded(file, [ASKED]), lambda act: act.data.get("question"))
    answered = _by(recorded(file, [ANSWERED]), lambda act: act.data.get("question"))
    rows = Clarification.objects.filter(candidate__round__solicitation=file).select_related("candidate")
    found, erased = set(), erased_digests(file)
    for row in rows:
        found.add(row.pk)
        named = {"label": row.candidate.label, "question": row.pk}
        if not _agree(asked.get(row.pk), {"label": row.candidate.label, **on_record.question(row)}):
            yield broken(
                _(
                    "Question %(question)s to the supplier of application %(label)s is not the one that was recorded."
                ),
                **named,
            )
        if row.answered_at is None and not row.locked_answer and row.pk not in answered:
            continue
        if not _agree(answered.get(row.pk), {"label": row.candidate.label, **on_record.answer(row)}, erased):
            yield broken(
                _(
                    "The answer to question %(question)s, about application %(label)s, is not the one that was "
                    "recorded."
                ),
                **named,
            )
    for missing in sorted(asked.keys() - found, key=str):
        yield broken(_("Question %(question)s to a supplier was recorded, and it is gone."), question=missing)


def _entered(file: Solicitation) -> Iterator[Finding]:
    """Which answers staff typed in, and how they had come."""
    acts = _by(recorded(file, [ANSWERED_FOR]), lambda act: act.data.get("question"))
    rows = AnsweredForSupplier.objects.filter(clarification__candidate__round__solicitation=file)
    found = set()
    for row in rows:
        found.add(row.clarification_id)
        act = acts.get(row.clarification_id)
        if not _agree(act, on_record.entered(row)) or act is None or act.actor != str(row.entered_by_id):
            yield broken(
                _("How the answer to question %(question)s was entered is not what was recorded."),
                question=row.clarification_id,
            )
    for missing in sorted(acts.keys() - found, key=str):
        yield broken(
            _("Who entered the answer to question %(question)s was recorded, and it is gone."),
            question=missing,
        )


def _hidden(file: Solicitation) -> Iterator[Finding]:
    rows = Redaction.objects.filter(proposal__solicitation=file).select_related("proposal")
    by_key = {row.pk: row for row in rows.defer("proposal__sealed", "proposal__contact")}
    for act in recorded(file, [HIDDEN]):
        keys = act.data.get("rows") or []
        kept = [by_key.pop(key) for key in keys if key in by_key]
        whole = len(kept) == len(keys) and len({row.proposal_id for row in kept}) == 1
        if not whole or not _agree(act, on_record.hidden(kept)):
            yield broken(
                _("What was hidden of application %(label)s is not what was recorded."),
                label=act.data.get("label"),
            )
    for row in by_key.values():
        yield broken(
            _("Passages of application %(receipt)s are hidden without a record."),
            receipt=row.proposal.receipt_number,
        )


def _translations(file: Solicitation) -> Iterator[Finding]:
    acts = _by(recorded(file, [TRANSLATED]), lambda act: (act.data.get("label"), act.data.get("translation")))
    rows = WorkingTranslation.objects.filter(candidate__round__solicitation=file).select_related("candidate")
    erased = erased_digests(file)
    for row in rows:
        act = acts.pop((row.candidate.label, row.pk), None)
        if act is None and row.translated_at is None and not row.locked_texts:
            continue
        if (
            not _agree(act, on_record.translation(row), erased)
            or act is None
            or act.actor != str(row.translated_by_id)
        ):
            yield broken(
                _("The working translation of application %(label)s is not the one that was recorded."),
                label=row.candidate.label,
            )
    for act in acts.values():
        yield broken(
            _("A working translation of application %(label)s was recorded, and it is gone."),
            label=act.data.get("label"),
        )
