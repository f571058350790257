"""What differs between two postings of a file, in words that a reader can follow.

Pure: the plain texts of two postings in, changes out; each change can be told word by word. Knows no database, no page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from microacq_pages import formats

from .enums import ItemKind
from .postings import FACT_FIELDS, SURROUNDING_FIELDS, TEXT_FIELDS, fact_from

LABELS: dict[str, Any] = {
    "title": _("Title"),
    "teaser": _("Short description"),
    "background": _("Background"),
    "work": _("The work"),
    "department": _("Department"),
    "branch": _("Branch"),
    "team": _("Team"),
    "project": _("Project"),
    "opportunity_skills": _("Skills"),
    "contact_name": _("Contact"),
    "contact_email": _("Contact e-mail"),
    "attachments": _("Attachments"),
    "slug": _("Address of the page"),
    "seo_title": _("Title for search engines"),
    "search_description": _("Description for search engines"),
    "price": _("Fixed price, before tax"),
    "licence": _("Licence"),
    "repository": _("Repository"),
    "deadline": _("Deadline to apply"),
    "selection_date": _("Supplier selection date"),
    "delivery_date": _("Work delivery date"),
}
#: What evaluation relies on (issue 3, section 4).
RELIED_ON_FACTS = frozenset({"price", "licence"})
RELIED_ON_KINDS = frozenset({ItemKind.EVALUATION, ItemKind.ACCEPTANCE})

_ANCHOR = re.compile(r"<a\b[^>]*?\b(?:href|id)=\"([^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)
#: Words with the space after them; a no-break space does not end a word.
_WORDS = re.compile(r"[^ ]+ *")

SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True)
class Piece:
    """Some words of a changed paragraph: the same before and after, removed, or added."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One thing that was changed.

    Attributes:
        name: The field, or the kind of the item.
        label: What the reader calls it.
        before: As it was, in plain words; empty when it was added.
        after: As it is; empty when it was removed.
        is_prose: Whether it is told word by word, rather than one whole value after another.
        relied_on: Whether what evaluation relies on changed.
        is_new_item: Whether it is a criterion that was not there.
    """

    name: str
    label: str
    before: str
    after: str
    is_prose: bool = True
    relied_on: bool = False
    is_new_item: bool = False

    @property
    def is_formatting(self) -> bool:
        """Whether the words are the same, and only their form changed."""
        return self.before == self.after

    @property
    def paragraphs(self) -> list[list[Piece]]:
        """The paragraphs that changed, word by word; a paragraph without pieces stands for those left out."""
        return list(_paragraphs(self.before, self.after))


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> list[Change]:
    """Everything that differs between two postings, in the order of the page.

    Args:
        before: ``text`` of the earlier posting.
        after: ``text`` of the later one.
        language: Which side to compare: ``en`` or ``fr``; words that name things follow the active language.
    """
    return [
        *_facts(before.get("facts", {}), after.get("facts", {}), language),
        *_words(before.get(language, {}), after.get(language, {})),
        *_items(before.get("items", ()), after.get("items", ()), language),
    ]


def relied_on(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The changes that no applicant can be held to without being asked, whichever language they are in."""
    found = [
        change
        for language in ("en", "fr")
        for change in changes_between(before, after, language)
        if change.relied_on
    ]
    return list({change.label: change for change in found}.values())


def _facts(before: Mapping[str, str], after: Mapping[str, str], language: str) -> Iterator[Change]:
    for name in FACT_FIELDS:
        if name not in before or before[name] == after.get(name):
            continue
        old, new = fact_from(name, before[name]), fact_from(name, after.get(name, ""))
        if old == new:
            continue
        is_earlier = name == "delivery_date" and bool(old and new and new < old)  # type: ignore[operator]
        yield Change(
            name,
            str(LABELS[name]),
            _said(name, old, language),
            _said(name, new, language),
            is_prose=False,
            relied_on=name in RELIED_ON_FACTS or is_earlier,
        )


def _said(name: str, value: Any, language: str) -> str:
    if value is None:
        return ""
    if name == "price":
        return formats.money(value, language)
    if name == "deadline":
        return formats.eastern(value, language)
    return formats.date_long(value, language) if name.endswith("_date") else str(value)


def _words(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name in (*TEXT_FIELDS, *SURROUNDING_FIELDS):
        if name in before and without_keys(before[name]) != without_keys(after.get(name, "")):
            yield Change(name, str(LABELS[name]), plain(before[name]), plain(after.get(name, "")))


def _items(before: Any, after: Any, language: str) -> Iterator[Change]:
    old = {(item["kind"], item["identity"]): item for item in before}
    new = {(item["kind"], item["identity"]): item for item in after}
    for key in [*new, *(key for key in old if key not in new)]:
        was, is_now = old.get(key), new.get(key)
        position = (is_now or was or {}).get("position")
        kind = ItemKind(key[0])
        said = [_item_words(item, language) for item in (was, is_now)]
        if said[0] == said[1]:
            continue
        yield Change(
            str(kind),
            f"{kind.label} {position}" if kind in RELIED_ON_KINDS else str(kind.label),
            plain(said[0]),
            plain(said[1]),
            relied_on=kind in RELIED_ON_KINDS,
            is_new_item=was is None,
        )
    for kind in RELIED_ON_KINDS:
        yield from _order(kind, old, new)


def _item_words(item: Mapping[str, Any] | None, language: str) -> str:
    if item is None:
        return ""
    words = without_keys(item[f"text_{language}"])
    if item.get("word_limit") and item["kind"] == ItemKind.EVALUATION:
        limit = _("Answer in %(limit)s words or fewer.") % {"limit": item["word_limit"]}
        words += f"<p>{limit}</p>"
    return words


def _order(kind: ItemKind, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[Change]:
    shared = [key for key in new if key in old and key[0] == kind]
    positions = [old[key]["position"] for key in shared]
    if positions != sorted(positions):
        yield Change(
            str(kind),
            str(_("Order of the criteria: %(kind)s") % {"kind": kind.label}),
            ", ".join(map(str, sorted(positions))),
            ", ".join(map(str, positions)),
            is_prose=False,
        )


def without_keys(html: str) -> str:
    """Rich text without what the editor adds to each paragraph that it opens."""
    return re.sub(r' data-block-key="[^"]*"', "", html or "")


def plain(html: str) -> str:
    """The words of a rich or plain text, a paragraph a line, with the addresses of its links."""
    linked = _ANCHOR.sub(lambda found: f"{found[2]} ({found[1]})", html or "")
    lines = _BLOCK_END.sub("\n", linked).splitlines()
    return "\n".join(filter(None, (" ".join(unescape(strip_tags(line)).split()) for line in lines)))


def _paragraphs(before: str, after: str) -> Iterator[list[Piece]]:
    old, new = before.splitlines(), after.splitlines()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield []
            continue
        pairs = max(b - a, d - c)
        for offset in range(pairs):
            was = old[a + offset] if a + offset < b else ""
            is_now = new[c + offset] if c + offset < d else ""
            yield list(_pieces(was, is_now))


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(
        None, [w.rstrip(" ") for w in old], [w.rstrip(" ") for w in new], autojunk=False
    )
    if matcher.ratio() < 0.3:
        old, new = ([text] if text else [] for text in (before, after))
        matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _kind, a, b, c, d in matcher.get_opcodes():
        if _kind == "equal":
            yield Piece(SAME, "".join(new[c:d]))
            continue
        if b > a:
            yield Piece(REMOVED, "".join(old[a:b]))
        if d > c:
            yield Piece(ADDED, "".join(new[c:d]))
