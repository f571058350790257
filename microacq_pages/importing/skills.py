"""Names of skills as a sentence lists them, and the skills of the site that they mean.

Owns the splitting and the comparison of names. Knows no models: it is handed the names that exist.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_SEPARATORS = re.compile(r"[,;•|/]\s+|[,;•|]|\s+&\s+")
_AND = re.compile(r"^(?:and|et)\s+|\s+(?:and|et)\s+", re.IGNORECASE)
# “Runbooks (via PowerShell)” names two skills; “Python (3.9 or later)” names one.
_MEANS = re.compile(
    r"^(?P<skill>.*\S)\s*\(\s*(?:via|with|using|in|avec|par|en|au moyen de)\s+(?P<means>[^()]+?)\s*\)$",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\s*\([^()]*\)\s*")


def key(name: str) -> str:
    """A name as it is compared: case, accents and spaces do not count."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(letters.replace("’", "'").split()).rstrip(".")


def split_names(texts: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """Split lists of skills into names, in order and each once.

    Args:
        texts: what the file gives: one sentence, or a list.
        known: names that exist; what is one of them is not split (“Research and development”).
    """
    known_keys = {key(name) for name in known}
    names: dict[str, str] = {}
    for text in texts:
        for part in _outside_brackets(_SEPARATORS, text, known_keys):
            for piece in _outside_brackets(_AND, part, known_keys):
                for name in _with_means(piece, known_keys):
                    names.setdefault(key(name), name)
    return list(names.values())


def _outside_brackets(pattern: re.Pattern[str], text: str, known: set[str]) -> list[str]:
    """Split at the pattern where it does not stand within brackets."""
    if key(text) in known:
        return [text.strip()]
    parts, start = [], 0
    for match in pattern.finditer(text):
        before = text[: match.start()]
        if before.count("(") <= before.count(")"):
            parts.append(text[start : match.start()])
            start = match.end()
    parts.append(text[start:])
    return [part.strip().strip(".").strip() for part in parts if part.strip().strip(".").strip()]


def _with_means(name: str, known: set[str]) -> list[str]:
    match = None if key(name) in known else _MEANS.match(name)
    return [match["skill"], match["means"]] if match else [name]


@dataclass
class Matched:
    """Skills found, by what the caller's mapping holds, and the names that no skill has."""

    found: list[object] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)


def match(names: Sequence[str], existing: Mapping[str, object]) -> Matched:
    """Look each name up, then without its brackets.

    Args:
        names: as ``split_names`` gives them.
        existing: what the caller knows skills by, under the ``key`` of each of their names.
    """
    result = Matched()
    for name in names:
        found = existing.get(key(name)) or existing.get(key(_NOTE.sub(" ", name)))
        if found is None:
            result.unmatched.append(name)
        elif found not in result.found:
            result.found.append(found)
    return result
