"""What has come of a project so far: how many opportunities in which state, their value, where the code lives.

Reads only what is public: live pages and ``PublicStatus``. One query, however many projects and opportunities.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from .models.status import PublicStatus

if TYPE_CHECKING:
    from .models import Project

#: Width of the picture, in its own units; the table beside it holds the numbers.
PICTURE = 1000


@dataclass
class Stage:
    """The opportunities of a project that are in one public state.

    Attributes:
        kind: Name for the style: ``open``, ``closed``, ``cancelled`` …
        label: The state, as the public reads it.
        count: How many.
        value: Sum of their fixed prices, in CAD before tax.
        start: Where its part of the picture begins.
        width: How wide that part is.
    """

    kind: str
    label: str
    count: int = 0
    value: Decimal = Decimal(0)
    start: int = 0
    width: int = 0


@dataclass
class Progress:
    """A project in numbers.

    Attributes:
        stages: In the order of the process, those with at least one opportunity.
        posted_value: Sum of the fixed prices of everything that was posted, in CAD before tax.
        awarded_value: Sum of what was awarded, in CAD before tax.
        repositories: Addresses of the code: the project's own first, then those of its opportunities.
    """

    stages: list[Stage] = field(default_factory=list)
    posted_value: Decimal = Decimal(0)
    awarded_value: Decimal = Decimal(0)
    repositories: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(stage.count for stage in self.stages)


def progress_of(projects: Iterable[Project]) -> dict[UUID, Progress]:
    """The progress of projects of one language, by translation key.

    Args:
        projects: Pages of one language tree.
    """
    projects = list(projects)
    found = {project.translation_key: Progress() for project in projects}
    stages: dict[UUID, dict[str, Stage]] = {key: {} for key in found}
    repositories: dict[UUID, list[str]] = {
        project.translation_key: [project.repository] if project.repository else [] for project in projects
    }
    for row in _public_opportunities(projects):
        key = row["project__translation_key"]
        stage = _stage(stages[key], row["state"], row["taking"])
        stage.count += 1
        stage.value += row["price"] or Decimal(0)
        found[key].posted_value += row["price"] or Decimal(0)
        found[key].awarded_value += row["awarded"] or Decimal(0)
        repositories[key].append(row["repository"])
    for key, progress in found.items():
        progress.stages = _drawn(stages[key])
        progress.repositories = _distinct(repositories[key])
    return found


def _public_opportunities(projects: list[Project]) -> Any:
    """State, price and repository of every public opportunity of the projects."""
    from .models import Opportunity

    status = PublicStatus.objects.filter(translation_key=OuterRef("translation_key"))
    return (
        Opportunity.objects.live()
        .filter(
            project__translation_key__in=[project.translation_key for project in projects],
            locale_id__in={project.locale_id for project in projects},
        )
        .annotate(
            state=Subquery(status.values("state")[:1]),
            awarded=Subquery(status.values("awarded_value")[:1]),
            posted_at=Subquery(status.values("posted_at")[:1]),
            taking=Exists(PublicStatus.objects.open().filter(translation_key=OuterRef("translation_key"))),
        )
        .exclude(state=None)
        .order_by("posted_at", "pk")
        .values("project__translation_key", "state", "taking", "price", "awarded", "repository")
    )


def _kind(state: str, taking: bool) -> str:
    if state == PublicStatus.State.POSTED:
        return "open" if taking else "closed"
    return str(state)


def _stage(stages: dict[str, Stage], state: str, taking: bool) -> Stage:
    kind = _kind(state, taking)
    return stages.setdefault(kind, Stage(kind, PublicStatus.label_of(state, taking)))


def _drawn(stages: dict[str, Stage]) -> list[Stage]:
    """The stages in the order of the process, what was cancelled last, each with its part of the picture."""
    order = ["open", "closed", *(str(state) for state in PublicStatus.State)]
    last = str(PublicStatus.State.CANCELLED)
    ordered = sorted(stages.values(), key=lambda stage: (stage.kind == last, order.index(stage.kind)))
    total = sum(stage.count for stage in ordered)
    done = 0
    for stage in ordered:
        stage.start = PICTURE * done // total
        done += stage.count
        stage.width = PICTURE * done // total - stage.start
    return ordered


def _distinct(addresses: list[str]) -> list[str]:
    """Each repository once, whatever slash, suffix or capital letters its address ends in."""
    seen: dict[str, str] = {}
    for address in addresses:
        if address:
            seen.setdefault(address.rstrip("/").removesuffix(".git").lower(), address)
    return list(seen.values())
