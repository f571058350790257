"""What a reader types as keywords, and how words that were found are shown.

Pure functions; what matches is decided in the database (migration ``find_words``). Must not import Django's models.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

MOST_WORDS = 12
LONGEST_WORD = 60

#: What ``microacq_search_marked`` puts around a word that was found.
BEGIN, END = "\x02", "\x03"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”«»„", '"'))
_BETWEEN_WORDS = str.maketrans(dict.fromkeys("’‘'`´\\,;:!?()[]{}<>|&*…\u00a0\u202f", " "))
_ELEMENT = re.compile(r'"([^"]+)"|([^\s"]+)')
_LETTER = re.compile(r"\w")
_MARKED = re.compile(f"{BEGIN}+([^{BEGIN}{END}]*){END}+")
_NUMBER = re.compile(r"\s*(?:MA)?[\s‑–-]*(20\d\d)[\s‑–-]+(\d{1,5})\s*", re.IGNORECASE | re.ASCII)


def plain_line(text: str) -> str:
    """One line without control characters, whatever was in the address."""
    return " ".join(_CONTROL.sub(" ", text).split())


def typed_words(text: str) -> list[str]:
    """The words to look for: each alone, or several that stood between quotation marks as one element.

    Args:
        text: What was typed.

    Returns:
        Elements of at most ``LONGEST_WORD`` characters; a search looks for the first ``MOST_WORDS``.
    """
    text = unicodedata.normalize("NFC", plain_line(text)).translate(_QUOTATION_MARKS)
    found: list[str] = []
    for phrase, word in _ELEMENT.findall(text):
        pieces = (
            [" ".join(phrase.translate(_BETWEEN_WORDS).split())]
            if phrase
            else word.translate(_BETWEEN_WORDS).split()
        )
        found += [piece for piece in pieces if _LETTER.search(piece) and len(piece) <= LONGEST_WORD]
    return list(dict.fromkeys(found))


def typed_number(text: str) -> str:
    """The number of a file, when that is all that was typed, also without its letters or zeros; else nothing."""
    found = _NUMBER.fullmatch(text)
    return f"MA-{found[1]}-{int(found[2]):04}" if found else ""


def shown(marked: str) -> SafeString:
    """A text as HTML, with the words that were found in ``<mark>``; everything else is escaped."""
    html = _MARKED.sub("<mark>\\1</mark>", str(escape(marked)))
    return mark_safe(html.replace(BEGIN, "").replace(END, ""))  # noqa: S308 (escaped above)


def is_marked(text: str) -> bool:
    """Whether a word was found in it."""
    return BEGIN in text
