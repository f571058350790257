"""What of the catalogue is listed: by words, licence and project, page by page, in a constant number of queries.

Never refuses an address: what is not understood is left out. Knows no request; imports no view.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from microacq_pages.finding.words import plain_line
from microacq_pages.models import Opportunity, Project

from .models import CatalogueEntry

ON_A_PAGE = 20
LONGEST = 200
MOST_WORDS = 8


@dataclass(frozen=True)
class Asked:
    """What an address asks of the catalogue.

    Attributes:
        words: Keywords as typed.
        licence: An SPDX expression of an entry; empty for every.
        project: Translation key of a project; None for every.
    """

    words: str = ""
    licence: str = ""
    project: UUID | None = None

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.licence or self.project)

    def query(self, page: int) -> str:
        """The address of a page of the same search."""
        values = {"q": self.words, "licence": self.licence, "project": self.project or "", "page": page}
        return "?" + urlencode({name: value for name, value in values.items() if value not in ("", 1)})


@dataclass(frozen=True)
class Row:
    """One entry with its pages in the reader’s language; None where they are not public."""

    entry: CatalogueEntry
    opportunity: Opportunity | None
    project: Project | None


@dataclass(frozen=True)
class Found:
    """What the catalogue answers.

    Attributes:
        asked: What was understood.
        page: The page of entries, of Django’s paginator.
        rows: Its entries with their pages.
        licences: Those that can be chosen.
        projects: Those that can be chosen, by translation key.
    """

    asked: Asked
    page: Page[CatalogueEntry]
    rows: list[Row]
    licences: list[str]
    projects: Mapping[UUID, Project]


def asked_of(sent: Mapping[str, str], licences: list[str], projects: Mapping[UUID, Project]) -> Asked:
    """What an address says, as far as it is understood."""
    licence = sent.get("licence", "")
    try:
        project = UUID(sent.get("project", ""))
    except ValueError:
        project = None
    return Asked(
        words=plain_line(sent.get("q", "")[: LONGEST * 4])[:LONGEST],
        licence=licence if licence in licences else "",
        project=project if project in projects else None,
    )


def find(sent: Mapping[str, str], locale_id: int, language: str) -> Found:
    """One page of the catalogue in a language.

    Args:
        sent: The parameters of the address.
        locale_id: Of the reader’s language.
        language: ``en`` or ``fr``.
    """
    known = CatalogueEntry.objects.order_by()
    licences = list(known.values_list("licence", flat=True).distinct().order_by("licence"))
    projects = _projects(known, locale_id)
    asked = asked_of(sent, licences, projects)
    page = Paginator(matching(asked, language), ON_A_PAGE).get_page(sent.get("page", "1"))
    entries = list(page.object_list)
    opportunities = {
        each.translation_key: each
        for each in Opportunity.objects.live().filter(
            translation_key__in=[entry.translation_key for entry in entries], locale_id=locale_id
        )
    }
    rows = [
        Row(
            entry,
            opportunities.get(entry.translation_key),
            projects.get(entry.project_key) if entry.project_key else None,
        )
        for entry in entries
    ]
    return Found(asked, page, rows, licences, projects)


def _projects(known: Any, locale_id: int) -> dict[UUID, Project]:
    keys = known.exclude(project_key=None).values("project_key")
    pages = Project.objects.live().filter(translation_key__in=keys, locale_id=locale_id).order_by("title")
    return {page.translation_key: page for page in pages}


def matching(asked: Asked, language: str) -> QuerySet[CatalogueEntry]:
    """The entries that an address asks for, the newest first: every word in name, purpose, keywords or number."""
    found: QuerySet[CatalogueEntry] = CatalogueEntry.objects.all()
    if asked.licence:
        found = found.filter(licence=asked.licence)
    if asked.project:
        found = found.filter(project_key=asked.project)
    for word in asked.words.split()[:MOST_WORDS]:
        found = found.filter(
            Q(**{f"name_{language}__unaccent__icontains": word})
            | Q(**{f"what_{language}__unaccent__icontains": word})
            | Q(**{f"tags_{language}__icontains": word})
            | Q(number__iexact=word)
        )
    return found
