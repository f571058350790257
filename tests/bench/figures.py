"""What tracker and figures cost with 2,000 files of 15 applications against 20, on one database, one after the other.

Rows are written in bulk with the triggers off; what counts is the time until the answer is whole, the least of some
tries, and that the number of queries is the same. The export is streamed and its memory looked at.
"""

from __future__ import annotations

import os
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
FILES, EACH = int(os.environ.get("FILES", "2000")), int(os.environ.get("APPLICATIONS", "15"))
FEW, TRIES, GOAL_MS, GOAL_MB = 20, int(os.environ.get("TRIES", "5")), 500, 30
SCREENS = (
    ("tracker", "/admin/reports/tracker/"),
    ("every column", "/admin/reports/tracker/columns/?show=status&show=time&show=client"),
    ("figures of staff", "/admin/reports/indicators/"),
    ("figures of three years", "/admin/reports/indicators/?first=2024-04-01&last=2027-03-31"),
    ("public page of figures", "/en/results/?fresh=1"),
)
ROWS = """
INSERT INTO submissions_solicitation (number, year, sequence, translation_key, state, state_reason, state_reason_fr,
    title_en, title_fr, price, licence, repository, deadline, selection_date, delivery_date, posted_at)
SELECT 'MC-' || n, 2024, n, gen_random_uuid(), (ARRAY['opened', 'evaluated', 'none_suitable', 'no_proposals'])[n %% 4
+ 1], '', '', 'Many', 'Beaucoup', 6500, 'MIT', 'https://example.org/' || n, now() - interval '1 hour' * (n %% 4000),
    now()::date + 20, now()::date + 60, now() - interval '30 days' - interval '1 hour' * (n %% 4000)
FROM generate_series(%(first)s, %(last)s) n;
INSERT INTO microacq_pages_publicstatus (translation_key, number, posted_at, deadline, state, amendments)
SELECT translation_key, number, posted_at, deadline, state, 0 FROM submissions_solicitation s
WHERE year = 2024 AND NOT EXISTS (SELECT FROM microacq_pages_publicstatus p WHERE p.number = s.number);
INSERT INTO submissions_posting (solicitation_id, amendment, kind, summary_en, summary_fr, asks_confirmation, text,
digest, created_at)
SELECT s.id, 0, 'first', '', '', false,
    jsonb_build_object('en', jsonb_build_object('team', 'A team'), 'fr', '{}'::jsonb, 'facts', '{}'::jsonb),
    md5(s.number) || md5(s.number), s.posted_at
FROM submissions_solicitation s WHERE year = 2024
    AND NOT EXISTS (SELECT FROM submissions_posting p WHERE p.solicitation_id = s.id);
INSERT INTO submissions_proposal (solicitation_id, posting_id, receipt_number, arrived_at, sealed, size, sealed_digest,
    text_digest, link_digest, contact, address_digest, language, state, entered_how)
SELECT s.id, p.id, 'X-' || s.id || '-' || k, s.deadline - interval '1 hour' * (k * k), '\\x00'::bytea, 1, '', '',
    md5(s.id || '-' || k), '', md5(s.id || '/' || k), 'en', 'sent', ''
FROM submissions_solicitation s JOIN submissions_posting p ON p.solicitation_id = s.id, generate_series(1, %(each)s) k
WHERE s.year = 2024 AND NOT EXISTS (SELECT FROM submissions_proposal o WHERE o.solicitation_id = s.id);
INSERT INTO submissions_knownsupplier (solicitation_id, digest, fiscal_year, is_new_in_year, is_new)
SELECT file, digest, year,
    row_number() OVER (PARTITION BY digest, year ORDER BY file) = 1 AND NOT EXISTS (
        SELECT FROM submissions_knownsupplier k WHERE k.digest = x.digest AND k.fiscal_year = x.year),
    row_number() OVER (PARTITION BY digest ORDER BY file) = 1 AND NOT EXISTS (
        SELECT FROM submissions_knownsupplier k WHERE k.digest = x.digest)
FROM (SELECT DISTINCT s.id AS file, md5((o.id %% 9000)::text) AS digest,
        extract(year FROM s.deadline AT TIME ZONE 'America/Toronto' - interval '3 months') AS year
    FROM submissions_proposal o JOIN submissions_solicitation s ON s.id = o.solicitation_id
    WHERE o.receipt_number LIKE 'X-%%' AND NOT EXISTS (
        SELECT FROM submissions_knownsupplier k WHERE k.solicitation_id = o.solicitation_id)) x
ORDER BY file;
"""


def main() -> None:
    """Measure and print; ends with 1 where a goal is missed."""
    sys.path[:0] = [str(CHECKOUT / "site"), str(CHECKOUT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from tests.support import databases, plugin
    from tests.support.committed import copied

    os.environ[plugin.RUN_VARIABLE] = str(os.getpid())
    missed = []
    try:
        with copied(databases.site_template(), "figures"):
            browser = _signed_in()
            grow(1, FEW)
            few = {name: measure(browser, address)[1] for name, address in SCREENS}
            grow(FEW + 1, FILES)
            say(
                f"{FILES} files of {EACH} applications; least of {TRIES} tries, in milliseconds, and queries\n"
            )
            for name, address in SCREENS:
                least, queries = measure(browser, address)
                fails = least > GOAL_MS or queries > few[name]
                missed += [name] if fails else []
                mark = "  <<<" if fails else ""
                say(f"{name:26}{least:7.0f} ms{queries:6} queries ({few[name]} with {FEW} files){mark}")
            for form in ("csv", "xlsx"):
                most, seconds = export(browser, form)
                say(f"{f'every column as {form}':26}{most:7.1f} MB at most{seconds:7.1f} s")
                missed += [form] if most > GOAL_MB else []
    finally:
        databases.drop_run(str(os.getpid()))
    say(f"MISSED by: {', '.join(missed)}" if missed else f"All within {GOAL_MS} ms, with constant queries.")
    if missed:
        raise SystemExit(1)


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _signed_in() -> Any:
    from django.test import Client

    from microacq_pages import roles
    from tests.factories import people

    browser = Client()
    browser.force_login(people.the(roles.IT_STRATEGY))
    return browser


def grow(first: int, last: int) -> None:
    """Write so many files with their applications, and let the planner know."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in ROWS.split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"first": first, "last": last, "each": EACH})
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def measure(browser: Any, address: str) -> tuple[float, int]:
    """The least milliseconds of some requests after a first one, and the number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    best, queries = float("inf"), 0
    for number in range(TRIES + 1):
        with CaptureQueriesContext(connection) as captured:
            started = time.perf_counter()
            answer = browser.get(address)
            content = answer.content
            taken = (time.perf_counter() - started) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}: {content[:200]!r}")
        if number:
            best, queries = min(best, taken), len(captured)
    return best, queries


def export(browser: Any, form: str) -> tuple[float, float]:
    """Megabytes that every row takes at most, beside what was there, and the seconds until the last."""
    started = time.perf_counter()
    tracemalloc.start()
    answer = browser.get(f"/admin/reports/tracker/columns/?export={form}")
    lines = size = 0
    for part in answer.streaming_content:
        lines, size = lines + part.count(b"\n"), size + len(part)
    most = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    if size < FILES * 10 or (form == "csv" and lines < FILES):
        raise RuntimeError(f"{size} bytes of {FILES} files")
    return float(most), time.perf_counter() - started


if __name__ == "__main__":
    main()
