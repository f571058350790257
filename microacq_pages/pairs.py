"""The two languages of a page: which is the source, which is its translation, and how far it is.

A thin reading of wagtail-localize. Decides nothing about publication (``publishing.py`` does).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.operations import TranslationCreator

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

LANGUAGES = ("en", "fr")

#: Fields of a revision that change without the text changing.
VOLATILE = frozenset(
    {
        "alias_of",
        "content_type",
        "draft_title",
        "expired",
        "first_published_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "owner",
        "path",
        "depth",
        "url_path",
        "search_description_updated_at",
        "wagtail_admin_comments",
    }
)


#: What the rich text editor adds to each paragraph that it opens, however deep in JSON it is quoted.
BLOCK_KEYS = re.compile(r' data-block-key=\\*"[^"\\]*\\*"')


Strings = list[tuple[str, str, str | None]]
Made = TypeVar("Made")


@dataclass
class _Read:
    """What one act has read: translations by the keys of their pages, their texts by their own; what was made of it."""

    translations: dict[UUID, Translation | None] = field(default_factory=dict)
    strings: dict[int, Strings] = field(default_factory=dict)
    made: dict[Hashable, Any] = field(default_factory=dict)


_read: ContextVar[_Read | None] = ContextVar("microacq_read", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """While a pair is only looked at, ask the database once for its translation, however many judge it.

    Nothing within may write; what was read is forgotten at the end.
    """
    if _read.get() is not None:
        yield
        return
    token = _read.set(_Read())
    try:
        yield
    finally:
        _read.reset(token)


def made_once(key: Hashable, make: Callable[[], Made]) -> Made:
    """What is made of stored pairs, once for all who ask within ``reading``; outside of it, made each time.

    Args:
        key: What it is, and of which page; the language of the reader, too, when it depends on that.
        make: Makes it. Nobody may change what it returns.
    """
    read = _read.get()
    if read is None:
        return make()
    if key not in read.made:
        read.made[key] = make()
    made: Made = read.made[key]
    return made


def other_locale(instance: Any) -> Locale:
    """The other official language, for a page or a snippet."""
    code = instance.locale.language_code
    return Locale.objects.get(language_code=LANGUAGES[1 - LANGUAGES.index(code)])


def counterpart(page: Page) -> Page | None:
    """The same page in the other language, whatever its state."""
    other: Page | None = (
        Page.objects.filter(translation_key=page.translation_key)
        .exclude(pk=page.pk)
        .exclude(locale_id=page.locale_id)
        .specific()
        .first()
    )
    return other


def translation_of(page: Page) -> Translation | None:
    """The translation that joins this page and its counterpart, in either direction."""
    read = _read.get()
    if read is None:
        return _stored_translation(page.translation_key)
    if page.translation_key not in read.translations:
        read.translations[page.translation_key] = _stored_translation(page.translation_key)
    return read.translations[page.translation_key]


def _stored_translation(key: UUID) -> Translation | None:
    found: Translation | None = (
        Translation.objects.filter(source__object_id=key)
        .select_related("source__locale", "source__specific_content_type", "target_locale")
        .order_by("-enabled", "pk")
        .first()
    )
    return found


def is_target(page: Page) -> bool:
    """Whether this page is written by translating the other, also while that translation is stopped."""
    return bool(
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale_id=page.locale_id
        ).exists()
    )


def source_of(page: Page) -> Page:
    """The page in the language in which it is written."""
    translation = translation_of(page)
    if translation is None or translation.source.locale_id == page.locale_id:
        return page.specific
    source = Page.objects.filter(
        translation_key=page.translation_key, locale_id=translation.source.locale_id
    ).first()
    # The source may have been deleted without its translation, which then stands for itself.
    return (source or page).specific


def latest(page: Page) -> Page:
    """The page as last saved, drafts included."""
    draft: Page = page.get_latest_revision_as_object()
    return draft


def draft_in(page: Page, locale: Locale) -> Page | None:
    """The pair’s page in one language as it would be published now, gaps filled with the source’s own text.

    Args:
        page: Either language.
        locale: The language asked for.

    Returns:
        A page that must not be saved; None when there is no page in this language.
    """
    source = source_of(page)
    if source.locale_id == locale.pk:
        return latest(source)
    translation = translation_of(source)
    if translation is None or counterpart(source) is None:
        return None
    draft: Page = translation.source.get_ephemeral_translated_instance(locale, fallback=True)
    return draft


@transaction.atomic
def start_translation(page: Page, user: AbstractBaseUser | None) -> Page:
    """Make the draft in the other language, so that translators may begin.

    Args:
        page: The source, in either language. Nothing happens when it has a counterpart already.
        user: Who is recorded as having made the draft.

    Returns:
        The page in the other language.
    """
    source = latest(page)
    creator = TranslationCreator(user, [other_locale(page)])
    TranslationSource.update_or_create_from_instance(source)
    creator.create_translations(source, include_related_objects=False)
    target = counterpart(page)
    if target is None:
        raise Page.DoesNotExist(f"No translation of page {page.pk} was made.")
    if page.owner_id and target.owner_id != page.owner_id:
        Page.objects.filter(pk=target.pk).update(owner_id=page.owner_id)
    return target


def refresh_translation(page: Page) -> None:
    """Show translators the source as last saved; strings that changed become untranslated."""
    translation = translation_of(page)
    if translation is not None and is_outdated(translation):
        TranslationSource.update_or_create_from_instance(latest(source_of(page)))


def keep_in_step(page: Page, user: AbstractBaseUser | None) -> None:
    """After the source was saved: begin the translation where there is none, else show the latest text."""
    if is_target(page):
        return
    if translation_of(page) is None or counterpart(page) is None:
        start_translation(page, user)
    else:
        refresh_translation(page)


def keep_snippet_in_step(snippet: Any, user: AbstractBaseUser | None) -> None:
    """After a snippet was saved: begin its translation, or show translators the latest text."""
    key = snippet.translation_key
    if Translation.objects.filter(source__object_id=key, target_locale_id=snippet.locale_id).exists():
        return
    TranslationSource.update_or_create_from_instance(snippet)
    if not type(snippet).objects.filter(translation_key=key).exclude(pk=snippet.pk).exists():
        TranslationCreator(user, [other_locale(snippet)]).create_translations(snippet)


def is_outdated(translation: Translation, draft: Page | None = None) -> bool:
    """Whether the source was saved after translators last saw it.

    Args:
        translation: The translation of a page.
        draft: The source as last saved, when it is at hand: reading it costs more than comparing it.
    """
    source = draft
    if source is None or source.locale_id != translation.source.locale_id:
        page = Page.objects.filter(
            translation_key=translation.source.object_id, locale_id=translation.source.locale_id
        ).first()
        if page is None:
            return False
        source = latest(page)
    return text_of(translation.source.content_json) != text_of(source.to_json())


def is_saved_text(page: Page) -> bool:
    """Whether the page in memory reads exactly as it was last saved."""
    revision = page.get_latest_revision()
    if revision is None:
        return False
    saved = json.dumps(revision.content, cls=DjangoJSONEncoder)
    return text_of(saved) == text_of(page.to_json())


def text_of(content_json: str) -> dict[str, Any]:
    """What matters of a revision's content, comparable between two savings."""
    content: dict[str, Any] = json.loads(BLOCK_KEYS.sub("", content_json))
    return {key: value for key, value in content.items() if key not in VOLATILE}


def translation_progress(page: Page) -> tuple[int, int]:
    """How many pieces of text there are to translate, and how many of them are translated."""
    translation = translation_of(page)
    if translation is None:
        return (0, 0)
    total, done = translation.get_progress()
    return (total, done)


def missing_strings(translation: Translation) -> list[str]:
    """Where text is not translated yet: the paths of the fields, in the order of the page."""
    segments = (
        StringSegment.objects.filter(source=translation.source)
        .annotate_translation(translation.target_locale)
        .filter(translation__isnull=True)
        .select_related("context")
        .order_by("order")
    )
    return [segment.context.path for segment in segments]


def shows_text(translation: Translation, text: str) -> bool:
    """Whether translators are shown this text."""
    return bool(StringSegment.objects.filter(source=translation.source, string__data=text).exists())


def translated_strings(translation: Translation) -> Strings:
    """Every piece of text as (path, source, translation), in the order of the page."""
    read = _read.get()
    if read is None:
        return _stored_strings(translation)
    if translation.pk not in read.strings:
        read.strings[translation.pk] = _stored_strings(translation)
    return list(read.strings[translation.pk])


def _stored_strings(translation: Translation) -> Strings:
    segments = (
        StringSegment.objects.filter(source=translation.source)
        .annotate_translation(translation.target_locale)
        .select_related("context", "string")
        .order_by("order", "pk")
    )
    texts = [(segment.context.path, segment.string.data, segment.translation) for segment in segments]
    overrides = OverridableSegment.objects.filter(source=translation.source).annotate_override_json(
        translation.target_locale
    )
    texts.extend(
        (override.context.path, "", override.override_json)
        for override in overrides.select_related("context").order_by("order", "pk")
        if override.override_json is not None
    )
    return texts


def translators_since(page: Page, since: datetime | None) -> set[int]:
    """Users who last wrote a translated string of the page, after a moment (UTC) or ever."""
    translators: set[int] = set()
    for model in (StringTranslation, SegmentOverride):
        written = model.objects.filter(context__object_id=page.translation_key)
        if since is not None:
            written = written.filter(updated_at__gt=since)
        translators.update(
            written.exclude(last_translated_by=None).values_list("last_translated_by_id", flat=True)
        )
    return translators


def progress_of(translations: Iterable[Translation]) -> dict[int, tuple[int, int]]:
    """As ``translation_progress``, for many translations in one query, by their primary keys."""
    translated = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"),
        context_id=OuterRef("context_id"),
        locale_id=OuterRef("source__translations__target_locale_id"),
        has_error=False,
    )
    rows = (
        StringSegment.objects.filter(source__translations__in=list(translations))
        .annotate(done=Exists(translated))
        .values("source__translations")
        .annotate(total=Count("pk"), finished=Count("pk", filter=Q(done=True)))
        .order_by()
    )
    return {row["source__translations"]: (row["total"], row["finished"]) for row in rows}
