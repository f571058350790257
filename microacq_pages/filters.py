"""What the public list can be asked for: keywords, skills, state, project, price, how soon it closes.

One filter set serves the page and the feeds. It never refuses an address: what is not understood is left out and
named in ``left_out``, so that a page always answers. The counts beside each choice are in ``finding/facets.py``.
Must not import ``submissions``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .finding import words
from .finding.matches import Matches
from .models import ListedOpportunity, ListedText, PublicStatus
from .models.listing import CLOSED, OPEN
from .models.listing import ListedOpportunityQuerySet as Listed

LONGEST_VALUE = 300
MOST_VALUES = 60

#: What the public calls the states, in the order of the process: open, closed, then those of the file after that.
STATES = {
    OPEN: pgettext_lazy("state of an opportunity", "Open"),
    CLOSED: pgettext_lazy("state of an opportunity", "Closed"),
    **{state.value: state.label for state in PublicStatus.State if state != PublicStatus.State.POSTED},
}
#: Days within which applications close.
CLOSING = {3: _("Within 3 days"), 7: _("Within 7 days"), 14: _("Within 14 days"), 30: _("Within 30 days")}

_MONEY = re.compile(r"(\d{1,3}(?:[ ,]\d{3})+|\d{1,12})(?:[.,](\d{1,2}))?")


def cleaned_parameters(sent: QueryDict) -> MultiValueDict[str, str]:
    """What an address says, without control characters, in a reasonable number of values of reasonable length."""
    cleaned: MultiValueDict[str, str] = MultiValueDict()
    for name in (*OpportunityFilterSet.base_filters, "page"):
        values = [words.plain_line(value[: LONGEST_VALUE * 4]) for value in sent.getlist(name)[:MOST_VALUES]]
        values = [value for value in values if value]
        if values:
            cleaned.setlist(name, values)
    return cleaned


class PriceField(forms.Field):
    """Dollars as people of either language type them: ``6500``, ``6,500``, ``$6,500.00``, ``6 500,00 $``."""

    default_error_messages = {"invalid": _("Type a price in dollars, for example 5000.")}

    def to_python(self, value: str | None) -> Decimal | None:
        text = " ".join((value or "").replace("$", " ").split())
        if not text:
            return None
        found = _MONEY.fullmatch(text)
        if found is None or not text.isascii():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        dollars = re.sub(r"[ ,]", "", found.group(1))
        return Decimal(f"{dollars}.{found.group(2) or '0'}")


class PriceFilter(django_filters.Filter):
    field_class = PriceField


class KnownChoicesField(forms.Field):
    """Several choices, of which those that are unknown are left out."""

    def __init__(self, *, choices: Mapping[Any, Any], several: bool = True, **kwargs: Any) -> None:
        super().__init__(widget=forms.SelectMultiple, **kwargs)
        self.choices = {str(value): value for value in choices}
        self.several = several

    def to_python(self, value: Iterable[str] | None) -> list[Any]:
        known = [self.choices[each] for each in dict.fromkeys(value or ()) if each in self.choices]
        return known if self.several else known[:1]


class KnownChoicesFilter(django_filters.Filter):
    """The filter set gives it its choices before the form is made."""

    field_class = KnownChoicesField


class SearchQuery(Func):
    """The keywords as PostgreSQL looks for them in one language."""

    function = "microacq_search_query"
    output_field = SearchQueryField()

    def __init__(self, language: str, typed: list[str]) -> None:
        super().__init__(Value(language), Value(typed, output_field=ArrayField(models.TextField())))


class Resembles(Func):
    template = "(%(expressions)s)"
    arg_joiner = " <%% "
    output_field = models.BooleanField()


class OpportunityFilterSet(django_filters.FilterSet):
    """The filters of the public list.

    Args:
        sent: The parameters of an address; see ``cleaned_parameters``.
        language: Language of the keywords.
        skills: Names of the skills that can be chosen, by number.
        projects: Titles of the projects that can be chosen, by number.
    """

    q = django_filters.CharFilter(method="having_words", label=_("Keywords"))
    skill = KnownChoicesFilter(method="having_skills", label=_("Skills"))
    state = KnownChoicesFilter(method="in_states", label=_("State"), choices=STATES)
    project = KnownChoicesFilter(method="of_project", label=_("Project"), several=False)
    price_min = PriceFilter(field_name="price", lookup_expr="gte", label=_("Lowest price"))
    price_max = PriceFilter(field_name="price", lookup_expr="lte", label=_("Highest price"))
    closing = KnownChoicesFilter(method="closing_within", label=_("Closing"), choices=CLOSING, several=False)

    class Meta:
        model = ListedOpportunity
        fields: list[str] = []

    def __init__(
        self,
        sent: MultiValueDict[str, str],
        *,
        language: str,
        skills: Mapping[int, str],
        projects: Mapping[int, str],
    ) -> None:
        super().__init__(sent, queryset=ListedOpportunity.objects.posted())
        self.language = language
        self.resembling = False
        self.choices: dict[str, Mapping[Any, Any]] = {
            "skill": skills,
            "state": STATES,
            "project": projects,
            "closing": CLOSING,
        }
        for name in ("skill", "project"):
            self.filters[name].extra["choices"] = self.choices[name]

    # --- what was asked ------------------------------------------------------------------------

    @cached_property
    def applied(self) -> dict[str, Any]:
        """What is asked for and understood, by filter."""
        self.form.is_valid()
        values = {
            name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])
        }
        if "q" in values and not self.words and not words.typed_number(values["q"]):
            del values["q"]
        low, high = values.get("price_min"), values.get("price_max")
        if low is not None and high is not None and low > high:
            values["price_min"], values["price_max"] = high, low
        return values

    @cached_property
    def words(self) -> list[str]:
        """The words of the keywords; see ``finding.words``."""
        return words.typed_words(self._typed[:LONGEST_VALUE])[: words.MOST_WORDS]

    @property
    def _typed(self) -> str:
        self.form.is_valid()
        return self.form.cleaned_data.get("q") or ""

    @property
    def keywords(self) -> str:
        """The keywords as they stand in the address and in the field again."""
        return str(self.applied.get("q", ""))[:LONGEST_VALUE]

    @cached_property
    def left_out(self) -> list[str]:
        """Labels of the filters of which something in the address was not understood."""
        missed = []
        for name, each in self.filters.items():
            sent = dict.fromkeys(self.data.getlist(name))
            got = self.applied.get(name)
            if name == "q":
                typed = words.typed_words(self._typed)
                cut = len(self._typed) > LONGEST_VALUE or len(typed) > words.MOST_WORDS
                missed += [each.label] if cut or len(sent) > 1 or (sent and got is None) else []
            elif len(sent) > (len(got) if isinstance(got, list) else int(got is not None)):
                missed.append(each.label)
        return list(dict.fromkeys(str(label) for label in missed))

    @property
    def narrows(self) -> bool:
        """Whether anything but keywords is asked for."""
        return any(name != "q" for name in self.applied)

    @property
    def price_fields(self) -> list[dict[str, str]]:
        """The two fields of the price, with what was typed and what is wrong with it."""
        return [
            {
                "name": name,
                "id": f"find-{name}",
                "label": str(self.filters[name].label),
                "value": self.data.get(name, ""),
                "error": " ".join(self.form.errors.get(name, [])),
            }
            for name in ("price_min", "price_max")
        ]

    def query(self, **changes: Any) -> str:
        """The address of this search, in one order and without what was not understood.

        Args:
            changes: Filters to change; None takes one away, a page number adds one.

        Returns:
            A query string with its ``?``, or nothing.
        """
        values = {**self.applied, **({"q": self.keywords} if self.keywords else {}), **changes}
        pairs: list[tuple[str, str]] = []
        for name in (*self.filters, "page"):
            value = values.get(name)
            several = value if isinstance(value, list) else [value]
            pairs += [(name, _as_text(each)) for each in several if each is not None]
        return f"?{urlencode(pairs)}" if pairs else ""

    # --- what matches --------------------------------------------------------------------------

    def matching(self, *without: str) -> Listed:
        """What matches every filter but those named."""
        found: Listed = self.queryset
        for name, value in self.applied.items():
            if name not in without:
                found = self.filters[name].filter(found, value)
        return found

    @property
    def qs(self) -> Listed:
        """What matches."""
        return self.matching()

    @cached_property
    def search_query(self) -> SearchQuery | None:
        """The keywords for ranking and marking; None where there are none, or where they need not stand in a text."""
        in_texts = "q" in self.applied and self.words and not words.typed_number(self._typed)
        return SearchQuery(self.language, self.words) if in_texts else None

    def resemble(self, resembling: bool) -> None:
        """Look for words that resemble the keywords, instead of their forms; or for their forms again."""
        self.resembling = resembling
        self.__dict__.pop("found_by_words", None)

    def having_words(self, found: Listed, name: str, value: str) -> Listed:
        """With every keyword in a form of it, or as the beginning of a word; or with the number of the file."""
        if number := words.typed_number(value):
            return found.filter(number=number)
        if self.found_by_words is None:
            return found
        return found.filter(self.found_by_words.condition)

    @cached_property
    def found_by_words(self) -> Matches | None:
        """What has the keywords, looked up once a search; None where they say nothing ("of the")."""
        if not self.resembling:
            with connection.cursor() as cursor:
                cursor.execute("SELECT microacq_search_listed(%s, %s)", [self.language, self.words])
                keys = cursor.fetchone()[0]
            return None if keys is None else Matches(keys)
        texts = ListedText.objects.filter(language=self.language)
        for word in self.words:
            plain = Func(Value(word), function="microacq_search_plain", output_field=models.TextField())
            texts = texts.filter(Resembles(plain, F("plain")))
        return Matches(list(texts.values_list("listed", flat=True)))

    def having_skills(self, found: Listed, name: str, value: list[int]) -> Listed:
        """With at least one of the skills."""
        return found.filter(skills__overlap=value)

    def in_states(self, found: Listed, name: str, value: list[str]) -> Listed:
        return found.filter(Q(("public_state__in", value)))

    def of_project(self, found: Listed, name: str, value: list[int]) -> Listed:
        return found.filter(project=value[0])

    def closing_within(self, found: Listed, name: str, value: list[int]) -> Listed:
        return found.filter(closing_within(value[0]))


def closing_within(days: int) -> Q:
    """Open, with a deadline in at most so many times 24 hours, by the database's clock."""
    return Q(state=PublicStatus.State.POSTED, deadline__gt=Now(), deadline__lte=in_days(days))


def in_days(days: int) -> CombinedExpression:
    """The moment in so many times 24 hours, by the database's clock."""
    return Now() + Value(timedelta(days=days))


def _as_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
