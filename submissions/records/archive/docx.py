"""A document as an accessible .docx, the same bytes for the same document.

Owns: real heading styles, the language of the document and of its parts, header rows and descriptions of tables, the
title property, and the fixed form of the ZIP. Knows no model and no database.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC
from functools import lru_cache
from typing import Any

import docx
from docx.document import Document as Drawing
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor

from .words import Block, Document, Heading, Paragraph, Run, Table

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: How Word names the languages of the Government of Canada.
LANGUAGES = {"en": "en-CA", "fr": "fr-CA"}
#: The earliest moment that a ZIP can hold: its entries carry no clock.
EPOCH = (1980, 1, 1, 0, 0, 0)
#: Dark on white: 11 to 1.
_INK = RGBColor(0x26, 0x37, 0x4A)
_LEFT_OUT = re.compile(r"^docProps/thumbnail\.jpeg$")
#: The width of a page within its margins, in inches, and how many letters an inch holds.
_PAGE, _LETTERS_AN_INCH = 6.5, 10.5
#: No word needs more room than so many letters, no cell asks for more than so many, and so many stand around a word.
_LONGEST_WORD, _LONGEST_CELL, _MARGIN = 16, 160, 3
#: A row with more letters than so may go on on the next page.
_WHOLE = 900
#: Where a word processor begins another line.
_BREAKS = re.compile(r"[ \n\-/]")
_LISTS = {False: "List Bullet", True: "List Number"}


def draw(document: Document) -> bytes:
    """The document as the bytes of a .docx file."""
    drawing = docx.Document(io.BytesIO(_template()))
    _set_properties(drawing, document)
    _set_language(drawing, document.language)
    _set_styles(drawing)
    _add_footer(drawing, document)
    drawing.add_heading(document.title, level=1)
    counting: Any = None
    for block in document.blocks:
        is_counted = isinstance(block, Paragraph) and block.numbered
        counting = (counting or _begin_with_one(drawing)) if is_counted else None
        _draw_block(drawing, block, document.language, counting)
    buffer = io.BytesIO()
    drawing.save(buffer)
    return same_bytes(buffer.getvalue())


@lru_cache(maxsize=1)
def _template() -> bytes:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    return buffer.getvalue()


def same_bytes(content: bytes) -> bytes:
    """A ZIP put together again without clocks, its entries in order; readers expect [Content_Types].xml first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w") as after:
        names = [name for name in before.namelist() if not _LEFT_OUT.match(name)]
        for name in sorted(names, key=lambda name: (name != "[Content_Types].xml", name)):
            part = before.read(name)
            if name == "_rels/.rels":
                part = re.sub(rb'<Relationship [^>]*thumbnail\.jpeg"[^>]*/>', b"", part)
            after.writestr(entry(name), part)
    return buffer.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    """An entry of a ZIP that tells nothing of when or where it was made."""
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _set_properties(drawing: Drawing, document: Document) -> None:
    properties = drawing.core_properties
    dated = document.dated.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.title = f"{document.title} – {document.number}"[:255]
    properties.language = LANGUAGES[document.language]
    properties.subject = document.number
    properties.author = ""
    properties.comments = ""
    properties.keywords = document.name
    properties.last_modified_by = ""
    properties.revision = 1
    properties.created = properties.modified = dated


def _set_language(drawing: Drawing, language: str) -> None:
    """In the defaults and in the style of ordinary text: Word asks both."""
    styles = drawing.styles.element
    defaults = styles.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for properties in (defaults, drawing.styles["Normal"].element.get_or_add_rPr()):
        _speak(properties, language)
    fonts = drawing.settings.element.find(qn("w:themeFontLang"))
    if fonts is not None:
        fonts.set(qn("w:val"), LANGUAGES[language])


def _speak(properties: Any, language: str) -> None:
    said = properties.find(qn("w:lang"))
    if said is None:
        said = OxmlElement("w:lang")
        properties.append(said)
    said.set(qn("w:val"), LANGUAGES[language])


def _set_styles(drawing: Drawing) -> None:
    for style in drawing.styles:
        if style.type == WD_STYLE_TYPE.PARAGRAPH and style.name.startswith("Heading"):
            style.font.color.rgb = _INK
    drawing.styles["Normal"].font.size = Pt(11)
    drawing.sections[0].left_margin = drawing.sections[0].right_margin = Inches(1)
    link = drawing.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb = RGBColor(0x28, 0x41, 0x62)
    link.font.underline = True


def _add_footer(drawing: Drawing, document: Document) -> None:
    footer = drawing.sections[0].footer.paragraphs[0]
    footer.add_run(f"{document.number} – {document.title} – ")
    for instruction, lead in (("PAGE", ""), ("NUMPAGES", " / ")):
        if lead:
            footer.add_run(lead)
        counter = OxmlElement("w:fldSimple")
        counter.set(qn("w:instr"), instruction)
        shown, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = "1"
        shown.append(text)
        counter.append(shown)
        footer._p.append(counter)


def _begin_with_one(drawing: Any) -> Any:
    """A numbering of its own for a list: Word counts on through all paragraphs of a style otherwise."""
    style = drawing.styles["List Number"].element
    numbering = drawing.part.numbering_part.element
    shared = numbering.num_having_numId(style.pPr.numPr.numId.val)
    own = numbering.add_num(shared.abstractNumId.val)
    own.add_lvlOverride(ilvl=0).add_startOverride(1)
    return own.numId


def _draw_block(drawing: Any, block: Block, language: str, counting: Any = None) -> None:
    if isinstance(block, Heading):
        paragraph = drawing.add_heading("", level=min(block.level, 6))
        _draw_runs(paragraph, block.runs, language)
    elif isinstance(block, Paragraph):
        style = None
        if block.bullet:
            style = _LISTS[block.numbered] + (f" {min(block.bullet, 3)}" if block.bullet > 1 else "")
        paragraph = drawing.add_paragraph(style=style)
        if counting is not None:
            place = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            place.get_or_add_ilvl().val = min(block.bullet, 3) - 1
            place.get_or_add_numId().val = counting
        _draw_runs(paragraph, block.runs, language)
    else:
        _draw_table(drawing, block, language)


def _draw_runs(paragraph: Any, runs: tuple[Run, ...], language: str) -> None:
    for run in runs:
        drawn = paragraph.add_run(run.text)
        drawn.bold = True if run.bold or run.hidden else None
        drawn.italic = True if run.italic else None
        if run.language and run.language != language:
            _speak(drawn._r.get_or_add_rPr(), run.language)
        if run.link:
            _lead(paragraph, drawn, run.link)


def _lead(paragraph: Any, drawn: Any, address: str) -> None:
    """Make a run a link."""
    drawn.style = "Hyperlink"
    reference = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), reference)
    paragraph._p.replace(drawn._r, link)
    link.append(drawn._r)


def _draw_table(drawing: Any, table: Table, language: str) -> None:
    drawn = drawing.add_table(rows=1 + len(table.rows), cols=len(table.header))
    drawn.style = "Table Grid"
    widths = [Inches(width) for width in table.widths or fitting(table)]
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    _describe(drawn, table)
    rows = list(drawn.rows)
    for row, cells in zip(rows[1:], table.rows, strict=True):
        if sum(len(run.text) for runs in cells for run in runs) <= _WHOLE:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _mark_header(rows[0])
    for cell, words in zip(rows[0].cells, table.header, strict=True):
        _draw_runs(cell.paragraphs[0], (Run(words, bold=True),), language)
    for cell, width in zip(rows[0].cells, widths, strict=True):
        cell.width = width
    for row, cells in zip(rows[1:], table.rows, strict=True):
        for place, (cell, runs) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = widths[place]
            paragraph = cell.paragraphs[0]
            _draw_runs(paragraph, runs, language)
            if place == 0 and table.first_is_header:
                for run in paragraph.runs:
                    run.bold = True
    # Word joins tables that follow each other without a paragraph between them.
    drawing.add_paragraph()


def fitting(table: Table) -> list[float]:
    """The widths of its columns in inches: room for the longest word of each, and the rest where the text is."""
    least, most = [], []
    for place, named in enumerate(table.header):
        texts = [named, *("".join(run.text for run in cells[place]) for cells in table.rows)]
        words = [word for text in texts for word in _BREAKS.split(text)]
        least.append(min(max(map(len, words)), _LONGEST_WORD) + _MARGIN)
        lines = [line for text in texts for line in text.split("\n")]
        most.append(max(min(max(map(len, lines)), _LONGEST_CELL) + _MARGIN, least[-1]))
    room = _PAGE * _LETTERS_AN_INCH
    spare = room - sum(least)
    if spare <= 0 or sum(most) <= room:
        wanted = least if spare <= 0 else most
        return [_PAGE * each / sum(wanted) for each in wanted]
    asked = sum(most) - sum(least)
    return [
        (low + spare * (high - low) / asked) / _LETTERS_AN_INCH for low, high in zip(least, most, strict=True)
    ]


def _describe(drawn: Any, table: Table) -> None:
    """What the table shows, for who does not see it, and which of its cells are headers."""
    properties = drawn._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        look = OxmlElement("w:tblLook")
        properties.append(look)
    for name, value in (("firstRow", "1"), ("firstColumn", "1" if table.first_is_header else "0")):
        look.set(qn(f"w:{name}"), value)
    for name in ("w:tblCaption", "w:tblDescription"):
        described = OxmlElement(name)
        described.set(qn("w:val"), table.title)
        properties.append(described)


def _mark_header(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(name))
