"""A package for access to information: which documents, without what, with a sheet that says why; kept as disclosed.

Owns making one and keeping it. The originals stay as they are. Knows no request of the web.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from submissions.audit.services import record
from submissions.awards.models import Award, lock_words
from submissions.contracts import fingerprints
from submissions.evaluation.identification import Who
from submissions.solicitations.models import Solicitation

from .. import attachments, bundle, documents, docx, permissions
from ..contents import applications
from ..models import AccessPackage
from ..words import About, Document, Writer
from . import severing
from .sections import SECTIONS
from .severing import Choice

if TYPE_CHECKING:
    from django.contrib.auth.models import User

COVER = "000-about"


class Unfound(Exception):
    """Passages that were to be left out stand in none of the documents, and nobody has said that they know.

    Attributes:
        parts: What was looked for in vain.
    """

    def __init__(self, parts: list[str]) -> None:
        super().__init__(f"{len(parts)} passages")
        self.parts = parts


@dataclass(frozen=True)
class Wish:
    """What a person asks a package to be.

    Attributes:
        reference: Number of the request at the office that answers it.
        languages: ``en``, ``fr`` or both.
        documents: Names of the documents that are disclosed.
        sections: Why each kind of marked words goes; a kind that is not named is disclosed.
        passages: Words that go wherever they stand, with their section.
        known: Parts of them of which the person knows that they stand nowhere.
    """

    reference: str
    languages: Sequence[str]
    documents: Sequence[str]
    sections: dict[About, str]
    passages: Sequence[tuple[str, str]] = ()
    known: Sequence[str] = ()

    def unfound(self, found: Collection[str]) -> list[str]:
        """The parts of its passages that stand in no document.

        Args:
            found: Those that do.
        """
        parts = [part for passage, _section in self.passages for part in severing.parts_of(passage)]
        return [part for part in dict.fromkeys(parts) if part not in found]

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "documents": list(self.documents),
            "sections": {about.value: section for about, section in self.sections.items()},
            "passages": [list(each) for each in self.passages],
            "unfound": list(self.known),
        }


def available(file: Solicitation) -> list[documents.Kind]:
    """The documents that the file has now."""
    language = bundle.languages(file)[0]
    return [kind for kind in documents.kinds() if documents.make(file, kind.name, language) is not None]


def may_disclose(kind: documents.Kind, user: User) -> bool:
    """Whether a person may read a document, and so disclose it."""
    return not kind.permission or user.has_perm(kind.permission)


def _require_readable(file: Solicitation, wish: Wish, user: User) -> None:
    """Let nobody read through a package what they may not read; an attempt is recorded.

    Raises:
        PermissionDenied: a document takes a permission that the user does not have.
    """
    for kind in documents.kinds():
        if kind.name in wish.documents and not may_disclose(kind, user):
            permissions.require(file, user, kind.permission)


def public_names(file: Solicitation) -> list[str]:
    """Who was awarded the work: that is public for good."""
    return list(
        Award.objects.filter(offer__solicitation=file).order_by("pk").values_list("supplier", flat=True)
    )


def suppliers_of(file: Solicitation) -> list[Who]:
    """Whose names are looked for: everybody whose application was opened."""
    public = public_names(file)
    found = []
    for text in applications.names_in(file):
        who = Who.of_text(text)
        name, business = ("" if given in public else given for given in (who.name, who.business_name))
        found.append(Who(name, business, who.others))
    return found


def severed(file: Solicitation, wish: Wish, user: User) -> Iterator[tuple[documents.Kind, severing.Severed]]:
    """Each document of a package as it would be disclosed, one at a time.

    Raises:
        PermissionDenied: one of them takes a permission that the user does not have. It is recorded.
    """
    _require_readable(file, wish, user)
    choice = Choice(wish.sections, wish.passages, suppliers_of(file), public_names(file))
    for kind in documents.kinds():
        if kind.name not in wish.documents:
            continue
        for language in wish.languages:
            made = documents.make(file, kind.name, language)
            if made is not None:
                yield kind, severing.sever(made, choice)


@transaction.atomic
def make(file: Solicitation, wish: Wish, user: User) -> AccessPackage:
    """Make a package and keep it exactly as it is disclosed; recorded.

    Raises:
        PermissionDenied: one of the documents takes a permission that the user does not have. It is recorded.
        Unfound: a passage stands in none of the documents, and the person has not said that they know.
    """
    parts: list[tuple[str, bytes]] = []
    hidden: dict[str, dict[str, int]] = {}
    found: set[str] = set()
    for kind, each in severed(file, wish, user):
        path = bundle.path_of(kind, each.document.language)
        parts.append((path, docx.draw(each.document)))
        hidden[path] = dict(sorted(each.counts.items()))
        found |= each.found
    unfound = wish.unfound(found)
    if set(unfound) - set(wish.known):
        raise Unfound(unfound)
    wish = replace(wish, known=unfound)
    covers = [
        (f"{language}/{COVER}.docx", docx.draw(cover(file, wish, hidden, language)))
        for language in wish.languages
    ]
    name = f"{file.number}-{wish.reference}".replace("/", "-")
    content = b"".join(bundle.zipped(name, [*covers, *parts]))
    package: AccessPackage = AccessPackage.objects.create(
        solicitation=file,
        reference=wish.reference,
        languages=list(wish.languages),
        choices=lock_words(wish.plain()),
        hidden=hidden,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        made_by=user,
    )
    data = {
        "number": file.number,
        "reference": wish.reference,
        "digest": package.digest,
        "unfound": len(unfound),
        fingerprints.KEPT: fingerprints.of(package),
    }
    record(file, "file.disclosed", user=user, data=data)
    return package


def cover(file: Solicitation, wish: Wish, hidden: dict[str, dict[str, int]], language: str) -> Document:
    """The sheet on top: what the package holds, what was left out and by which section, and what a person can do."""
    writer = Writer(language)
    with override(language):
        title = _("About this package")
        writer.facts(
            _("The package"),
            (_("What"), _("As recorded")),
            [
                (_("Number of the file"), file.number),
                (_("Title"), file.get_title(language)),
                (_("Number of the request"), wish.reference),
            ],
        )
        writer.say(
            _(
                "Some words may have been left out of these documents under the Access to Information Act. In their "
                "place stands the section of the Act that allows or requires it. The originals are kept unchanged."
            )
        )
        shown = {path: counts for path, counts in hidden.items() if path.startswith(f"{language}/")}
        writer.heading(_("What was left out"))
        rows = [
            (path.partition("/")[2], SECTIONS[key].citation[language], str(SECTIONS[key].label), str(count))
            for path, counts in shown.items()
            for key, count in counts.items()
        ]
        if not rows:
            writer.say(_("Nothing was left out."))
        writer.table(
            _("What was left out, by document and section"),
            (_("Document"), _("Section of the Act"), _("What it is about"), _("Passages")),
            rows,
        )
        if any(True for _each in attachments.of(file)):
            writer.say(
                _(
                    "Files that a supplier sent, such as an invoice, are not in this package: what they say is in its "
                    "documents."
                )
            )
        writer.heading(_("If you do not agree"))
        writer.say(
            _(
                "You can complain to the Information Commissioner of Canada within 60 days after the day on which you "
                "received this package (section 31 of the Act): www.oic-ci.gc.ca."
            )
        )
    return Document("about", title, language, file.number, file.posted_at, tuple(writer.blocks))


def choices_of(package: AccessPackage) -> dict[str, Any]:
    """What was chosen for a package; empty once it was erased. Whoever shows it records the reading."""
    from submissions.awards.models import unlock_words

    found: dict[str, Any] = json.loads(unlock_words(package.choices) or "{}")
    return found
