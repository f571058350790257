"""Finds what tells who wrote a text: the supplier’s own name, business, addresses and numbers. Knows no database.

What is certain is hidden by itself; what only may tell, such as a link to a profile, is pointed out to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: Place of the first character, and the place behind the last.
Span = tuple[int, int]

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(r"(?<!\w)(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()]+|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:ca|com|dev|io|me|net|org)(?:/[^\s<>()]*)?"
    r"|(?<![\w@])@[A-Za-z0-9_][\w-]{2,}",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w{3,}")
#: Words of a business name that tell nothing.
_ORDINARY = frozenset({"and", "inc", "les", "ltd", "ltee", "services", "solutions", "the"})


@lru_cache(maxsize=1)
def _plain_letters() -> dict[int, int]:
    """Letters with accents and the letter below, one for one, so that places stay the same."""
    table = {}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base != chr(code):
            table[code] = ord(base)
    return {**table, ord("’"): ord("'")}


def plain(text: str) -> str:
    """The text without accents, each character in its place."""
    return text.translate(_plain_letters())


@dataclass(frozen=True)
class Who:
    """What is known of a supplier.

    Attributes:
        name: As written in the application.
        business_name: The same, empty where there is none.
        others: E-mail address, telephone number, lines of a postal address.
    """

    name: str
    business_name: str = ""
    others: Sequence[str] = ()

    @classmethod
    def of_text(cls, text: Mapping[str, object]) -> Who:
        """What an application says of its supplier."""
        given = [str(text.get(key) or "") for key in ("email", "telephone", "postal_address")]
        lines = [line.strip() for value in given for line in value.splitlines()]
        return cls(
            str(text["name"]), str(text.get("business_name") or ""), [line for line in lines if len(line) > 4]
        )


def certain(text: str, who: Who) -> list[Span]:
    """The passages that tell who sent it for certain: own names in whole or part, any e-mail or telephone number."""
    folded = plain(text)
    spans = [match.span() for pattern in (_EMAIL, _TELEPHONE) for match in pattern.finditer(text)]
    for whole in (who.name, who.business_name, *who.others):
        if len(whole.strip()) > 2:
            spans += _found(plain(whole.strip()), folded, re.IGNORECASE)
    # A part of a name may be a common word too: only with a capital letter is it a name.
    for part in _WORD.findall(plain(who.name)):
        spans += _found(part.capitalize(), folded, 0)
        spans += _found(part.upper(), folded, 0)
    if len(words := [word for word in _WORD.findall(plain(who.business_name)) if _tells(word)]) == 1:
        spans += _found(words[0], folded, re.IGNORECASE)
    local = next((value.split("@")[0] for value in who.others if "@" in value), "")
    if len(local) > 4:
        spans += _found(plain(local), folded, re.IGNORECASE)
    return joined(spans)


def _tells(word: str) -> bool:
    return len(word) > 4 and word.lower() not in _ORDINARY


def _found(wanted: str, folded: str, flags: int) -> list[Span]:
    pattern = rf"(?<!\w){re.escape(wanted)}(?!\w)".replace(r"\ ", r"\s+")
    return [match.span() for match in re.finditer(pattern, folded, flags)]


def possible(text: str) -> list[str]:
    """Links and account names: each may tell who sent it, or only show work that anybody can read."""
    found = (match.group().rstrip(".,;:!?)") for match in _LINK.finditer(text))
    return list(dict.fromkeys(found))


def places(text: str, passages: Iterable[str]) -> list[Span]:
    """Everywhere that any of these passages stands, letter for letter."""
    spans: list[Span] = []
    for passage in passages:
        wanted = passage.strip()
        if wanted:
            spans += [match.span() for match in re.finditer(re.escape(wanted), text)]
    return joined(spans)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same places in order, those that touch or overlap as one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


@dataclass(frozen=True)
class Piece:
    """A part of a text: what can be read, or, where ``hidden``, nothing."""

    text: str
    hidden: bool = False


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text with what is hidden left out, in order; nothing of a hidden passage remains, not even its length."""
    result, at = [], 0
    for start, end in joined((max(0, start), min(len(text), end)) for start, end in spans):
        if text[at:start]:
            result.append(Piece(text[at:start]))
        result.append(Piece("", hidden=True))
        at = end
    if text[at:]:
        result.append(Piece(text[at:]))
    return result
