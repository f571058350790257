"""PO and XLIFF out and in again, without a database."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import polib
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.exchange import po, xliff
from microacq_pages.exchange.judging import Verdict, judge
from microacq_pages.exchange.markup import Inline, normalized
from microacq_pages.exchange.returned import Job, Returned, UnreadableFileError
from microacq_pages.exchange.units import Unit, key_of

IDENTIFIER = "6f1f3c0e-3a5c-4d42-9d0e-0f0f0f0f0f0f"
NS = {"x": xliff.XLIFF}


def unit(source: str, target: str = "", path: str = "body", **more: object) -> Unit:
    values = {
        "key": key_of(path, source),
        "path": path,
        "label": "Body",
        "note": "At most 500 characters.",
        "has_error": False,
        "suggestion": "",
        "field": None,
        "string_id": 1,
        "context_id": 1,
        "segment_id": 1,
        **more,
    }
    return Unit(source=source, target=target, **values)  # type: ignore[arg-type]


def job(*units: Unit, **more: object) -> Job:
    return Job(IDENTIFIER, "A page", "https://example.org/admin/", "en", "fr", list(units), **more)  # type: ignore[arg-type]


def back(name: str, sent: Job) -> list[Returned]:
    if name == "po":
        return po.read(po.write(sent), IDENTIFIER, "fr")
    return xliff.read(xliff.write(sent), IDENTIFIER, "fr", {each.key: each.source for each in sent.units})


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=20)
INLINE = st.recursive(
    TEXT.map(lambda text: str(BeautifulSoup("", "html.parser").new_string(text).output_ready())),
    lambda inner: st.one_of(
        st.builds(
            lambda tag, text: f"<{tag}>{text}</{tag}>", st.sampled_from(["b", "i", "em", "code"]), inner
        ),
        st.builds(lambda text: f'<a id="a1">{text}</a>', inner),
        st.builds(lambda text: f"{text}<br/>{text}", inner),
        st.builds(lambda first, second: first + second, inner, inner),
    ),
    max_leaves=5,
).map(normalized)


@pytest.mark.parametrize("name", ["po", "xliff"])
@given(st.lists(st.tuples(INLINE, INLINE), max_size=4))
def test_what_leaves_comes_back_as_it_was(name: str, pairs: list[tuple[str, str]]) -> None:
    units = [
        unit(source, target, path=f"body.{number}")
        for number, (source, target) in enumerate(pairs)
        if source.strip() and target.strip()
    ]
    returned = back(name, job(*units))
    if name == "po":
        assert [(each.path, each.source, each.target) for each in returned] == [
            (each.path, each.source, each.target) for each in units
        ]
    assert {string.verdict for string in judge(units, returned)} <= {Verdict.SAME, Verdict.REFUSED}
    # A translation whose mark-up is not its source's is refused, never changed.
    for string, each in zip(judge(units, returned), units, strict=True):
        if sorted(_tags(each.source)) == sorted(_tags(each.target)):
            assert (string.verdict, string.target) == (Verdict.SAME, each.target)


def _tags(html: str) -> list[str]:
    return [tag.name for tag in BeautifulSoup(html, "html.parser").find_all(True)]


@given(INLINE)
def test_mark_up_becomes_elements_and_comes_back(html: str) -> None:
    inline, element = Inline(html), ET.Element("source")
    inline.write(html, element)
    assert inline.read(ET.fromstring(ET.tostring(element))) == html


@given(st.binary(max_size=300), st.sampled_from(["po", "xliff"]))
def test_no_bytes_whatever_make_more_than_a_refusal(data: bytes, name: str) -> None:
    _read(name, data)
    _read(name, po.write(job(unit("One", "Un")))[:40] + data)
    _read(name, xliff.write(job(unit("One", "Un"))).replace(b"<target", data + b"<target"))


def _read(name: str, data: bytes) -> None:
    try:
        if name == "po":
            po.read(data, IDENTIFIER, "fr")
        else:
            xliff.read(data, IDENTIFIER, "fr", {})
    except UnreadableFileError as error:
        assert str(error)


def test_po_carries_place_help_terms_and_what_is_unsure() -> None:
    one, two = unit("The contract", note="At most\n500."), unit("Two", suggestion="Deux", path="title")
    text = po.write(job(one, two, terms={one.key: [("contract", "contrat")]})).decode()
    file = polib.pofile(text)
    assert file[0].comment == "Body\nAt most 500.\ncontract = contrat"
    assert file[0].msgctxt == "body"
    assert (file[1].msgstr, file[1].flags) == ("Deux", ["fuzzy"])
    assert file.metadata[po.IDENTIFIER] == IDENTIFIER


def test_xliff_carries_place_help_terms_and_what_is_unsure() -> None:
    one, two = (
        unit('See <a id="a1">the <b>contract</b></a><br/>now'),
        unit("Two", suggestion="Deux", path="title"),
    )
    root = ET.fromstring(xliff.write(job(one, two, terms={one.key: [("contract", "contrat")]})))
    first, second = root.findall(".//x:trans-unit", NS)
    assert [note.text for note in first.findall("x:note", NS)] == ["Body", one.note, "contract = contrat"]
    assert first.get("resname") == "body"
    assert [element.get("ctype") for element in first.find("x:source", NS).iter()] == [
        None,
        "link",
        "bold",
        "lb",
    ]  # type: ignore[union-attr]
    target = second.find("x:target", NS)
    assert target is not None
    assert (target.text, target.get("state")) == ("Deux", "needs-review-translation")


ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><xliff version="1.2">&x;</xliff>'
LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xliff>&b;</xliff>'


@pytest.mark.parametrize(
    "data", [ENTITY, LAUGHS, b'<!DOCTYPE xliff SYSTEM "http://example.org/x.dtd"><xliff/>']
)
def test_a_document_type_is_refused_before_anything_is_read(data: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="document type"):
        xliff.read(data, IDENTIFIER, "fr", {})


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("po", b"/etc/passwd", "not a PO file"),
        ("po", b"", "not a PO file"),
        ("po", 'msgid "caf\xe9"'.encode("latin-1"), "UTF-8"),
        ("po", po.write(job(unit("a", "b"))).replace(b"Language: fr", b"Language: de"), "another language"),
        ("po", po.write(job(unit("a", "b"))).replace(IDENTIFIER.encode(), b"x"), "another translation"),
        ("po", b"x" * (1024 * 1024 + 1), "1 MB"),
        ("po", po.write(job(unit("a", "b"))) + b"\nwords\n", "damaged"),
        ("xliff", b"<xliff", "not XML"),
        ("xliff", b"<html/>", "not XLIFF"),
        (
            "xliff",
            xliff.write(job()).replace(b'target-language="fr"', b'target-language="de"'),
            "another language",
        ),
        ("xliff", xliff.write(job()).replace(IDENTIFIER.encode(), b"x"), "another translation"),
        ("xliff", b"x" * (1024 * 1024 + 1), "1 MB"),
        ("xliff", b"<a>" * 200_000, "not XML"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_with_the_reason(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        if name == "po":
            po.read(data, IDENTIFIER, "fr")
        else:
            xliff.read(data, IDENTIFIER, "fr", {})


def test_the_remarks_and_segments_of_a_tool_are_unwrapped() -> None:
    one = unit("One <b>two</b>")
    data = xliff.write(job(unit("One <b>two</b>", "Un <b>deux</b>")))
    data = data.replace(b">Un ", b'><mrk mtype="seg" mid="1">Un</mrk> ')
    (string,) = xliff.read(data, IDENTIFIER, "fr", {one.key: one.source})
    assert string.target == "Un <b>deux</b>"
