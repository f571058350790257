"""Files are written down by the queue, document by document, and written again when what they say has changed.

Owns the life of ``ArchivedFile`` and ``ArchivedDocument``: what is due, who is at it, what became of it. Documents are
made from the stored data each time, so nothing is lost that is not in the storage yet. Imports no view.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Now

from submissions.audit.masking import mask_addresses
from submissions.audit.models import AuditEntry
from submissions.audit.services import record
from submissions.notices.delivery import pause_after
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation

from . import attachments, bundle, keeping
from .contents.acts import OF_SUPPLIERS
from .models import ArchivedDocument, ArchivedFile, Sweep, WriteState

if TYPE_CHECKING:
    from submissions.audit.services import Actor

    from .bundle import Part

logger = logging.getLogger(__name__)

ERROR_LENGTH = 1000
#: How long one document, and one file, may take before another process may begin again.
LEASE, LEASE_OF_FILE = timedelta(minutes=5), timedelta(minutes=30)
MOST_ATTEMPTS = 12
#: So many files are written down after one tick: the queue has other work.
FILES_A_TICK, DOCUMENTS_A_TICK = 20, 100
#: Acts after which a file says the same as before.
_SAYS_NOTHING = Q(action__startswith="records.") | Q(action__regex=r"[._](read|listed|shown|verified)$")

Tell = Callable[["Part", str], None]


@dataclass
class Outcome:
    """What became of the documents of a file.

    Attributes:
        written: Paths that were written.
        unchanged: Paths that were there already, the same.
        failed: Path and error.
        index: Digest of the list of digests.
    """

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    index: str = ""


def sweep() -> int:
    """Find the files to which something was done since the last time; returns how many there are."""
    with transaction.atomic():
        row, _created = Sweep.objects.select_for_update().get_or_create(pk=1)
        news = AuditEntry.objects.filter(sequence__gt=row.sequence)
        last = news.aggregate(last=Max("sequence"))["last"]
        if last is None:
            return 0
        changed = _telling(news).filter(sequence__lte=last, file_number__isnull=False)
        numbers = changed.order_by().values_list("file_number", flat=True).distinct()
        count = mark_due(
            list(Solicitation.objects.filter(number__in=list(numbers)).values_list("pk", flat=True))
        )
        Sweep.objects.filter(pk=1).update(sequence=last)
    return count


def _telling(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Those after which a file says something else."""
    return entries.exclude(_SAYS_NOTHING)


def _last_entry() -> int:
    return int(AuditEntry.objects.aggregate(last=Max("sequence"))["last"] or 0)


def behind_since(file: Solicitation) -> datetime | None:
    """When the first act was done that the documents of a file do not say yet; None where they say all.

    What suppliers do before the opening is no part of the documents, and is not told here either.
    """
    row = ArchivedFile.objects.filter(solicitation=file).first()
    entries = _telling(AuditEntry.objects.filter(file_number=file.number))
    if file.state == State.POSTED:
        for prefix in OF_SUPPLIERS:
            entries = entries.exclude(action__startswith=prefix)
    newer = entries.filter(sequence__gt=row.reached if row is not None else 0)
    since: datetime | None = newer.order_by("sequence").values_list("happened_at", flat=True).first()
    return since


def mark_due(files: list[int], pause: timedelta | None = None) -> int:
    """Let files be written down after a pause, in which more may be done to them."""
    wait = timedelta(minutes=getattr(settings, "MICROACQ_RECORDS_PAUSE", 5)) if pause is None else pause
    known = ArchivedFile.objects.filter(solicitation__in=files)
    known.filter(due_at=None).update(due_at=Now() + wait, attempts=0)
    missing = set(files) - set(known.values_list("solicitation_id", flat=True))
    ArchivedFile.objects.bulk_create(
        [ArchivedFile(solicitation_id=pk, due_at=Now() + wait) for pk in sorted(missing)],
        ignore_conflicts=True,
    )
    return len(files)


def due_files(limit: int = FILES_A_TICK) -> list[int]:
    """Keys of files to write down now, the longest waiting first."""
    rows = ArchivedFile.objects.filter(due_at__lte=Now()).order_by("due_at", "pk")
    return list(rows.values_list("solicitation_id", flat=True)[:limit])


def refresh_if_due(file_pk: int) -> str:
    """Write a file down if it is due and nobody else is at it. Never raises: the row says what failed."""
    with transaction.atomic():
        rows = ArchivedFile.objects.select_for_update(skip_locked=True)
        row = rows.filter(solicitation_id=file_pk, due_at__lte=Now()).first()
        if row is None:
            return "not due"
        ArchivedFile.objects.filter(pk=row.pk).update(due_at=Now() + LEASE_OF_FILE, attempts=row.attempts + 1)
        row.refresh_from_db()
    mine = ArchivedFile.objects.filter(pk=row.pk, due_at=row.due_at)
    try:
        outcome = write(Solicitation.objects.get(pk=file_pk))
    except Exception as error:
        reason = _in_words(error)
        logger.exception("The documents of file %s could not be made", file_pk)
        mine.update(last_error=reason, due_at=Now() + pause_after(row.attempts))
        return "failed"
    mine.update(last_error="", due_at=None, attempts=0, refreshed_at=Now())
    row.refresh_from_db(fields=["reached"])
    newer = AuditEntry.objects.filter(file_number=row.solicitation.number, sequence__gt=row.reached)
    if _telling(newer).exists():
        # What was done meanwhile was found while the file was still claimed.
        mark_due([file_pk])
    return f"{len(outcome.written)} written"


def write(
    file: Solicitation, *, again: bool = False, user: Actor = None, tell: Tell | None = None
) -> Outcome:
    """Write down what a file says now; what did not change is left as it is.

    Args:
        file: The file.
        again: Write everything, and compare everything, whatever the rows say.
        user: Who asked for it; nobody where the queue does.
        tell: Told of each document and what became of it.
    """
    outcome, reached, paths = Outcome(), _last_entry(), set()
    for part in bundle.parts_of(file):
        row = _wanted(file, part)
        paths.add(row.path)
        if part.path == bundle.SUMS:
            outcome.index = part.digest
        if row.state == WriteState.WRITTEN and not again:
            outcome.unchanged.append(part.path)
            became = "unchanged"
        else:
            became = _attempt(row, part.content, force=again)
            if became == WriteState.WRITTEN:
                outcome.written.append(part.path)
            elif became != "taken":
                outcome.failed.append((part.path, became))
        if tell is not None:
            tell(part, became)
    _take_away(file, paths, outcome)
    if not outcome.failed:
        ArchivedFile.objects.filter(solicitation=file).update(reached=reached)
    if outcome.written:
        data = {"number": file.number, "count": len(outcome.written), "digest": outcome.index}
        record(file, "records.written", user=user, data=data)
    return outcome


def _take_away(file: Solicitation, paths: set[str], outcome: Outcome) -> None:
    """Attachments that were erased do not stay in the storage either."""
    below = f"{bundle.folder_of(file)}/{attachments.FOLDER}/"
    gone = ArchivedDocument.objects.filter(solicitation=file, path__startswith=below).exclude(path__in=paths)
    for row in gone:
        try:
            keeping.remove(row.path)
        except Exception as error:
            outcome.failed.append((row.path, _in_words(error)))
            ArchivedDocument.objects.filter(pk=row.pk).update(
                state=WriteState.FAILED,
                last_error=_in_words(error),
                lease_until=None,
                next_attempt_at=Now() + pause_after(row.attempts + 1),
            )
        else:
            row.delete()


def _wanted(file: Solicitation, part: Part) -> ArchivedDocument:
    """The row of a document, due where it says something else than what was written."""
    path = f"{bundle.folder_of(file)}/{part.path}"
    row, _made = ArchivedDocument.objects.get_or_create(
        path=path, defaults={"solicitation": file, "wanted_digest": part.digest, "size": len(part.content)}
    )
    if row.wanted_digest != part.digest:
        ArchivedDocument.objects.filter(pk=row.pk).update(
            wanted_digest=part.digest,
            size=len(part.content),
            state=WriteState.DUE,
            lease_until=None,
            attempts=0,
            next_attempt_at=Now(),
        )
        row.refresh_from_db()
    return row


def _attempt(row: ArchivedDocument, content: bytes, *, force: bool = False) -> str:
    """Try to write one document; returns the state it is left in, the error, or ``taken`` where another is at it."""
    claimed = _claim(row.pk, force=force)
    if claimed is None:
        return "taken"
    try:
        compared = keeping.keep(claimed.path, content)
    except Exception as error:
        return _note_failure(claimed, error)
    _mine(claimed).update(
        state=WriteState.WRITTEN,
        digest=claimed.wanted_digest,
        compared=compared,
        written_at=Now(),
        lease_until=None,
        last_error="",
        attempts=0,
    )
    return WriteState.WRITTEN.value


@transaction.atomic
def _claim(pk: int, *, force: bool) -> ArchivedDocument | None:
    free = Q(lease_until=None) | Q(lease_until__lte=Now())
    rows = ArchivedDocument.objects.select_for_update(skip_locked=True).filter(free, pk=pk)
    if not force:
        waits = Q(state=WriteState.FAILED, next_attempt_at__gt=Now())
        rows = rows.exclude(waits).exclude(state__in=[WriteState.WRITTEN, WriteState.GIVEN_UP])
    row = rows.first()
    if row is None:
        return None
    ArchivedDocument.objects.filter(pk=pk).update(
        state=WriteState.WRITING, lease_until=Now() + LEASE, attempts=row.attempts + 1
    )
    row.refresh_from_db()
    return row


def _mine(row: ArchivedDocument) -> QuerySet[ArchivedDocument]:
    """The row, unless its lease ran out and another process took it, or it should say something else by now."""
    return ArchivedDocument.objects.filter(
        pk=row.pk, state=WriteState.WRITING, lease_until=row.lease_until, wanted_digest=row.wanted_digest
    )


def _note_failure(row: ArchivedDocument, error: Exception) -> str:
    reason = _in_words(error)
    pause = error.pause if isinstance(error, keeping.TryLater) else pause_after(row.attempts)
    given_up = row.attempts >= MOST_ATTEMPTS
    _mine(row).update(
        state=WriteState.GIVEN_UP if given_up else WriteState.FAILED,
        last_error=reason,
        lease_until=None,
        next_attempt_at=Now() + pause,
    )
    logger.warning("%s was not written (attempt %s): %s", row.path, row.attempts, reason)
    return reason


def _in_words(error: Exception) -> str:
    return mask_addresses(f"{type(error).__name__}: {error}")[:ERROR_LENGTH]


def retry_due(limit: int = DOCUMENTS_A_TICK) -> int:
    """Let the files of documents that failed, and whose pause is over, be written down again; returns how many files.

    Documents are made anew: what failed may say something else by now.
    """
    waiting = ArchivedDocument.objects.filter(
        Q(state__in=[WriteState.DUE, WriteState.FAILED], next_attempt_at__lte=Now())
        | Q(state=WriteState.WRITING, lease_until__lte=Now())
    )
    rows = waiting.order_by("next_attempt_at").values_list("pk", "solicitation_id")[:limit]
    files = sorted({file for _pk, file in rows})
    return mark_due(files, timedelta(0)) if files else 0


def ask_again(file: Solicitation, *, user: Actor) -> None:
    """Try everything again that failed or was given up, on a person’s word."""
    ArchivedDocument.objects.filter(
        solicitation=file, state__in=[WriteState.FAILED, WriteState.GIVEN_UP]
    ).update(state=WriteState.DUE, attempts=0, next_attempt_at=Now())
    mark_due([file.pk], timedelta(0))
    ArchivedFile.objects.filter(solicitation=file).update(due_at=Now())
    record(file, "records.asked_again", user=user, data={"number": file.number})
