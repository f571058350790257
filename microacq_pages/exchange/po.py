"""PO: a translation written for gettext's tools, and read back.

No model. The header is that of wagtail-localize's own export, so either side reads the other's files.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import polib
from django.utils.translation import gettext as _

from .returned import LARGEST_FILE, MOST_STRINGS, Job, Returned, UnreadableFileError

NAME, EXTENSION, CONTENT_TYPE = "PO", "po", "text/x-gettext-translation; charset=utf-8"
IDENTIFIER = "X-WagtailLocalize-TranslationID"
LANGUAGE = "Language"


def write(job: Job) -> bytes:
    """The file: place and help text as comments, terms of the glossary too, suggestions as fuzzy entries."""
    file = polib.POFile(wrapwidth=0)
    file.header = f"{job.title}\n{job.address}"
    file.metadata = {
        "Project-Id-Version": "microacq",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        LANGUAGE: job.target,
        "X-Source-Language": job.source,
        IDENTIFIER: job.identifier,
    }
    for unit in job.units:
        comments = [unit.label, unit.note]
        comments += [f"{term} = {counterpart}" for term, counterpart in job.terms.get(unit.key, ())]
        unsure = unit.has_error or (not unit.target and unit.suggestion)
        file.append(
            polib.POEntry(
                msgctxt=unit.path,
                msgid=unit.source,
                msgstr=unit.target or unit.suggestion,
                comment="\n".join(" ".join(text.split()) for text in comments if text),
                flags=["fuzzy"] if unsure else [],
            )
        )
    return str(file).encode()


def read(data: bytes, identifier: str, language: str) -> list[Returned]:
    """The strings of a file that came back.

    Args:
        data: The file.
        identifier: UUID of the translation for which it must be.
        language: Language into which it must translate.

    Raises:
        UnreadableFileError: it is not PO in UTF-8, or is for another translation.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableFileError(_("The file is larger than 1 MB."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(_("The file is not in UTF-8. Save it in UTF-8 and try again.")) from error
    file = _parsed(text)
    found = file.metadata.get(IDENTIFIER)
    if found != identifier:
        raise UnreadableFileError(_("The file was made for another translation."))
    if file.metadata.get(LANGUAGE, language) != language:
        raise UnreadableFileError(_("The file is for another language."))
    entries = [entry for entry in file if not entry.obsolete]
    if len(entries) > MOST_STRINGS:
        raise UnreadableFileError(_("The file has more than %(most)d strings.") % {"most": MOST_STRINGS})
    return [
        Returned(path=entry.msgctxt or "", source=entry.msgid, target=entry.msgstr, confirmed=not entry.fuzzy)
        for entry in entries
    ]


def _parsed(text: str) -> polib.POFile:
    if "\nmsgid " not in f"\n{text}":
        raise UnreadableFileError(_("The file is not a PO file."))
    try:
        # Given a text, polib would take it for the name of a file, or break it at every kind of line separator.
        with tempfile.TemporaryDirectory(prefix="microacq-po-") as folder:
            path = Path(folder) / "returned.po"
            path.write_text(text, encoding="utf-8", newline="")
            return polib.pofile(str(path), encoding="utf-8", check_for_duplicates=False)
    except Exception as error:  # polib lets every kind of error escape from a damaged file
        raise UnreadableFileError(_("The file is not a PO file, or it is damaged.")) from error
