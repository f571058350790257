"""XLIFF 1.2: a translation written for computer-assisted translation, and read back.

No model. Written from the specification (http://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html), because the
maintained libraries are under licences that this project cannot take on. Files are read without document types, so
without entities, and nothing outside of them is ever fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from .markup import XLIFF, Inline, UnknownMarkupError
from .returned import LARGEST_FILE, MOST_STRINGS, Job, Returned, UnreadableFileError

NAME, EXTENSION, CONTENT_TYPE = "XLIFF 1.2", "xlf", "application/x-xliff+xml; charset=utf-8"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
#: States in which the translator says that a string is not done.
_NOT_DONE = ("new", "needs-")


def write(job: Job) -> bytes:
    """The file: place, help text and terms of the glossary as notes, suggestions as targets that need review."""
    ET.register_namespace("", XLIFF)
    root = ET.Element(_name("xliff"), {"version": "1.2"})
    file = ET.SubElement(
        root,
        _name("file"),
        {
            "original": job.identifier,
            "source-language": job.source,
            "target-language": job.target,
            "datatype": "html",
            "tool-id": "microacq",
        },
    )
    header = ET.SubElement(file, _name("header"))
    ET.SubElement(header, _name("tool"), {"tool-id": "microacq", "tool-name": "microacq"})
    _text(header, "note", f"{job.title}\n{job.address}")
    body = ET.SubElement(file, _name("body"))
    for unit in job.units:
        _write_unit(body, unit, job.terms.get(unit.key, []))
    _break_lines(root, file, header, body, *body)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _write_unit(body: ET.Element, unit: Any, terms: list[tuple[str, str]]) -> None:
    element = ET.SubElement(
        body, _name("trans-unit"), {"id": unit.key, "resname": unit.path, _SPACE: "preserve"}
    )
    inline = Inline(unit.source)
    source = ET.SubElement(element, _name("source"))
    inline.write(unit.source, source)
    if unit.target or unit.suggestion:
        done = unit.target and not unit.has_error
        target = ET.SubElement(
            element, _name("target"), {"state": "translated" if done else "needs-review-translation"}
        )
        inline.write(unit.target or unit.suggestion, target)
    _text(element, "note", unit.label)
    if unit.note:
        _text(element, "note", unit.note)
    for term, counterpart in terms:
        _text(element, "note", f"{term} = {counterpart}", {"from": "glossary"})


def _break_lines(*containers: ET.Element) -> None:
    """A line for each element, never within a text."""
    for container in containers:
        container.text = "\n"
        for child in container:
            child.tail = "\n"


def _text(parent: ET.Element, name: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
    element = ET.SubElement(parent, _name(name), dict(attributes or {}))
    element.text = "".join(character for character in text if character.isprintable() or character == "\n")


def _name(name: str) -> str:
    return f"{{{XLIFF}}}{name}"


def read(data: bytes, identifier: str, language: str, sources: Mapping[str, str]) -> list[Returned]:
    """The strings of a file that came back.

    Args:
        data: The file.
        identifier: UUID of the translation for which it must be.
        language: Language into which it must translate.
        sources: Current texts by key: what the mark-up of a translation stands for.

    Raises:
        UnreadableFileError: it is not XLIFF 1.2, declares a document type, or is for another translation.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableFileError(_("The file is larger than 1 MB."))
    file = _file_of(_parsed(data))
    if file.get("original") != identifier:
        raise UnreadableFileError(_("The file was made for another translation."))
    if file.get("target-language", language).lower().split("-")[0] != language:
        raise UnreadableFileError(_("The file is for another language."))
    elements = list(file.iter(_name("trans-unit")))
    if len(elements) > MOST_STRINGS:
        raise UnreadableFileError(_("The file has more than %(most)d strings.") % {"most": MOST_STRINGS})
    return [_read_unit(element, sources) for element in elements]


def _parsed(data: bytes) -> ET.Element:
    try:
        root: ET.Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableFileError(
            _("The file declares a document type or entities. Export it without them.")
        ) from error
    except (ET.ParseError, ValueError, LookupError, RecursionError) as error:
        raise UnreadableFileError(_("The file is not XML, or it is damaged.")) from error
    return root


def _file_of(root: ET.Element) -> ET.Element:
    if root.tag != _name("xliff"):
        raise UnreadableFileError(_("The file is not XLIFF 1.2."))
    files = root.findall(_name("file"))
    if len(files) != 1:
        raise UnreadableFileError(_("The file must hold exactly one translation."))
    return files[0]


def _read_unit(element: ET.Element, sources: Mapping[str, str]) -> Returned:
    key, path = element.get("id", ""), element.get("resname", "")
    target = element.find(_name("target"))
    if target is None or key not in sources:
        text = "" if target is None else "".join(target.itertext())
        return Returned(path, sources.get(key), text, key)
    state = target.get("state", "")
    inline = Inline(sources[key])
    source = element.find(_name("source"))
    fault: Any = ""
    translation = sent = ""
    try:
        translation = inline.read(target)
        sent = inline.read(source) if source is not None else ""
    except (UnknownMarkupError, RecursionError) as error:
        fault = _("It has mark-up that the text does not have: %(markup)s.") % {"markup": error}
    return Returned(
        path,
        sent if source is not None else sources[key],
        translation,
        key,
        confirmed=not state.startswith(_NOT_DONE),
        fault=fault,
    )
