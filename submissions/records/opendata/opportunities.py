"""The opportunities as JSON: what the public list shows, with its filters, and one opportunity with its text as posted.

Owns the form of the data, which grows and never loses a name. Both languages are in every answer. Costs the same number
of queries whatever there is; a page holds fifty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from microacq_pages.filters import STATES, OpportunityFilterSet
from microacq_pages.finding.results import CountedPaginator, nearest_first, search_of
from microacq_pages.furniture import absolute
from microacq_pages.models import (
    ListedOpportunity,
    ListedText,
    Opportunity,
    OpportunityIndex,
    Project,
    PublicStatus,
    Skill,
)
from submissions.solicitations.enums import ItemKind
from submissions.solicitations.models import Solicitation

from . import packages, standard
from .wording import LANGUAGES, MAIN_LANGUAGE, in_lines, instant

PAGE_SIZE = 50
LANGUAGE = "language"
#: Sections of the posted text that one opportunity shows.
TEXTS = ("background", "work")
CRITERIA = {"criteria": ItemKind.EVALUATION, "acceptance_criteria": ItemKind.ACCEPTANCE}

InBoth = dict[str, str]


def language_of(sent: QueryDict) -> str:
    """The language of the keywords."""
    asked = sent.get(LANGUAGE, "")
    return asked if asked in LANGUAGES else MAIN_LANGUAGE


def search(sent: QueryDict) -> OpportunityFilterSet | None:
    """The search that an address asks for, as on the list; None before there is a list."""
    language = language_of(sent)
    index = OpportunityIndex.objects.live().filter(locale__language_code=language).first()
    return search_of(index, sent) if index is not None else None


def listing(found: OpportunityFilterSet) -> dict[str, Any]:
    """One page of what a search finds: open ones first, then what is nearest in time."""
    count = found.qs.count()
    shown = CountedPaginator(nearest_first(found.qs), PAGE_SIZE, count).get_page(found.data.get("page"))
    rows = list(shown.object_list)
    return {
        "documentation": packages.guide_url(),
        "licence": packages.LICENCE,
        "count": count,
        "page": shown.number,
        "pages": shown.paginator.num_pages,
        "next": _address(found, shown.next_page_number()) if shown.has_next() else None,
        "previous": _address(found, shown.previous_page_number()) if shown.has_previous() else None,
        "not_understood": found.left_out,
        "opportunities": entries(rows),
    }


def one(number: str) -> dict[str, Any] | None:
    """One opportunity with its text as posted, or as last amended; None where no public one has the number."""
    row = ListedOpportunity.objects.posted().filter(number=number).first()
    file = Solicitation.objects.filter(number=number).first()
    if row is None or file is None:
        return None
    found = entries([row])
    if not found:
        return None
    posting = file.current_posting
    words = {
        name: {language: in_lines(posting.text[language][name]) for language in LANGUAGES} for name in TEXTS
    }
    items = list(posting.items.all())
    criteria = {
        name: [
            {"en": in_lines(item.text_en), "fr": in_lines(item.text_fr)}
            for item in items
            if item.kind == kind
        ]
        for name, kind in CRITERIA.items()
    }
    record = packages.record_url(standard.ocid_of(number)) if packages.has_record(number) else None
    return {**found[0], **words, **criteria, "open_contracting_record": record}


@dataclass(frozen=True)
class _Around:
    """What the rows of one page need beside themselves, each looked up once."""

    texts: dict[int, dict[str, ListedText]]
    pages: dict[int, Page]
    facts: dict[int, dict[str, Any]]
    statuses: dict[str, PublicStatus]
    skills: dict[int, InBoth]
    projects: dict[int, InBoth]


def entries(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of the list as data; one that is not public in both languages at this moment is left out."""
    around = _around(rows)
    return [
        _entry(row, around)
        for row in rows
        if len(around.texts.get(row.pk, {})) == len(LANGUAGES)
        and all(text.page_id in around.pages for text in around.texts[row.pk].values())
    ]


def _around(rows: Sequence[Any]) -> _Around:
    texts: dict[int, dict[str, ListedText]] = {}
    found = ListedText.objects.filter(listed__in=[row.pk for row in rows])
    for text in found.defer("vector", "plain", "body"):
        texts.setdefault(text.listed_id, {})[text.language] = text
    keys = [text.page_id for both in texts.values() for text in both.values()]
    columns = ("pk", "licence", "repository", "selection_date", "delivery_date")
    numbers = [row.number for row in rows]
    return _Around(
        texts=texts,
        pages=Page.objects.live().in_bulk(keys),
        facts={each["pk"]: each for each in Opportunity.objects.filter(pk__in=keys).values(*columns)},
        statuses={each.number: each for each in PublicStatus.objects.filter(number__in=numbers)},
        skills=_names(Skill.objects.all(), "name"),
        projects=_names(Project.objects.live(), "title"),
    )


def _names(rows: Any, column: str) -> dict[int, InBoth]:
    """Names in both languages by the number that stands for them in addresses: the lowest key of both rows."""
    numbers: dict[Any, int] = {}
    names: dict[int, InBoth] = {}
    listed = rows.order_by("pk").values_list("pk", "translation_key", column, "locale__language_code")
    for key, translation_key, name, language in listed:
        number = numbers.setdefault(translation_key, key)
        names.setdefault(number, {})[language] = name
    return names


def _entry(row: Any, around: _Around) -> dict[str, Any]:
    texts = around.texts[row.pk]
    facts = around.facts[texts[MAIN_LANGUAGE].page_id]
    status = around.statuses[row.number]
    return {
        "number": row.number,
        "url": absolute(reverse("opendata:opportunity", args=[row.number])),
        "pages": {language: absolute(around.pages[texts[language].page_id].url) for language in LANGUAGES},
        "title": {language: texts[language].title for language in LANGUAGES},
        "summary": {language: texts[language].teaser for language in LANGUAGES},
        "state": row.public_state,
        "state_label": _label(row.public_state),
        "price_cad": _amount(row.price),
        "awarded_value_cad": _amount(status.awarded_value),
        "posted_at": _instant(row.posted_at),
        "amended_at": _instant(row.amended_at),
        "amendments": status.amendments,
        "deadline": _instant(row.deadline),
        "selection_date": _day(facts["selection_date"]),
        "delivery_date": _day(facts["delivery_date"]),
        "licence": facts["licence"],
        "repository": facts["repository"],
        "skills": [around.skills[number] for number in row.skills if number in around.skills],
        "project": around.projects.get(row.project),
    }


def _label(state: str) -> InBoth:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = str(STATES[state])
    return said


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _address(found: OpportunityFilterSet, page: int) -> str:
    query = found.query(page=page if page > 1 else None)
    language = f"{LANGUAGE}={found.language}"
    separator = f"&{query[1:]}" if query else ""
    return f"{absolute(reverse('opendata:opportunities'))}?{language}{separator}"
