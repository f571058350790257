"""Reads the two files of one opportunity and holds them to each other.

Owns the agreement of a pair: same reference, money, dates, number of criteria, word limits. Pure: text in,
dataclasses out; every fault of both files is told at once. Must not import models.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from microacq_pages.importing.body import Body, Entries, plain, read_body
from microacq_pages.importing.facts import AGREEING, LANGUAGES, Facts, read_facts
from microacq_pages.importing.faults import ImportFault, Remark, Remarks
from microacq_pages.importing.frontmatter import Entry, decode, split_file
from microacq_pages.importing.richtext import Block, Item, ListBlock, item_blocks, plain_text

DEFAULT_WORD_LIMIT = 250
_WORD_LIMIT = re.compile(
    r"\b(\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+|\d+)[ \u00a0\u202f-](?:words?|mots?)\b", re.IGNORECASE
)
# A statement is one of the standard ones when both languages speak of the matter.
_STANDARDS = {
    "licence": {"en": r"\blicen[cs]ed?\b", "fr": r"\blicence\b"},
    "tests": {"en": r"\btests?\b", "fr": r"\b(tests?|essais?)\b"},
    "requirements": {"en": r"\brequirements?\b", "fr": r"\bexigences?\b"},
    "skills": {"en": r"\bskills?\b", "fr": r"\bcompetences?\b"},
}


@dataclass(frozen=True)
class Statement:
    """The text of one criterion in one language."""

    blocks: tuple[Block, ...]
    line: int

    @property
    def text(self) -> str:
        """The statement without marks."""
        return plain_text(self.blocks)


@dataclass(frozen=True)
class CriterionPair:
    """One criterion in both languages."""

    source: Statement
    target: Statement
    word_limit: int = 0
    standard: str = ""


@dataclass(frozen=True)
class Document:
    """What one file says."""

    name: str
    language: str
    entries: dict[str, Entry]
    facts: Facts
    body: Body

    def line(self, key: str) -> int:
        """The line of a key of the front matter; 1 if the file does not give it."""
        return self.entries[key].line if key in self.entries else 1


@dataclass(frozen=True)
class Pair:
    """An opportunity in both languages; ``facts`` are those that do not depend on the language."""

    source: Document
    target: Document
    facts: Facts
    criteria: tuple[CriterionPair, ...]
    acceptance: tuple[CriterionPair, ...]
    notes: tuple[Remark, ...]


def parse_pair(source: tuple[str, str, bytes], target: tuple[str, str, bytes]) -> Pair:
    """Read two files as ``read_pair`` does.

    Raises:
        ImportFault: anything is wrong with either file, or they do not agree.
    """
    pair, faults = read_pair(source, target)
    if faults:
        raise ImportFault(faults)
    return pair


def read_pair(source: tuple[str, str, bytes], target: tuple[str, str, bytes]) -> tuple[Pair, list[Remark]]:
    """Read two files, each given as name, language and content; the first is the source of the translation.

    Returns:
        What could be read, and everything that is wrong: with faults, the pair must not be stored.
    """
    first, first_remarks = parse_document(*source)
    second, second_remarks = parse_document(*target)
    facts = _agreed_facts(first, second, first_remarks, second_remarks)
    criteria = _criteria(first, second, second_remarks)
    acceptance = _acceptance(first, second, second_remarks)
    notes = tuple(sorted(set(first_remarks.notes + second_remarks.notes)))
    pair = Pair(first, second, facts, criteria, acceptance, notes)
    return pair, first_remarks.faults + second_remarks.faults


def parse_document(name: str, language: str, data: bytes) -> tuple[Document, Remarks]:
    """Read one file; what is wrong with it is in the remarks."""
    remarks = Remarks(name)
    text = decode(data, remarks)
    if remarks.faults:
        return Document(name, language, {}, Facts(), Body()), remarks
    split = split_file(text, remarks)
    facts = Facts()
    # A front matter that cannot be read is one fault, not one more for each key it would have given.
    if split.entries or not remarks.faults:
        facts = read_facts(split.entries, language, remarks)
    # In swapped files the headings are right for the language that the file says: one fault, not one for each.
    declared = split.entries["lang"].text if "lang" in split.entries else language
    body = read_body(split.body, split.body_line, declared if declared in LANGUAGES else language, remarks)
    return Document(name, language, split.entries, facts, body), remarks


def _agreed_facts(
    first: Document, second: Document, first_remarks: Remarks, second_remarks: Remarks
) -> Facts:
    changes: dict[str, object] = {}
    for attribute, key, optional in AGREEING:
        ours, theirs = getattr(first.facts, attribute), getattr(second.facts, attribute)
        if ours == theirs or _is_faulty(first, key, first_remarks) or _is_faulty(second, key, second_remarks):
            continue
        if optional and not (ours and theirs):
            changes[attribute] = ours or theirs
            continue
        message = _(
            "The value of “%(key)s” does not agree with %(file)s, line %(line)d: "
            "“%(ours)s” here, “%(theirs)s” there."
        )
        second_remarks.fault(
            second.line(key),
            message
            % {
                "key": key,
                "file": first.name,
                "line": first.line(key),
                "ours": _written(second, key),
                "theirs": _written(first, key),
            },
        )
    return replace(first.facts, **changes)  # type: ignore[arg-type]  # attributes named in AGREEING


def _is_faulty(document: Document, key: str, remarks: Remarks) -> bool:
    """Tell whether a value, or the whole front matter, has been found wrong already."""
    if not document.entries:
        return True
    return any(fault.line == document.line(key) for fault in remarks.faults)


def _written(document: Document, key: str) -> str:
    return document.entries[key].text if key in document.entries else ""


def word_limit(text: str) -> int | None:
    """The number of words that an answer may have, if the statement gives one."""
    match = _WORD_LIMIT.search(text)
    return int(re.sub(r"\D", "", match[1])[:9]) if match else None


def _criteria(first: Document, second: Document, remarks: Remarks) -> tuple[CriterionPair, ...]:
    pairs = []
    standards: set[str] = set()
    for source, target in _in_pairs(first, first.body.evaluation, second.body.evaluation, remarks):
        limits = word_limit(source.text), word_limit(target.text)
        if None not in limits and limits[0] != limits[1]:
            message = _("The word limit is %(ours)d; in %(file)s, line %(line)d, it is %(theirs)d.")
            values = {"ours": limits[1], "theirs": limits[0], "file": first.name, "line": source.line}
            remarks.fault(target.line, message % values)
        limit = limits[0] if limits[0] is not None else limits[1]
        standard = _standard(source, target, first.language, ("skills",), standards)
        pairs.append(CriterionPair(source, target, DEFAULT_WORD_LIMIT if limit is None else limit, standard))
    return tuple(pairs)


def _acceptance(first: Document, second: Document, remarks: Remarks) -> tuple[CriterionPair, ...]:
    ours, theirs = first.body.acceptance, second.body.acceptance
    if _is_one_with_parts(ours) and _is_one_with_parts(theirs):
        parts = [_split_parts(ours), _split_parts(theirs)]
        if len(parts[0].items) == len(parts[1].items):
            ours, theirs = parts
    pairs = []
    standards: set[str] = set()
    for source, target in _in_pairs(first, ours, theirs, remarks):
        standard = _standard(source, target, first.language, ("licence", "requirements", "tests"), standards)
        pairs.append(CriterionPair(source, target, standard=standard))
    return tuple(pairs)


def _is_one_with_parts(entries: Entries) -> bool:
    """Tell whether all that is asked stands in one numbered item, as “Deliver … In addition:” with a list."""
    if len(entries.items) != 1:
        return False
    item = entries.items[0]
    return len(item.lists) == 1 and len(item.lists[0].items) > 1 and item.leaf.text.rstrip().endswith(":")


def _split_parts(entries: Entries) -> Entries:
    """Each part of the one item becomes an item, so that each can be accepted or refused by itself."""
    item = entries.items[0]
    return replace(entries, items=(Item(item.leaf), *item.lists[0].items))


def _statements(entries: Entries) -> list[Statement]:
    """One statement for each item; the first takes the introduction, the last what follows the list."""
    statements = [Statement(item_blocks(item), item.line) for item in entries.items]
    if statements:
        statements[0] = Statement((*entries.intro, *statements[0].blocks), statements[0].line)
        last = statements[-1]
        statements[-1] = Statement((*last.blocks, *_paragraphs(entries.closing)), last.line)
    return statements


def _paragraphs(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(block if isinstance(block, ListBlock) else replace(block, tag="p") for block in blocks)


def _in_pairs(
    first: Document, ours: Entries, theirs: Entries, remarks: Remarks
) -> list[tuple[Statement, Statement]]:
    """The statements of both languages side by side; none, with a fault, when their numbers differ."""
    sources, targets = _statements(ours), _statements(theirs)
    if len(sources) == len(targets):
        return list(zip(sources, targets, strict=True))
    # A file whose list could not be read has a fault of its own already.
    if not remarks.faults or (sources and targets):
        message = _(
            "There are %(ours)d criteria here and %(theirs)d in %(file)s: each must stand in both languages."
        )
        values = {"ours": len(targets), "theirs": len(sources), "file": first.name}
        remarks.fault(theirs.line, message % values)
    return []


def _standard(
    source: Statement, target: Statement, language: str, names: tuple[str, ...], taken: set[str]
) -> str:
    """The standard statement that this one is, each at most once."""
    other = "fr" if language == "en" else "en"
    for name in names:
        patterns = _STANDARDS[name]
        speaks = re.search(patterns[language], plain(source.text))
        if speaks and re.search(patterns[other], plain(target.text)) and name not in taken:
            taken.add(name)
            return name
    return ""
