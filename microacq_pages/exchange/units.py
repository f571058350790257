"""The strings of a translation, each with its place in the page or snippet and what may stand there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from wagtail_localize.models import StringSegment, StringTranslation, Translation

#: Fields that hold addresses, not words.
ADDRESSES = frozenset({"slug"})


@dataclass(frozen=True)
class Unit:
    """One string and its translation; a string that stands twice in one place is one unit.

    Attributes:
        key: Names the place and the text together; changes when either does.
        path: The place, as wagtail-localize writes it.
        label: The place in the reader's language.
        note: What else helps to translate it: the help text of its field.
        source, target: The texts, in the pseudo-HTML of wagtail-localize; ``target`` is empty without translation.
        has_error: Whether the stored translation cannot be used.
        suggestion: The translation of the same text elsewhere, when there is none here.
        field: The model field of which it is the whole value; None for a part of a longer text.
        string_id, context_id, segment_id: wagtail-localize's records.
    """

    key: str
    path: str
    label: str
    note: str
    source: str
    target: str
    has_error: bool
    suggestion: str
    field: Any
    string_id: int
    context_id: int
    segment_id: int

    @property
    def is_translated(self) -> bool:
        return bool(self.target) and not self.has_error

    @property
    def is_address(self) -> bool:
        """Whether it is part of a web address, which has no spelling nor typography."""
        return self.path.rsplit(".", maxsplit=1)[-1] in ADDRESSES


def key_of(path: str, source: str) -> str:
    """The name of a string at a place: stable between two exports, different once the text changes."""
    return "s" + hashlib.sha256(f"{path}\0{source}".encode()).hexdigest()[:24]


def units_of(translation: Translation) -> list[Unit]:
    """Every string of a translation, in the order of the page, in two queries.

    Args:
        translation: wagtail-localize's; its source need not have been loaded.
    """
    segments = list(
        StringSegment.objects.filter(source_id=translation.source_id)
        .select_related("context", "string")
        .order_by("order", "pk")
    )
    here, elsewhere = _stored(translation, {segment.string_id for segment in segments})
    model = translation.source.specific_content_type.model_class()
    units: dict[tuple[int, int], Unit] = {}
    for segment in segments:
        place = (segment.string_id, segment.context_id)
        if place in units:
            continue
        stored = here.get(place)
        label, note, field = place_of(model, segment.context.path)
        units[place] = Unit(
            key=key_of(segment.context.path, segment.string.data),
            path=segment.context.path,
            label=label,
            note=note,
            source=segment.string.data,
            target=stored.data if stored else "",
            has_error=bool(stored and stored.has_error),
            suggestion="" if stored else elsewhere.get(segment.string_id, ""),
            field=field,
            string_id=segment.string_id,
            context_id=segment.context_id,
            segment_id=segment.pk,
        )
    return list(units.values())


def _stored(
    translation: Translation, strings: set[int]
) -> tuple[dict[tuple[int, int], StringTranslation], dict[int, str]]:
    """The translations of these strings, at their places; and anywhere, the last one of each."""
    here: dict[tuple[int, int], StringTranslation] = {}
    elsewhere: dict[int, str] = {}
    rows = StringTranslation.objects.filter(
        translation_of__in=strings, locale_id=translation.target_locale_id
    ).order_by("updated_at", "pk")
    for row in rows:
        here[(row.translation_of_id, row.context_id)] = row
        if not row.has_error:
            elsewhere[row.translation_of_id] = row.data
    return here, elsewhere


def place_of(model: type[models.Model], path: str) -> tuple[str, str, Any]:
    """What a place is called, its help text, and its field if the string is the whole of it.

    Args:
        model: The page or snippet.
        path: Such as ``title``, ``criteria.<key>.statement`` or ``body.<block>.text``.
    """
    names = path.split(".")
    try:
        field = model._meta.get_field(names[0])
    except FieldDoesNotExist:
        return names[0], "", None
    if not isinstance(field, models.Field):  # children of the page, each with fields of its own
        child: Any = field.related_model
        label = capfirst(child._meta.verbose_name)
        try:
            inner = child._meta.get_field(names[-1])
        except FieldDoesNotExist:
            return str(label), "", None
        return f"{label} – {inner.verbose_name}", str(inner.help_text), _whole(inner)
    whole = _whole(field) if len(names) == 1 else None
    return str(capfirst(field.verbose_name)), str(field.help_text), whole


def _whole(field: Any) -> Any:
    """The field, when one string is all that it holds."""
    return field if isinstance(field, models.CharField) and field.max_length else None
