"""How words are counted, the same on the server and in the browser.

Owns: the definition of a word. Imports nothing of the project; ``static/submissions/js/word-count.js`` repeats the two
character classes below, and a test holds that it does.

A word is what stands between white space and has at least one letter or digit in it. So “l’équipe”, “open-source”,
“C++” and “https://example.org/a/b” are one word each, and punctuation that French typography sets apart with a space
(“« Bonjour ! »”) is none: the same sentence is not longer in French for its spaces.
"""

from __future__ import annotations

import re

#: White space as both ``re`` in Python and a ``u`` regular expression in JavaScript read it. Their own ``\s`` differ.
WHITE_SPACE = r"\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

_RUN = re.compile(rf"[^{WHITE_SPACE}]+")
#: A word character that is no underscore: the Unicode categories L and N, character for character.
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def count_words(text: str) -> int:
    """How many words ``text`` has."""
    return sum(1 for run in _RUN.findall(text) if _LETTER_OR_DIGIT.search(run))
