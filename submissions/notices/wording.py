"""Which of staff's mail texts are sent: both languages or neither, put in force and withdrawn by recorded acts.

Staff write a text in one language, translators translate it as they do a page. Nothing of it is sent until somebody
puts both languages in force; from then on that wording is sent, whatever becomes of the text, until another takes its
place or it is withdrawn. Imports no later stage.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from wagtail_localize.models import MissingTranslationError, Translation

from microacq_pages import pairs
from submissions.audit.services import Actor, record

from .models import NoticeText, NoticeWording
from .words_of_staff import Words, faults

LANGUAGES = ("en", "fr")


class NotCompleteError(Exception):
    """A text cannot be put in force; ``reasons`` says why, in the reader's language."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


def in_force(kind: str) -> NoticeWording | None:
    """What staff have put in force for a kind; None when the standing text is sent alone."""
    # Asked for every message, and mostly in vain: written down, because putting it together costs more than asking.
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM submissions_noticewording WHERE kind = %s AND until IS NULL", [kind])
        found = cursor.fetchone()
    return NoticeWording.objects.get(pk=found[0]) if found else None


def source_of(text: NoticeText) -> NoticeText:
    """The text in the language in which it was written."""
    translation = pairs.translation_of(text)
    if translation is None:
        return text
    source = NoticeText.objects.filter(
        translation_key=text.translation_key, locale_id=translation.source.locale_id
    ).first()
    return source or text


def both_languages(text: NoticeText) -> dict[str, Words]:
    """A text in both languages, as it would be sent.

    Raises:
        NotCompleteError: it is not translated, or its translation is of an earlier text.
    """
    source = source_of(text)
    translation = pairs.translation_of(source)
    if translation is None or not translation.enabled:
        raise NotCompleteError([_("The text is not translated.")])
    if not _is_current(source, translation):
        raise NotCompleteError([_("The text changed after it was sent to the translators: save it again.")])
    try:
        target = translation.source.get_ephemeral_translated_instance(translation.target_locale)
    except MissingTranslationError as error:
        raise NotCompleteError([_("The translation is not complete.")]) from error
    return {
        instance.locale.language_code: Words(source.place, instance.subject, instance.body)
        for instance in (source, target)
    }


def _is_current(source: NoticeText, translation: Translation) -> bool:
    seen = translation.source.as_instance()
    return (seen.kind, seen.place, seen.subject, seen.body) == (
        source.kind,
        source.place,
        source.subject,
        source.body,
    )


def reasons_against(text: NoticeText) -> list[str]:
    """Why a text cannot be put in force; empty when it can."""
    try:
        words = both_languages(text)
    except NotCompleteError as error:
        return error.reasons
    kind = source_of(text).kind
    return [
        f"{code.upper()}: {fault}"
        for code in LANGUAGES
        for sentences in faults(kind, words[code].place, words[code].subject, words[code].text).values()
        for fault in sentences
    ]


@transaction.atomic
def put_in_force(text: NoticeText, *, user: Actor) -> NoticeWording:
    """Send this text from now on, in both languages.

    Args:
        text: Either language.
        user: Who does it.

    Raises:
        NotCompleteError: a language is missing or cannot be sent.
    """
    list(NoticeText.objects.select_for_update().filter(translation_key=text.translation_key))
    if reasons := reasons_against(text):
        raise NotCompleteError(reasons)
    words, kind = both_languages(text), source_of(text).kind
    _end(kind)
    wording = NoticeWording.objects.create(
        kind=kind,
        place=words["en"].place,
        subject_en=words["en"].subject,
        body_en=words["en"].text,
        subject_fr=words["fr"].subject,
        body_fr=words["fr"].text,
    )
    record(wording, "notice_text.in_force", user=user, data={"kind": kind, "place": wording.place})
    return wording


@transaction.atomic
def withdraw(kind: str, *, user: Actor) -> bool:
    """Send the standing text alone from now on; returns whether anything was in force."""
    wording = in_force(kind)
    if wording is None:
        return False
    _end(kind)
    record(wording, "notice_text.withdrawn", user=user, data={"kind": kind})
    return True


def _end(kind: str) -> None:
    NoticeWording.objects.filter(kind=kind, until=None).update(until=Now())
