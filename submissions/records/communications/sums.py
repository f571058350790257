"""How applicants learned of opportunities, and where these were announced, as sums. Reads only.

What applicants say comes from the sums of the survey, by year and cohort, where small groups are hidden already; no
other sum of it is made here, because differences would give hidden groups away. Announcements name no applicant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractYear

from submissions.survey import sums as survey
from submissions.survey.questions import FOUND

from .models import Mention
from .texts import CHANNELS


@dataclass(frozen=True)
class Learned:
    """How one cohort of a year learned of opportunities."""

    year: int
    cohort: str
    people: int
    lines: Sequence[survey.Line]
    rest: int | None


@dataclass(frozen=True)
class Told:
    """How often a channel was used in a year, and for how many opportunities."""

    year: int
    channel: Any
    mentions: int
    opportunities: int


def learned() -> list[Learned]:
    """What applicants answered, the newest first; one query."""
    return [
        Learned(table.year, str(table.cohort.label), answered.people, answered.lines, answered.rest)
        for table in survey.tables()
        for answered in table.questions
        if answered.heading == FOUND.heading
    ]


def told() -> list[Told]:
    """Announcements by year and channel, the newest first; one query."""
    rows = (
        Mention.objects.standing()
        .order_by()
        .annotate(year=ExtractYear("announced_on"))
        .values_list("year", "channel")
        .annotate(mentions=Count("pk"), opportunities=Count("solicitation", distinct=True))
        .order_by("-year", "-mentions", "channel")
    )
    return [Told(year, CHANNELS[channel].label, mentions, files) for year, channel, mentions, files in rows]
