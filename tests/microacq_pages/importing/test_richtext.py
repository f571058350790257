"""Markdown to the HTML that Wagtail's editor keeps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail_localize.strings import extract_strings

from microacq_pages.importing.faults import Remarks
from microacq_pages.importing.richtext import Title, leaves, read_blocks, render, restrict

FEATURES = ["h3", "h4", "bold", "italic", "code", "link", "ol", "ul"]
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
WORD = st.sampled_from(["alpha", "béta", "g < d & e", "2030", "«\u00a0mot\u00a0»"])
MARKED = st.one_of(
    WORD,
    WORD.map(lambda word: f"*{word}*"),
    WORD.map(lambda word: f"**{word}**"),
    WORD.map(lambda word: f"***{word}***"),
    WORD.map(lambda word: f"[{word}](https://example.org/?a=1&b=2)"),
    st.just("`a < b`"),
)
LINE = st.lists(MARKED, min_size=1, max_size=4).map(" ".join)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Markdown of headings, paragraphs and nested lists."""
    parts = []
    for _number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["paragraph", "heading", "list"]))
        if kind == "list":
            mark = draw(st.sampled_from(["-", "1."]))
            items = [
                f"{mark} {draw(LINE)}\n{' ' * 4}- {draw(LINE)}" for _item in range(draw(st.integers(1, 3)))
            ]
            parts.append("\n".join(items))
        else:
            parts.append(("### " if kind == "heading" else "") + draw(LINE))
    return "\n\n".join(parts)


def html_of(markdown: str) -> tuple[str, Remarks]:
    remarks = Remarks("file.md")
    return render(
        block for block in read_blocks(markdown, 1, remarks) if not isinstance(block, Title)
    ), remarks


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("one\ntwo", "<p>one two</p>"),
        ("a *b* **c** `d`", "<p>a <i>b</i> <b>c</b> <code>d</code></p>"),
        ("[x](https://example.org/?a=1&b=2)", '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>'),
        ("### h\n\n##### i", "<h3>h</h3><h4>i</h4>"),
        (
            "1. a\n   - b\n     1. c\n2. d",
            "<ol><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ol>",
        ),
        ("- a\n\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("- a\n\n  more", "<ul><li>a<br/><br/>more</li></ul>"),
        ("a  \nb", "<p>a<br/>b</p>"),
        ("a\n\n<hr/>\n\n---\n\n<!-- note -->\n\nb", "<p>a</p><p>b</p>"),
        ("```\nx < 1\ny\n```", "<p><code>x &lt; 1<br/>y</code></p>"),
        ("****a****", "<p><b>a</b></p>"),
        ("[](https://example.org) a", "<p>a</p>"),
    ],
)
def test_markdown_becomes_only_what_the_editor_keeps(markdown: str, html: str) -> None:
    written, remarks = html_of(markdown)
    assert written == html
    assert not remarks.faults


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("![a plan](plan.png)", "<p>a plan</p>"),
        ("[x](javascript:alert%281%29)", "<p>x</p>"),
        ("a <b>c</b>", "<p>a c</p>"),
        ("<div>a <u>b</u><script>c</script></div>", "<p>a b</p>"),
        ("> said", "<p>said</p>"),
        ("1. a\n   - b\n\n   after", "<ol><li>a<br/><br/>after<ul><li>b</li></ul></li></ol>"),
    ],
)
def test_what_cannot_be_kept_leaves_its_text_and_a_note(markdown: str, html: str) -> None:
    written, remarks = html_of(markdown)
    assert written == html
    assert remarks.notes


@pytest.mark.parametrize("markdown", ["1. a\n2.\n3. c", "- - nested", "1. a\n2.Second item", "- ## title"])
def test_a_malformed_list_is_a_fault(markdown: str) -> None:
    _written, remarks = html_of(markdown)
    assert "malformed" in str(remarks.faults[0])


def test_a_field_gets_only_the_marks_that_its_editor_offers() -> None:
    remarks = Remarks("file.md")
    blocks = [
        block for block in read_blocks("### h\n\n- `a` *b*", 1, remarks) if not isinstance(block, Title)
    ]
    assert render(restrict(blocks, ["italic", "ul"])) == "<p>h</p><ul><li>a <i>b</i></li></ul>"


@given(documents())
@settings(max_examples=60, deadline=None)
def test_opening_in_the_editor_and_saving_loses_no_text_link_or_emphasis(markdown: str) -> None:
    html, _remarks = html_of(markdown)
    converter = ContentstateConverter(features=FEATURES)
    saved = converter.to_database_format(converter.from_database_format(html))
    assert _strings(saved) == _strings(html)


def _strings(html: str) -> list[tuple[str, object]]:
    """Every text with its marks and links; marks that cover the same text may be written in either order."""
    html = html.replace("<i><b>", "<b><i>").replace("</b></i>", "</i></b>")
    return [(string.data, attrs) for string, attrs in extract_strings(html)[1]]


@given(documents() | st.lists(TEXT).map("\n".join))
@settings(max_examples=80, deadline=None)
def test_every_text_is_one_string_for_the_translator(markdown: str) -> None:
    blocks = [block for block in read_blocks(markdown, 1, Remarks("")) if not isinstance(block, Title)]
    _template, strings = extract_strings(render(blocks))
    assert len(strings) == len(list(leaves(blocks)))
    for leaf, (string, _attrs) in zip(leaves(blocks), strings, strict=True):
        assert extract_strings(f"<p>{leaf.html}</p>")[1][0][0] == string
