"""Markdown to rich text: the few elements that Wagtail's editor keeps, and nothing else.

Owns the reading of Markdown into blocks that know their line, and the writing of blocks as HTML. The HTML is
such that opening it in Wagtail's editor and saving it loses nothing; the editor only cuts or joins lists next to an
item that holds a list of the other kind. Must not import models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Comment
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from microacq_pages.importing.faults import Remarks
from microacq_pages.importing.frontmatter import is_storable

BREAK = "<br/>"
INLINE_TAGS = {"strong": "b", "em": "i"}
LINK_SCHEMES = {"", "http", "https", "mailto", "tel"}
# A number with no space after it is read as text, so that two items silently become one.
_NUMBER_WITHOUT_SPACE = re.compile(r"\d{1,2}[.)][^\W\d_]{2,}")
HEADING_TAGS = {"h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}


@dataclass(frozen=True)
class Leaf:
    """A paragraph, a heading, or the text of a list item; ``html`` holds inline elements only."""

    tag: str
    html: str
    text: str
    line: int


@dataclass(frozen=True)
class Item:
    """An item of a list: its text, then the lists nested in it."""

    leaf: Leaf
    lists: tuple[ListBlock, ...] = ()

    @property
    def line(self) -> int:
        """The line where the item starts."""
        return self.leaf.line


@dataclass(frozen=True)
class ListBlock:
    """A numbered or bulleted list."""

    ordered: bool
    items: tuple[Item, ...]
    line: int
    start: int = 1


@dataclass(frozen=True)
class Title:
    """A heading of the first or second level: no rich text holds it, it cuts the document into sections."""

    level: int
    text: str
    line: int


Block = Leaf | ListBlock


def render(blocks: Iterable[Block]) -> str:
    """Write blocks as the HTML that a rich text field stores."""
    return "".join(_render_block(block) for block in blocks)


def leaves(blocks: Iterable[Block]) -> Iterator[Leaf]:
    """Every text of the blocks, in the order in which they are read."""
    for block in blocks:
        if isinstance(block, Leaf):
            yield block
        else:
            for item in block.items:
                yield item.leaf
                yield from leaves(item.lists)


def plain_text(blocks: Iterable[Block]) -> str:
    """The texts of the blocks, without marks, in one line."""
    return " ".join(leaf.text for leaf in leaves(blocks))


def item_blocks(item: Item) -> tuple[Block, ...]:
    """The content of a list item as blocks that stand on their own."""
    return (replace(item.leaf, tag="p"), *item.lists)


def restrict(blocks: Iterable[Block], features: Iterable[str]) -> tuple[Block, ...]:
    """Take out the marks that a field does not offer; their text stays, a heading as a paragraph."""
    allowed = set(features)
    return tuple(_restrict_block(block, allowed) for block in blocks)


def _restrict_block(block: Block, allowed: set[str]) -> Block:
    if isinstance(block, ListBlock):
        return _restrict_list(block, allowed)
    return _restrict_leaf(block, allowed)


def _restrict_list(block: ListBlock, allowed: set[str]) -> ListBlock:
    items = [
        Item(
            _restrict_leaf(item.leaf, allowed),
            tuple(_restrict_list(nested, allowed) for nested in item.lists),
        )
        for item in block.items
    ]
    return replace(block, items=tuple(items))


def _restrict_leaf(leaf: Leaf, allowed: set[str]) -> Leaf:
    html = leaf.html if "code" in allowed else re.sub(r"</?code>", "", leaf.html)
    tag = "p" if leaf.tag in {"h3", "h4"} and leaf.tag not in allowed else leaf.tag
    return replace(leaf, tag=tag, html=html)


class _Parser(MarkdownIt):
    """Lets every link through: which are kept is decided here, with a note.

    Left to the parser, a refused link shows its brackets.
    """

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the parser's name)
        return True


def read_blocks(markdown: str, first_line: int, remarks: Remarks) -> list[Block | Title]:
    """Read Markdown; what rich text cannot hold becomes plain text, with a note.

    Args:
        markdown: the text.
        first_line: the line of the file on which the text starts, for the remarks.
        remarks: receives faults (malformed lists) and notes.
    """
    tokens = _Parser("commonmark").parse(markdown)
    reader = _BlockReader(tokens, first_line, remarks)
    return reader.read()


def _render_block(block: Block) -> str:
    if isinstance(block, Leaf):
        return f"<{block.tag}>{block.html}</{block.tag}>"
    tag = "ol" if block.ordered else "ul"
    items = "".join(f"<li>{item.leaf.html}{render(item.lists)}</li>" for item in block.items)
    return f"<{tag}>{items}</{tag}>"


@dataclass
class _BlockReader:
    """Walks the flat list of tokens of one document."""

    tokens: Sequence[Token]
    first_line: int
    remarks: Remarks
    position: int = 0

    def read(self, until: str = "") -> list[Block | Title]:
        """Read blocks up to the token that closes the container."""
        blocks: list[Block | Title] = []
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.type == until:
                break
            blocks.extend(self._block(token))
        return blocks

    def _line(self, token: Token) -> int:
        return self.first_line + (token.map[0] if token.map else 0)

    def _block(self, token: Token) -> list[Block | Title]:
        line = self._line(token)
        if token.type == "heading_open":
            return self._heading(token, line)
        if token.type == "paragraph_open":
            return self._leaf("p", line)
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            return self._list(token, line)
        if token.type == "blockquote_open":
            self.remarks.note(line, _("A quotation is kept as ordinary paragraphs."))
            return self.read("blockquote_close")
        return self._plain_block(token, line)

    def _plain_block(self, token: Token, line: int) -> list[Block | Title]:
        if token.type in {"fence", "code_block"}:
            return _leaf_of("p", [_code(token.content)], token.content, line)
        return self._html(token.content, line) if token.type == "html_block" else []

    def _heading(self, token: Token, line: int) -> list[Block | Title]:
        tag = HEADING_TAGS.get(token.tag)
        leaf = self._leaf(tag or "h2", line)
        if tag:
            return leaf
        text = leaf[0].text if leaf and isinstance(leaf[0], Leaf) else ""
        return [Title(int(token.tag[1]), text, line)]

    def _leaf(self, tag: str, line: int) -> list[Block | Title]:
        inline = self.tokens[self.position]
        self.position += 2
        for offset, text in enumerate(inline.content.split("\n")):
            if _NUMBER_WITHOUT_SPACE.match(text.lstrip()):
                message = _("The list is malformed: put a space after the item’s number.")
                self.remarks.fault(line + offset, message)
        writer = _InlineWriter(line, self.remarks)
        writer.write(inline.children or [])
        return _leaf_of(tag, writer.html, "".join(writer.text), line)

    def _html(self, content: str, line: int) -> list[Block | Title]:
        soup = BeautifulSoup(content, "html.parser")
        for comment in soup.find_all(string=lambda found: isinstance(found, Comment)):
            comment.extract()
        text = " ".join(soup.get_text(" ").split())
        if text:
            self.remarks.note(line, _("HTML is not kept: its text becomes a paragraph."))
        return _leaf_of("p", [escape(text, quote=False)], text, line)

    def _list(self, token: Token, line: int) -> list[Block | Title]:
        ordered = token.type == "ordered_list_open"
        start = int(token.attrs.get("start", 1)) if ordered else 1
        close = "ordered_list_close" if ordered else "bullet_list_close"
        items: list[Item] = []
        while self.tokens[self.position].type != close:
            item_line = self._line(self.tokens[self.position])
            self.position += 1
            item = self._item(self.read("list_item_close"), item_line)
            if item is not None:
                items.append(item)
        self.position += 1
        return [ListBlock(ordered, tuple(items), line, start)] if items else []

    def _item(self, blocks: list[Block | Title], line: int) -> Item | None:
        texts = [block for block in blocks if isinstance(block, Leaf)]
        lists = tuple(block for block in blocks if isinstance(block, ListBlock))
        if any(isinstance(block, Title) for block in blocks):
            self.remarks.fault(line, _("The list is malformed: an item holds a heading."))
        if not texts:
            self.remarks.fault(line, _("The list is malformed: an item has no text of its own."))
            return None
        if lists and isinstance(blocks[-1], Leaf):
            self.remarks.note(line, _("A text that follows a nested list is moved before that list."))
        html = (BREAK * 2).join(leaf.html for leaf in texts)
        return Item(Leaf("li", html, " ".join(leaf.text for leaf in texts), line), lists)


def _leaf_of(tag: str, html: list[str], text: str, line: int) -> list[Block | Title]:
    inner = re.sub(rf"^(?:\s|{BREAK})+|(?:\s|{BREAK})+$", "", "".join(html))
    # A text of nothing but characters that leave no mark is no text for a translator either.
    visible = " ".join(text.split())
    return [Leaf(tag, inner, visible, line)] if visible else []


def _code(content: str) -> str:
    lines = content.rstrip("\n").split("\n")
    return "<code>" + BREAK.join(escape(line, quote=False) for line in lines) + "</code>"


@dataclass
class _InlineWriter:
    """Writes the inline tokens of one leaf as HTML."""

    line: int
    remarks: Remarks
    html: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)
    # For each open link: where its HTML and its text start, and whether it is written as a link.
    links: list[tuple[int, int, bool]] = field(default_factory=list)

    def write(self, tokens: Sequence[Token]) -> None:
        """Write every token in turn."""
        for token in tokens:
            kind, _separator, end = token.type.rpartition("_")
            if kind in INLINE_TAGS:
                self._mark(INLINE_TAGS[kind], opens=end == "open")
            elif token.type == "link_open":
                self._open_link(str(token.attrs.get("href", "")))
            elif token.type == "link_close":
                self._close_link()
            else:
                self._text(token)

    def _mark(self, tag: str, *, opens: bool) -> None:
        # The same mark within itself says nothing more, and the editor would take it out.
        if opens:
            if tag not in self.open_tags:
                self.html.append(f"<{tag}>")
            self.open_tags.append(tag)
        else:
            self.open_tags.pop()
            if tag not in self.open_tags:
                self.html.append(f"</{tag}>")

    def _open_link(self, href: str) -> None:
        kept = _may_link(href)
        if not kept:
            self.remarks.note(self.line, _("A link to “%(href)s” is not kept; its text is.") % {"href": href})
        self.links.append((len(self.html), len(self.text), kept))
        if kept:
            self.html.append(f'<a href="{escape(href)}">')

    def _close_link(self) -> None:
        html_start, text_start, kept = self.links.pop()
        if kept and "".join(self.text[text_start:]).strip():
            self.html.append("</a>")
        elif kept:
            del self.html[html_start]

    def _text(self, token: Token) -> None:
        if token.type == "code_inline":
            self.html.append(f"<code>{escape(token.content, quote=False)}</code>")
            self.text.append(token.content)
        elif token.type == "softbreak":
            self._plain(" ")
        elif token.type == "hardbreak" or re.fullmatch(r"<br\s*/?>", token.content):
            self.html.append(BREAK)
            self.text.append(" ")
        elif token.type == "html_inline":
            if not token.content.startswith("<!--"):
                self.remarks.note(self.line, _("The HTML “%(tag)s” is not kept.") % {"tag": token.content})
        elif token.type == "image":
            self.remarks.note(self.line, _("An image is not kept; its description is."))
            self._plain(token.content)
        else:
            self._plain(token.content)

    def _plain(self, content: str) -> None:
        self.html.append(escape(content, quote=False))
        self.text.append(content)


def _may_link(href: str) -> bool:
    try:
        scheme = urlsplit(href).scheme
    except ValueError:
        return False
    return bool(href) and scheme in LINK_SCHEMES and is_storable(href)
