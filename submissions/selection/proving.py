"""What a selection can prove: commitments, lists, inputs and draws give each other again, in time and as recorded.

Answers the hook ``file_proofs`` for this stage. Computes with ``draw`` and reads the rows themselves. Imports no later
stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.evaluation import results as evaluated
from submissions.solicitations.enums import AFTER_SELECTION
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check, Finding, Recorded, Tell, broken, recorded

from . import draw, results
from .models import Draw, DrawCommitment, FrozenList, VoidedList

COMMITTED, FROZEN, DRAWN, VOIDED = "draw.committed", "draw.frozen", "draw.drawn", "draw.voided"


def checks(file: Solicitation) -> list[Check]:
    """The checks of this stage."""
    return [
        Check(
            "selection.commitments",
            gettext_lazy("Each secret of a draw is the one that was committed to, and recorded, before."),
            partial(commitments, file),
            order=310,
        ),
        Check(
            "selection.lists",
            gettext_lazy(
                "Each frozen list has the digest that was recorded, and holds what passed its evaluation."
            ),
            partial(lists, file),
            order=320,
        ),
        Check(
            "selection.draws",
            gettext_lazy(
                "Each draw gives the same order again, from an input that two people entered in time."
            ),
            partial(draws, file),
            order=330,
        ),
        Check(
            "selection.state",
            gettext_lazy("The file is selected by the one list that counts, and by nothing else."),
            partial(state, file),
            order=340,
        ),
    ]


def commitments(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Commitments that were not recorded, that vanished, or whose secret is another."""
    promised = [str(act.data.get("commitment")) for act in recorded(file, [COMMITTED])]
    rows = list(DrawCommitment.objects.filter(solicitation=file).order_by("sequence"))
    for row in rows:
        values = {"list": row.sequence}
        if row.digest not in promised:
            yield broken(_("List %(list)s: no act recorded this commitment."), **values)
        if draw.commitment(row.secret()) != row.digest:
            yield broken(_("List %(list)s: the secret that is kept is not the one committed to."), **values)
    drawn: list[Draw | VoidedList] = list(Draw.objects.filter(frozen_list__solicitation=file))
    for revealed in [*drawn, *_voided(file)]:
        commitment = revealed.frozen_list.commitment
        if draw.commitment(revealed.secret) != commitment.digest:
            yield broken(
                _("List %(list)s: the secret that was revealed is not the one committed to."),
                list=commitment.sequence,
            )
    if len(rows) < len(promised):
        yield broken(_("A commitment was recorded, and is gone."))


def _voided(file: Solicitation) -> list[VoidedList]:
    return list(VoidedList.objects.filter(frozen_list__solicitation=file))


def lists(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Lists that were changed, that vanished, or that hold something else than passed."""
    promised = {act.data.get("list"): act for act in recorded(file, [FROZEN])}
    for frozen in FrozenList.objects.filter(solicitation=file).select_related("commitment", "round"):
        sequence = frozen.commitment.sequence
        act = promised.pop(sequence, None)
        text = draw.canonical_list(file.number, sequence, frozen.round.digest, frozen.candidates)
        if act is None or act.data.get("digest") != frozen.digest:
            yield broken(_("List %(list)s: no act recorded its freeze with this digest."), list=sequence)
        if text != frozen.canonical or draw.sha256(text) != frozen.digest:
            yield broken(_("List %(list)s does not give the digest that was published."), list=sequence)
        if not _is_voided(frozen) and sorted(evaluated.passing(file)) != frozen.candidates:
            yield broken(_("List %(list)s does not hold what passed the evaluation."), list=sequence)
        if frozen.frozen_at <= frozen.commitment.made_at:
            yield broken(_("List %(list)s was frozen before its secret was committed to."), list=sequence)
    for gone in promised:
        yield broken(_("List %(list)s was recorded as frozen, and is gone."), list=gone)


def _is_voided(frozen: FrozenList) -> bool:
    return VoidedList.objects.filter(frozen_list=frozen).exists()


def draws(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Draws whose order, text, input or times do not follow from what was published before."""
    promised = {act.data.get("list"): act for act in recorded(file, [DRAWN])}
    rows = Draw.objects.filter(frozen_list__solicitation=file)
    for drawn in rows.select_related("frozen_list__commitment", "first", "second"):
        sequence = drawn.frozen_list.commitment.sequence
        for sentence in _faults(file, drawn, promised.pop(sequence, None)):
            yield broken(sentence, list=sequence)
    for gone in promised:
        yield broken(_("List %(list)s was recorded as drawn, and the draw is gone."), list=gone)


def _faults(file: Solicitation, drawn: Draw, act: Recorded | None) -> Iterator[str]:
    frozen, one, other = drawn.frozen_list, drawn.first, drawn.second
    source = frozen.commitment.source
    public_input = source.public_input(frozen.occurrence, (one.text, other.text))
    text = draw.public_text(file.number, frozen.digest, drawn.secret, public_input)
    if act is None or act.data.get("text") != drawn.public_text:
        yield _("List %(list)s: no act recorded a draw with this public text.")
    if one.entered_by_id == other.entered_by_id or not (source.is_witnessed or one.text == other.text):
        yield _("List %(list)s: the public input is not what two people entered.")
    if text != drawn.public_text:
        yield _("List %(list)s: the public text is not made of what was published.")
    if [ranked.name for ranked in draw.order(frozen.candidates, drawn.public_text)] != drawn.order:
        yield _("List %(list)s: the stored order is not the one that the public text gives.")
    entered = (one.entered_at, other.entered_at)
    if frozen.occurs_at is None or not frozen.frozen_at <= frozen.occurs_at < min(entered):
        yield _("List %(list)s: the public input was entered before it was known.")
    if drawn.drawn_at <= max(entered):
        yield _("List %(list)s was drawn before the public input was entered.")


def state(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Whether the file is where its lists say, and whether voids were recorded."""
    is_selected = file.state in AFTER_SELECTION
    if is_selected != bool(results.order_of(file)):
        yield broken(_("The state of the file does not follow from its lists."))
    voids = [act.data.get("list") for act in recorded(file, [VOIDED])]
    rows = [row.frozen_list.commitment.sequence for row in _voided(file)]
    if sorted(map(str, voids)) != sorted(map(str, rows)):
        yield broken(_("The lists that are void are not those that were recorded as voided."))
