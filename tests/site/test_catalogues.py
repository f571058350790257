"""The French catalogue is judged entry by entry."""

from __future__ import annotations

import ast
import gettext
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from config import CHECKOUT, catalogues

NBSP = "\u00a0"


def _catalogue(root: Path, *entries: polib.POEntry) -> Path:
    path = root / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    file = polib.POFile()
    file.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    file.extend(entries)
    file.save(str(path))
    return path


def test_a_catalogue_is_compiled_without_a_system_gettext(tmp_path: Path) -> None:
    _catalogue(
        tmp_path,
        polib.POEntry(msgid="Price", msgstr="Prix"),
        polib.POEntry(msgid="Late", msgstr="", flags=[]),
    )
    (written,) = catalogues.compile_catalogues(tmp_path / "locale")
    with written.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Price") == "Prix"
    assert compiled.gettext("Late") == "Late"


def test_an_up_to_date_catalogue_is_left_alone(tmp_path: Path) -> None:
    _catalogue(tmp_path, polib.POEntry(msgid="Price", msgstr="Prix"))
    assert len(catalogues.compile_catalogues(tmp_path / "locale")) == 1
    assert catalogues.compile_catalogues(tmp_path / "locale") == []


@pytest.mark.parametrize(
    "text",
    [
        "Avez-vous des questions?",
        f"«{NBSP}Bonjour{NBSP}»",
        "L’heure de l’Est",
        f"Prix{NBSP}: 6{NBSP}500{NBSP}$",
        f"Prix\u202f: %(price)s{NBSP}$",
        'Voir <a href="https://example.org/?a=1;b=2">la page</a>',
        "Il reste 10&nbsp;jours",
        "À 12:30",
        "Vraiment (?)",
    ],
)
def test_good_typography_passes(text: str) -> None:
    assert list(catalogues.typography_faults(text)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Avez-vous des questions ?", "before “?”"),
        (f"Avez-vous des questions{NBSP}?", "before “?”"),
        ("Prix : 5", "before “:”"),
        ("Prix: 5", "before “:”"),
        ("%(name)s: 5", "before “:”"),
        (f"« Bonjour{NBSP}»", "after “«”"),
        (f"«{NBSP}Bonjour »", "before “»”"),
        ("L'heure", "straight apostrophe"),
        ("6 500 dollars", "within the number"),
        ("500 $", "within the number"),
    ],
)
def test_bad_typography_is_named(text: str, fault: str) -> None:
    found = list(catalogues.typography_faults(text))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="A", msgstr=""), "not translated"),
        (polib.POEntry(msgid="A", msgstr="B", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="%(a)s and %(b)s", msgstr="%(a)s et %(c)s"), "other placeholders"),
        (polib.POEntry(msgid="{count} left", msgstr="reste"), "other placeholders"),
        (polib.POEntry(msgid="<b>A</b>", msgstr="A"), "other mark-up"),
        (
            polib.POEntry(
                msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "%(n)s jour", 1: "jours"}
            ),
            "other placeholders",
        ),
    ],
)
def test_a_bad_entry_is_named(entry: polib.POEntry, fault: str) -> None:
    assert [sentence for sentence in catalogues.entry_faults(entry) if fault in sentence]


def test_a_singular_may_leave_the_number_out() -> None:
    entry = polib.POEntry(
        msgid="One day", msgid_plural="%(n)s days", msgstr_plural={0: "Un jour", 1: "%(n)s jours"}
    )
    assert list(catalogues.entry_faults(entry)) == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="extracting needs GNU gettext")
def test_missing_and_unused_texts_are_named_and_the_checkout_is_not_touched(tmp_path: Path) -> None:
    path = _catalogue(
        tmp_path, polib.POEntry(msgid="Kept", msgstr="Gardé"), polib.POEntry(msgid="Gone", msgstr="Parti")
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        '{% load i18n %}{% translate "Kept" %}{% translate "New" %}', encoding="utf-8"
    )
    before = path.read_bytes()
    assert catalogues.faults(tmp_path) == ["missing: “New”", "no longer used: “Gone”"]
    assert path.read_bytes() == before


def test_the_checkout_has_compiled_catalogues() -> None:
    sources = catalogues.catalogue_files(CHECKOUT / "locale")
    assert all(source.with_suffix(".mo").exists() for source in sources)


def test_texts_are_marked_by_names_that_are_extracted() -> None:
    """What xgettext does not know by name stays English, and nothing else says so."""
    renamed = re.compile(r"\b\w*gettext(?:_lazy)? as (?!_\b)\w+")
    sources = [path for folder in catalogues.SOURCES for path in (CHECKOUT / folder).rglob("*.py")]
    assert sources
    assert [str(path) for path in sources if renamed.search(path.read_text())] == []


#: Where the text to be translated stands among the arguments of each function that marks one.
MARKS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"), 0),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"), 1),
}


def _marked(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            text = node.args[MARKS[node.func.id]]
            if isinstance(text, ast.Constant):
                yield str(text.value)


def test_every_text_that_code_marks_is_in_the_catalogue() -> None:
    """The extraction of gettext reads no call inside an f-string: such a text would stay English for ever."""
    known = {entry.msgid for entry in polib.pofile(str(CHECKOUT / "locale/fr/LC_MESSAGES/django.po"))}
    files = (
        path for name in ("microacq_pages", "submissions", "site") for path in (CHECKOUT / name).rglob("*.py")
    )
    lost = {
        f"{path.name}: {text}"
        for path in files
        if "migrations" not in path.parts and "gettext" in (source := path.read_text(encoding="utf-8"))
        for text in _marked(ast.parse(source))
        if text not in known
    }
    assert not lost
