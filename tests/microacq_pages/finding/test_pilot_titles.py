"""The titles that the pilot posted are found as people type them: without accents, in another number, in part."""

from __future__ import annotations

import pytest
from django.test import Client

from microacq_pages import roles
from submissions.proposals import opening
from tests.factories import people
from tests.microacq_pages.finding.conftest import post
from tests.microacq_pages.finding.test_search import soup_of, titles

FOUND = {
    "en": [
        "Building custom Azure marketplace policies",
        "azure",
        "AZURE Policy",
        "custom policy",
        "customs policies",
        "build policies",
        "marketplaces",
        "market",
        "polic",
        "azur",
        '"custom Azure"',
        "policies, building",
    ],
    "fr": [
        "Élaboration de politiques personnalisées pour Azure marketplace",
        "elaboration de politiques personnalisees pour azure marketplace",
        "ELABORATION",
        "élaborations",
        "elaborer",
        "politique personnalisee",
        "politique personnalisé",
        "personnalis",
        "polit",
        "l'élaboration d'une politique",
        "azure",
        "«\u00a0politiques personnalisées\u00a0»",
    ],
}
NOT_FOUND = {"en": ["politique", "elaboration", "marketplace python"], "fr": ["policies", "azure python"]}


@pytest.fixture(scope="module")
def _opportunities(committed_database: str) -> None:
    opening.make_trial()
    author, approver = people.make_user(roles.CLIENT), people.make_user(roles.IT_STRATEGY)
    for slug in ("azure", "stemming"):
        post(author, approver, slug)


@pytest.mark.usefixtures("_opportunities")
@pytest.mark.parametrize(
    ("language", "title"),
    [(language, typed[0]) for language, typed in FOUND.items()],
)
def test_the_titles_of_the_pilot_are_found(client: Client, language: str, title: str) -> None:
    missed = [typed for typed in FOUND[language] if titles(soup_of(client, language, q=typed)) != [title]]
    assert missed == []
    wrong = [typed for typed in NOT_FOUND[language] if title in titles(soup_of(client, language, q=typed))]
    assert wrong == []
