"""Proves that the chain of the audit is whole, or names its first broken link.

Owns the second computation of every hash, in Python, apart from the database function that made it: an
auditor can redo it from an export with SHA-256 alone. Reads only. Imports no later stage.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Max
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .models import FIRST_PREVIOUS_HASH, LOG_TABLES, AuditEntry

GUARDS = {
    "submissions_auditentry": (
        "submissions_audit_refuse_insert",
        "submissions_audit_refuse_change",
        "submissions_audit_refuse_truncate",
    ),
    "submissions_auditqueue": ("submissions_audit_chain",),
    **dict.fromkeys(
        LOG_TABLES,
        (
            "submissions_audit_enqueue",
            "submissions_audit_refuse_update",
            "submissions_audit_refuse_delete",
            "submissions_audit_refuse_truncate",
        ),
    ),
}
"""The triggers that keep the audit, by table; the chain is worth little while one of them is off."""


@dataclass(frozen=True)
class Fault:
    """Something wrong with the audit; ``sequence`` is the number of the link, if it is about one."""

    message: str | Promise
    sequence: int | None = None


@dataclass
class Verdict:
    """What a verification found: how far it went, where the chain ends, and the faults."""

    checked: int = 0
    head_sequence: int = 0
    head_hash: str = FIRST_PREVIOUS_HASH
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def chaining_time(entry: AuditEntry) -> str:
    """When the entry was chained (UTC), as it is written in what is hashed."""
    return entry.chained_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def hash_of(entry: AuditEntry) -> str:
    """The hash that an entry must have: SHA-256 over its parts, one a line, UTF-8."""
    parts = (
        entry.previous_hash,
        str(entry.sequence),
        chaining_time(entry),
        entry.source,
        str(entry.source_id),
        entry.payload,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def verify_chain(
    *,
    last: int | None = None,
    every_fault: bool = False,
    batch_size: int = 1000,
    progress: Callable[[int], None] | None = None,
) -> Verdict:
    """Check the links of the chain, in order, each against its neighbours and its log row.

    Args:
        last: check only this many links at the end of the chain.
        every_fault: go on after the first broken link.
        batch_size: how many links are in memory at a time.
        progress: called after each batch with the number of links checked so far.
    """
    verdict = Verdict()
    before = _entry_before(last)
    previous_sequence, previous_hash = before if before else (0, FIRST_PREVIOUS_HASH)
    verdict.head_sequence, verdict.head_hash = previous_sequence, previous_hash
    for batch in _batches(previous_sequence, batch_size):
        rows = _log_rows(batch)
        for position, entry in enumerate(batch):
            following = batch[position + 1] if position + 1 < len(batch) else None
            faults = [
                *_link_faults(entry, previous_sequence, previous_hash),
                *_content_faults(entry, following, rows.get((entry.source, entry.source_id))),
            ]
            verdict.checked += 1
            verdict.faults.extend(faults)
            previous_sequence, previous_hash = entry.sequence, entry.hash
            verdict.head_sequence, verdict.head_hash = previous_sequence, previous_hash
            if faults and not every_fault:
                return verdict
        if progress:
            progress(verdict.checked)
    return verdict


def verify_entries(entries: Iterable[AuditEntry]) -> Iterator[Fault]:
    """Check some links, each against its two neighbours in the chain and its log row.

    Args:
        entries: So few that they fit in memory, in any order.
    """
    links = list(entries)
    near = {entry.sequence + step for entry in links for step in (-1, 1)}
    around = AuditEntry.objects.in_bulk(near)
    rows = _log_rows(links)
    for entry in links:
        before, following = around.get(entry.sequence - 1), around.get(entry.sequence + 1)
        if before is not None or entry.sequence > 1:
            yield from _link_faults(
                entry, before.sequence if before else entry.sequence - 2, before.hash if before else ""
            )
        elif entry.previous_hash != FIRST_PREVIOUS_HASH:
            yield from _link_faults(entry, 0, FIRST_PREVIOUS_HASH)
        yield from _content_faults(entry, following, rows.get((entry.source, entry.source_id)))
        if following is not None and following.previous_hash != entry.hash:
            yield Fault(
                _("Entry %(number)s does not continue it: the hash that it names is not this one’s.")
                % {"number": following.sequence},
                entry.sequence,
            )


def find_gap() -> Fault | None:
    """Whether the numbers of the chain run from 1 to the last without one missing; one quick question."""
    last, count = AuditEntry.objects.aggregate(last=Max("sequence"), count=Count("sequence")).values()
    if (last or 0) == count:
        return None
    return Fault(
        _("%(missing)s numbers are missing from the chain of the audit: verify_audit names them.")
        % {"missing": (last or 0) - count}
    )


def find_unchained(limit: int = 20) -> list[Fault]:
    """Log rows that have no entry in the chain."""
    faults = []
    with connection.cursor() as cursor:
        for table in LOG_TABLES:
            cursor.execute(
                f'SELECT l.id FROM "{table}" l WHERE NOT EXISTS (SELECT FROM submissions_auditentry e'  # noqa: S608
                " WHERE e.source = %s AND e.source_id = l.id) ORDER BY l.id LIMIT %s",
                [table, limit],
            )
            faults += [
                Fault(_("Log row %(row)s of %(table)s was never chained.") % {"row": row, "table": table})
                for (row,) in cursor.fetchall()
            ]
    return faults


def find_disabled_guards() -> list[Fault]:
    """Triggers of the audit that are missing or switched off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relname = ANY(%s) AND t.tgenabled IN ('O', 'A')",
            [list(GUARDS)],
        )
        present = set(cursor.fetchall())
    return [
        Fault(
            _("The trigger %(trigger)s on %(table)s is missing or off.") % {"trigger": name, "table": table}
        )
        for table, names in GUARDS.items()
        for name in names
        if (table, name) not in present
    ]


def compare_with_known(known: Mapping[int, str]) -> list[Fault]:
    """Compare hashes noted earlier, elsewhere, with the chain as it is: a cut or rewritten end shows here."""
    found = dict(AuditEntry.objects.filter(sequence__in=known).values_list("sequence", "hash"))
    faults = []
    for sequence, expected in sorted(known.items()):
        if sequence not in found:
            faults.append(
                Fault(_("The entry is missing; its hash was %(hash)s.") % {"hash": expected}, sequence)
            )
        elif found[sequence] != expected:
            faults.append(
                Fault(
                    _("The hash was %(expected)s and is now %(found)s.")
                    % {"expected": expected, "found": found[sequence]},
                    sequence,
                )
            )
    return faults


def _entry_before(last: int | None) -> tuple[int, str] | None:
    """Number and hash of the entry before the last so many."""
    if last is None:
        return None
    return AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash")[last : last + 1].first()


def _batches(after: int, size: int) -> Iterator[list[AuditEntry]]:
    """The entries after a number, in order."""
    while batch := list(AuditEntry.objects.filter(sequence__gt=after).order_by("sequence")[:size]):
        yield batch
        after = batch[-1].sequence


def _log_rows(entries: Iterable[AuditEntry]) -> dict[tuple[str, int], str]:
    """The log rows of entries as they are now, in the words in which the chain copied them."""
    ids: dict[str, list[int]] = {}
    for entry in entries:
        ids.setdefault(entry.source, []).append(entry.source_id)
    rows: dict[tuple[str, int], str] = {}
    with connection.cursor() as cursor:
        for table in LOG_TABLES:
            if table in ids:
                cursor.execute(
                    f'SELECT id, to_jsonb(l)::text FROM "{table}" l WHERE id = ANY(%s)',  # noqa: S608
                    [ids[table]],
                )
                rows.update({(table, row_id): text for row_id, text in cursor.fetchall()})
    return rows


def _link_faults(entry: AuditEntry, previous_sequence: int, previous_hash: str) -> Iterator[Fault]:
    """What is wrong between an entry and the one before it."""
    if entry.sequence != previous_sequence + 1:
        missing = previous_sequence + 1
        gap = str(missing) if entry.sequence == missing + 1 else f"{missing}–{entry.sequence - 1}"
        yield Fault(_("Missing from the chain: number %(gap)s.") % {"gap": gap}, missing)
    elif entry.previous_hash != previous_hash:
        yield Fault(
            _("It does not continue entry %(number)s: the hash that it names is not that entry’s.")
            % {"number": previous_sequence},
            entry.sequence,
        )


def _content_faults(entry: AuditEntry, following: AuditEntry | None, row: str | None) -> Iterator[Fault]:
    """What is wrong with an entry itself, or between it and its log row."""
    expected = hash_of(entry)
    recorded = json.loads(entry.payload)
    if entry.hash != expected:
        if _hash_was_changed(entry, expected, following, row):
            yield Fault(_("Its hash was changed."), entry.sequence)
        else:
            yield Fault(_("Its content was changed: it no longer gives its hash."), entry.sequence)
    elif _moment(recorded.get("timestamp")) != entry.happened_at:
        yield Fault(_("Its time is not the one that was recorded."), entry.sequence)
    if row is None:
        yield Fault(
            _("Its log row %(row)s of %(table)s is gone.") % {"row": entry.source_id, "table": entry.source},
            entry.sequence,
        )
    elif differing := _differences(recorded, json.loads(row)):
        yield Fault(
            _("Its log row %(row)s of %(table)s differs from what was recorded, in: %(columns)s.")
            % {"row": entry.source_id, "table": entry.source, "columns": ", ".join(differing)},
            entry.sequence,
        )


def _hash_was_changed(
    entry: AuditEntry, expected: str, following: AuditEntry | None, row: str | None
) -> bool:
    """Whether it is the hash that was changed, not the content: the next entry or the log row tells."""
    if following is not None and following.sequence == entry.sequence + 1:
        return following.previous_hash == expected
    return row is not None and not _differences(json.loads(entry.payload), json.loads(row))


def _differences(recorded: Mapping[str, Any], current: Mapping[str, Any]) -> list[str]:
    """Columns of a log row that are not as recorded; columns that Wagtail added since do not count."""
    return sorted(
        key
        for key, value in recorded.items()
        if key not in current
        or (_moment(value) != _moment(current[key]) if key == "timestamp" else value != current[key])
    )


def _moment(text: object) -> datetime | None:
    """A time of a log row: the session's time zone decides how the database writes it."""
    return parse_datetime(text) if isinstance(text, str) else None
