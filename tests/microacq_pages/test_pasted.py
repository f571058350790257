"""Lists pasted as plain text become lists; everything else stays."""

from __future__ import annotations

import pytest

from microacq_pages.pasted import with_lists


@pytest.mark.parametrize("mark", ["-", "–", "•", "*", "&bull;"])
def test_lines_in_a_row_that_begin_with_a_mark_become_one_list(mark: str) -> None:
    lines = f'<p data-block-key="a">{mark} reads;</p><p data-block-key="b">{mark} <b>writes</b>.</p>'
    html = f"<p>It:</p>{lines}<p>End.</p>"
    assert with_lists(html) == (
        '<p>It:</p><ul><li data-block-key="a">reads;</li><li data-block-key="b"><b>writes</b>.</li></ul><p>End.</p>'
    )


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>- one line alone may be an aside</p>",
        "<p>-5 degrees</p><p>-6 degrees</p>",
        "<ul><li>- kept</li><li>- kept</li></ul>",
        "<p>Some text - with a dash</p><p>More - text</p>",
    ],
)
def test_what_is_no_list_stays(html: str) -> None:
    assert with_lists(html) == html
