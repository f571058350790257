"""Makes the releases that are due: one for each act in the log that brings one and has none yet, in order.

Owns the writing of ``Release`` and ``Record``; the audit keeps a digest of each release. Runs with the clock, never in
the transaction of the act, so that no fault here can stand in the way of a procurement file; what could not be made is
tried again. A release that a validator would refuse is not published. Imports no view.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from wagtail.models import ModelLogEntry

from microacq_pages import page_cache
from submissions.audit.services import record
from submissions.contracts import fingerprints
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock

from . import standard
from .events import EVENTS
from .history import Act, History, history_of
from .models import Record, Release
from .wording import MAIN_LANGUAGE, instant

logger = logging.getLogger(__name__)

PUBLISHED = "records.published"

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('microacq.opendata'), %s)"


class NotValid(Exception):
    """A release that the standard would refuse; the message says what is wrong."""


def collect() -> int:
    """Publish what happened since the last time; nothing where no prefix is registered.

    Returns:
        How many releases were published.
    """
    if not standard.prefix():
        return 0
    count = 0
    for number, keys in _keys_due().items():
        file = Solicitation.objects.select_related("follows").filter(number=number).first()
        if file is None:
            continue
        try:
            count += publish(file, keys)
        except Exception:
            # One file that cannot be told must not keep the others from being told.
            logger.exception("No release could be made of %s", number)
    return count


@transaction.atomic
def publish(file: Solicitation, keys: Sequence[int]) -> int:
    """Publish the releases of one file that are due, and make its record again.

    Args:
        file: The file.
        keys: Of the rows of the log that bring one; those that have theirs by now are passed over.

    Raises:
        NotValid: a release would not be valid; none of this file is published then.
    """
    with connection.cursor() as cursor:
        # Two clocks may run: the second finds nothing left to do.
        cursor.execute(_LOCK, [file.pk])
    acts = [Act.of(row) for row in _due().filter(pk__in=keys)]
    if not acts:
        return 0
    releases = list(Release.objects.filter(solicitation=file).order_by("sequence"))
    history = history_of(file, standard.ocid_of(file.number), releases)
    told = [json.loads(release.text) for release in releases]
    for act in acts:
        release = _release(history, act, len(told) + 1, _after(releases[-1]) if releases else act.at)
        release.save(force_insert=True)
        releases.append(release)
        told.append(json.loads(release.text))
        history.earlier.append((act.action, release.name))
    kept = fingerprints.of(*releases[-len(acts) :])
    data = {"number": file.number, "count": len(acts), fingerprints.KEPT: kept}
    record(file, PUBLISHED, data=data)
    _record, is_new = Record.objects.update_or_create(
        solicitation=file,
        defaults={
            "ocid": history.ocid,
            "text": _written(standard.compiled(told)),
            "releases": linked(told),
            "changed_at": database_clock(),
        },
    )
    if is_new:
        page_cache.bump()  # the page of the opportunity leads to the record
    return len(acts)


def _release(history: History, act: Act, sequence: int, not_before: datetime) -> Release:
    """One release, judged by the schema before it is kept.

    Args:
        history: The file.
        act: What it tells of.
        sequence: Its number within the file, from 1.
        not_before: The first date after the release before it: whoever merges sorts by dates, which are written to the
            second, and clocks of two hosts may differ.
    """
    event = EVENTS[act.action]
    at = max(act.at, not_before)
    name = f"{history.ocid}-{sequence:03d}"
    document: dict[str, Any] = {
        "ocid": history.ocid,
        "id": name,
        "date": instant(at),
        "tag": list(event.tags),
        "initiationType": "tender",
        "language": MAIN_LANGUAGE,
        **event.tell(history, act, name),
    }
    if faults := standard.faults_of(document):
        raise NotValid(f"{name}: {'; '.join(faults[:5])}")
    text = _written(document)
    return Release(
        solicitation=history.file,
        sequence=sequence,
        name=name,
        ocid=history.ocid,
        act=act.key,
        action=act.action,
        happened_at=at,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def linked(told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Releases as a record links them."""
    return [{"name": each["id"], "date": each["date"], "tag": each["tag"]} for each in told]


def _after(release: Release) -> datetime:
    """The first date, as releases write it, that is later than that of a release."""
    return release.happened_at.replace(microsecond=0) + timedelta(seconds=1)


def _due() -> Any:
    rows = ModelLogEntry.objects.filter(action__in=EVENTS)
    return rows.exclude(Exists(Release.objects.filter(act=OuterRef("pk")))).order_by("pk")


def _keys_due() -> dict[str, list[int]]:
    """Rows of the log that have no release, by the number of their file, in order; one query."""
    found: dict[str, list[int]] = {}
    for key, number in _due().values_list("pk", "data__number"):
        if number:
            found.setdefault(number, []).append(key)
    return found


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
