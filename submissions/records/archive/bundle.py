"""The whole file as files: every document, the index with digests, in folders by language; and all of it as one ZIP.

Owns names and order. The same data gives the same bytes, whoever asks: the queue, the command or a download. Knows no
storage and no request.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import rfc8785
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from microacq_pages import pairs
from submissions.selection import public

from . import attachments, documents, docx
from .contents.saying import moment
from .words import Document, Writer

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

FORMAT = "microacq-archive/1"
#: In the settings: the language that the text of the opportunity was written in.
SOURCE = "source"
SUMS, INDEX, DRAW = "SHA256SUMS", "index.json", "selection.json"


@dataclass(frozen=True)
class Part:
    """One file of the archive.

    Attributes:
        path: Below the folder of the procurement file, such as ``en/100-opportunity.docx``.
        title: What it is, in its language.
        language: ``en``, ``fr``, or empty where it is data.
        content: Its bytes.
        permission: What somebody needs to fetch it besides; empty for most.
        titles: What it is by language, where it has none of its own.
    """

    path: str
    title: str
    language: str
    content: bytes
    permission: str = ""
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256, in lower-case hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    def line(self) -> dict[str, Any]:
        """What the index says of it."""
        return {
            "path": self.path,
            "title": self.title,
            "language": self.language,
            "size": len(self.content),
            "sha256": self.digest,
        }


def folder_of(file: Solicitation) -> str:
    """Where the parts of a file lie in the storage."""
    return f"{file.year}/{file.number}"


def languages(file: Solicitation) -> list[str]:
    """The languages that a file is written down in: those of the settings, or the one that its text was written in."""
    chosen = list(settings.MICROACQ_RECORDS_LANGUAGES)
    if chosen != [SOURCE]:
        return chosen
    page = file.page("en")
    return [str(pairs.source_of(page).locale.language_code) if page is not None else "en"]


def path_of(kind: documents.Kind, language: str) -> str:
    """The name of a document's file: numbers put them in the order of the process."""
    return f"{language}/{kind.order}-{kind.name}.docx"


def parts_of(file: Solicitation) -> Iterator[Part]:
    """Every part of a file, one at a time; the index comes last, because it has the digests of the others."""
    lines: list[dict[str, Any]] = []
    titles: dict[str, dict[str, str]] = {}
    for part in _documents(file):
        lines.append(part.line())
        titles[part.path] = part.titles
        yield part
    for language in languages(file):
        part = _index(file, language, lines, titles)
        lines.append(part.line())
        yield part
    index: Any = {"format": FORMAT, "file": file.number, "documents": lines}
    whole = Part(INDEX, "", "", bytes(rfc8785.dumps(index)) + b"\n")
    yield whole
    sums = [(line["path"], line["sha256"]) for line in lines] + [(whole.path, whole.digest)]
    text = "".join(f"{digest}  {path}\n" for path, digest in sums)
    yield Part(SUMS, "", "", text.encode())


def _documents(file: Solicitation) -> Iterator[Part]:
    spoken = languages(file)
    for kind in documents.kinds():
        for language in spoken:
            made = documents.make(file, kind.name, language)
            if made is not None:
                yield Part(path_of(kind, language), made.title, language, docx.draw(made), kind.permission)
    if file.frozen_lists.exists():
        yield Part(DRAW, "", "", public.bundle_of(file))
    for each in attachments.of(file):
        title = " / ".join(each.titles.values())
        yield Part(each.path, title, "", each.content, each.permission, each.titles)


def _index(
    file: Solicitation, language: str, lines: Iterable[dict[str, Any]], titles: dict[str, dict[str, str]]
) -> Part:
    writer = Writer(language)
    with override(language):
        title = _("Index of the file")
        writer.facts(
            _("The procurement file"),
            (_("What"), _("As recorded")),
            [
                (_("Number of the file"), file.number),
                (_("Title"), file.get_title(language)),
                (_("Posted"), moment(file.posted_at, language)),
                (_("State"), file.get_state_display()),
            ],
        )
        writer.say(
            _(
                "The digest of each document is the SHA-256 of its bytes. Made again from the same data, a document "
                "has the same digest. The file SHA256SUMS lets any computer compare them: sha256sum -c SHA256SUMS."
            )
        )
        if any(titles.values()):
            writer.say(
                _(
                    "What suppliers sent as files lies in the folder “attachments”. Confirmations, invoices and the "
                    "document of the payment are in the download of those alone who may read them; their digests "
                    "stand here for everybody, and the comparison says of each one left out that it cannot be opened."
                )
            )
        writer.table(
            _("Documents of the file"),
            (_("Document"), _("File name"), _("Size in bytes"), _("Digest, SHA-256")),
            [
                (
                    titles.get(line["path"], {}).get(language) or line["title"] or line["path"],
                    line["path"],
                    str(line["size"]),
                    line["sha256"],
                )
                for line in lines
                if line["language"] in (language, "") and not line["path"].startswith("index.")
            ],
        )
    made = Document("index", title, language, file.number, file.posted_at, tuple(writer.blocks))
    return Part(f"index.{language}.docx", title, language, docx.draw(made))


class _Outgoing(io.RawIOBase):
    """What a ZIP is written into: keeps no more than was not fetched yet, and cannot be gone back in."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        self._at += len(data)
        return len(data)

    def fetch(self) -> bytes:
        """What was written since the last time."""
        waiting, self._waiting = b"".join(self._waiting), []
        return waiting


def zipped(folder: str, parts: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Files as a ZIP, piece by piece, the same bytes for the same files: memory holds one file at a time.

    Args:
        folder: In which they lie in the ZIP.
        parts: Path below that folder, and content.
    """
    outgoing = _Outgoing()
    with zipfile.ZipFile(outgoing, "w") as archive:
        for path, content in parts:
            archive.writestr(docx.entry(f"{folder}/{path}"), content)
            yield outgoing.fetch()
    yield outgoing.fetch()
