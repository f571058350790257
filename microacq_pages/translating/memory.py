"""What was translated before: exactly the same text elsewhere, or one nearly like it.

wagtail-localize keeps every string once for each language, with its translations by place; this module only asks for
them. Nearness is PostgreSQL's trigram similarity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import OuterRef, Subquery
from wagtail_localize.models import String, StringTranslation, TranslationSource

from . import wording

#: Trigram similarity from which an earlier text is worth showing (0 to 1).
NEAR = 0.5
NEAR_SHOWN = 2
EXACT_SHOWN = 3

_NEAR_SQL = """
SELECT wanted.id, near.id, near.likeness
FROM {string} wanted
CROSS JOIN LATERAL (
    SELECT known.id, similarity(known.data, wanted.data) AS likeness
    FROM {string} known
    WHERE known.locale_id = wanted.locale_id
      AND known.id <> wanted.id
      AND known.data %% wanted.data
      AND EXISTS (
          SELECT 1 FROM {translation} translated
          WHERE translated.translation_of_id = known.id
            AND translated.locale_id = %(locale)s
            AND NOT translated.has_error
      )
    ORDER BY likeness DESC, known.id
    LIMIT %(most)s
) near
WHERE wanted.id = ANY(%(strings)s)
ORDER BY wanted.id, near.likeness DESC
"""


@dataclass(frozen=True)
class Suggestion:
    """A translation made before.

    Attributes:
        pk: Of wagtail-localize's ``StringTranslation``.
        text: What it translates.
        data: The translation.
        likeness: 100 for the same text, less for one nearly like it.
        origin: The page or snippet in which it was made.
        updated_at: When it was last written.
        pieces: What differs between the text it translates and the text that waits; empty for the same text.
    """

    pk: int
    text: str
    data: str
    likeness: int
    origin: str
    updated_at: datetime
    pieces: tuple[wording.Piece, ...] = ()

    @property
    def is_exact(self) -> bool:
        return self.likeness == 100


def suggestions_for(strings: Iterable[String], locale_id: int) -> dict[int, list[Suggestion]]:
    """What was translated before, for many strings in three queries.

    Args:
        strings: What waits for a translation.
        locale_id: The language into which it is translated.

    Returns:
        By primary key of the string: the same text first, the nearest next. No translation is offered twice.
    """
    wanted = {string.pk: string for string in strings}
    near = _near(list(wanted), locale_id)
    known = set(wanted) | {pk for rows in near.values() for pk, _likeness in rows}
    translations = _translations_of(known, locale_id)
    return {
        pk: [*_exact(translations[pk]), *_nearly(string, near[pk], translations)]
        for pk, string in wanted.items()
    }


def _exact(translations: list[StringTranslation]) -> list[Suggestion]:
    return [_suggestion(translation, 100) for translation in translations[:EXACT_SHOWN]]


def _nearly(
    string: String, near: list[tuple[int, float]], translations: dict[int, list[StringTranslation]]
) -> list[Suggestion]:
    return [
        # Two texts may share all their trigrams without being the same.
        _suggestion(translations[pk][0], min(99, round(likeness * 100)), string.data)
        for pk, likeness in near
        if translations[pk]
    ]


def _suggestion(translation: StringTranslation, likeness: int, wanted: str = "") -> Suggestion:
    text = translation.translation_of.data
    return Suggestion(
        pk=translation.pk,
        text=text,
        data=translation.data,
        likeness=likeness,
        origin=translation.origin or "",
        updated_at=translation.updated_at,
        pieces=tuple(wording.compare(text, wanted)) if wanted else (),
    )


def _translations_of(strings: set[int], locale_id: int) -> dict[int, list[StringTranslation]]:
    """The translations of each string, the newest first, each wording once."""
    origin = TranslationSource.objects.filter(object_id=OuterRef("context__object_id")).order_by("pk")
    rows = (
        StringTranslation.objects.filter(translation_of__in=strings, locale_id=locale_id, has_error=False)
        .exclude(data="")
        .select_related("translation_of")
        .annotate(origin=Subquery(origin.values("object_repr")[:1]))
        .order_by("-updated_at", "-pk")
    )
    found: dict[int, list[StringTranslation]] = defaultdict(list)
    for row in rows:
        if row.data not in {other.data for other in found[row.translation_of_id]}:
            found[row.translation_of_id].append(row)
    return found


def _near(strings: list[int], locale_id: int) -> dict[int, list[tuple[int, float]]]:
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    if not strings:
        return found
    query = _NEAR_SQL.format(string=String._meta.db_table, translation=StringTranslation._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(NEAR)])
        cursor.execute(query, {"locale": locale_id, "most": NEAR_SHOWN, "strings": strings})
        for wanted, known, likeness in cursor.fetchall():
            found[wanted].append((known, likeness))
    return found
