"""Why this supplier: the evaluation with every verdict and reason, and the random selection with what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microacq_pages.formats import labelled
from submissions.awards.translation_models import TranslatedReasons
from submissions.evaluation import boards
from submissions.evaluation.aids import Clarification
from submissions.evaluation.enums import RoundState
from submissions.evaluation.models import Assignment, Round
from submissions.selection import public
from submissions.solicitations.enums import State

from .. import rich
from ..documents import document
from ..words import About, Run, Words, Writer
from .saying import FACTS, moment, person, written

if TYPE_CHECKING:
    from submissions.evaluation.boards import Board
    from submissions.solicitations.models import Solicitation

#: Rounds that were signed off: what is under way may still change.
_SIGNED = (RoundState.SIGNED, RoundState.VOIDED)


@document("evaluation", order=400, title=gettext_lazy("Evaluation"))
def write_evaluation(file: Solicitation, writer: Writer) -> None:
    """Who evaluated, what each criterion was judged by, every final verdict with its reason."""
    rounds = Round.objects.filter(solicitation=file, state__in=_SIGNED)
    for round in rounds.select_related("solicitation", "posting", "signed_by").order_by("number"):
        _write_round(boards.read(round), writer)


def _write_round(board: Board, writer: Writer) -> None:
    round, language = board.round, writer.language
    writer.heading(_("Evaluation, round %(number)s") % {"number": round.number})
    passed = {each.pk for each in board.passing()}
    writer.facts(
        _("The evaluation"),
        FACTS,
        [
            (_("State"), round.get_state_display()),
            (_("Begun"), moment(round.begun_at, language)),
            (_("Signed off by"), person(round.signed_by)),
            (_("Signed off"), moment(round.signed_at, language)),
            (_("Applications evaluated"), str(len(board.candidates))),
            (_("Passed every criterion"), str(len(passed))),
            (_("Digest of the verdicts signed off, SHA-256"), round.digest),
            (_("Declared void"), moment(round.voided_at, language)),
            (_("Why it was reopened"), round.void_reason),
        ],
    )
    _write_people(round, writer)
    writer.heading(_("Results"), 3)
    writer.table(
        _("Results of the evaluation"),
        (_("Number among the evaluators"), _("Receipt number"), _("Result")),
        [
            (
                str(each.label),
                each.proposal.receipt_number,
                _("Passed every criterion") if each.pk in passed else _("Did not meet every criterion"),
            )
            for each in board.candidates
        ],
    )
    for item in board.items:
        writer.heading(rich.runs_of(getattr(item, f"text_{language}")), 3)
        rows: list[tuple[Words, ...]] = []
        for each in board.candidates:
            final = board.finals[each.pk, item.pk]
            reason = written(final.reason, by=final.language, document=language, about=About.ADVICE)
            rows.append((each.proposal.receipt_number, _("Pass") if final.passed else _("Fail"), reason))
        writer.table(_("Verdicts by application"), (_("Receipt number"), _("Verdict"), _("Reason")), rows)
    _write_translations(board, writer)
    _write_clarifications(round, writer)


def _write_people(round: Round, writer: Writer) -> None:
    people = Assignment.objects.filter(round=round).select_related("evaluator").order_by("pk")
    writer.heading(_("Evaluators"), 3)
    writer.table(
        _("Evaluators, what they attested and when"),
        (_("Evaluator"), _("Attested"), _("Handed in"), _("Evaluates no more")),
        [
            (
                person(each.evaluator),
                moment(each.attested_at, writer.language),
                moment(each.handed_in_at, writer.language),
                labelled(each.get_ended_display(), each.ended_reason, writer.language)
                if each.ended_reason
                else each.get_ended_display(),
            )
            for each in people
        ],
    )


def _write_clarifications(round: Round, writer: Writer) -> None:
    asked = Clarification.objects.filter(candidate__round=round).select_related(
        "candidate__proposal", "asked_by__evaluator", "taken__entered_by"
    )
    rows: list[tuple[Words, ...]] = [
        (
            each.candidate.proposal.receipt_number,
            f"{each.question}\n({moment(each.asked_at, writer.language)})",
            Run(each.answer(), about=About.SUPPLIER),
            _how_it_came(each, writer.language),
        )
        for each in asked.defer("candidate__proposal__sealed", "candidate__proposal__contact")
    ]
    if rows:
        writer.heading(_("Questions to suppliers"), 3)
        writer.table(
            _("Questions to suppliers and their answers"),
            (_("Receipt number"), _("Question"), _("Answer"), _("How it came")),
            rows,
        )


def _how_it_came(asked: Clarification, language: str) -> str:
    """By the supplier’s own link, or entered by staff, and when."""
    if asked.answered_at is None:
        return ""
    entered = getattr(asked, "taken", None)
    if entered is None:
        return _("From the supplier, %(moment)s") % {"moment": moment(asked.answered_at, language)}
    return _("%(how)s, entered by %(person)s, %(moment)s") % {
        "how": entered.get_entered_how_display(),
        "person": person(entered.entered_by),
        "moment": moment(entered.entered_at, language),
    }


def _write_translations(board: Board, writer: Writer) -> None:
    """The reasons as a supplier read them in the own language, where that was asked for."""
    texts = {str(item.identity): item for item in board.items}
    written_since = TranslatedReasons.objects.filter(
        candidate__round=board.round, translated_at__isnull=False
    ).select_related("candidate__proposal", "translated_by")
    for each in written_since.defer("candidate__proposal__sealed", "candidate__proposal__contact"):
        receipt = each.candidate.proposal.receipt_number
        writer.heading(_("Reasons on application %(receipt)s, translated") % {"receipt": receipt}, 3)
        writer.facts(
            _("The translation"),
            FACTS,
            [
                (_("Into"), each.get_language_display()),
                (_("Translated by"), person(each.translated_by)),
                (_("Translated"), moment(each.translated_at, writer.language)),
            ],
        )
        writer.table(
            _("Reasons as they were translated"),
            (_("Criterion"), _("Reason")),
            [
                (
                    rich.runs_of(getattr(texts[identity], f"text_{writer.language}")),
                    written(text, by=each.language, document=writer.language, about=About.ADVICE),
                )
                for identity, text in each.texts().items()
                if identity in texts
            ],
        )


@document("selection", order=410, title=gettext_lazy("Rationale of the selection"))
def write_selection(file: Solicitation, writer: Writer) -> None:
    """The rule, the frozen list, the public input, the order; and lists that were voided, with the reason."""
    if file.state in (State.POSTED, State.OPENED) and not file.frozen_lists.exists():
        return
    told = public.told_of(file)
    if not any(each.frozen for each in told):
        return
    writer.say(
        _(
            "Every application that met every criterion had the same chance. Where several did, the order was drawn at "
            "random from a secret that was committed to when the opportunity was posted and from a public input that "
            "nobody could choose. Anybody can repeat the draw from the numbers below."
        )
    )
    for each in told:
        if each.frozen is not None:
            _write_list(each, writer)


def _write_list(told: public.Told, writer: Writer) -> None:
    frozen, language = told.frozen, writer.language
    if frozen is None:
        return
    writer.heading(_("List %(number)s") % {"number": told.commitment.sequence})
    drawn, voided = told.drawn, told.voided
    writer.facts(
        _("The list and its draw"),
        FACTS,
        [
            (_("Commitment, SHA-256 of the secret"), told.commitment.digest),
            (_("Commitment published"), moment(told.commitment.made_at, language)),
            (_("Source of the public input"), str(told.commitment.source.label)),
            (_("List frozen"), moment(frozen.frozen_at, language)),
            (_("List frozen by"), person(frozen.frozen_by)),
            (_("Applications on the list"), str(len(frozen.candidates))),
            (_("Digest of the list, SHA-256"), frozen.digest),
            (_("Result of the source that counts"), frozen.occurrence),
            (_("Public input"), drawn.public_input if drawn else ""),
            (_("Secret"), told.secret),
            (_("Public text"), drawn.public_text if drawn else ""),
            (_("Drawn"), moment(drawn.drawn_at, language) if drawn else ""),
            (_("Drawn by"), person(drawn.drawn_by) if drawn else ""),
            (_("Declared void"), moment(voided.voided_at, language) if voided else ""),
            (_("Why"), voided.get_reason(language) if voided else ""),
        ],
    )
    if told.is_single:
        writer.say(
            _("One application met every criterion: %(receipt)s. It is selected, and nothing was drawn.")
            % {"receipt": frozen.candidates[0]}
        )
    writer.table(
        _("The drawn order"),
        (_("Place"), _("Receipt number"), _("Hash, SHA-256")),
        [(str(place), each.name, each.hash) for place, each in enumerate(told.ranked, start=1)],
    )
