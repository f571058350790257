"""Translations of the interface: extract, compile and judge the catalogues below `locale/`.

Compiling needs no system gettext; extracting (and so judging) does. Knows nothing of the settings.
The rules of typography are those of ``microacq_pages.typography``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from microacq_pages import typography

SOURCES = ("microacq_pages", "submissions", "site", "templates")
TARGET = "fr"

_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?\d*\.?\d*[a-z]|%[sdif]|\{\w*\}")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")


class GettextMissing(RuntimeError):
    """The programs of GNU gettext are not installed."""


def catalogue_files(locale_folder: Path) -> list[Path]:
    """Return every catalogue of a folder, in a stable order."""
    return sorted(locale_folder.glob("*/LC_MESSAGES/*.po"))


def compile_catalogues(locale_folder: Path) -> list[Path]:
    """Write the .mo file of every catalogue that has none or a staler one; return those written."""
    written = []
    for source in catalogue_files(locale_folder):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Other processes may be reading or writing the same file.
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written


def extract(root: Path, language: str = TARGET) -> None:
    """Bring the catalogue of one language in line with the sources below `root`, as Django's makemessages does."""
    if shutil.which("xgettext") is None:
        raise GettextMissing("GNU gettext is not installed (on Debian and Ubuntu: apt-get install gettext).")
    (root / "locale").mkdir(exist_ok=True)
    ignored = ["node_modules/*", ".venv/*", "var/*", "tests/*", "build/*"]
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "--locale",
        language,
        "--no-wrap",
        "--add-location",
        "file",
    ]
    for pattern in ignored:
        command += ["--ignore", pattern]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise RuntimeError(f"makemessages failed:\n{result.stderr or result.stdout}")


def faults(root: Path, language: str = TARGET) -> list[str]:
    """Return one sentence for each thing wrong with the committed catalogue of a language."""
    committed = _load(root, language)
    with tempfile.TemporaryDirectory(prefix="microacq-catalogue-") as name:
        copy = Path(name)
        for source in (*SOURCES, "locale"):
            if (root / source).exists():
                shutil.copytree(
                    root / source, copy / source, ignore=shutil.ignore_patterns("__pycache__", "static")
                )
        extract(copy, language)
        fresh = _load(copy, language)
    used = {_identity(entry) for entry in fresh if not entry.obsolete}
    present = {_identity(entry) for entry in committed if not entry.obsolete}
    found = [f"missing: {_quoted(key[1])}" for key in sorted(used - present)]
    found += [f"no longer used: {_quoted(key[1])}" for key in sorted(present - used)]
    for entry in committed:
        if entry.obsolete:
            found.append(f"no longer used: {_quoted(entry.msgid)}")
        else:
            found += [f"{fault}: {_quoted(entry.msgid)}" for fault in entry_faults(entry)]
    return found


def entry_faults(entry: polib.POEntry) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    if entry.fuzzy:
        yield "fuzzy"
        return
    forms = [entry.msgstr_plural[key] for key in sorted(entry.msgstr_plural)] or [entry.msgstr]
    if not all(forms):
        yield "not translated"
        return
    yield from _placeholder_faults(entry, forms)
    for form in forms:
        yield from typography_faults(form)


def typography_faults(text: str) -> Iterator[str]:
    """Yield what breaks the rules of French typography in a text: the rules that translators are shown too."""
    for finding in typography.findings(text, TARGET):
        yield f"{finding.message}: {finding.excerpt}"


def _placeholder_faults(entry: polib.POEntry, forms: Iterable[str]) -> Iterator[str]:
    originals = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
    allowed = [sorted(_PLACEHOLDER.findall(original)) for original in originals]
    tags = [sorted(_TAG.findall(original)) for original in originals]
    for form in forms:
        if sorted(_PLACEHOLDER.findall(form)) not in allowed:
            yield "other placeholders than the original"
        if sorted(_TAG.findall(form)) not in tags:
            yield "other mark-up than the original"


def _load(root: Path, language: str) -> list[polib.POEntry]:
    path = root / "locale" / language / "LC_MESSAGES" / "django.po"
    return list(polib.pofile(str(path))) if path.exists() else []


def _identity(entry: polib.POEntry) -> tuple[str, str]:
    return (entry.msgctxt or "", entry.msgid)


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= 100 else line[:99] + '…'}”"
