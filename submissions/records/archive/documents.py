"""The documents that a file is written down in: one function each, registered under a stable name.

Owns the registry, and nothing of what a document says: that stands in ``contents``, one module for each part of the
process. Stages below records do not know that they are written down. A function writes in one language; where it writes
nothing, the file has no such document yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from .words import Document, Writer

if TYPE_CHECKING:
    from submissions.solicitations.models import Solicitation

Write = Callable[["Solicitation", Writer], None]


@dataclass(frozen=True)
class Kind:
    """One document of every file.

    Attributes:
        name: Stable: files and rows are named after it.
        order: Where it stands in the file; the process decides.
        title: What its reader calls it.
        write: Writes it in the language of the writer, which is active meanwhile.
        permission: What somebody needs to fetch it; empty where whoever fetches the whole file may.
    """

    name: str
    order: int
    title: Any
    write: Write
    permission: str = ""


_KINDS: dict[str, Kind] = {}


def document(name: str, *, order: int, title: Any, permission: str = "") -> Callable[[Write], Write]:
    """Register a function as the writer of a document."""

    def register(write: Write) -> Write:
        _KINDS[name] = Kind(name, order, title, write, permission)
        return write

    return register


def kinds() -> list[Kind]:
    """Every document that a file can have, in the order of the process."""
    from . import contents  # noqa: F401 (its modules register themselves)

    return sorted(_KINDS.values(), key=lambda kind: (kind.order, kind.name))


def make(file: Solicitation, name: str, language: str) -> Document | None:
    """One document of a file, from what is stored now; None where there is nothing to say yet.

    Args:
        file: The file.
        name: Of the document.
        language: ``en`` or ``fr``.
    """
    kind = next(each for each in kinds() if each.name == name)
    writer = Writer(language)
    with override(language):
        kind.write(file, writer)
        title = str(kind.title)
    if not writer.blocks:
        return None
    return Document(name, title, language, file.number, file.posted_at, tuple(writer.blocks))


def documents_of(file: Solicitation, language: str) -> Iterator[Document]:
    """Every document that a file has now, in order; one is put together at a time."""
    for kind in kinds():
        made = make(file, kind.name, language)
        if made is not None:
            yield made
