"""Passages of a document left out, each with the section of the Act in its place. The document itself is not touched.

Owns which words go. What tells of somebody is marked where it is written (``words.About``); in texts that people wrote,
names, e-mail addresses and telephone numbers are looked for. Knows no model and no database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from submissions.evaluation import identification
from submissions.evaluation.identification import Who

from ..words import About, Block, Document, Heading, Paragraph, Run, Table
from .sections import SECTIONS

#: What was published in both languages: nothing is looked for in it, only what a person names goes.
PUBLISHED = frozenset({"opportunity", "amendments", "questions"})
_NOBODY = Who("")
#: What begins another paragraph where a person writes.
_BLANK_LINE = re.compile(r"\n\s*\n")
#: Where a passage begins and ends, and why it goes.
Cut = tuple[int, int, str]


@dataclass(frozen=True)
class Choice:
    """What a person decided to leave out.

    Attributes:
        sections: For what each kind of marked words goes; a kind that is not named is disclosed.
        passages: Words that go wherever they stand, each with its section.
        suppliers: Whose names are looked for.
        public: What is public and stays, such as the name of who was awarded the work.
    """

    sections: dict[About, str]
    passages: Sequence[tuple[str, str]] = ()
    suppliers: Sequence[Who] = ()
    public: Sequence[str] = ()


@dataclass
class Severed:
    """A document as it is disclosed.

    Attributes:
        document: Without what was chosen.
        counts: How often each section was the reason.
        found: Of the passages that a person named, the parts that stood in it.
    """

    document: Document
    counts: Counter[str] = field(default_factory=Counter)
    found: set[str] = field(default_factory=set)


def sever(document: Document, choice: Choice) -> Severed:
    """The document with what was chosen left out."""
    severing = _Severing(document, choice)
    blocks = tuple(severing.block(block) for block in document.blocks)
    return Severed(replace(document, blocks=blocks), severing.counts, severing.found)


def parts_of(passage: str) -> list[str]:
    """What is looked for: a passage may run over paragraphs, and each stands alone in a document."""
    parts = (" ".join(part.split()) for part in _BLANK_LINE.split(passage))
    return [part for part in parts if part]


@dataclass
class _Severing:
    document: Document
    choice: Choice
    counts: Counter[str] = field(default_factory=Counter)
    found: set[str] = field(default_factory=set)

    def block(self, block: Block) -> Block:
        if isinstance(block, Table):
            rows = tuple(tuple(self.runs(cell) for cell in row) for row in block.rows)
            header = tuple(self.words(cell) for cell in block.header)
            return replace(block, rows=rows, header=header, title=self.words(block.title))
        if isinstance(block, Heading | Paragraph):
            return replace(block, runs=self.runs(block.runs))
        return block

    def words(self, text: str) -> str:
        """The same for what is drawn without form, such as the description of a table."""
        return "".join(run.text for run in self.runs((Run(text),)))

    def runs(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        """Runs without what goes: passages are looked for across them, as a reader meets them."""
        runs = tuple(self._unlinked(run) for run in runs)
        cuts = self._cuts(runs)
        kept: list[Run] = []
        at, last_cut = 0, None
        for run in runs:
            section = self.choice.sections.get(run.about, "") if run.about else ""
            end = at + len(run.text)
            within = [(at, end, section)] if section and run.text.strip() else cuts
            for start, stop, reason, text in _split(run.text, at, within):
                if not reason:
                    kept.append(replace(run, text=text))
                elif (start, reason) != last_cut:
                    # The rest of a passage that began in the run before is already gone.
                    self.counts[reason] += 1
                    kept.append(self._mark(reason))
                    last_cut = None
                if reason:
                    last_cut = (stop, reason)
            at = end
        return tuple(kept)

    def _unlinked(self, run: Run) -> Run:
        """A link leads nowhere where its words go, or where its address, which nobody sees, would tell them."""
        if not run.link:
            return run
        told = (run.text, run.link, unquote(run.link))
        is_cut = any(self._cuts((Run(text),)) for text in told)
        return replace(run, link="") if is_cut else run

    def _cuts(self, runs: tuple[Run, ...]) -> list[Cut]:
        text = "".join(run.text for run in runs)
        found: list[Cut] = []
        for passage, section in self.choice.passages:
            for part in parts_of(passage):
                places = _places(text, part)
                found += [(*place, section) for place in places]
                if places:
                    self.found.add(part)
        personal = self.choice.sections.get(About.NAME) or self.choice.sections.get(About.CONTACT)
        if personal and self.document.name not in PUBLISHED:
            whose = self.choice.suppliers if About.NAME in self.choice.sections else ()
            public = identification.places(text, self.choice.public)
            for who in (_NOBODY, *whose):
                spans = identification.certain(text, who)
                found += [(*span, personal) for span in spans if not _within(span, public)]
        return _apart(found)

    def _mark(self, section: str) -> Run:
        cited = SECTIONS[section].citation[self.document.language]
        word = "Withheld" if self.document.language == "en" else "Prélevé"
        colon = ":" if self.document.language == "en" else "\u00a0:"
        return Run(f"[{word}{colon} {cited}]", hidden=True)


def _places(text: str, part: str) -> list[tuple[int, int]]:
    """Where a part of a passage stands, whatever white space a screen made of its own."""
    pattern = r"\s+".join(map(re.escape, part.split()))
    return [match.span() for match in re.finditer(pattern, text)]


def _within(span: tuple[int, int], public: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in public)


def _apart(cuts: Iterable[Cut]) -> list[Cut]:
    """Cuts in order that do not overlap: the one that begins first takes what it shares with the next."""
    result: list[Cut] = []
    for start, end, section in sorted(cuts):
        begin = max(start, result[-1][1]) if result else start
        if begin < end:
            result.append((begin, end, section))
    return result


def _split(text: str, offset: int, cuts: Iterable[Cut]) -> list[tuple[int, int, str, str]]:
    """A text in pieces: start and end in the whole, the reason why it goes or nothing, and the words."""
    pieces: list[tuple[int, int, str, str]] = []
    at, end = offset, offset + len(text)
    for start, stop, section in cuts:
        first, last = max(start, at), min(stop, end)
        if first >= last:
            continue
        if first > at:
            pieces.append((at, first, "", text[at - offset : first - offset]))
        pieces.append((first, last, section, ""))
        at = last
    if at < end:
        pieces.append((at, end, "", text[at - offset :]))
    return pieces
