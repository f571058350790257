"""Lists that were pasted as plain text, made lists; owns nothing else and imports no model.

Plain text from an e-mail or a note holds its lists as lines that begin with a hyphen. Left as they are, they are read
out as paragraphs, and translators receive the hyphen with each line.
"""

from __future__ import annotations

import re

#: Paragraphs that begin with a hyphen, dash, asterisk or bullet and a space; two or more in a row are a list.
_LINE = r"<p(?: [^>]*)?>\s*(?:&bull;|[-–—*•·‣◦])(?:\s|&nbsp;)+(?:(?!</p>).)+</p>"
_RUN = re.compile(rf"(?:{_LINE}\s*){{2,}}", re.DOTALL)
_ITEM = re.compile(
    r"<p(?P<rest> [^>]*)?>\s*(?:&bull;|[-–—*•·‣◦])(?:\s|&nbsp;)+(?P<text>(?:(?!</p>).)+)</p>\s*", re.DOTALL
)


def with_lists(html: str) -> str:
    """Make a list of paragraphs in a row that begin with the mark of a list.

    Args:
        html: Rich text as the editor sends it; other paragraphs stay as they are.

    Returns:
        The same text; a single paragraph that begins with a dash (a quotation, say) is no list.
    """
    return _RUN.sub(lambda run: f"<ul>{_ITEM.sub(_item, run.group())}</ul>", html)


def _item(found: re.Match[str]) -> str:
    return f"<li{found['rest'] or ''}>{found['text'].strip()}</li>"
