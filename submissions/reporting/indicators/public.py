"""What the public page of the figures shows: whole fiscal years alone, so that no difference of two tells of a few
people.

Imports no view of staff.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Min
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from microacq_pages.formats import EASTERN, known_language
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock

from .charts import chart
from .figures import Figures
from .period import fiscal_year, fiscal_year_name, fiscal_year_of


def years() -> list[int]:
    """The fiscal years that have begun since the first posting, the newest first; the present one at least."""
    now = fiscal_year_of(database_clock().astimezone(EASTERN).date())
    first = Solicitation.objects.aggregate(first=Min("posted_at"))["first"]
    begun = fiscal_year_of(first.astimezone(EASTERN).date()) if first is not None else now
    return list(range(now, min(begun, now) - 1, -1))


def context(request: HttpRequest) -> dict[str, Any]:
    """The figures of the year that the address asks for, else of the present one.

    Raises:
        Http404: there is no such year.
    """
    offered = years()
    asked = request.GET.get("year", "")
    if asked and asked not in {str(year) for year in offered}:
        raise Http404
    year = int(asked) if asked else offered[0]
    language = known_language(get_language())
    figures = Figures(fiscal_year(year), language, is_public=True)
    return {
        "figures": figures,
        "charts": [chart(trend, language) for trend in figures.trends],
        "years": [{"year": each, "name": fiscal_year_name(each)} for each in offered],
        "year": year,
    }
