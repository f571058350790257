"""Writing a translation into wagtail-localize's own record, and never over what another person wrote unseen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.snippets.permissions import user_can_edit_snippet_type
from wagtail_localize.models import String, StringTranslation, Translation, TranslationContext
from wagtail_localize.strings import StringValue, extract_ids, validate_translation_links

from microacq_pages.models.translating import OverwrittenTranslation

from . import changes

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: Logged on the translated page or snippet, once for each time somebody saves.
TRANSLATED = "microacq.translated"


class Result(Enum):
    """What became of one text."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    INVALID = "invalid"
    CONFLICT = "conflict"
    CHANGED_MEANWHILE = "changed meanwhile"


@dataclass(frozen=True)
class Outcome:
    """What became of one text, and why.

    Attributes:
        result: See ``Result``.
        message: What to do about it, in the reader's language; empty when it was saved.
        stored: What is stored now.
    """

    result: Result
    message: str = ""
    stored: StringTranslation | None = None

    @property
    def is_saved(self) -> bool:
        return self.result in (Result.SAVED, Result.UNCHANGED, Result.CHANGED_MEANWHILE)


@dataclass(frozen=True)
class Written:
    """What a person wrote for one text.

    Attributes:
        context_id, string_id: The text and its place.
        data: The translation, in the pseudo-HTML of wagtail-localize.
        seen: ``token_of`` what was stored when they began.
    """

    context_id: int
    string_id: int
    data: str
    seen: str


def token_of(stored: StringTranslation | None) -> str:
    """What stands for a stored translation in a form; empty when there is none."""
    return hashlib.sha256(stored.data.encode()).hexdigest()[:16] if stored is not None else ""


def may_translate(user: Any, instance: Any) -> bool:
    """Whether a person may write the translation of a page or a snippet, as its editor asks."""
    if isinstance(instance, Page):
        return bool(instance.specific.permissions_for_user(user).can_edit())
    return bool(user_can_edit_snippet_type(user, type(instance)))


@transaction.atomic
def save(translation: Translation, written: list[Written], user: AbstractBaseUser) -> list[Outcome]:
    """Store what a person wrote, text by text; one that cannot be stored does not stop the others.

    Args:
        translation: To which the texts belong; whether the person may write it is asked by the caller.
        written: Texts with their translations; nobody else may have written them since they were seen.
        user: Becomes the last translator.

    Returns:
        One outcome for each text, in the same order.
    """
    # Two people who save at the same time follow each other.
    Translation.objects.select_for_update().get(pk=translation.pk)
    instance = translation.source.specific_content_type.model_class()
    outcomes = [_save_one(translation, each, user, instance) for each in written]
    count = sum(1 for outcome in outcomes if outcome.result in (Result.SAVED, Result.CHANGED_MEANWHILE))
    if count:
        log(
            instance=translation.get_target_instance(),
            action=TRANSLATED,
            user=user,
            data={"count": count},
        )
    return outcomes


def _save_one(translation: Translation, written: Written, user: AbstractBaseUser, model: Any) -> Outcome:
    string = String.objects.filter(pk=written.string_id, locale_id=translation.source.locale_id).first()
    context = TranslationContext.objects.filter(
        pk=written.context_id, object_id=translation.source.object_id
    ).first()
    if string is None or context is None:
        return Outcome(Result.INVALID, _("This text does not belong to this translation."))
    where = {"translation_of": string, "context": context, "locale_id": translation.target_locale_id}
    stored = (
        StringTranslation.objects.filter(**where)
        .select_related("last_translated_by", "translation_of", "context")
        .first()
    )
    if stored is not None and stored.data == written.data and not stored.has_error:
        return Outcome(Result.UNCHANGED, stored=stored)
    if token_of(stored) != written.seen:
        return Outcome(
            Result.CONFLICT,
            _("Another person translated this text meanwhile. Compare, then save again or keep theirs."),
            stored,
        )
    current = translation.source.stringsegment_set.filter(string=string, context=context).exists()
    if message := error_in(string.data, written.data, field_of(model, context.path)):
        return Outcome(Result.INVALID, message, stored)
    stored, _created = StringTranslation.objects.update_or_create(
        **where,
        defaults={
            "data": written.data,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "tool_name": "",
            "last_translated_by": user,
            "has_error": False,
            "field_error": "",
        },
    )
    if current:
        return Outcome(Result.SAVED, stored=stored)
    changes.rematch(stored, translation.source)
    return Outcome(
        Result.CHANGED_MEANWHILE,
        _("The author changed this text while you wrote. What you wrote is kept beside the new text."),
        stored,
    )


def field_of(model: Any, path: str) -> Field[Any, Any] | None:
    """The field of the page or snippet that holds a text by itself; none for parts of a longer text."""
    if "." in path:
        return None
    try:
        found = model._meta.get_field(path)
    except FieldDoesNotExist:
        return None
    return found if getattr(found, "max_length", None) else None


def error_in(text: str, data: str, field: Field[Any, Any] | None = None) -> str:
    """Why a translation cannot be used, in the reader's language; empty when it can.

    Args:
        text: The text in the source language.
        data: Its translation.
        field: The field that holds the whole of it, when there is one.
    """
    try:
        value = StringValue.from_translated_html(data)
        validate_translation_links(text, data)
    except ValueError as error:
        return str(error)
    if missing := extract_ids(text) - extract_ids(data):
        return _("A link of the text is missing: %(links)s.") % {
            "links": ", ".join(f'<a id="{name}">…</a>' for name in sorted(missing))
        }
    if field is not None:
        try:
            field.run_validators(value.render_text())
        except ValidationError as refusal:
            return " ".join(refusal.messages)
    return ""


def keep_what_is_written_over(new: StringTranslation) -> None:
    """Before a translation is saved: keep what another person had written there."""
    if not new.pk:
        return
    stored = StringTranslation.objects.filter(pk=new.pk).first()
    if (
        stored is not None
        and stored.data != new.data
        and stored.last_translated_by_id is not None
        and stored.last_translated_by_id != new.last_translated_by_id
    ):
        OverwrittenTranslation.objects.create(
            translation=stored, data=stored.data, written_by_id=stored.last_translated_by_id
        )
