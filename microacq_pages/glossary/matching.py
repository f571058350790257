"""Whether a term occurs in a text, in whatever form: plural, capital, accent, elision, hyphen.

Pure: texts in, places out. Words are compared by a light stem; that is enough for terms, which are short, and never
decides anything but a hint.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Stems = tuple[str, ...]

_TAGS = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W_]+")
#: Little words that take other forms before a vowel or with an article.
_LITTLE = {
    "fr": {"d": "de", "du": "de", "des": "de", "l": "le", "la": "le", "les": "le", "qu": "que", "aux": "au"},
    "en": {"an": "a"},
}


def stems_of(text: str, language: str) -> Stems:
    """The words of a text as stems, in order; mark-up and punctuation count as spaces."""
    plain = (
        html.unescape(_TAGS.sub(" ", text)).replace("’", "'").casefold().replace("œ", "oe").replace("æ", "ae")
    )
    decomposed = unicodedata.normalize("NFD", plain)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return tuple(_stem(word, language) for word in _WORD.findall(bare))


def _stem(word: str, language: str) -> str:
    little = _LITTLE.get(language, {})
    if word in little:
        return little[word]
    return _french(word) if language == "fr" else _english(word)


def _french(word: str) -> str:
    if len(word) <= 3:
        return word
    for ending, instead in (("eaux", "eau"), ("aux", "a"), ("ail", "a"), ("al", "a")):
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    if word.endswith(("s", "x")):
        word = word[:-1]
    # Feminine forms: présentée and présenté.
    return word.rstrip("e") or word


def _english(word: str) -> str:
    if len(word) <= 3:
        return word
    for plural, singular in (("criteria", "criterion"), ("ies", "y")):
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word.removesuffix("es")
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@dataclass(frozen=True)
class Found:
    """A place where something that was looked for stands: its key, and its words from ``start`` to ``end``."""

    key: Any
    start: int
    end: int


@dataclass
class Index:
    """Phrases of one language, looked for in one pass over a text.

    Attributes:
        language: ``en`` or ``fr``.
    """

    language: str
    _by_first: dict[str, list[tuple[Stems, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, phrases: Iterable[str], key: Any) -> None:
        """Look for these phrases from now on, and call them by ``key``; blank ones are left out."""
        for phrase in phrases:
            if stems := stems_of(phrase, self.language):
                self._by_first[stems[0]].append((stems, key))

    def find(self, text: str) -> list[Found]:
        """Where the phrases stand. Of phrases that overlap the longest counts; equal ones count all."""
        words = stems_of(text, self.language)
        found: list[Found] = []
        position = 0
        while position < len(words):
            here = [
                (stems, key)
                for stems, key in self._by_first.get(words[position], ())
                if words[position : position + len(stems)] == stems
            ]
            longest = max((len(stems) for stems, _key in here), default=1)
            keys = dict.fromkeys(key for stems, key in here if len(stems) == longest)
            found.extend(Found(key, position, position + longest) for key in keys)
            position += longest
        return found
