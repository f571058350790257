"""How many words a piece of text has, in English and in French.

A word is what stands between spaces and holds a letter or a digit, as word processors and translation bureaus count:
« l’accès » and “don’t” are one, a number with its groups of digits (« 6 500 », “6,500”) is one, punctuation that
stands alone (« : », “–”) is none. Pure; knows the pseudo-HTML of wagtail-localize and imports nothing of the site.
"""

from __future__ import annotations

import html
import re

_BREAKS = re.compile(
    r"<(?:br|p|li|ul|ol|div|h[1-6]|hr|td|th|tr)\b[^>]*>|</(?:p|li|ul|ol|div|h[1-6]|td|th|tr)>", re.I
)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.I)
#: 6 500, with an ordinary, a no-break or a narrow no-break space between the groups of three.
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3})((?:[ \u00a0\u202f]\d{3})+)(?![\d])")
_HOLDS_WORD = re.compile(r"\w")


def plain(text: str) -> str:
    """The text without its markup, as a person reads it.

    Args:
        text: HTML, or the pseudo-HTML that translators see.
    """
    without_tags = _TAG.sub("", _BREAKS.sub(" ", text))
    return html.unescape(without_tags)


def count(text: str) -> int:
    """The number of words of a text; markup is not counted.

    Args:
        text: HTML, or the pseudo-HTML that translators see.
    """
    joined = _GROUPED.sub(lambda found: re.sub(r"\D", "", found.group()), plain(text))
    # str.split also splits at no-break spaces, which French puts before its punctuation.
    return sum(1 for token in joined.split() if _HOLDS_WORD.search(token.replace("_", "")))
