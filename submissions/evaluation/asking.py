"""What evaluators ask for beside judging: an answer of the supplier, a working translation, names to be hidden.

Each act is one transaction with its record. Questions go out through the site, so that nobody learns who is written to;
the answer comes by the supplier's own link or the one in the letter. Imports no view.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from microacq_pages import business_days
from submissions.audit.services import record
from submissions.proposals import custody, sealing
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import InvalidLink, SupplierLink
from submissions.solicitations.enums import State
from submissions.solicitations.services import Actor, database_clock
from submissions.typed_text import normalise

from . import boards, identification, letters, on_record, people, reading, services, states
from .aids import (
    ANSWER_LENGTH,
    QUESTION_LENGTH,
    Clarification,
    Recognition,
    Redaction,
    WorkingTranslation,
)
from .enums import RoundState
from .models import Assignment, Candidate, Round

if TYPE_CHECKING:
    from submissions.solicitations.models import PostedItem

#: Business days that a supplier has to answer: a business rule, the pilot wrote to suppliers and waited days.
DAYS_TO_ANSWER = 3

ASKING = (RoundState.WORKING, RoundState.AGREEING)


class TooLate(Exception):
    """The time to answer has passed, or it was answered before."""


def _asking(assignment: Assignment, user: Actor, act: str) -> Assignment:
    held = services.own(assignment, user, act, lock=False)
    file = held.round.solicitation
    if held.attested_at is None or held.round.state not in ASKING or file.state != State.OPENED:
        services.refuse(file, act, user, [_("This can no longer be done.")])
    return held


# --- clarification -----------------------------------------------------------------------------


@transaction.atomic
def ask_supplier(
    assignment: Assignment, *, user: Actor, candidate: Candidate, item: PostedItem, question: str
) -> Clarification:
    """Ask the supplier of one application what a passage means; the letter goes out at once.

    Raises:
        services.Refused: it is not theirs to ask, too late, or there is no question. It is recorded.
    """
    held = _asking(assignment, user, "clarification.asked")
    file = held.round.solicitation
    question = normalise(question.replace("\x00", ""))
    if not question or len(question) > QUESTION_LENGTH:
        services.refuse(
            file,
            "clarification.asked",
            user,
            [_("Write the question, in %(limit)d characters or fewer.") % {"limit": QUESTION_LENGTH}],
        )
    link = SupplierLink.generate()
    asked = Clarification.objects.create(
        candidate=candidate,
        item=item,
        asked_by=held,
        question=question,
        due_at=due_from(database_clock()),
        link_digest=link.digest,
    )
    asked.refresh_from_db(fields=["due_at"])
    record(
        file,
        "clarification.asked",
        user=user,
        data={"number": file.number, "label": candidate.label, **on_record.question(asked)},
    )
    letters.ask(asked, link)
    return asked


def due_from(moment: datetime) -> datetime:
    """Until when an answer is taken: the same time of day, some business days later (UTC)."""
    return business_days.add_business_days(moment, DAYS_TO_ANSWER)


def questions_of(token: str) -> list[Clarification]:
    """What the supplier of a link is asked: the own link of an application, or one that a letter carried."""
    try:
        link = SupplierLink.from_token(token)
    except InvalidLink:
        return []
    rows = Clarification.objects.select_related("candidate__round__solicitation", "item")
    mailed = rows.filter(link_digest=link.digest).first()
    if mailed is not None:
        return list(rows.filter(candidate__proposal_id=mailed.candidate.proposal_id))
    current = Proposal.objects.sent().of_link(link).values("pk")
    return list(rows.filter(candidate__proposal__in=current))


def takes_answer(asked: Clarification) -> bool:
    """Whether a question can still be answered, by the database's clock."""
    round = asked.candidate.round
    return (
        asked.answered_at is None
        and round.state in ASKING
        and round.solicitation.state == State.OPENED
        and database_clock() < asked.due_at
    )


@transaction.atomic
def answer(asked: Clarification, text: str) -> Clarification:
    """Keep a supplier's answer, encrypted. The same sent again changes nothing.

    Args:
        asked: One of ``questions_of`` the supplier's link.
        text: Clean, neither blank nor longer than ``ANSWER_LENGTH``.

    Raises:
        TooLate: the time has passed, or something else was answered before.
    """
    held = (
        Clarification.objects.select_for_update(of=("self",))
        .select_related("candidate__round__solicitation", "candidate__proposal")
        .defer("candidate__proposal__sealed")
        .get(pk=asked.pk)
    )
    if held.answered_at is not None and held.answer() == text:
        return held
    if not takes_answer(held) or not text.strip() or len(text) > ANSWER_LENGTH:
        raise TooLate
    held.locked_answer, held.answered_at = custody.lock(text.encode()), database_clock()
    held.save(update_fields=["locked_answer", "answered_at"])
    held.refresh_from_db(fields=["answered_at"])
    file = held.candidate.round.solicitation
    record(
        file,
        "clarification.answered",
        data={"number": file.number, "label": held.candidate.label, **on_record.answer(held)},
    )
    return held


# --- working translations ----------------------------------------------------------------------


@transaction.atomic
def ask_translation(assignment: Assignment, *, user: Actor, candidate: Candidate) -> WorkingTranslation:
    """Ask translators for a translation of one application into the other language; asking twice asks once."""
    held = _asking(assignment, user, "working_translation.requested")
    file = held.round.solicitation
    language = "fr" if candidate.proposal.language == "en" else "en"
    wanted, created = WorkingTranslation.objects.get_or_create(
        candidate=candidate, language=language, defaults={"requested_by": held}
    )
    if created:
        record(
            file,
            "working_translation.requested",
            user=user,
            data={"number": file.number, "label": candidate.label, "language": language},
        )
    return wanted


@transaction.atomic
def translate(wanted: WorkingTranslation, *, user: Actor, texts: Mapping[str, str]) -> WorkingTranslation:
    """Keep a working translation, encrypted, once and whole.

    Args:
        wanted: What was asked for.
        user: Who translated.
        texts: A translation for each criterion, by its identity.

    Raises:
        PermissionDenied: the user does not translate applications.
        services.Refused: it was written before, or an answer is missing. It is recorded.
    """
    held = WorkingTranslation.objects.select_for_update(of=("self",)).get(pk=wanted.pk)
    round = Round.objects.select_related("solicitation").get(pk=held.candidate.round_id)
    file = round.solicitation
    services.require(states.TRANSLATE, file, "working_translation.written", user)
    reasons = []
    if held.translated_at is not None or round.state not in ASKING or file.state != State.OPENED:
        reasons.append(_("This can no longer be done."))
    if people.is_evaluator(round, user):
        reasons.append(_("Who evaluates a file does not translate for it."))
    wanted_items = {str(item.identity) for item in boards.criteria_of(round)}
    clean = {key: normalise(text.replace("\x00", "")) for key, text in texts.items() if key in wanted_items}
    if any(not clean.get(key) for key in wanted_items):
        reasons.append(_("Write the translation of every answer."))
    if reasons:
        services.refuse(file, "working_translation.written", user, reasons)
    held.locked_texts = custody.lock(json.dumps(clean).encode())
    held.translated_by_id, held.translated_at = user.pk, database_clock()
    held.save(update_fields=["locked_texts", "translated_by", "translated_at"])
    record(
        file,
        "working_translation.written",
        user=user,
        data={"number": file.number, "label": held.candidate.label, **on_record.translation(held)},
    )
    return held


# --- names in texts ----------------------------------------------------------------------------


@transaction.atomic
def recognize(assignment: Assignment, *, user: Actor, candidate: Candidate) -> Recognition:
    """Say that a text tells who sent it, so that somebody hides it; saying it twice says it once."""
    held = _asking(assignment, user, "evaluation.recognized")
    said, created = Recognition.objects.get_or_create(candidate=candidate, said_by=held)
    if created:
        file = held.round.solicitation
        record(
            file, "evaluation.recognized", user=user, data={"number": file.number, "label": candidate.label}
        )
    return said


@transaction.atomic
def hide(
    round: Round, *, user: Actor, candidate: Candidate, passages: Mapping[int, list[str]]
) -> list[Redaction]:
    """Hide passages of an application from its readers; the original stays as it is.

    Args:
        round: The round.
        user: Who may see names, and hides them.
        candidate: The application.
        passages: For each criterion what is hidden of its answer, letter for letter; everything hidden so far that is
            not named is shown again.

    Raises:
        PermissionDenied: the user may not.
        services.Refused: the evaluation was submitted, or a passage does not stand in the text. It is recorded.
    """
    file, made_by = round.solicitation, int(user.pk or 0)
    services.require(states.REDACT, file, "evaluation.hidden", user)
    reasons = []
    if round.state not in ASKING or file.state != State.OPENED:
        reasons.append(_("This can no longer be done."))
    text = reading.originals([candidate])[candidate.proposal_id]
    made = []
    for item in boards.criteria_of(round):
        written = text["answers"].get(str(item.identity), "")
        wanted = [each for each in passages.get(item.pk, []) if each.strip()]
        absent = [each for each in wanted if each.strip() not in written]
        reasons += [
            _("“%(passage)s” does not stand in the answer to criterion %(criterion)d.")
            % {"passage": each.strip()[:80], "criterion": item.position}
            for each in absent
        ]
        made.append(
            Redaction(
                proposal=candidate.proposal,
                item=item,
                spans=[list(span) for span in identification.places(written, wanted)],
                text_digest=sealing.digest(written.encode()),
                made_by_id=made_by,
            )
        )
    if reasons:
        # The passages themselves are the supplier's words, and stay out of the record.
        services.refuse_privately(file, "evaluation.hidden", user, reasons)
    for row in made:
        row.save()
    record(
        file,
        "evaluation.hidden",
        user=user,
        data={
            "number": file.number,
            "label": candidate.label,
            "count": sum(len(row.spans) for row in made),
            **on_record.hidden(made),
        },
    )
    return made
