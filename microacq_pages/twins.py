"""Gives a page the translation that a content file holds, as the translation editor would store it.

A copy of the page is filled with the text of the other language; both are cut into segments by
wagtail-localize, and since they have the same structure each segment of one is the translation of the
same segment of the other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
)
from wagtail_localize.segments.extract import extract_segments, quote_path_component
from wagtail_localize.segments.types import StringSegmentValue

from . import pairs

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from wagtail.models import Page


class StructureDiffersError(Exception):
    """The two languages do not have the same structure, so that their texts cannot be paired."""


def translate_from(page: Page, twin: Page, user: AbstractBaseUser | None, tool: str) -> None:
    """Store every text of ``twin`` as the translation of the same text of ``page``.

    Args:
        page: The source, whose translation has been started and shows its latest text.
        twin: An unsaved copy of ``page`` that holds the text of the other language.
        user: The translator; None for the installation.
        tool: What stored it, for the history of the translation.

    Raises:
        StructureDiffersError: the texts of the two cannot be paired.
    """
    translation = pairs.translation_of(page)
    if translation is None:
        raise StructureDiffersError(f"The translation of “{page}” was not started.")
    ours, theirs = _strings(page), _strings(twin)
    if [string.path for string in ours] != [string.path for string in theirs]:
        raise StructureDiffersError(f"“{page}” does not have the same structure in both languages.")
    segments = {
        (segment.context.path, segment.string.data): segment
        for segment in StringSegment.objects.filter(source=translation.source).select_related(
            "context", "string"
        )
    }
    for our, their in zip(ours, theirs, strict=True):
        _store(translation, segments[our.path, our.string.data], their.string.data, user, tool)
        for key, attributes in (our.attrs or {}).items():
            there = (their.attrs or {})[key]
            if attributes.get("href") != there.get("href"):
                _redirect(translation, our.path, attributes["href"], there["href"], user)


def _strings(page: Page) -> list[StringSegmentValue]:
    return [segment for segment in extract_segments(page) if isinstance(segment, StringSegmentValue)]


def _store(translation: Translation, segment: StringSegment, data: str, user: Any, tool: str) -> None:
    StringTranslation.objects.update_or_create(
        translation_of=segment.string,
        locale=translation.target_locale,
        context=segment.context,
        defaults={
            "data": data,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "tool_name": tool,
            "last_translated_by": user,
        },
    )


def _redirect(translation: Translation, path: str, ours: str, theirs: str, user: Any) -> None:
    link = OverridableSegment.objects.select_related("context").get(
        source=translation.source, context__path=f"{path}.{quote_path_component(ours)}"
    )
    SegmentOverride.objects.update_or_create(
        locale=translation.target_locale,
        context=link.context,
        defaults={"data_json": json.dumps(theirs), "last_translated_by": user},
    )
