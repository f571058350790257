"""Keeps the rows that the public list searches in line with what is public.

Answers the hooks of ``publishing`` and the change of a skill's name. The rows can always be made again from the pages
(``build_anew``, command ``index_opportunities``). Number, state and times come by a trigger.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from wagtail import hooks
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

from microacq_pages.models import (
    ListedOpportunity,
    ListedText,
    Opportunity,
    OpportunitySkill,
    Project,
    PublicVersion,
    Skill,
)

BATCH = 500


@hooks.register("microacq_pair_published")
def list_pair(source: Page, target: Page, user: Any, first: bool) -> None:
    """A pair went live: what is listed of it is what both pages now say."""
    if isinstance(source, Opportunity) and isinstance(target, Opportunity):
        refresh(source, target)


@hooks.register("microacq_pair_unpublished")
def unlist_pair(source: Page, target: Page | None, user: Any) -> None:
    """A pair came down."""
    if isinstance(source, Opportunity):
        ListedOpportunity.objects.filter(translation_key=source.translation_key).delete()


@transaction.atomic
def refresh(*pages: Opportunity) -> None:
    """Write the rows of one opportunity anew.

    Args:
        pages: Both languages of it, as they are public.
    """
    source = pages[0]
    links = OpportunitySkill.objects.filter(page=source).order_by("sort_order")
    keys = list(links.values_list("skill__translation_key", flat=True))
    numbers = numbers_of(Skill, keys)
    project = source.project.translation_key if source.project else None
    listed, _made = ListedOpportunity.objects.update_or_create(
        translation_key=source.translation_key,
        defaults={
            "price": source.price,
            "project": numbers_of(Project, [project]).get(project) if project else None,
            "skills": [numbers[key] for key in keys],
        },
    )
    for page in pages:
        ListedText.objects.update_or_create(
            listed=listed, language=page.locale.language_code, defaults={"page": page, **_words_of(page)}
        )


def numbers_of(model: type[Any], keys: Iterable[UUID]) -> dict[UUID, int]:
    """What stands for a skill or project in addresses: the lowest key of its rows in both languages."""
    found = model.objects.filter(translation_key__in=set(keys)).order_by().values("translation_key")
    return dict(found.annotate(number=Min("pk")).values_list("translation_key", "number"))


def _words_of(page: Opportunity) -> dict[str, str]:
    project = page.localized_project
    parts = [page.background, page.work]
    parts += [part.statement for part in page.criteria.all()]
    parts += [part.statement for part in page.acceptance_criteria.all()]
    words = [" ".join(get_text_for_indexing(str(part)).split()) for part in parts]
    words += [project.title if project else "", page.team, page.branch, page.department, page.licence]
    return {
        "title": page.title,
        "skills": ", ".join(page.localized_skills),
        "teaser": page.teaser,
        "body": "\n".join(word for word in words if word),
    }


@transaction.atomic
def follow_skill(skill: Skill) -> None:
    """The name of a skill changed: it is found under its new one."""
    names = Skill.objects.filter(translation_key=skill.translation_key)
    number = names.aggregate(number=Min("pk"))["number"]
    if not ListedOpportunity.objects.filter(skills__contains=[number]).exists():
        return
    texts = ListedText.objects.filter(listed__skills__contains=[number], language=skill.locale.language_code)
    changed = []
    for text in texts.select_related("page").iterator(BATCH):
        text.skills = ", ".join(text.page.localized_skills)
        changed.append(text)
    ListedText.objects.bulk_update(changed, ["skills"], batch_size=BATCH)
    PublicVersion.bump()


@transaction.atomic
def build_anew() -> int:
    """Make every row again.

    Returns:
        How many opportunities are listed.
    """
    pages = Opportunity.objects.live().select_related("locale", "project").order_by("translation_key", "pk")
    pairs: dict[UUID, list[Opportunity]] = {}
    for page in pages:
        pairs.setdefault(page.translation_key, []).append(page)
    ListedOpportunity.objects.exclude(translation_key__in=pairs).delete()
    for both in pairs.values():
        refresh(*both)
    PublicVersion.bump()
    return len(pairs)


def set_up() -> list[str]:
    """List what is public and not listed, as after an upgrade.

    Returns:
        A line when there was anything.
    """
    unlisted = Opportunity.objects.live().exclude(pk__in=ListedText.objects.values("page"))
    return [f"list of {build_anew()} opportunities"] if unlisted.exists() else []
