"""The inline mark-up of a string, as elements of XLIFF and back.

Pure. wagtail-localize keeps strings as HTML with a few inline tags. Translators' tools must not let anyone type tags,
so in XLIFF each pair becomes ``<g>``, each ``<br>`` an ``<x/>``; the source that is stored says what they stand for,
never the file that comes back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from wagtail_localize.strings import StringValue

XLIFF = "urn:oasis:names:tc:xliff:document:1.2"
_KINDS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "a": "link", "br": "lb"}
#: Characters that XML 1.0 cannot hold.
_NOT_XML = re.compile("([\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff])")
PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|%\(\w+\)[a-z]|\{\w*\}|%[sd]\b")


class UnknownMarkupError(ValueError):
    """An element that the source does not have, or that cannot be understood."""


def normalized(html: str) -> str:
    """A string as wagtail-localize would keep it.

    Raises:
        ValueError: it holds what a string may not.
    """
    for element in BeautifulSoup(html, "html.parser").descendants:
        if isinstance(element, PreformattedString):
            raise ValueError("comment")
    return str(StringValue.from_translated_html(html).data)


def tags_of(html: str) -> list[str]:
    """The mark-up of a string but for line breaks, sorted: ``b``, ``a a1``."""
    soup = BeautifulSoup(html, "html.parser")
    return sorted(
        f"{tag.name} {tag.get('id')}" if tag.get("id") else tag.name
        for tag in soup.find_all(True)
        if tag.name != "br"
    )


def placeholders_of(html: str) -> list[str]:
    """What software fills in, sorted: ``{{ number }}``."""
    return sorted(re.sub(r"\s+", " ", found) for found in PLACEHOLDER.findall(html))


@dataclass
class Inline:
    """The mark-up of one source string, by the ids that it has in XLIFF."""

    source: str
    _tags: dict[str, Tag] = field(default_factory=dict)
    _count: int = 0

    def __post_init__(self) -> None:
        self._remember(BeautifulSoup(self.source, "html.parser"))

    def _remember(self, parent: Tag) -> None:
        for child in parent.children:
            if isinstance(child, Tag):
                self._count += 1
                name = str(child.get("id") or f"{child.name}-{self._count}")
                self._tags[name if name not in self._tags else f"{name}-{self._count}"] = child
                self._remember(child)

    def write(self, html: str, parent: ET.Element) -> None:
        """Put a string into an element; its mark-up takes the ids of the source's, as far as it is the same."""
        unused = list(self._tags)
        self._write(BeautifulSoup(html, "html.parser"), parent, unused)

    def _write(self, node: Tag, parent: ET.Element, unused: list[str]) -> None:
        for child in node.children:
            if isinstance(child, Tag):
                name = self._name_of(child, unused)
                kind = _KINDS.get(child.name, f"x-html-{child.name}")
                element = ET.SubElement(
                    parent, f"{{{XLIFF}}}{'x' if child.name == 'br' else 'g'}", {"id": name, "ctype": kind}
                )
                self._write(child, element, unused)
            elif isinstance(child, NavigableString):
                self._write_text(str(child), parent)

    def _name_of(self, tag: Tag, unused: list[str]) -> str:
        for name in unused:
            if self._tags[name].name == tag.name and self._tags[name].get("id") == tag.get("id"):
                unused.remove(name)
                return name
        self._count += 1
        name = f"{tag.name}-t{self._count}"
        self._tags[name] = tag
        return name

    def _write_text(self, text: str, parent: ET.Element) -> None:
        for position, piece in enumerate(_NOT_XML.split(text)):
            if position % 2:
                ET.SubElement(parent, f"{{{XLIFF}}}x", {"id": f"u{ord(piece):04x}", "ctype": "x-character"})
            elif len(parent):
                parent[-1].tail = (parent[-1].tail or "") + piece
            else:
                parent.text = (parent.text or "") + piece

    def read(self, element: ET.Element) -> str:
        """The string that an element holds.

        Raises:
            UnknownMarkupError: it has an element that the source does not.
        """
        soup = BeautifulSoup("", "html.parser")
        self._read(element, soup, soup)
        return str(soup)

    def _read(self, element: ET.Element, parent: Tag, soup: BeautifulSoup) -> None:
        if element.text:
            parent.append(NavigableString(element.text))
        for child in element:
            self._read_child(child, parent, soup)
            if child.tail:
                parent.append(NavigableString(child.tail))

    def _read_child(self, child: ET.Element, parent: Tag, soup: BeautifulSoup) -> None:
        name, kind = child.get("id", ""), child.tag.removeprefix(f"{{{XLIFF}}}")
        if kind == "mrk":  # segments and remarks of the tool
            self._read(child, parent, soup)
        elif kind == "x" and re.fullmatch("u(?!d[89a-f])[0-9a-f]{4}", name):  # half a character is none
            parent.append(NavigableString(chr(int(name[1:], 16))))
        elif kind in ("g", "x") and name in self._tags:
            model = self._tags[name]
            tag = soup.new_tag(model.name, attrs={k: str(v) for k, v in model.attrs.items()})
            parent.append(tag)
            self._read(child, tag, soup)
        else:
            raise UnknownMarkupError(f'<{kind} id="{name}">')
