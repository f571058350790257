"""Texts of pages as YAML files hold them, turned into what Wagtail stores.

Used by what the site brings itself and by the demonstration. Knows no page and no database.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

#: Blocks get the same identity in both languages, so that their texts can be paired.
_BLOCKS = uuid.UUID("6f1f2a0e-0d5c-4f57-9d0b-4c5f3a6a2f11")
_PAGE_LINK = re.compile(r'href="page:([\w-]+)"')
_BETWEEN_TAGS = re.compile(r">\s+<")


def body(key: str, blocks: list[dict[str, Any]], known: dict[str, int]) -> list[dict[str, Any]]:
    """The blocks of a page as a stream field stores them."""
    return [
        {
            "type": block["type"],
            "id": _identity(key, position),
            "value": _block_value(f"{key}/{position}", block, known),
        }
        for position, block in enumerate(blocks)
    ]


def _block_value(place: str, block: dict[str, Any], known: dict[str, int]) -> Any:
    kind = block["type"]
    if kind == "heading":
        return block["text"]
    if kind == "paragraph":
        return html(block["html"], known)
    if kind in {"steps", "questions"}:
        rich = "text" if kind == "steps" else "answer"
        items = [
            {
                "type": "item",
                "id": _identity(place, position),
                "value": {**item, rich: html(item[rich], known)},
            }
            for position, item in enumerate(block["items"])
        ]
        return {kind: items}
    return {"title": block["title"], "text": html(block["text"], known)}


def _identity(place: str, position: int) -> str:
    return str(uuid.uuid5(_BLOCKS, f"{place}/{position}"))


def html(text: str, known: dict[str, int]) -> str:
    """Rich text as Wagtail stores it; ``page:…`` becomes a link to the page of that key.

    Raises:
        KeyError: there is no such page.
    """
    linked = _PAGE_LINK.sub(lambda match: f'linktype="page" id="{known[match[1]]}"', text)
    return _BETWEEN_TAGS.sub("><", linked).strip()
