"""Which earlier string a changed one replaces, recorded whenever wagtail-localize refreshes a source.

wagtail-localize forgets where a string stood as soon as the source no longer holds it; its translation stays. By
whatever route the source was refreshed, ``record`` is asked just before the old strings go. What the author only moved
is no work: its translation goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail_localize.models import StringSegment, StringTranslation, TranslationContext, TranslationSource

from microacq_pages.models.translating import ReplacedString

from . import wording

#: Two texts of the same field are one that changed, from this likeness on.
ALIKE = 0.5
#: What stands in the same place needs to be less alike.
SAME_PLACE = 0.2
#: More pairs of texts than this are not compared one by one; a page holds far fewer.
MOST_PAIRS = 2_000

Place = tuple[int, int]


@dataclass(frozen=True)
class Spot:
    """A string where it stands: in which context and at which place of the page."""

    context: TranslationContext
    string_id: int
    text: str
    order: int

    @property
    def place(self) -> Place:
        return (self.context.pk, self.string_id)

    @property
    def field(self) -> str:
        return self.context.field_path or self.context.path.split(".", maxsplit=1)[0]


def record(source: TranslationSource, vanished: Iterable[StringSegment]) -> None:
    """Note what the strings replace that came in as these went away; carry over what only moved.

    Args:
        source: What is refreshed; its new strings are there already.
        vanished: Its strings that are about to go, with ``context`` and ``string``.
    """
    gone_segments = list(vanished)
    gone_ids = {segment.pk for segment in gone_segments}
    segments = source.stringsegment_set.select_related("context", "string").order_by("order", "pk")
    present = _spots(segment for segment in segments if segment.pk not in gone_ids)
    kept = {spot.place for spot in present}
    gone = [spot for spot in _spots(gone_segments) if spot.place not in kept]
    if not gone:
        return
    for locale_id in source.translations.values_list("target_locale_id", flat=True):
        _record_in(locale_id, gone, present)


def rematch(translation: StringTranslation, source: TranslationSource) -> None:
    """After a string was translated that the source no longer holds: offer it to what stands there now."""
    segments = list(source.stringsegment_set.select_related("context", "string").order_by("order", "pk"))
    gone = Spot(translation.context, translation.translation_of_id, translation.translation_of.data, -1)
    _record_in(translation.locale_id, [gone], _spots(segments))


def _spots(segments: Iterable[StringSegment]) -> list[Spot]:
    seen: dict[Place, Spot] = {}
    for segment in segments:
        spot = Spot(segment.context, segment.string_id, segment.string.data, segment.order)
        seen.setdefault(spot.place, spot)
    return list(seen.values())


def _record_in(locale_id: int, gone: list[Spot], present: list[Spot]) -> None:
    earlier = _earlier_translations(locale_id, gone)
    done = _translated(locale_id, present)
    matched = set(
        ReplacedString.objects.filter(
            locale_id=locale_id, context__in={spot.context.pk for spot in present}
        ).values_list("context_id", "string_id")
    )
    left = [spot for spot in present if spot.place not in done]
    old = [spot for spot in gone if spot.place in earlier]
    left = _carry_over(locale_id, left, old, earlier)
    left = [spot for spot in left if spot.place not in matched]
    ReplacedString.objects.bulk_create(
        [
            ReplacedString(
                context=new.context,
                string_id=new.string_id,
                locale_id=locale_id,
                former=earlier[former.place],
            )
            for new, former in _pairs(left, old)
        ],
        ignore_conflicts=True,
    )


def _earlier_translations(locale_id: int, gone: list[Spot]) -> dict[Place, StringTranslation]:
    """The translations of the strings that went, or, where they had none yet, of what those had replaced."""
    contexts = {spot.context.pk for spot in gone}
    places = {spot.place for spot in gone}
    found: dict[Place, StringTranslation] = {}
    rows = ReplacedString.objects.filter(context__in=contexts, locale_id=locale_id)
    for row in rows.select_related("former__translation_of", "former__context"):
        if (row.context_id, row.string_id) in places:
            found[(row.context_id, row.string_id)] = row.former
    translations = StringTranslation.objects.filter(
        context__in=contexts, locale_id=locale_id, has_error=False
    ).select_related("translation_of", "context")
    for translation in translations:
        if (translation.context_id, translation.translation_of_id) in places:
            found[(translation.context_id, translation.translation_of_id)] = translation
    return found


def _translated(locale_id: int, present: list[Spot]) -> set[Place]:
    return set(
        StringTranslation.objects.filter(
            context__in={spot.context.pk for spot in present}, locale_id=locale_id, has_error=False
        ).values_list("context_id", "translation_of_id")
    )


def _carry_over(
    locale_id: int, left: list[Spot], old: list[Spot], earlier: dict[Place, StringTranslation]
) -> list[Spot]:
    """Give what stands elsewhere in the same field its translation; what remains is changed or new."""
    by_text = {(spot.field, spot.string_id): earlier[spot.place] for spot in old}
    remaining = []
    for spot in left:
        former = by_text.get((spot.field, spot.string_id))
        if former is None or former.translation_of_id != spot.string_id:
            remaining.append(spot)
            continue
        StringTranslation.objects.update_or_create(
            translation_of_id=spot.string_id,
            locale_id=locale_id,
            context=spot.context,
            defaults={
                "data": former.data,
                "translation_type": former.translation_type,
                "tool_name": former.tool_name,
                "last_translated_by_id": former.last_translated_by_id,
                "has_error": False,
                "field_error": "",
            },
        )
    return remaining


def _pairs(left: list[Spot], old: list[Spot]) -> list[tuple[Spot, Spot]]:
    """Each new string with the one that it most likely replaces, each at most once."""
    if len(left) * len(old) > MOST_PAIRS:
        old = old[: max(1, MOST_PAIRS // len(left))]
    scored = [
        (score, index, spot, former)
        for index, spot in enumerate(left)
        for former in old
        if (score := _score(spot, former, left, old))
    ]
    taken: set[tuple[str, Place]] = set()
    pairs = []
    for _likeness, _index, spot, former in sorted(scored, key=lambda row: (-row[0], row[1])):
        if ("new", spot.place) in taken or ("old", former.place) in taken:
            continue
        taken |= {("new", spot.place), ("old", former.place)}
        pairs.append((spot, former))
    return pairs


def _score(spot: Spot, former: Spot, left: list[Spot], old: list[Spot]) -> float:
    if spot.field != former.field:
        return 0.0
    likeness = wording.likeness(former.text, spot.text)
    if spot.context.pk != former.context.pk:
        return likeness if likeness >= ALIKE else 0.0
    here_now = sum(1 for other in left if other.context.pk == spot.context.pk)
    here_before = sum(1 for other in old if other.context.pk == former.context.pk)
    # A title, a teaser: one text, however different.
    if "." not in spot.context.path and here_now == here_before == 1 and spot.order == former.order:
        return 1.0 + likeness
    if spot.order == former.order:
        return likeness + 0.2 if likeness >= SAME_PLACE else 0.0
    return likeness + 0.1 if likeness >= ALIKE else 0.0
