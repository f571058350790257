"""The body of a file: its headings, and the parts of an opportunity that stand under them.

Owns the headings that are accepted and what belongs to which part. Knows one file at a time; ``parser``
compares two. Must not import models.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from microacq_pages.importing.faults import Remarks
from microacq_pages.importing.richtext import Block, Item, Leaf, ListBlock, Title, plain_text, read_blocks

DESCRIPTION, EVALUATION, ACCEPTANCE = "description", "evaluation", "acceptance"
BACKGROUND, WORK = "background", "work"

# By language: the heading in its plain form (see plain()) -> the part it opens. The first is the usual form.
SECTIONS = {
    "en": {
        "description": DESCRIPTION,
        "application evaluation": EVALUATION,
        "work acceptance criteria": ACCEPTANCE,
    },
    "fr": {
        "description": DESCRIPTION,
        "evaluation de la demande": EVALUATION,
        "evaluation des demandes": EVALUATION,
        "criteres d'acceptation des travaux": ACCEPTANCE,
        "criteres d'acceptation de travail": ACCEPTANCE,
        "criteres d'acceptation du travail": ACCEPTANCE,
    },
}
SUBSECTIONS = {
    "en": {"background": BACKGROUND, "the work": WORK, "opportunity": WORK, "the opportunity": WORK},
    "fr": {
        "contexte": BACKGROUND,
        "le travail": WORK,
        "les travaux": WORK,
        "opportunite": WORK,
        "l'opportunite": WORK,
    },
}
WRITTEN = {
    ("en", DESCRIPTION): "## Description",
    ("en", EVALUATION): "## Application evaluation",
    ("en", ACCEPTANCE): "## Work acceptance criteria",
    ("en", WORK): "### The work",
    ("fr", DESCRIPTION): "## Description",
    ("fr", EVALUATION): "## Évaluation de la demande",
    ("fr", ACCEPTANCE): "## Critères d’acceptation des travaux",
    ("fr", WORK): "### Le travail",
}
_ELIGIBILITY = re.compile(r"\b(eligib|admissib)")
_CONNECTORS = {"and", "or", "et", "ou"}


@dataclass(frozen=True)
class Entries:
    """Numbered items with what stands before and after them."""

    line: int = 1
    intro: tuple[Leaf, ...] = ()
    items: tuple[Item, ...] = ()
    closing: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Body:
    """The parts of one opportunity in one language."""

    background: tuple[Block, ...] = ()
    work: tuple[Block, ...] = ()
    evaluation: Entries = field(default_factory=Entries)
    acceptance: Entries = field(default_factory=Entries)


def plain(text: str) -> str:
    """A heading as it is compared: small letters, no accents, straight apostrophes, no end mark."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("ʼ", "'"))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(letters.split()).rstrip(" :.")


def read_body(markdown: str, first_line: int, language: str, remarks: Remarks) -> Body:
    """Read the parts, adding a fault for every heading that is missing, unknown or given twice."""
    sections = _cut(read_blocks(markdown, first_line, remarks), language, remarks)
    for name in (DESCRIPTION, EVALUATION, ACCEPTANCE):
        if name not in sections:
            message = _("The heading “%(heading)s” is missing.") % {"heading": WRITTEN[language, name]}
            remarks.fault(first_line, message)
    background, work = _description(sections.get(DESCRIPTION), language, remarks)
    return Body(
        background=background,
        work=work,
        evaluation=_evaluation(sections.get(EVALUATION), remarks),
        acceptance=_acceptance(sections.get(ACCEPTANCE), remarks),
    )


@dataclass
class _Section:
    line: int
    blocks: list[Block] = field(default_factory=list)


def _cut(blocks: list[Block | Title], language: str, remarks: Remarks) -> dict[str, _Section]:
    sections: dict[str, _Section] = {}
    current: _Section | None = None
    stray = False
    for block in blocks:
        if isinstance(block, Title):
            current = _open_section(block, sections, language, remarks)
            stray = True
        elif current is not None:
            current.blocks.append(block)
        elif not stray:
            stray = True
            remarks.fault(block.line, _("This text stands before the first heading."))
    return sections


def _open_section(
    title: Title, sections: dict[str, _Section], language: str, remarks: Remarks
) -> _Section | None:
    name = SECTIONS[language].get(plain(title.text))
    if name is None or title.level != 2:
        remarks.fault(title.line, _unknown_heading(title.text, language))
        return None
    if name in sections:
        remarks.fault(title.line, _("The heading “%(heading)s” is given twice.") % {"heading": title.text})
        return None
    sections[name] = _Section(title.line)
    return sections[name]


def _unknown_heading(text: str, language: str) -> str:
    other = "fr" if language == "en" else "en"
    if plain(text) in SECTIONS[other]:
        message = _("The heading “%(heading)s” is in the other language: are the two files swapped?")
        return message % {"heading": text}
    known = ", ".join(written for (found, __), written in WRITTEN.items() if found == language)
    return _("Unknown heading “%(heading)s”; the headings are %(known)s.") % {"heading": text, "known": known}


def _description(
    section: _Section | None, language: str, remarks: Remarks
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    if section is None:
        return (), ()
    parts: dict[str, list[Block]] = {BACKGROUND: [], WORK: []}
    seen: set[str] = set()
    current = BACKGROUND
    for block in section.blocks:
        if not isinstance(block, Leaf) or block.tag != "h3" or plain(block.text) not in SUBSECTIONS[language]:
            parts[current].append(block)
            continue
        name = SUBSECTIONS[language][plain(block.text)]
        if name in seen or (name == BACKGROUND and WORK in seen):
            message = _("The heading “%(heading)s” is given twice or out of its place.")
            remarks.fault(block.line, message % {"heading": block.text})
        else:
            seen.add(name)
            current = name
    if WORK not in seen:
        message = _("The heading “%(heading)s” is missing under “## Description”.")
        remarks.fault(section.line, message % {"heading": WRITTEN[language, WORK]})
    return tuple(parts[BACKGROUND]), tuple(parts[WORK])


def _entries(section: _Section, remarks: Remarks) -> tuple[Entries, list[Block]]:
    """The numbered items of a section with their introduction, and the blocks after the first list."""
    intro: list[Leaf] = []
    items: list[Item] = []
    after: list[Block] = []
    for block in section.blocks:
        told_of_eligibility = _ELIGIBILITY.search(plain(plain_text(after)))
        if isinstance(block, ListBlock) and block.ordered and not told_of_eligibility:
            if items and after:
                remarks.fault(block.line, _("The list is malformed: text stands between its numbered items."))
            items.extend(block.items)
        elif items:
            after.append(block)
        elif isinstance(block, Leaf):
            intro.append(replace(block, tag="p"))
        else:
            remarks.fault(block.line, _("The list is malformed: the criteria must be numbered."))
            return Entries(section.line), []
    if intro and not items:
        message = _("The list is malformed: there is no numbered criterion under this heading.")
        remarks.fault(section.line, message)
    return Entries(section.line, tuple(intro), tuple(items)), after


def _evaluation(section: _Section | None, remarks: Remarks) -> Entries:
    if section is None:
        return Entries()
    entries, after = _entries(section, remarks)
    intro = list(entries.intro)
    if intro and re.fullmatch(r"[^.!?]*:", intro[-1].text):
        left_out = intro.pop()
        message = _("Left out, since the site says it itself: “%(text)s”")
        remarks.note(left_out.line, message % {"text": left_out.text})
    return Entries(entries.line, tuple(intro), entries.items, tuple(_without_eligibility(after, remarks)))


def _without_eligibility(blocks: list[Block], remarks: Remarks) -> list[Block]:
    """Leave out the eligibility criteria: their introduction, the lists and connectors after it."""
    kept: list[Block] = []
    dropped: list[Block] = []
    within = False
    for block in blocks:
        text = plain(plain_text([block]))
        if isinstance(block, Leaf):
            within = bool(_ELIGIBILITY.search(text)) or (within and text in _CONNECTORS)
        (dropped if within else kept).append(block)
    if dropped:
        message = _("Left out, since the site itself states who is eligible: “%(text)s”")
        remarks.note(dropped[0].line, message % {"text": plain_text(dropped)})
    return kept


def _acceptance(section: _Section | None, remarks: Remarks) -> Entries:
    if section is None:
        return Entries()
    entries, after = _entries(section, remarks)
    return Entries(entries.line, entries.intro, entries.items, tuple(after))
