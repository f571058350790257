"""What changed between two texts, word by word, and how alike they are. Pure: no database, no language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, REMOVED, ADDED = "same", "removed", "added"

#: A mark of the pseudo-HTML, a word, a run of spaces, or one other character: together they are the whole text.
_TOKEN = re.compile(r"</?[a-zA-Z][^<>]*>|\w+|\s+|[^\w\s]", re.DOTALL)
#: Beyond this many comparisons (two texts of 2,500 words) the middle is shown as replaced in one piece.
_LIMIT = 6_250_000


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, went away or came in."""

    kind: str
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """The changes that lead from one text to the other.

    Joining what stayed and what was removed gives ``old``; joining what stayed and what was added gives ``new``.
    """
    return list(_joined(_smoothed(list(_raw(_TOKEN.findall(old), _TOKEN.findall(new))))))


def likeness(old: str, new: str) -> float:
    """How alike two texts are: 0 (nothing in common) to 1 (the same words in the same order)."""
    ours, theirs = _words(old), _words(new)
    if not ours and not theirs:
        return 1.0 if old == new else 0.0
    if len(ours) * len(theirs) > _LIMIT:
        return 1.0 if ours == theirs else 0.0
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"<[^<>]*>", " ", text).lower())


def _raw(old: list[str], new: list[str]) -> Iterator[Piece]:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    yield Piece(SAME, "".join(old[:start]))
    if len(middle_old) * len(middle_new) > _LIMIT:
        yield Piece(REMOVED, "".join(middle_old))
        yield Piece(ADDED, "".join(middle_new))
    else:
        matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
        for tag, a1, a2, b1, b2 in matcher.get_opcodes():
            if tag == "equal":
                yield Piece(SAME, "".join(middle_old[a1:a2]))
            else:
                yield Piece(REMOVED, "".join(middle_old[a1:a2]))
                yield Piece(ADDED, "".join(middle_new[b1:b2]))
    yield Piece(SAME, "".join(old[len(old) - end :]))


def _smoothed(pieces: list[Piece]) -> list[Piece]:
    """A space that stayed between two changed words belongs to the change: fewer, longer marks read better."""
    pieces = [piece for piece in pieces if piece.text]
    smooth: list[Piece] = []
    for index, piece in enumerate(pieces):
        between = 0 < index < len(pieces) - 1
        if (
            piece.kind == SAME
            and piece.text.isspace()
            and between
            and pieces[index - 1].kind != SAME
            and pieces[index + 1].kind != SAME
        ):
            smooth += [Piece(REMOVED, piece.text), Piece(ADDED, piece.text)]
        else:
            smooth.append(piece)
    return smooth


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbouring changes as one removal and one addition."""
    removed = added = ""
    same = ""
    for piece in pieces:
        if piece.kind == SAME:
            yield from _marks(removed, added)
            removed = added = ""
            same += piece.text
            continue
        if same:
            yield Piece(SAME, same)
            same = ""
        removed += piece.text if piece.kind == REMOVED else ""
        added += piece.text if piece.kind == ADDED else ""
    yield from _marks(removed, added)
    if same:
        yield Piece(SAME, same)


def _marks(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(REMOVED, removed)
    if added:
        yield Piece(ADDED, added)
