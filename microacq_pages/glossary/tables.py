"""Terms as CSV: written for a spreadsheet, and read back as a whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from microacq_pages.exports import as_it_was, disarm_formula
from microacq_pages.models.glossary import Domain, GlossaryTerm

COLUMNS = (
    "english",
    "french",
    "domain",
    "note",
    "also_english",
    "also_french",
    "avoid_english",
    "avoid_french",
)
LARGEST_FILE = 1024 * 1024
MOST_TERMS = 5000


class UnreadableTableError(Exception):
    """A file holds no terms that can be taken; ``faults`` says why, a sentence a line."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults))


@dataclass(frozen=True)
class Imported:
    """How many terms a file added, changed, and held as they were."""

    added: int
    changed: int
    same: int


def written(terms: Iterable[GlossaryTerm]) -> str:
    """Terms as CSV, with a head line; cells that a spreadsheet would compute are guarded."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for term in terms:
        writer.writerow([disarm_formula(getattr(term, column)) for column in COLUMNS])
    return out.getvalue()


def read(data: bytes) -> list[dict[str, str]]:
    """The rows of a file, by column.

    Raises:
        UnreadableTableError: it is too large, not UTF-8, or lacks a column.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableTableError([_("The file is larger than 1 MB.")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableTableError([_("The file is not in UTF-8: save it as “CSV UTF-8”.")]) from error
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = {"english", "french"} - set(reader.fieldnames or ())
        if missing:
            raise UnreadableTableError(
                [_("The first line must name the columns: %(names)s.") % {"names": ", ".join(COLUMNS)}]
            )
        # A megabyte holds hundreds of thousands of empty lines: no more is read than would be taken.
        kept = islice(reader, MOST_TERMS + 1)
        rows = [{name: _bare(row.get(name) or "") for name in COLUMNS} for row in kept]
    except csv.Error as error:
        raise UnreadableTableError([_("The file is not CSV: %(fault)s") % {"fault": error}]) from error
    if len(rows) > MOST_TERMS:
        raise UnreadableTableError([_("The file has more than %(most)d lines.") % {"most": MOST_TERMS}])
    return rows


@transaction.atomic
def take(rows: Iterable[dict[str, str]], user: object = None) -> Imported:
    """Add and change terms so that the glossary holds these; the English term and the domain tell which is which.

    Raises:
        UnreadableTableError: a row cannot be taken; then none is.
    """
    faults: list[str] = []
    counts = {"added": 0, "changed": 0, "same": 0}
    existing = {
        (term.english.lower(), term.domain): term for term in GlossaryTerm.objects.select_for_update()
    }
    for line, row in enumerate(rows, start=2):
        values = {**row, "domain": row["domain"] or Domain.PROCUREMENT.value}
        key = (values["english"].lower(), values["domain"])
        term = existing.get(key) or GlossaryTerm()
        outcome = "added" if term.pk is None else "changed"
        if term.pk is not None and all(getattr(term, name) == value for name, value in values.items()):
            counts["same"] += 1
            continue
        for name, value in values.items():
            setattr(term, name, value)
        try:
            term.full_clean()
        except ValidationError as error:
            faults.append(_("Line %(line)d: %(fault)s") % {"line": line, "fault": " ".join(error.messages)})
            continue
        term.save()
        log(instance=term, action="wagtail.create" if outcome == "added" else "wagtail.edit", user=user)
        existing[key] = term
        counts[outcome] += 1
    if faults:
        raise UnreadableTableError(faults)
    return Imported(**counts)


def _bare(text: str) -> str:
    return as_it_was(text.replace("\x00", "").replace("\r\n", "\n").strip())
