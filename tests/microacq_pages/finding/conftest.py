"""Opportunities with real titles in both languages, in different states."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from wagtail_localize.models import StringSegment, StringTranslation

from microacq_pages import pairs, roles
from microacq_pages.models import Opportunity
from submissions.proposals import opening
from submissions.solicitations.models import Solicitation
from tests.factories import pages, people, proposals
from tests.support import committed

committed_database = committed.committed_database

TEXTS = {
    "date-picker": ("Accessible date picker", "Sélecteur de dates accessible"),
    "stemming": ("French stemming for search", "Racinisation du français pour la recherche"),
    "open-data": ("Validator of open data sets", "Validateur de jeux de données ouvertes"),
    "azure": (
        "Building custom Azure marketplace policies",
        "Élaboration de politiques personnalisées pour Azure marketplace",
    ),
    "translator": ("Improve the translated documentation", "Améliorer la documentation traduite"),
}


@pytest.fixture(autouse=True)
def _no_page_is_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def post(author: Any, approver: Any, slug: str, **fields: Any) -> Opportunity:
    """A posted opportunity with its real title in both languages."""
    english, french = TEXTS[slug]
    draft = pages.make_opportunity(author, slug=slug, title=english, teaser=f"{english} is needed.", **fields)
    pages.translate(draft)
    translation = pairs.translation_of(draft)
    for segment in StringSegment.objects.filter(source=translation.source).select_related("string"):
        words = {english: french, f"{english} is needed.": f"Il faut : {french}."}.get(segment.string.data)
        if words:
            StringTranslation.objects.filter(
                translation_of=segment.string, locale=translation.target_locale
            ).update(data=words)
    pages.publish(draft, approver)
    return Opportunity.objects.get(pk=draft.pk)


@pytest.fixture(scope="module")
def opportunities(committed_database: str) -> dict[str, Opportunity]:
    """Three open ones at different prices, skills and deadlines, and a closed one, for the tests of a module."""
    opening.make_trial()
    author, approver = people.make_user(roles.CLIENT), people.make_user(roles.IT_STRATEGY)
    python = pages.make_skill("Python", "Python (langage)")
    web = pages.make_skill("Accessibility", "Accessibilité")
    project = pages.make_project(author, title="Open design", slug="open-design")
    pages.translate(project)
    pages.publish(project, approver)
    found = {
        "date-picker": post(author, approver, "date-picker", skills=[web], price=2000, project=project),
        "stemming": post(author, approver, "stemming", skills=[python], price=4000),
        "open-data": post(author, approver, "open-data", skills=[python, web], price=8000),
        "translator": post(author, approver, "translator", skills=[web], price=3000),
    }
    for slug, days in (("date-picker", 12), ("stemming", 25), ("open-data", 40), ("translator", -1)):
        file = Solicitation.objects.get(translation_key=found[slug].translation_key)
        proposals.set_deadline(file, after=timedelta(days=days))
    return found
