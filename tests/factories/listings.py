"""Many public opportunities, for lists of many: copies of one that was posted, each with its own words and facts.

Written in bulk, both languages of each, with every trigger of the database on. Going the way of all others, ten
thousand would take hours. They have no procurement file, so only what the public reads may be asked of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from wagtail.models import Page

from microacq_pages import pairs
from microacq_pages.finding import index
from microacq_pages.models import (
    ListedOpportunity,
    ListedText,
    Opportunity,
    OpportunitySkill,
    Project,
    PublicStatus,
    Skill,
)

#: Of each ten, so many take applications.
OPEN_IN_TEN = 3
#: Characters of a text, about as many as a real one has: how it is stored depends on them.
LENGTH = 4000
THINGS = {
    "en": [
        "calendar",
        "validator",
        "date picker",
        "map",
        "translation memory",
        "test bench",
        "search",
        "form",
    ],
    "fr": [
        "calendrier",
        "validateur",
        "sélecteur de dates",
        "carte",
        "mémoire de traduction",
        "banc d’essai",
    ],
}
WORDS = {
    "en": [
        "accessible",
        "bilingual",
        "keyboard",
        "library",
        "page",
        "public",
        "report",
        "screen",
        "table",
        "web",
    ],
    "fr": [
        "accessible",
        "bilingue",
        "clavier",
        "bibliothèque",
        "page",
        "publique",
        "rapport",
        "écran",
        "tableau",
    ],
}


@transaction.atomic
def add_copies(original: Opportunity, count: int, skills: Sequence[Skill] = ()) -> list[uuid.UUID]:
    """Let there be so many more opportunities like one that is posted.

    Args:
        original: A posted opportunity, of which every copy has the text.
        count: How many copies.
        skills: What they require, one and the next; those of the original if none are named.

    Returns:
        Their translation keys; every third of ten takes applications, deadlines differ by an hour.
    """
    first = PublicStatus.objects.count()
    keys = [uuid.uuid4() for _number in range(count)]
    numbers = range(first, first + count)
    now = timezone.now()
    statuses = [_status(key, number, now) for key, number in zip(keys, numbers, strict=True)]
    PublicStatus.objects.bulk_create(statuses, batch_size=1000)
    chosen = list(skills) or [link.skill for link in original.opportunity_skills.all()]
    marks = index.numbers_of(Skill, [skill.translation_key for skill in chosen])
    assert original.project is not None
    project = index.numbers_of(Project, [original.project.translation_key])[original.project.translation_key]
    listed = ListedOpportunity.objects.bulk_create(
        [
            ListedOpportunity(
                translation_key=key,
                price=Decimal(1000 + number % 70 * 100),
                project=project,
                skills=[marks[skill.translation_key] for skill in _skills_of(number, chosen)],
            )
            for key, number in zip(keys, numbers, strict=True)
        ],
        batch_size=1000,
    )
    for page in (original, pairs.counterpart(original)):
        _add_language(page, keys, numbers, listed, chosen)
    return keys


def _status(key: uuid.UUID, number: int, now: Any) -> PublicStatus:
    is_open = number % 10 < OPEN_IN_TEN
    away = timedelta(hours=1 + number)
    return PublicStatus(
        translation_key=key,
        number=f"MA-{2030 + number // 9999}-{number % 9999 + 1:04d}",
        posted_at=now - timedelta(days=400) - away,
        deadline=now + away if is_open else now - away,
        state=PublicStatus.State.POSTED if number % 2 or is_open else PublicStatus.State.OPENED,
    )


def _skills_of(number: int, skills: Sequence[Skill]) -> list[Skill]:
    return list(dict.fromkeys([skills[number % len(skills)], skills[(number * 7 + 1) % len(skills)]]))


def _add_language(
    original: Page,
    keys: list[uuid.UUID],
    numbers: Sequence[int],
    listed: list[ListedOpportunity],
    skills: Sequence[Skill],
) -> None:
    language = original.locale.language_code
    things, words = THINGS[language], WORDS[language]
    titles = [f"{things[n % len(things)]} {words[n % len(words)]} {n}".capitalize() for n in numbers]
    pks = _new_keys(len(keys))
    parent = original.get_parent()
    slugs = [f"copy-{number}" for number in numbers]
    _clone(
        Page,
        original.pk,
        {
            "id": ("integer", pks),
            "path": ("text", [_path(parent, number) for number in numbers]),
            "title": ("text", titles),
            "draft_title": ("text", titles),
            "slug": ("text", slugs),
            "url_path": ("text", [f"{parent.url_path}{slug}/" for slug in slugs]),
            "translation_key": ("uuid", [str(key) for key in keys]),
            "live_revision_id": ("integer", [None] * len(keys)),
            "latest_revision_id": ("integer", [None] * len(keys)),
        },
    )
    _clone(Opportunity, original.pk, {"page_ptr_id": ("integer", pks)})
    chosen = [_skills_of(number, skills) for number in numbers]
    OpportunitySkill.objects.bulk_create(
        [
            OpportunitySkill(page_id=pk, skill=skill, sort_order=order)
            for pk, required in zip(pks, chosen, strict=True)
            for order, skill in enumerate(required)
        ],
        batch_size=2000,
    )
    source = ListedText.objects.get(page_id=original.pk)
    body = " ".join([source.body] * max(1, LENGTH // (len(source.body) + 1)))
    ListedText.objects.bulk_create(
        [
            ListedText(
                listed=row,
                language=language,
                page_id=pk,
                title=title,
                skills=", ".join(skill.name for skill in required),
                teaser=source.teaser,
                body=f"{body} {' '.join(words[number % 5 :])} rare{number // 10}",
            )
            for row, pk, title, required, number in zip(listed, pks, titles, chosen, numbers, strict=True)
        ],
        batch_size=1000,
    )


def _new_keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('wagtailcore_page', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [key for (key,) in cursor.fetchall()]


def _path(parent: Page, number: int) -> str:
    """A place in the tree that pages made in the usual way do not reach."""
    return str(Page._get_path(parent.path, parent.depth + 1, 36**3 + number))


def _clone(model: type[models.Model], pk: int, changed: dict[str, tuple[str, list[Any]]]) -> None:
    """Copy one row as often as there are values, each copy with its own."""
    quote = connection.ops.quote_name
    key = quote(str(model._meta.pk.column))
    table = quote(model._meta.db_table)
    kept = [
        str(field.column)
        for field in model._meta.local_concrete_fields
        if field.column not in changed and not field.generated
    ]
    columns = ", ".join(map(quote, [*kept, *changed]))
    values = ", ".join([*(f"old.{quote(column)}" for column in kept), *(f"new.{quote(c)}" for c in changed)])
    arrays = ", ".join(f"%s::{kind}[]" for kind, _values in changed.values())
    names = ", ".join(map(quote, changed))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} old, unnest({arrays}) AS new ({names})"
            f" WHERE old.{key} = %s",
            [*(values for _kind, values in changed.values()), pk],
        )
