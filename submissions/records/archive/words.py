"""A document of the archive before it is drawn: headings, paragraphs, lists and tables, each part with its language.

Owns the form that every document is written in, and what of it is about whom, so that what is personal can be hidden
when a file is disclosed. Knows no file format, no model and no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

#: What XML 1.0 cannot hold (section 2.2); a browser lets people send some of it.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANK_LINE = re.compile(r"\n\s*\n")


class About(StrEnum):
    """Why a passage may have to be hidden when a file is disclosed; nothing else is hidden by itself."""

    NAME = "name"
    CONTACT = "contact"
    SUPPLIER = "supplier"
    ADVICE = "advice"


@dataclass(frozen=True)
class Run:
    """Some words.

    Attributes:
        text: The words; a line break is a line break.
        language: ``en`` or ``fr`` where it is not that of the document.
        about: What they would tell of somebody, if anything.
        bold: Whether they stand out.
        italic: Whether they are set in italics.
        link: Where they lead.
        hidden: Drawn as what is hidden, with the reason in ``text``.
    """

    text: str
    language: str = ""
    about: About | None = None
    bold: bool = False
    italic: bool = False
    link: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading; level 2 is the first below the title."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``bullet`` is 0, or how deep it stands in a list; ``numbered`` lists count."""

    runs: tuple[Run, ...]
    bullet: int = 0
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a header row.

    Attributes:
        title: What it shows, for who does not see it.
        header: One cell a column.
        rows: Each with as many cells.
        first_is_header: Whether the first cell of a row names the row.
        widths: Of its columns, in inches, where they are not to follow what stands in them.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    first_is_header: bool = True
    widths: tuple[float, ...] = ()


#: Of a table of facts, in inches, so that all of a document stand in line.
FACTS_WIDTHS = (2.2, 4.3)

Block = Heading | Paragraph | Table
Words = str | Promise | Run | Iterable[Run]


@dataclass(frozen=True)
class Document:
    """One document in one language.

    Attributes:
        name: Stable, such as ``opportunity``; the name of its file begins with it.
        title: As its reader sees it.
        language: ``en`` or ``fr``.
        number: Of the procurement file.
        dated: A moment that the data gives, never the clock: the same data makes the same bytes.
        blocks: What it says.
    """

    name: str
    title: str
    language: str
    number: str
    dated: datetime
    blocks: tuple[Block, ...]


@dataclass
class Writer:
    """Puts a document together, block by block."""

    language: str
    blocks: list[Block] = field(default_factory=list)

    def heading(self, words: Words, level: int = 2) -> None:
        """A heading."""
        self.blocks.append(Heading(level, runs_of(words)))

    def say(self, words: Words, **run: Any) -> None:
        """One paragraph or more: an empty line begins another."""
        if isinstance(words, str | Promise):
            words = str(words)
            parts = [part.strip() for part in _BLANK_LINE.split(words.replace("\r\n", "\n"))]
            self.blocks.extend(Paragraph((Run(clean(part), **run),)) for part in parts if part)
        else:
            self.blocks.append(Paragraph(runs_of(words)))

    def bullets(self, items: Iterable[Words], numbered: bool = False) -> None:
        """A list."""
        self.blocks.extend(Paragraph(runs_of(item), bullet=1, numbered=numbered) for item in items)

    def table(
        self,
        title: Any,
        header: Iterable[Any],
        rows: Iterable[Iterable[Words]],
        *,
        first_is_header: bool = True,
        widths: tuple[float, ...] = (),
    ) -> None:
        """A table; nothing where it has no row, and no column that is blank in all of them."""
        drawn = tuple(tuple(runs_of(cell) for cell in row) for row in rows)
        if drawn:
            named = tuple(clean(str(cell)) for cell in header)
            if not widths:
                said = [place for place in range(len(named)) if any(_says(row[place]) for row in drawn)] or [
                    0
                ]
                named = tuple(named[place] for place in said)
                drawn = tuple(tuple(row[place] for place in said) for row in drawn)
            self.blocks.append(Table(clean(str(title)), named, drawn, first_is_header, widths))

    def facts(self, title: Any, header: tuple[Any, Any], facts: Iterable[tuple[Any, Words]]) -> None:
        """A table of two columns: what, and what it is. What has no value is left out."""
        kept = [(str(name), runs_of(value)) for name, value in facts if value]
        rows = [(name, value) for name, value in kept if _says(value)]
        self.table(title, header, rows, widths=FACTS_WIDTHS)


def _says(runs: tuple[Run, ...]) -> bool:
    return any(run.text for run in runs)


def runs_of(words: Words) -> tuple[Run, ...]:
    """Words as runs, without what a document cannot hold."""
    if isinstance(words, str | Promise):
        return (Run(clean(str(words))),)
    runs = (words,) if isinstance(words, Run) else tuple(words)
    return tuple(replace(run, text=clean(run.text)) for run in runs)


def clean(text: str) -> str:
    """A text without the characters that no XML document can hold."""
    return _NOT_IN_XML.sub("", str(text)).replace("\r\n", "\n").replace("\r", "\n")


def plain(block: Block) -> str:
    """What a block says, without its form."""
    if isinstance(block, Table):
        rows = [
            " | ".join(block.header),
            *(" | ".join("".join(r.text for r in cell) for cell in row) for row in block.rows),
        ]
        return "\n".join(rows)
    return "".join(run.text for run in block.runs)
