"""What axe is spared hides nothing from it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

Barriers = Callable[..., list[str]]

PAGE = """<!doctype html><html lang="en"><title>Looks</title><style>body {{ color: #000; background: #fff }} {style}
</style><main><h1>Looks</h1><ul>{items}</ul></main>"""
ALIKE = 30


def test_of_texts_that_look_alike_none_is_a_barrier(page: Page, barriers: Barriers) -> None:
    page.set_content(PAGE.format(style="", items="<li>Text</li>" * ALIKE))
    assert barriers(page) == []


def test_texts_of_a_pale_class_are_found(page: Page, barriers: Barriers) -> None:
    page.set_content(PAGE.format(style=".pale { color: #bbb }", items="<li class=pale>Text</li>" * ALIKE))
    assert barriers(page)


def test_one_pale_text_is_found_after_many_that_are_not(page: Page, barriers: Barriers) -> None:
    for pale in (
        "<li style='color: #bbb'>Pale</li>",
        "<li style='background: #333'>Dark below</li>",
        "<li style='opacity: 0.3'>Faint</li>",
        "<li><div style='background: #333'><span>Dark around</span></div></li>",
    ):
        page.set_content(PAGE.format(style="", items="<li>Text</li>" * ALIKE + pale))
        (found,) = barriers(page)
        assert found.startswith("color-contrast"), pale


def test_the_side_bar_of_the_admin_is_looked_at_when_it_is_asked_for(page: Page, barriers: Barriers) -> None:
    page.set_content(
        PAGE.format(style="", items="</ul></main><aside id=wagtail-sidebar><button></button></aside>")
    )
    assert barriers(page) == []
    (found,) = barriers(page, furniture=True)
    assert found.startswith("button-name")
