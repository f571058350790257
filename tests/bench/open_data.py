"""What the open data costs with 2,000 files of eight releases against 100, in one run.

Both sites lie on one database server and are asked in turn by one process. Quote the number of queries, which must be
the same, and the ratio. A page of a feed must answer within half a second, and the download of everything must need
no more memory for much than for little.
"""

from __future__ import annotations

import os
import statistics
import sys
import tracemalloc
import uuid
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
FEW, MANY = 100, int(os.environ.get("FILES", "2000"))
RELEASES = 8
REQUESTS = 15
GOAL_MS = 500
#: A batch of the download and what is around it, in bytes.
MEMORY = 8 * 1024 * 1024
PREFIX = "ocds-213czf"


def main() -> None:
    """Measure and print; ends with 1 when a goal is missed."""
    sys.path[:0] = [str(CHECKOUT / "site"), str(CHECKOUT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    os.environ["MICROACQ_OCID_PREFIX"] = PREFIX
    import django

    django.setup()
    from tests.bench.opportunity_list import add, post_one
    from tests.bench.staff_screens import leave, measure, say
    from tests.support import databases, plugin
    from tests.support.committed import copied

    os.environ[plugin.RUN_VARIABLE] = str(os.getpid())
    say("Preparing databases …")
    try:
        with copied(databases.site_template(), "few") as few:
            original, skills = post_one()
            add(original, FEW - 1, skills)
            publish(original, FEW)
            memory = {"few": download()}
            leave()
            with copied(few, "many"):
                say(f"Publishing {MANY} files of {RELEASES} releases …")
                add(original, MANY - FEW, skills)
                publish(original, MANY - FEW)
                memory["many"] = download()
                screens = measure(screens_of(original), few, REQUESTS)
    finally:
        databases.drop_run(str(os.getpid()))
    report(screens, memory)


def publish(original: Any, count: int) -> None:
    """Releases and records of so many files, each like that of the one that was posted."""
    from django.db import connection, transaction

    from submissions.records.opendata import collecting
    from submissions.records.opendata.models import Record, Release
    from submissions.solicitations.models import Solicitation

    collecting.collect()
    file = Solicitation.objects.get(translation_key=original.translation_key)
    first, record = Release.objects.get(solicitation=file), Record.objects.get(solicitation=file)
    begun = Solicitation.objects.count()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Copies have no pages of their own: what holds files and pages together is off meanwhile.
            cursor.execute("SET session_replication_role = replica")
        files = Solicitation.objects.bulk_create(copy_of(file, begun + number) for number in range(count))
        for each in files:
            ocid = f"{PREFIX}-{each.number}"
            names = [f"{ocid}-{sequence:03d}" for sequence in range(1, RELEASES + 1)]
            texts = [first.text.replace(first.name, name).replace(first.ocid, ocid) for name in names]
            Release.objects.bulk_create(
                Release(
                    solicitation=each,
                    sequence=sequence,
                    name=name,
                    ocid=ocid,
                    act=-(each.pk * 100 + sequence),
                    action=first.action,
                    happened_at=first.happened_at,
                    text=text,
                    digest=first.digest,
                )
                for sequence, (name, text) in enumerate(zip(names, texts, strict=True), start=1)
            )
            links = [{"name": name, "date": record.releases[0]["date"], "tag": ["tender"]} for name in names]
            compiled = record.text.replace(first.ocid, ocid)
            Record.objects.create(
                solicitation=each, ocid=ocid, text=compiled, releases=links, changed_at=record.changed_at
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def copy_of(file: Any, number: int) -> Any:
    """The file again under a number of another year."""
    values = {
        field.attname: getattr(file, field.attname)
        for field in file._meta.concrete_fields
        if not field.primary_key
    }
    sequence = number + 1
    changed = {"year": 2099, "sequence": sequence, "number": f"MA-2099-{sequence:04d}"}
    return type(file)(**{**values, **changed, "translation_key": uuid.uuid4()})


def download() -> int:
    """The most memory that the download of everything needs at once, in bytes."""
    from submissions.records.opendata import packages

    last = packages.extent().last
    tracemalloc.start()
    for _chunk in packages.lines(last):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def screens_of(original: Any) -> list[Any]:
    """Every address measured."""
    from submissions.records.opendata.models import Release
    from submissions.solicitations.models import Solicitation
    from tests.bench.staff_screens import Screen

    number = Solicitation.objects.get(translation_key=original.translation_key).number
    middle = Release.objects.order_by("pk")[FEW * RELEASES // 2].pk
    data = "/open-data"
    return [
        Screen("", "releases", f"{data}/ocds/releases.json"),
        Screen("", "releases, further on", f"{data}/ocds/releases.json?before={middle}"),
        Screen("", "records", f"{data}/ocds/records.json"),
        Screen("", "one record", f"{data}/ocds/records/{PREFIX}-{number}.json"),
        Screen("", "opportunities", f"{data}/opportunities.json?q=bilingual"),
        Screen("", "opportunities, kept", f"{data}/opportunities.json"),
        Screen("", "opportunities by state", f"{data}/opportunities.json?state=open&q=keyboard"),
        Screen("", "one opportunity", f"{data}/opportunities/{number}.json"),
    ]


def report(screens: list[Any], memory: dict[str, int]) -> None:
    """Print medians, ratios, queries and memory, and say in a sentence how it ended."""
    from tests.bench.staff_screens import say

    few_title, many_title = f"with {FEW:,}", f"with {MANY:,}"
    say(f"\nThe open data; median of {REQUESTS} requests each, asked in turn\n")
    say(f"{'':28}{few_title:>14}{many_title:>14}{'times':>8}{'queries':>14}")
    failed = []
    for screen in screens:
        few, many = (statistics.median(screen.times[site]) for site in ("few", "many"))
        misses = many > GOAL_MS or screen.grows
        failed += [screen.name] if misses else []
        queries = f"{screen.queries['few']} and {screen.queries['many']}"
        mark = "  <<<" if misses else ""
        say(f"{screen.name:28}{few:>11.1f} ms{many:>11.1f} ms{many / few:>8.2f}{queries:>14}{mark}")
    say(f"\nMost memory of the download: {memory['few']:,} bytes and {memory['many']:,} bytes.")
    if memory["many"] > max(MEMORY, 2 * memory["few"]):
        failed.append("memory of the download")
    say(
        f"Goal: within {GOAL_MS} ms, no more queries and no more memory with {MANY:,} files than with {FEW:,}."
    )
    if failed:
        say(f"MISSED by: {', '.join(failed)}")
        raise SystemExit(1)
    say("Reached by all.")


if __name__ == "__main__":
    main()
