"""How many opportunities each choice would give, with all other filters as they are.

One query each for states, times, skills and projects, whatever the number of opportunities and choices. Must not import
``submissions``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, Count, F, Func, Q

from microacq_pages import filters

#: So many skills are shown at once; the others can be unfolded.
SKILLS_AT_ONCE = 12


@dataclass(frozen=True)
class Choice:
    """A choice with the number of opportunities it would give."""

    value: Any
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """The choices of one filter; ``more`` are those that are folded."""

    name: str
    label: str
    choices: list[Choice]
    more: list[Choice] = field(default_factory=list)

    @property
    def any_chosen(self) -> bool:
        return any(choice.chosen for choice in self.choices)


class Facets:
    """The counts beside the choices of one search.

    Args:
        search: The filter set.
    """

    def __init__(self, search: filters.OpportunityFilterSet) -> None:
        self.search = search

    @cached_property
    def total(self) -> int:
        """How many match all filters: those of the chosen states."""
        chosen = self.search.applied.get("state") or list(self._states)
        return sum(self._states.get(state, 0) for state in chosen)

    @property
    def open(self) -> int:
        """How many of them take applications."""
        chosen = self.search.applied.get("state") or [filters.OPEN]
        return self._states.get(filters.OPEN, 0) if filters.OPEN in chosen else 0

    @cached_property
    def _states(self) -> dict[str, int]:
        return self._grouped("state", "public_state")

    def _grouped(self, name: str, column: str) -> dict[Any, int]:
        found = self.search.matching(name).order_by().values(column).annotate(count=Count("pk"))
        return dict(found.values_list(column, "count"))

    @cached_property
    def state(self) -> Facet:
        return self._facet("state", self._states)

    @cached_property
    def closing(self) -> Facet:
        counts = {
            f"within_{days}": Count("pk", filter=Q(deadline__lte=filters.in_days(days)))
            for days in filters.CLOSING
        }
        soon = self.search.matching("closing").filter(filters.closing_within(max(filters.CLOSING)))
        found = soon.aggregate(**counts)
        return self._facet("closing", {days: found[f"within_{days}"] for days in filters.CLOSING}, keep=True)

    @cached_property
    def project(self) -> Facet:
        return self._facet("project", self._grouped("project", "project"))

    @cached_property
    def skill(self) -> Facet:
        each = Func(F("skills"), function="unnest", set_returning=True, output_field=BigIntegerField())
        found = self.search.matching("skill").order_by().annotate(each=each).values("each")
        counts = dict(found.annotate(count=Count("pk")).values_list("each", "count"))
        facet = self._facet("skill", counts)
        if len(facet.choices) <= SKILLS_AT_ONCE + 2:
            return facet
        wanted = sorted(facet.choices, key=lambda choice: (not choice.chosen, -choice.count))
        shown = {choice.value for choice in wanted[:SKILLS_AT_ONCE]} | {
            choice.value for choice in wanted if choice.chosen
        }
        return Facet(
            facet.name,
            facet.label,
            [choice for choice in facet.choices if choice.value in shown],
            [choice for choice in facet.choices if choice.value not in shown],
        )

    def _facet(self, name: str, counts: Mapping[Any, int], *, keep: bool = False) -> Facet:
        """The choices that would give something or are chosen; all of them where ``keep``."""
        chosen = self.search.applied.get(name) or []
        choices = [
            Choice(value, str(label), counts.get(value, 0), value in chosen)
            for value, label in self.search.choices[name].items()
            if keep or counts.get(value) or value in chosen
        ]
        return Facet(name, str(self.search.filters[name].label), choices)
