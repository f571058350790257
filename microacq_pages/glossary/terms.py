"""The terms, read once, and what they say of a text and its translation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from microacq_pages.models.glossary import GlossaryTerm

from .matching import Found, Index, stems_of


@dataclass(frozen=True)
class Departure:
    """Where a translation leaves the glossary.

    Attributes:
        term: The term that its source has.
        wanted: The words that were expected, the preferred one first.
        avoided: The word that the translation has and that is to be avoided; empty when the term is merely absent.
    """

    term: GlossaryTerm
    wanted: tuple[str, ...]
    avoided: str = ""


@dataclass
class Glossary:
    """All terms, ready to be looked for in texts of one language and in their translations.

    Attributes:
        source, target: Languages, ``en`` or ``fr``.
        terms: The terms, in order.
    """

    source: str
    target: str
    terms: list[GlossaryTerm]
    _sources: Index = field(init=False)
    _targets: Index = field(init=False)

    def __post_init__(self) -> None:
        self._sources, self._targets = Index(self.source), Index(self.target)
        for number, term in enumerate(self.terms):
            self._sources.add(term.right(self.source), number)
            self._targets.add(term.right(self.target), ("right", number))
            self._targets.add(term.wrong(self.target), ("wrong", number))

    @classmethod
    def between(cls, source: str, target: str) -> Glossary:
        """The glossary as it is now: one query."""
        return cls(source, target, list(GlossaryTerm.objects.order_by("english", "pk")))

    def in_text(self, text: str) -> list[GlossaryTerm]:
        """The terms that occur in a text of the source language, each once, in its order."""
        return [self.terms[number] for number in self._numbers(text)]

    def departures(self, text: str, translation: str) -> list[Departure]:
        """Where a translation leaves the glossary; never a reason to refuse it."""
        numbers = self._numbers(text)
        if not numbers or not translation:
            return []
        found = self._targets.find(translation)
        right = {found_.key[1] for found_ in found if found_.key[0] == "right"}
        departures = []
        for group in self._alike(numbers):
            wanted = tuple(
                dict.fromkeys(word for number in group for word in self.terms[number].right(self.target))
            )
            term = self.terms[group[0]]
            wrong = [place for place in found if place.key in {("wrong", number) for number in group}]
            if wrong:
                departures.append(Departure(term, wanted, self._words(translation, wrong[0], group)))
            elif not right.intersection(group):
                departures.append(Departure(term, wanted))
        return departures

    def _numbers(self, text: str) -> list[int]:
        return list(dict.fromkeys(place.key for place in self._sources.find(text)))

    def _alike(self, numbers: Iterable[int]) -> list[list[int]]:
        """Terms that are one word in the source language: any of their counterparts will do."""
        groups: dict[tuple[str, ...], list[int]] = {}
        for number in numbers:
            groups.setdefault(stems_of(self.terms[number].right(self.source)[0], self.source), []).append(
                number
            )
        return list(groups.values())

    def _words(self, translation: str, place: Found, group: list[int]) -> str:
        """The avoided form as the glossary writes it."""
        words = stems_of(translation, self.target)[place.start : place.end]
        for number in group:
            for form in self.terms[number].wrong(self.target):
                if stems_of(form, self.target) == words:
                    return form
        return " ".join(words)
