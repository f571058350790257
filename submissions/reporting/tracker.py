"""The query behind the tracker: files with the moment since when they are where they are. Reads only.

That moment is the last recorded act that changed the state; for a posted file, the posting or its deadline.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, CharField, DateTimeField, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast, Coalesce, Now
from wagtail.models import ModelLogEntry

from microacq_pages.formats import EASTERN
from submissions.solicitations import states
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.querysets import SolicitationQuerySet

from .phases import CURRENT, PHASES, Phase, overdue_before


def tracked(files: SolicitationQuerySet) -> SolicitationQuerySet:
    """Files with ``clock`` and ``since``, both by the database."""
    moved = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Solicitation),
        object_id=Cast(OuterRef("pk"), CharField()),
        action__in=sorted({rule.act for rule in states.TRANSITIONS.values()}),
    ).order_by("-timestamp", "-pk")
    return files.with_clock().annotate(
        since=Case(
            When(state=State.POSTED, deadline__gt=Now(), then=F("posted_at")),
            When(state=State.POSTED, then=F("deadline")),
            default=Coalesce(Subquery(moved.values("timestamp")[:1]), F("deadline")),
            output_field=DateTimeField(),
        )
    )


def in_phases(phases: list[Phase]) -> Q:
    """Files that are in one of these phases, by the database's clock."""
    return reduce(or_, (_in(phase) for phase in phases), Q(pk__in=[]))


def _in(phase: Phase) -> Q:
    wanted = Q(state=phase.state)
    if phase.after_deadline is None:
        return wanted
    return wanted & (Q(deadline__lte=Now()) if phase.after_deadline else Q(deadline__gt=Now()))


def overdue(now: datetime) -> Q:
    """Files of ``tracked`` whose next act is overdue; the same rule as ``next_acts.is_overdue``.

    Args:
        now: The database's clock (UTC).
    """
    return reduce(or_, (_overdue(phase, now) for phase in CURRENT if phase.target_days is not None))


def _overdue(phase: Phase, now: datetime) -> Q:
    late = Q(since__lte=overdue_before(phase.target_days or 0, now))
    if phase.until:
        late |= Q(**{f"{phase.until}__lt": now.astimezone(EASTERN).date()})
    return _in(phase) & late


def phases_of_user(user: Any) -> list[Phase]:
    """The phases whose next act a person may carry out."""
    return [
        phase
        for phase in PHASES.values()
        if (rule := phase.next_transition) is not None and user.has_perm(rule.permission)
    ]
