"""What glossary and typography say of the strings of one translation: warnings, never reasons to refuse.

Two queries, however many strings there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wagtail_localize.models import Translation

from microacq_pages import typography
from microacq_pages.exchange.units import Unit, units_of
from microacq_pages.models.glossary import GlossaryTerm

from .terms import Departure, Glossary


@dataclass
class CheckedString:
    """One string of a translation with what was found in it."""

    unit: Unit
    departures: list[Departure] = field(default_factory=list)
    typography: list[typography.Finding] = field(default_factory=list)

    @property
    def correctable(self) -> bool:
        """Whether one act puts the typography of this string right."""
        return any(finding.correctable for finding in self.typography)


@dataclass
class Checked:
    """A translation as the glossary and the rules of typography see it.

    Attributes:
        terms: Terms that occur in the source, in the order of the text.
        strings: The strings in which something was found.
        source, target: Languages, ``en`` or ``fr``.
    """

    terms: list[GlossaryTerm]
    strings: list[CheckedString]
    source: str
    target: str

    @property
    def departing(self) -> list[CheckedString]:
        return [string for string in self.strings if string.departures]

    @property
    def ill_set(self) -> list[CheckedString]:
        return [string for string in self.strings if string.typography]

    @property
    def pairs(self) -> list[tuple[str, str, GlossaryTerm]]:
        """Each term in the source language and in the other one."""
        return [(term.right(self.source)[0], term.right(self.target)[0], term) for term in self.terms]


def check(translation: Translation) -> Checked:
    """Look for terms and faults of typography in a translation.

    Args:
        translation: wagtail-localize's, with ``source__locale`` and ``target_locale`` at hand.
    """
    source = translation.source.locale.language_code
    target = translation.target_locale.language_code
    glossary = Glossary.between(source, target)
    terms: dict[int, GlossaryTerm] = {}
    strings = []
    for unit in units_of(translation):
        if unit.is_address:
            continue
        terms.update((term.pk, term) for term in glossary.in_text(unit.source))
        checked = CheckedString(
            unit,
            glossary.departures(unit.source, unit.target),
            typography.findings(unit.target, target),
        )
        if checked.departures or checked.typography:
            strings.append(checked)
    return Checked(list(terms.values()), strings, source, target)
