"""One page of the public list: what was found, in order, with the words that were found marked.

Owns what the template shows and the searches of the feeds. Costs the same number of queries whatever the number of
opportunities. Must not import ``submissions``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Case, F, Func, OrderBy, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import Page

from microacq_pages import formats
from microacq_pages.filters import OpportunityFilterSet, cleaned_parameters
from microacq_pages.furniture import furniture_of
from microacq_pages.models import ListedText, Opportunity, Project, Skill
from microacq_pages.models.listing import OPEN
from microacq_pages.models.listing import ListedOpportunityQuerySet as Listed

from . import words
from .facets import Facets

PAGE_SIZE = 20
#: More than so many are not put in order of relevance: the words are too common to say what is wanted.
RANKED = 500
EXCERPT = "MaxFragments=1, MinWords=12, MaxWords=28"


@dataclass(frozen=True)
class Words:
    """The words of a result, as HTML."""

    title: SafeString
    teaser: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Applied:
    """A filter that is in force: what it says, the search without it, and how many that gives where it is known."""

    label: str
    without: str
    count: int | None = None


def search_of(page: Page, sent: QueryDict) -> OpportunityFilterSet:
    """The search that an address asks for.

    Args:
        page: The list in one language.
        sent: The parameters of the address.
    """
    language = page.locale.language_code
    return OpportunityFilterSet(
        cleaned_parameters(sent),
        language=language,
        skills=_names(
            Skill.objects.values_list("pk", "translation_key", "name", "locale__language_code"), language
        ),
        projects=_names(
            Project.objects.live().values_list("pk", "translation_key", "title", "locale__language_code"),
            language,
        ),
    )


def _names(rows: Iterable[tuple[int, Any, str, str]], language: str) -> dict[int, str]:
    """Names in one language by number (see ``ListedOpportunity``), in the order of the alphabet."""
    numbers: dict[Any, int] = {}
    names: dict[Any, str] = {}
    for pk, key, name, written in rows:
        numbers[key] = min(pk, numbers.get(key, pk))
        if written == language or key not in names:
            names[key] = name
    return {numbers[key]: names[key] for key in sorted(names, key=lambda key: _alphabetical(names[key]))}


def _alphabetical(name: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if each.isascii())


class CountedPaginator(Paginator):
    """A paginator that is told how many there are."""

    def __init__(self, objects: Any, per_page: int, count: int) -> None:
        self.counted = count
        super().__init__(objects, per_page)

    @property
    def count(self) -> int:
        return self.counted


class Results:
    """What one address of the list shows.

    Args:
        page: The list in one language.
        sent: The parameters of the address.
    """

    def __init__(self, page: Page, sent: QueryDict) -> None:
        self.page = page
        self.search = search_of(page, sent)
        self.facets = Facets(self.search)
        #: Nothing has the words, but something has words that resemble them.
        self.resembling = self._try_resembling()

    def _try_resembling(self) -> bool:
        found = self.search.found_by_words if self.search.words and not self.facets.total else None
        if found is None or found:
            return False
        self.search.resemble(True)
        facets = Facets(self.search)
        if not facets.total:
            self.search.resemble(False)
            return False
        self.facets = facets
        return True

    @cached_property
    def shown(self) -> PaginatorPage:
        """The page of results that was asked for, or the nearest that there is."""
        ordered = in_order(self.search, ranked=self.is_ranked).values_list("pk", flat=True)
        page = CountedPaginator(ordered, PAGE_SIZE, self.facets.total).get_page(self.search.data.get("page"))
        page.object_list = list(page.object_list)
        return page

    @property
    def is_ranked(self) -> bool:
        """Whether what fits the keywords best comes first."""
        return self.search.search_query is not None and not self.resembling and self.facets.total <= RANKED

    @cached_property
    def opportunities(self) -> list[Opportunity]:
        """What the page shows, each with ``found``: its words with those marked that were looked for."""
        texts = {text.listed_id: text for text in self._texts()}
        pages = Opportunity.objects.live().filter(pk__in=[text.page_id for text in texts.values()])
        by_key = {page.pk: page for page in pages.for_listing()}
        found = []
        for listed in self.shown.object_list:
            text = texts.get(listed)
            if text is not None and text.page_id in by_key:
                opportunity = by_key[text.page_id]
                opportunity.found = _words_of(text)
                found.append(opportunity)
        return found

    @property
    def open(self) -> list[Opportunity]:
        return [opportunity for opportunity in self.opportunities if opportunity.is_taking_applications]

    @property
    def closed(self) -> list[Opportunity]:
        return [opportunity for opportunity in self.opportunities if not opportunity.is_taking_applications]

    def _texts(self) -> models.QuerySet[ListedText]:
        texts = ListedText.objects.filter(
            listed__in=self.shown.object_list, language=self.search.language
        ).only("listed", "page", "title", "teaser")
        query = None if self.resembling else self.search.search_query
        if query is None:
            return texts
        return texts.annotate(
            marked_title=_marked("title", query, "HighlightAll=true"),
            marked_teaser=_marked("teaser", query, "HighlightAll=true"),
            marked_body=_marked("body", query, EXCERPT),
        )

    # --- the filters in force ------------------------------------------------------------------

    @cached_property
    def applied(self) -> list[Applied]:
        """Each choice in force with the search without it."""
        found = []
        for name, value in self.search.applied.items():
            for each in value if isinstance(value, list) else [value]:
                rest = [other for other in value if other != each] if isinstance(value, list) else []
                found.append(Applied(self._said(name, each), self._address(**{name: rest or None})))
        return found

    @cached_property
    def looser(self) -> list[Applied]:
        """Each filter in force with what the search would give without it, where that is something."""
        found = []
        for name, value in self.search.applied.items():
            count = self.search.matching(name).count()
            said = ", ".join(
                self._said(name, each) for each in (value if isinstance(value, list) else [value])
            )
            if count:
                found.append(Applied(said, self._address(**{name: None}), count))
        return found

    def _said(self, name: str, value: Any) -> str:
        language = self.search.language
        if name == "q":
            words_ = self.search.keywords
            return f"«\N{NO-BREAK SPACE}{words_}\N{NO-BREAK SPACE}»" if language == "fr" else f"“{words_}”"
        if name == "price_min":
            return _("From %(price)s") % {"price": formats.money(value, language)}
        if name == "price_max":
            return _("Up to %(price)s") % {"price": formats.money(value, language)}
        return str(self.search.choices[name][value])

    def _address(self, **changes: Any) -> str:
        return f"{self.page.url}{self.search.query(**changes)}"

    # --- addresses -----------------------------------------------------------------------------

    def previous_address(self) -> str:
        number = self.shown.previous_page_number()
        return self._address(page=number if number > 1 else None)

    def next_address(self) -> str:
        return self._address(page=self.shown.next_page_number())

    def pages(self) -> list[tuple[int | None, str]]:
        """Numbers and addresses of the pages around this one; None stands for those left out."""
        numbers = self.shown.paginator.get_elided_page_range(self.shown.number, on_each_side=1, on_ends=1)
        return [
            (number, self._address(page=number if number > 1 else None))
            if isinstance(number, int)
            else (None, "")
            for number in numbers
        ]

    def feeds(self) -> dict[str, str]:
        """The addresses at which this search can be subscribed to, by kind."""
        return {
            kind: f"{self.page.url}feed/{kind}/{self.search.query()}" for kind in ("atom", "json", "calendar")
        }


def in_order(search: OpportunityFilterSet, *, ranked: bool) -> Listed:
    """What a search finds: open ones first; then the best fit, where it is ranked; then what is nearest in time."""
    found = search.qs
    if not ranked:
        return nearest_first(found)
    texts = ListedText.objects.filter(listed=OuterRef("pk"), language=search.language)
    rank = Func(F("vector"), search.search_query, function="ts_rank", output_field=models.FloatField())
    found = found.annotate(rank=Coalesce(Subquery(texts.values_list(rank)[:1]), Value(0.0)))
    return nearest_first(found, F("rank").desc())


def nearest_first(found: Listed, *before: OrderBy) -> Listed:
    """Open ones first; then by what is asked for before time; then the deadline that is nearest to now."""
    away = Func(
        F("deadline"),
        Now(),
        template="abs(extract(epoch FROM %(expressions)s))",
        arg_joiner=" - ",
        output_field=models.FloatField(),
    )
    closed_last = Case(When(public_state=OPEN, then=Value(0)), default=Value(1))
    return found.order_by(closed_last.asc(), *before, away.asc(), "pk")


def _marked(column: str, query: Any, options: str) -> Coalesce:
    marked = Func(
        F("language"),
        F(column),
        query,
        Value(options),
        function="microacq_search_marked",
        output_field=models.TextField(),
    )
    return Coalesce(marked, Value(""), output_field=models.TextField())


def _words_of(text: ListedText) -> Words:
    title, teaser = getattr(text, "marked_title", ""), getattr(text, "marked_teaser", "")
    body = getattr(text, "marked_body", "")
    needed = words.is_marked(body) and not words.is_marked(title) and not words.is_marked(teaser)
    return Words(
        words.shown(title or text.title),
        words.shown(teaser or text.teaser),
        words.shown(" ".join(body.split())) if needed else SafeString(""),
    )


def context_of(page: Page, request: HttpRequest) -> dict[str, Any]:
    """What the template of the list needs to know."""
    results = Results(page, request.GET)
    around = furniture_of(request, page, page.locale.language_code)
    number = results.shown.number
    query = results.search.query(page=number if number > 1 else None)
    return {
        "results": results,
        "search": results.search,
        "facets": results.facets,
        "language_url": f"{around.language_url()}{query}",
    }
