"""Releases and records as the standard packs them: pages of the feeds, one file, everything as a stream.

Owns the reading of ``Release`` and ``Record``. What was published is sent as it is stored: nothing is read into objects
and written again, and a stream holds some rows at a time, however many there are. Imports no view.

Source: https://standard.open-contracting.org/1.1/en/schema/release_package/ and …/record_package/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import override

from microacq_pages.furniture import absolute

from . import standard
from .models import Record, Release
from .wording import MAIN_LANGUAGE, instant

#: How many releases or records a page of a feed holds.
PAGE = 50
#: How many releases a stream holds at a time.
BATCH = 200
LICENCES = {
    "en": "https://open.canada.ca/en/open-government-licence-canada",
    "fr": "https://open.canada.ca/fr/licence-du-gouvernement-ouvert-canada",
}
LICENCE = LICENCES[MAIN_LANGUAGE]
LINE_END = "\n"


@dataclass(frozen=True)
class Page:
    """One page of a feed.

    Attributes:
        text: The package, as JSON.
        changed_at: When the newest thing on it was published or changed (UTC).
    """

    text: str
    changed_at: datetime


@dataclass(frozen=True)
class Extent:
    """How much there is to stream, and since when; known without reading it."""

    count: int
    last: int
    changed_at: datetime | None


def release_url(name: str) -> str:
    """Where one release can be had."""
    return absolute(reverse("opendata:release", args=[name]))


def record_url(ocid: str) -> str:
    """Where the record of one file can be had."""
    return absolute(reverse("opendata:record", args=[ocid]))


def guide_url() -> str:
    """The page that explains all this."""
    with override(MAIN_LANGUAGE):
        return absolute(reverse("opendata_guide:page"))


def one_release(name: str) -> Page | None:
    """A package with one release; None where there is none of this name."""
    found = _releases().filter(name=name).first()
    return _release_page([found], release_url(name)) if found is not None else None


def page_of_releases(before: int | None, since: datetime | None) -> Page | None:
    """One page of the feed, the newest first; None where there is nothing to show.

    Args:
        before: Show what was published before the release with this key.
        since: Show only what was published from this moment on (UTC).
    """
    rows = _releases().order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if since is not None:
        rows = rows.filter(published_at__gte=since)
    found = list(rows[: PAGE + 1])
    if not found:
        return None
    shown, query = found[:PAGE], {"since": since.isoformat()} if since is not None else {}
    address = absolute(reverse("opendata:releases"))
    following = _with_query(address, {**query, "before": str(shown[-1].pk)}) if len(found) > PAGE else ""
    own = _with_query(address, {**query, **({"before": str(before)} if before is not None else {})})
    return _release_page(shown, own, following)


def one_record(ocid: str) -> Page | None:
    """A package with the record of one file and all of its releases; None where there is none."""
    record = _records().filter(ocid=ocid).first()
    if record is None:
        return None
    releases = _releases().filter(solicitation=record.solicitation_id).order_by("sequence")
    embedded = ",".join(releases.values_list("text", flat=True))
    return _record_page([(record, f"[{embedded}]")], record_url(ocid))


def page_of_records(before: int | None) -> Page | None:
    """One page of all records, what was posted last first, each with links to its releases; None where there is none.

    Args:
        before: Show what comes after the record with this key.
    """
    rows = _records().order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    if not found:
        return None
    address = absolute(reverse("opendata:records"))
    following = _with_query(address, {"before": str(found[PAGE - 1].pk)}) if len(found) > PAGE else ""
    own = _with_query(address, {"before": str(before)} if before is not None else {})
    return _record_page([(each, _linked(each)) for each in found[:PAGE]], own, following)


def extent() -> Extent:
    """What a stream of all releases would hold."""
    found = _releases().aggregate(count=Count("pk"), last=Max("pk"), changed_at=Max("published_at"))
    return Extent(found["count"], found["last"] or 0, found["changed_at"])


def lines(last: int) -> Iterator[str]:
    """Every release, one a line, the oldest first.

    Args:
        last: Key of the last one to send, so that what is sent is what was announced.
    """
    reached = 0
    while True:
        rows = _releases().filter(pk__gt=reached, pk__lte=last).order_by("pk")
        batch = list(rows.values_list("pk", "text")[:BATCH])
        if not batch:
            return
        reached = batch[-1][0]
        yield "".join(f"{text}{LINE_END}" for _key, text in batch)


def addresses_of(number: str) -> dict[str, str]:
    """Where the data of one posted opportunity is: ``json``, and ``record`` where that is public."""
    addresses = {"json": reverse("opendata:opportunity", args=[number])}
    if has_record(number):
        addresses["record"] = reverse("opendata:record", args=[standard.ocid_of(number)])
    return addresses


def has_record(number: str) -> bool:
    """Whether the record of the file with a number is public."""
    return bool(standard.prefix()) and _records().filter(ocid=standard.ocid_of(number)).exists()


def _releases() -> Any:
    """Those under the prefix that is registered now; none without one."""
    return _under_prefix(Release.objects.all())


def _records() -> Any:
    return _under_prefix(Record.objects.all())


def _under_prefix(rows: Any) -> Any:
    prefix = standard.prefix()
    return rows.filter(ocid__startswith=f"{prefix}-") if prefix else rows.none()


def _release_page(releases: Sequence[Release], own: str, following: str = "") -> Page:
    changed_at = max(each.published_at for each in releases)
    texts = ",".join(each.text for each in releases)
    return Page(_package(own, changed_at, "releases", f"[{texts}]", following), changed_at)


def _record_page(rows: Sequence[tuple[Record, str]], own: str, following: str = "") -> Page:
    changed_at = max(record.changed_at for record, _releases in rows)
    texts = ",".join(
        f'{{"ocid":{json.dumps(record.ocid)},"releases":{releases},"compiledRelease":{record.text}}}'
        for record, releases in rows
    )
    return Page(_package(own, changed_at, "records", f"[{texts}]", following), changed_at)


def _linked(record: Record) -> str:
    links = [
        {"url": f"{release_url(each['name'])}#{each['name']}", "date": each["date"], "tag": each["tag"]}
        for each in record.releases
    ]
    return json.dumps(links, separators=(",", ":"))


def _package(own: str, changed_at: datetime, name: str, texts: str, following: str) -> str:
    around: dict[str, Any] = {
        "uri": own,
        "version": standard.VERSION,
        "extensions": list(standard.EXTENSIONS),
        "publishedDate": instant(changed_at),
        "publisher": {"name": str(settings.MICROACQ_DEPARTMENT["en"]), "uri": settings.MICROACQ_BASE_URL},
        "license": LICENCE,
        "publicationPolicy": guide_url(),
    }
    if following:
        around["links"] = {"next": following}
    head = json.dumps(around, ensure_ascii=False, separators=(",", ":"))
    return f'{head[:-1]},"{name}":{texts}}}'


def _with_query(address: str, query: dict[str, str]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
