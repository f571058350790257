"""Rich text of the editor as blocks of a document: only what the editor offers. Knows no model and no file format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bs4 import BeautifulSoup, NavigableString, Tag

from .words import Block, Heading, Paragraph, Run, clean

_BLOCKS = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "div", "hr"})
_LINKS = ("http://", "https://", "mailto:")


def blocks_of(html: str, *, language: str = "", level: int = 3) -> list[Block]:
    """Rich text, or text that holds no tag, as blocks.

    Args:
        html: As the editor stores it.
        language: Of the text, where it is not the document's.
        level: Of its first headings.
    """
    soup = BeautifulSoup(html, "html.parser")
    return [block for block in _walk(soup, Run("", language=language), level, 0, False) if _says(block)]


def runs_of(html: str, *, language: str = "") -> tuple[Run, ...]:
    """The same in one paragraph: a block begins on a line of its own."""
    runs: list[Run] = []
    for block in blocks_of(html, language=language):
        if isinstance(block, Heading | Paragraph):
            lead = "\n" if runs else ""
            mark = "– " if isinstance(block, Paragraph) and block.bullet else ""
            if lead or mark:
                runs.append(Run(f"{lead}{mark}", language=language))
            runs.extend(block.runs)
    return tuple(runs)


def _says(block: Block) -> bool:
    return not isinstance(block, Heading | Paragraph) or any(run.text.strip() for run in block.runs)


def _walk(node: Tag, model: Run, level: int, depth: int, numbered: bool) -> Iterator[Block]:
    loose: list[Run] = []
    for child in node.children:
        if not (isinstance(child, Tag) and child.name in _BLOCKS):
            loose.extend(_inline(child, model))
            continue
        if loose:
            yield _paragraph(loose, depth, numbered)
            loose = []
        name = child.name
        if name in {"ul", "ol"}:
            yield from _walk(child, model, level, depth + 1, name == "ol")
        elif name.startswith("h") and name[1:].isdigit():
            yield Heading(min(level + int(name[1:]) - 2, 6), tuple(_within(child, model)))
        elif any(isinstance(each, Tag) and each.name in _BLOCKS for each in child.children):
            yield from _walk(child, model, level, depth, numbered)
        else:
            yield _paragraph(list(_within(child, model)), depth, numbered)
    if loose:
        yield _paragraph(loose, depth, numbered)


def _paragraph(runs: list[Run], depth: int, numbered: bool) -> Paragraph:
    return Paragraph(tuple(runs), bullet=depth, numbered=numbered and depth > 0)


def _within(node: Tag, model: Run) -> Iterator[Run]:
    for child in node.children:
        yield from _inline(child, model)


def _inline(node: object, model: Run) -> Iterator[Run]:
    if isinstance(node, NavigableString):
        text = clean(" ".join(str(node).split(" ")))
        if text.strip() or text == " ":
            yield replace(model, text=text.replace("\n", " "))
        return
    if not isinstance(node, Tag):
        return
    if node.name == "br":
        yield replace(model, text="\n")
        return
    changes: dict[str, object] = {}
    if node.name in {"b", "strong"}:
        changes["bold"] = True
    if node.name in {"i", "em"}:
        changes["italic"] = True
    href = str(node.get("href") or "")
    if node.name == "a" and href.startswith(_LINKS):
        changes["link"] = href
    yield from _within(node, replace(model, **changes))  # type: ignore[arg-type]
