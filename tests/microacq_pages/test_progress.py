"""What a project shows of its opportunities: counts, values and repositories, of what is public and nothing else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from microacq_pages import pairs, progress, roles
from microacq_pages.models import Opportunity, Project, PublicStatus
from submissions.solicitations.models import Solicitation
from tests.factories import pages, people, proposals

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _project_of_module(module_transaction: None) -> int:
    author, it_strategy = people.the(roles.CLIENT), people.the(roles.IT_STRATEGY)
    made = pages.make_project(author)
    pages.translate(made)
    pages.publish(made, it_strategy)
    made = Project.objects.get(pk=made.pk)
    for number, (price, repository, changes) in enumerate(
        (
            ("1000", "https://github.com/example-department/open-calendar/", {}),
            (
                "2000.50",
                "https://github.com/Example-Department/open-calendar.git",
                {"deadline": -timedelta(minutes=1)},
            ),
            (
                "3000",
                "https://gitlab.com/example/other",
                {"state": "opened", "awarded_value": Decimal("2999")},
            ),
            ("4000", "https://gitlab.com/example/other", {"state": "cancelled"}),
        )
    ):
        posted = pages.make_posted_opportunity(
            author, it_strategy, project=made, slug=f"o{number}", price=Decimal(price), repository=repository
        )
        if "deadline" in changes:
            file = Solicitation.objects.get(translation_key=posted.translation_key)
            proposals.set_deadline(file, after=changes["deadline"])
        elif changes:
            PublicStatus.objects.filter(translation_key=posted.translation_key).update(**changes)
    pages.make_opportunity(author, project=made, slug="draft", repository="https://gitlab.com/secret/draft")
    return made.pk


@pytest.fixture
def project(_project_of_module: int, db: None) -> Project:
    """A public project with four posted opportunities, each in another state, and a draft."""
    return Project.objects.get(pk=_project_of_module)


def test_what_is_public_is_counted_by_state_and_drafts_are_not(project: Project) -> None:
    found = progress.progress_of([project])[project.translation_key]

    assert [(stage.kind, stage.count, stage.value) for stage in found.stages] == [
        ("open", 1, Decimal("1000.00")),
        ("closed", 1, Decimal("2000.50")),
        ("opened", 1, Decimal("3000.00")),
        ("cancelled", 1, Decimal("4000.00")),
    ]
    assert (found.count, found.posted_value, found.awarded_value) == (
        4,
        Decimal("10000.50"),
        Decimal("2999.00"),
    )
    assert [(stage.start, stage.width) for stage in found.stages] == [
        (0, 250),
        (250, 250),
        (500, 250),
        (750, 250),
    ]


def test_each_repository_is_named_once_and_none_of_a_draft(project: Project) -> None:
    found = progress.progress_of([project])[project.translation_key]
    assert found.repositories == [
        "https://github.com/example-department/open-calendar",
        "https://gitlab.com/example/other",
    ]


def test_both_languages_tell_the_same(project: Project) -> None:
    english = progress.progress_of([project])[project.translation_key]
    french = progress.progress_of([pairs.counterpart(project)])[project.translation_key]
    assert (english.count, english.posted_value, english.repositories) == (
        french.count,
        french.posted_value,
        french.repositories,
    )


def test_a_change_that_is_still_a_draft_changes_nothing(project: Project) -> None:
    page = Opportunity.objects.get(slug="o0", locale=project.locale)
    draft = pairs.latest(page)
    draft.price = Decimal("8000")
    draft.save_revision()
    assert progress.progress_of([project])[project.translation_key].posted_value == Decimal("10000.50")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("$10,000.50", "$2,999", "Being evaluated", "4 opportunities posted")),
        ("fr", ("10 000,50 $", "2 999 $", "En évaluation", "4 opportunités affichées")),
    ],
)
def test_the_page_and_the_list_show_it_in_the_readers_language(
    language: str, texts: tuple[str, ...], project: Project, client: Client
) -> None:
    page = project if language == "en" else pairs.counterpart(project)
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    text = " ".join(soup.main.get_text(" ").replace("\u00a0", " ").split())
    assert [each for each in texts if each not in text] == []
    assert len(soup.select("svg.progress__picture rect")) == 4
    assert "secret" not in text
    assert not soup.select("svg [style], svg style")

    listed = BeautifulSoup(client.get(page.get_parent().url).content, "html.parser").main.get_text(" ")
    assert texts[3] in " ".join(listed.replace("\u00a0", " ").split())


def test_the_list_of_projects_costs_the_same_however_long(
    project: Project, author: Any, it_strategy: Any, client: Client
) -> None:
    def cost() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(project.get_parent().url).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for number in range(3):
        more = pages.make_project(author, slug=f"more-{number}", title=f"More {number}")
        pages.translate(more)
        pages.publish(more, it_strategy)
    assert cost() == few


def test_the_editor_of_a_project_lists_its_opportunities_with_the_drafts(
    project: Project, it_strategy: Any, client: Client
) -> None:
    client.force_login(it_strategy)
    response = client.get(reverse("wagtailadmin_pages:edit", args=[project.pk]))
    rows = BeautifulSoup(response.content, "html.parser").select("section table.listing tbody tr")
    states = [row.select("td")[2].get_text() for row in rows]
    assert sorted(states) == ["Being evaluated", "Cancelled", "Closed", "Draft", "Open"]
    own = Opportunity.objects.filter(project__translation_key=project.translation_key, locale=project.locale)
    addresses = {reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in own}
    assert {row.a["href"] for row in rows} == addresses
