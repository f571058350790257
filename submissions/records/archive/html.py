"""A document as HTML, for a person to read on the screen before it is disclosed. Nothing in it is trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .words import Document, Heading, Paragraph, Run, Table


def draw(document: Document, first_level: int = 4) -> SafeString:
    """The blocks of a document; its headings begin at a level that fits the screen."""
    return mark_safe("".join(_blocks(document, first_level)))  # noqa: S308 (joined from escaped parts)


def _blocks(document: Document, first_level: int) -> Iterator[str]:
    depth = 0
    for block in document.blocks:
        wanted = block.bullet if isinstance(block, Paragraph) else 0
        yield from _lists(depth, wanted)
        depth = wanted
        if isinstance(block, Heading):
            level = min(block.level - 2 + first_level, 6)
            yield format_html("<h{}>{}</h{}>", level, _runs(block.runs, document), level)
        elif isinstance(block, Paragraph):
            yield format_html("<li>{}" if wanted else "<p>{}</p>", _runs(block.runs, document))
        else:
            yield _table(block, document)
    yield from _lists(depth, 0)


def _lists(depth: int, wanted: int) -> Iterator[str]:
    """What is closed and opened between items of lists; an item stays open for the list below it."""
    if wanted > depth:
        yield "<ul>" * (wanted - depth)
        return
    yield "</li></ul>" * (depth - wanted)
    if wanted:
        yield "</li>"


def _table(table: Table, document: Document) -> SafeString:
    head = format_html_join("", '<th scope="col">{}</th>', ((words,) for words in table.header))
    rows = format_html_join(
        "",
        "<tr>{}</tr>",
        (
            (format_html_join("", "<td>{}</td>", ((_runs(cell, document),) for cell in row)),)
            for row in table.rows
        ),
    )
    return format_html(
        '<table class="listing"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        table.title,
        head,
        rows,
    )


def _runs(runs: Iterable[Run], document: Document) -> SafeString:
    return format_html_join("", "{}", ((_run(run, document),) for run in runs))


def _run(run: Run, document: Document) -> SafeString:
    lines = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in run.text.split("\n")))
    if run.hidden:
        return format_html("<mark>{}</mark>", lines)
    if run.language and run.language != document.language:
        return format_html('<span lang="{}">{}</span>', run.language, lines)
    return lines
