"""Openings that are under way: asked for, begun, how far they are, begun again where a worker died, ended.

Owns every change of a row ``Opening``. An opening is one transaction, so a worker that dies leaves nothing half opened:
whoever begins again begins from the first application. Loads no key and imports no view.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from submissions.audit.services import record

from .enums import OpeningOutcome
from .opening_models import Opening

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from submissions.solicitations.models import Solicitation

#: A worker that opens gives a sign several times a second; after so long without one it is gone.
SILENT_AFTER = timedelta(seconds=60)
#: A worker that is busy with other tasks begins later than that only where none runs.
BEGUN_WITHIN = timedelta(minutes=10)
#: So often a worker may die of the same file before staff are told that it cannot be opened.
MOST_ATTEMPTS = 3
#: Seconds between two signs, at least.
_PAUSE = 0.25


def ask(file: Solicitation, user: User) -> tuple[Opening, bool]:
    """The opening of a file that is under way, made now unless there is one.

    Returns:
        The opening, and whether it is new.
    """
    return Opening.objects.get_or_create(solicitation=file, ended_at=None, defaults={"asked_by": user})


def current(file: Solicitation) -> Opening | None:
    """The opening of a file that is under way."""
    found: Opening | None = Opening.objects.under_way().filter(solicitation=file).first()
    return found


@dataclass
class Signs:
    """Tells how far an opening is, where everybody can read it before the opening commits.

    Attributes:
        opening: Which; None where nobody asked through the site.
    """

    opening: Opening | None
    _last: float = field(default=0.0, init=False)

    def begin(self, total: int) -> None:
        """It begins with so many applications, and nobody else can begin it meanwhile."""
        self._write(attempts=F("attempts") + 1, total=total, done=0)

    def opened(self, done: int) -> None:
        """So many are opened; told a few times a second."""
        if time.monotonic() - self._last >= _PAUSE:
            self._write(done=done)

    def _write(self, **values: object) -> None:
        if self.opening is None:
            return
        rows = Opening.objects.using(settings.MICROACQ_REFUSALS_DATABASE).under_way()
        rows.filter(pk=self.opening.pk).update(moved_at=Now(), **values)
        self._last = time.monotonic()


def end(opening: Opening | None, outcome: OpeningOutcome, *, done: int = 0, fault: str = "") -> None:
    """Say that it has ended, in the transaction that opens or that records the failure."""
    if opening is not None:
        Opening.objects.under_way().filter(pk=opening.pk).update(
            ended_at=Now(), moved_at=Now(), outcome=outcome, fault=fault, done=done
        )


def left() -> list[Opening]:
    """Openings that a worker left, or that none has begun, by the database's clock."""
    silent = Q(attempts__gt=0, moved_at__lt=Now() - SILENT_AFTER)
    waits = Q(attempts=0) & (
        Q(moved_at__isnull=True, asked_at__lt=Now() - BEGUN_WITHIN) | Q(moved_at__lt=Now() - BEGUN_WITHIN)
    )
    return list(Opening.objects.under_way().filter(silent | waits).select_related("solicitation", "asked_by"))


def is_left(opening: Opening) -> bool:
    """Whether a worker left this opening, or none has begun it."""
    return any(each.pk == opening.pk for each in left())


@transaction.atomic
def claim(opening: Opening) -> bool:
    """Let one caller begin again what a worker left; after ``MOST_ATTEMPTS`` it has failed, which is recorded.

    Returns:
        Whether the caller hands it to a worker.
    """
    if (
        not Opening.objects.under_way()
        .filter(pk=opening.pk, moved_at=opening.moved_at)
        .update(moved_at=Now())
    ):
        return False
    if opening.attempts < MOST_ATTEMPTS:
        return True
    end(opening, OpeningOutcome.FAILED, fault="WorkerLost")
    record_failure(opening.solicitation, opening.asked_by, "WorkerLost")
    return False


def record_failure(file: Solicitation, user: User, fault: str) -> None:
    """Keep that an opening failed, with the kind of fault and nothing of any application."""
    record(file, "file.opening_failed", user=user, data={"number": file.number, "reason": fault})
