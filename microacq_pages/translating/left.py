"""What is left to do in one translation: new, changed, or in memory.

A string is *in memory* when exactly the same text was translated before, anywhere; *changed* when it stands where
another string was translated; *new* otherwise. ``waiting.py`` of this package counts the same kinds over everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail_localize.models import StringSegment, StringTranslation, Translation, get_edit_url
from wagtail_localize.views.edit_translation import TabHelper, get_segment_location_info

from microacq_pages.models.translating import OverwrittenTranslation, ReplacedString

from . import memory, wording, words
from .saving import token_of


class Kind(TextChoices):
    """Why a string waits."""

    CHANGED = "changed", _("Changed")
    NEW = "new", _("New")
    MEMORY = "memory", _("Translated before")


@dataclass
class Left:
    """One piece of text that waits for its translation.

    Attributes:
        key: Names the text and its place in forms; it stays while the text stays, even if it moves.
        segment: Where it stands now, with ``string`` and ``context``.
        kind: New, changed or in memory.
        label: The field, in the reader's language.
        words: How many words it has.
        former: The earlier translation of what stood there, if any; ``former.translation_of`` is the earlier text.
        pieces: What changed since, word by word.
        stored: What is stored for it now: a translation that cannot be used, or one that was asked for anyway.
        suggestions: What was translated before.
        value: What its field shows.
        error: Why what was typed is not saved.
        theirs: What another person stored meanwhile.
        is_focused: Whether the person asked to go on here.
    """

    key: str
    segment: StringSegment
    kind: Kind
    label: str
    words: int
    former: StringTranslation | None = None
    replaced_at: datetime | None = None
    pieces: list[wording.Piece] = field(default_factory=list)
    stored: StringTranslation | None = None
    suggestions: list[memory.Suggestion] = field(default_factory=list)
    value: str = ""
    error: str = ""
    theirs: StringTranslation | None = None
    is_focused: bool = False

    @property
    def text(self) -> str:
        return str(self.segment.string.data)

    @property
    def is_long(self) -> bool:
        return len(self.text) > 80

    @property
    def token(self) -> str:
        """What is stored now for this text, to notice that another person wrote meanwhile."""
        return token_of(self.stored)


@dataclass(frozen=True)
class Counts:
    """How many strings, and how many words, are left of each kind."""

    strings: dict[str, int]
    words: dict[str, int]

    @classmethod
    def of(cls, left: list[Left]) -> Counts:
        return cls(
            {kind.value: sum(1 for item in left if item.kind == kind) for kind in Kind},
            {kind.value: sum(item.words for item in left if item.kind == kind) for kind in Kind},
        )

    @property
    def total(self) -> int:
        return sum(self.strings.values())

    @property
    def total_words(self) -> int:
        return sum(self.words.values())

    def rows(self) -> list[tuple[Any, int, int]]:
        """Kind, strings and words, of the kinds that occur."""
        return [
            (kind.label, self.strings[kind.value], self.words[kind.value])
            for kind in Kind
            if self.strings[kind.value]
        ]


def edit_url(instance: Any) -> str:
    """The editor of a page or snippet."""
    return str(get_edit_url(instance))


def key_of(context_id: int, string_id: int) -> str:
    return f"{context_id}-{string_id}"


def left_in(translation: Translation, also: frozenset[tuple[int, int]] = frozenset()) -> list[Left]:
    """Everything that waits in a translation, in the order of the page; a constant number of queries.

    Args:
        translation: wagtail-localize's.
        also: Places (context and string) to list even if they are translated.
    """
    segments = _segments(translation)
    stored = _stored(translation)
    done = {place for place, row in stored.items() if not row.has_error}
    waiting = {place: segment for place, segment in segments.items() if place in also or place not in done}
    replaced = _replaced(translation, {context for context, _string in waiting})
    suggestions = memory.suggestions_for(
        {segment.string_id: segment.string for segment in waiting.values()}.values(),
        translation.target_locale_id,
    )
    label = Labels(translation)
    found = []
    for place, segment in waiting.items():
        offered = suggestions[segment.string_id]
        change = replaced.get(place)
        item = Left(
            key=key_of(*place),
            segment=segment,
            kind=_kind(offered, change),
            label=label.of(segment),
            words=words.count(segment.string.data),
            stored=stored.get(place),
            suggestions=offered,
        )
        if item.stored is not None and item.stored.has_error:
            item.value, item.error = item.stored.data, item.stored.get_error() or ""
        if change is not None:
            item.former, item.replaced_at = change.former, change.replaced_at
            item.pieces = wording.compare(change.former.translation_of.data, segment.string.data)
            item.suggestions = [
                offer
                for offer in offered
                if offer.is_exact or offer.text != change.former.translation_of.data
            ]
        found.append(item)
    return found


def _kind(offered: list[memory.Suggestion], change: ReplacedString | None) -> Kind:
    if any(offer.is_exact for offer in offered):
        return Kind.MEMORY
    return Kind.CHANGED if change is not None else Kind.NEW


def _segments(translation: Translation) -> dict[tuple[int, int], StringSegment]:
    segments: dict[tuple[int, int], StringSegment] = {}
    rows = StringSegment.objects.filter(source_id=translation.source_id).select_related("context", "string")
    for segment in rows.order_by("order", "pk"):
        segments.setdefault((segment.context_id, segment.string_id), segment)
    return segments


def _stored(translation: Translation) -> dict[tuple[int, int], StringTranslation]:
    rows = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale_id=translation.target_locale_id
    ).select_related("translation_of", "last_translated_by")
    return {(row.context_id, row.translation_of_id): row for row in rows}


def _replaced(translation: Translation, contexts: set[int]) -> dict[tuple[int, int], ReplacedString]:
    rows = ReplacedString.objects.filter(
        context__in=contexts, locale_id=translation.target_locale_id
    ).select_related("former__translation_of", "former__last_translated_by")
    return {(row.context_id, row.string_id): row for row in rows}


def written_over(translation: Translation) -> list[OverwrittenTranslation]:
    """What translators had written in strings that still stand, before others wrote over it; the newest first."""
    current = StringSegment.objects.filter(source_id=translation.source_id)
    rows = OverwrittenTranslation.objects.filter(
        translation__locale_id=translation.target_locale_id,
        translation__context__object_id=translation.source.object_id,
        translation__translation_of__in=current.values("string"),
    ).select_related("translation__translation_of", "translation__last_translated_by", "written_by")
    return list(rows[:10])


class Labels:
    """Names of fields as the source's own form shows them; the form is asked for once."""

    def __init__(self, translation: Translation) -> None:
        self.instance = translation.source.get_source_instance()
        self.tabs = TabHelper(self.instance)

    def of(self, segment: StringSegment) -> str:
        """The field in which a string stands, in the reader's language."""
        context = segment.context
        try:
            place = get_segment_location_info(
                self.instance, self.tabs, context.path, context.field_path or context.path
            )
        except (LookupError, AttributeError):
            return self._verbose_name(context.path)
        names = [str(place["field"]), str(place["subField"] or "")]
        return " – ".join(name for name in dict.fromkeys(names) if name)

    def _verbose_name(self, path: str) -> str:
        name = path.split(".", maxsplit=1)[0]
        try:
            field_ = self.instance._meta.get_field(name)
        except LookupError:
            return name
        verbose = getattr(field_, "verbose_name", None) or field_.related_model._meta.verbose_name
        return str(capfirst(verbose))
