"""Translations of the reasons of an evaluation: asked for by the supplier, written by a translator.

They stand beside the original, which alone counts and stays as it was signed. Owns both acts, each recorded. Imports no
view.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from microacq_pages.waiting import WaitingItem
from submissions.audit.services import record
from submissions.evaluation import people
from submissions.evaluation import results as evaluation
from submissions.evaluation import services as rounds
from submissions.evaluation.states import TRANSLATE
from submissions.proposals import custody
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock
from submissions.typed_text import normalise

from . import letters, outcome
from .enums import Result
from .models import lock_words
from .translation_models import TranslatedReasons

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.evaluation.results import Judged
    from submissions.proposals.models import Proposal

#: Business days within which it should be written.
TARGET_DAYS = 3
#: The longest translation of the reasons on one criterion, in characters.
LONGEST = 6000
#: To whom the reasons are shown.
SHOWN_TO = (Result.NOT_MET, Result.NOT_DRAWN)
WRITTEN = "reasons.translated"


class NotTaken(ValidationError):
    """The act may not be done now; the messages say why."""


def in_another_language(proposal: Proposal, language: str) -> list[Judged]:
    """The criteria on which reasons were given in another language than this one."""
    return [
        judged
        for judged in evaluation.verdicts_of(proposal)
        if any(part.language != language for part in judged.parts)
    ]


def wanted(proposal: Proposal, language: str) -> TranslatedReasons | None:
    """The translation of the reasons that count, asked for or written; None while nobody asked."""
    candidate = evaluation.candidate_of(proposal)
    if candidate is None:
        return None
    found: TranslatedReasons | None = TranslatedReasons.objects.filter(
        candidate=candidate, language=language
    ).first()
    return found


@transaction.atomic
def ask(proposal: Proposal, language: str) -> TranslatedReasons:
    """Ask for the reasons on one application in a language; asking again changes nothing.

    Raises:
        NotTaken: there are no reasons to translate.
    """
    Solicitation.objects.select_for_update().get(pk=proposal.solicitation_id)
    candidate = evaluation.candidate_of(proposal)
    shown = outcome.result_of(proposal) in SHOWN_TO
    if candidate is None or not shown or not in_another_language(proposal, language):
        raise NotTaken(_("This cannot be asked now."))
    asked, is_new = TranslatedReasons.objects.get_or_create(candidate=candidate, language=language)
    if is_new:
        file = proposal.solicitation
        record(
            file,
            "reasons.translation_requested",
            data={"number": file.number, "receipt": proposal.receipt_number, "language": language},
        )
    return asked


def to_translate(asked: TranslatedReasons, user: User) -> list[Judged]:
    """What a translator reads, criterion by criterion; recorded.

    Raises:
        PermissionDenied: the user does not translate applications. It is recorded.
    """
    proposal = asked.candidate.proposal
    file = proposal.solicitation
    rounds.require(TRANSLATE, file, WRITTEN, user)
    record(
        file,
        "reasons.read",
        user=user,
        data={"number": file.number, "receipt": proposal.receipt_number},
    )
    return in_another_language(proposal, asked.language)


@transaction.atomic
def translate(asked: TranslatedReasons, user: User, texts: Mapping[str, str]) -> TranslatedReasons:
    """Keep a translation, encrypted, once and whole, and tell the supplier.

    Args:
        asked: What the supplier asked for.
        user: Who translated.
        texts: A translation for each criterion of ``to_translate``, by its identity.

    Raises:
        PermissionDenied: the user does not translate applications. It is recorded.
        NotTaken: it was written before, the evaluation is void, the user evaluated, or a text is missing.
    """
    held: TranslatedReasons = (
        TranslatedReasons.objects.select_for_update(of=("self",))
        .select_related("candidate__round", "candidate__proposal__solicitation")
        .defer("candidate__proposal__sealed")
        .get(pk=asked.pk)
    )
    proposal = held.candidate.proposal
    file = proposal.solicitation
    rounds.require(TRANSLATE, file, WRITTEN, user)
    sentences = []
    if held.translated_at is not None or evaluation.candidate_of(proposal) != held.candidate:
        sentences.append(_("This can no longer be done."))
    if people.is_evaluator(held.candidate.round, user):
        sentences.append(_("Who evaluates a file does not translate for it."))
    identities = [str(judged.item.identity) for judged in in_another_language(proposal, held.language)]
    clean = {key: normalise(texts.get(key, "").replace("\x00", "")) for key in identities}
    if not all(clean.values()):
        sentences.append(_("Write the translation of every reason."))
    if sentences:
        raise NotTaken(sentences)
    held.locked_texts = lock_words(json.dumps(clean, ensure_ascii=False))
    held.translated_by_id, held.translated_at = user.pk, database_clock()
    held.save(update_fields=["locked_texts", "translated_by", "translated_at"])
    record(
        file,
        WRITTEN,
        user=user,
        data={"number": file.number, "receipt": proposal.receipt_number, **on_record(held)},
    )
    letters.send_reasons_translated(proposal, held)
    return held


def on_record(written: TranslatedReasons) -> dict[str, str]:
    """What the record of a translation that was written says of it, for ``proving``."""
    return {"language": written.language, "locked": custody.digest(written.locked_texts)}


def work_of(user: User) -> Iterator[WaitingItem]:
    """Translations that suppliers wait for; one query, however many there are."""
    if not user.has_perm(TRANSLATE):
        return
    waiting = TranslatedReasons.objects.filter(translated_at=None, candidate__round__state="signed")
    for asked in waiting.select_related("candidate__proposal__solicitation").defer(
        "candidate__proposal__sealed"
    ):
        file = asked.candidate.proposal.solicitation
        yield WaitingItem(
            kind="debrief",
            label=_("Translate the reasons given on an application"),
            title=f"{file.number} – {asked.candidate.proposal.receipt_number}",
            url=reverse("awards:reasons", args=[asked.pk]),
            since=asked.requested_at,
            target_days=TARGET_DAYS,
            detail=file.get_title(),
        )
