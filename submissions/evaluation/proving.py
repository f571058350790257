"""What the evaluation can prove: every verdict and reason is what was signed, by another, of people without a conflict.

Answers the hook ``file_proofs`` of this stage. Reads only, and shows no reason. Imports no later stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import Check, Finding, Recorded, Tell, broken, counted, recorded
from submissions.solicitations.proving import moment

from . import boards, proving_aids
from .enums import RoundState
from .models import Assignment, Round

SUBMITTED, ATTESTED, SIGNED = "evaluation.submitted", "evaluation.attested", "file.evaluated"
#: The states of a round of which the verdicts were handed in as they are.
COMPLETE = frozenset({RoundState.SIGNED, RoundState.VOIDED})


def checks(file: Solicitation) -> list[Check]:
    """The checks of this stage."""
    return [
        Check(
            "evaluation.verdicts",
            gettext_lazy("Every verdict with its reason is the one that was submitted and signed off."),
            partial(verdicts, file),
            order=310,
        ),
        Check(
            "evaluation.people",
            gettext_lazy("Each evaluator attested first, and another person signed the evaluation off."),
            partial(people, file),
            order=320,
        ),
        Check(
            "evaluation.aids",
            gettext_lazy(
                "What suppliers were asked and answered, what was hidden of their texts, and each working translation "
                "is as it was recorded."
            ),
            partial(proving_aids.aids, file),
            order=330,
        ),
    ]


def _rounds(file: Solicitation) -> list[Round]:
    rows = (
        Round.objects.filter(solicitation=file).exclude(digest="").select_related("solicitation", "posting")
    )
    return [round for round in rows.order_by("number") if RoundState(round.state) in COMPLETE]


def _of_round(acts: list[Recorded]) -> dict[int, Recorded]:
    """The last act of each round."""
    return {int(act.data.get("round", 0)): act for act in acts}


def verdicts(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Rounds whose verdicts and reasons no longer give the digest that was recorded and signed."""
    submitted = _of_round(recorded(file, [SUBMITTED]))
    for round in counted(_rounds(file), tell):
        computed = boards.read(round).digest()
        if computed != round.digest:
            yield broken(
                _("Evaluation, round %(round)s: a verdict or a reason was changed after it was signed off."),
                round=round.number,
            )
        act = submitted.get(round.number)
        if act is None or act.data.get("digest") != round.digest:
            yield broken(
                _("Evaluation, round %(round)s: what was signed off is not what was recorded as submitted."),
                round=round.number,
            )


def people(file: Solicitation, tell: Tell) -> Iterator[Finding]:
    """Evaluators without a recorded attestation before their first verdict, and sign-offs by an evaluator."""
    attested = {(act.actor, act.data.get("round")) for act in recorded(file, [ATTESTED])}
    signed = {act.actor for act in recorded(file, [SIGNED])}
    for round in _rounds(file):
        rows = Assignment.objects.filter(round=round)
        for row in rows:
            number = {"round": round.number, "person": row.evaluator_id}
            if row.handed_in_at and (str(row.evaluator_id), round.number) not in attested:
                yield broken(
                    _("Evaluation, round %(round)s: no act recorded the attestation of account %(person)s."),
                    **number,
                )
            if row.handed_in_at and not (row.attested_at and row.attested_at <= row.handed_in_at):
                yield broken(
                    _(
                        "Evaluation, round %(round)s: account %(person)s handed in at %(time)s and attested later."
                    ),
                    **number,
                    time=moment(row.handed_in_at),
                )
            if row.evaluator_id == round.signed_by_id:
                yield broken(
                    _("Evaluation, round %(round)s: account %(person)s evaluated and signed off."), **number
                )
        if str(round.signed_by_id) not in signed:
            yield broken(
                _("Evaluation, round %(round)s: no act recorded the sign-off by account %(person)s."),
                round=round.number,
                person=round.signed_by_id,
            )
