"""``make rush``: every scenario, or the one that SCENARIO names.

For each one a file is posted, forms are fetched ahead, and its deadline is put into the middle of the rush. Ends with 1
when a promise was broken or the target was missed. Times are this machine’s; quote the ratio to the bare view.
"""

from __future__ import annotations

import logging
import math
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT / "site"), str(CHECKOUT)]

from tests.rush import forms, processes  # noqa: E402
from tests.rush.proof import Figures, Seen  # noqa: E402

SCENARIOS = {
    "plain": "as many as are taken, one after the other",
    "arrivals": "suppliers come when they come, at four fifths of that rate, sixty a second at most",
    "web": "a web worker is killed in mid-rush",
    "worker": "the task worker is killed in mid-rush, and started again after five seconds",
    "database": "PostgreSQL is restarted in mid-rush",
}
#: Seconds before the deadline, and after it.
BEFORE = float(os.environ.get("BEFORE", "60"))
AFTER = float(os.environ.get("AFTER", "5"))
#: How many suppliers wait for an answer at the same time where as many are sent as are taken.
USERS = int(os.environ.get("USERS", "16"))
#: How many a second come in every other scenario; unset, so much of what was taken in the first.
PACE = float(os.environ.get("PACE", "0"))
#: At most sixty, because fetching a form takes longer than sending it.
SHARE_OF_TAKEN, PACE_UNMEASURED, PACE_AT_MOST = 0.8, 20.0, 60.0
#: How many may wait for an answer there before the load program itself makes them wait, which counts as waiting too.
CROWD = 200
FORMS = int(os.environ.get("FORMS", "0"))
LATE = int(os.environ.get("LATE", "200"))
#: How long the bare view is measured, in seconds.
BARE = float(os.environ.get("BARE", "15"))
#: For the load program to start, in seconds.
LEAD = 8.0
SHARE, P99 = 0.5, 1.0


@dataclass
class Rush:
    """What every scenario needs."""

    folder: Path
    database: processes.Database
    mail: processes.MailServer
    site: processes.Site
    visitors: int = 0
    #: What was taken a second where as many were sent as were taken.
    taken: float = 0.0
    #: What the bare view commits a second, just before that and just after.
    limits: list[float] = field(default_factory=list)

    @property
    def pace(self) -> float:
        """How many a second come where they come when they come."""
        return PACE or min(self.taken * SHARE_OF_TAKEN, PACE_AT_MOST) or PACE_UNMEASURED


def main() -> None:
    """Run, prove, print."""
    wanted = os.environ.get("SCENARIO", "all")
    names = list(SCENARIOS) if wanted == "all" else wanted.split(",")
    if unknown := set(names) - set(SCENARIOS):
        sys.exit(f"SCENARIO is one of {', '.join(SCENARIOS)}, or all; not {', '.join(sorted(unknown))}.")
    folder = CHECKOUT / os.environ.get("MICROACQ_VAR", "var") / "rush"
    folder.mkdir(parents=True, exist_ok=True)
    database = processes.Database(folder)
    mail = processes.MailServer()
    site = processes.Site(folder, database.url, mail.port)
    rush = Rush(folder, database, mail, site)
    # Whoever stops the rush stops what it started.
    signal.signal(signal.SIGTERM, lambda *_anything: sys.exit(143))
    try:
        say("Preparing the site …")
        prepare(rush)
        site.start()
        outcomes = {name: run(rush, name) for name in names if name != "database" or database.can_restart}
    finally:
        site.stop()
        mail.stop()
    if "database" in names and not database.can_restart:
        say("Not run: database (DATABASE_URL names a server that is not ours to restart)")
    if not report(outcomes, rush.limits):
        raise SystemExit(1)


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def prepare(rush: Rush) -> None:
    """Migrate, set up and load the applications into this process, under the production settings."""
    os.environ.update({**rush.site.environment})
    import django

    django.setup()
    logging.disable(
        logging.INFO
    )  # of this process alone: page after page, and every word with the mail server
    from django.core.management import call_command

    quiet = {"verbosity": 0, "interactive": False}
    call_command("compile_catalogues", verbosity=0)
    call_command("migrate", **quiet)
    with Path(os.devnull).open("w", encoding="utf-8") as unread:
        call_command("setup_site", verbosity=0, stdout=unread)
    call_command("collectstatic", **quiet)


# --- the machine’s own limit --------------------------------------------------------------------------


def measure_bare(rush: Rush) -> float:
    """Rows that a bare view commits in a second, of the same forms by the same load program."""
    say("  measuring the machine: a bare view that takes the same form and commits one row …")
    make_bare_table(rush.database.bare_url)
    site = processes.Site(rush.folder, rush.database.bare_url, rush.mail.port)
    site.start("tests.rush.bare.wsgi:application", alone=True)
    before = {**site.spent(), "database": rush.database.spent()}
    try:
        body = forms.urlencode({f"field_{number}": forms.WORDS for number in range(12)})
        applications = [
            forms.Application(str(forms.FIRST_VISITOR + number), f"{number}", "", "", body)
            for number in range(int(BARE * 600))
        ]
        start = time.time() + LEAD
        seen = load(
            rush, site.port, "/", applications, start=start, deadline=start + 1000, end=start + BARE, late=0
        )
        costs = {**site.spent(), "database": rush.database.spent()}
    finally:
        site.stop()
    from tests.rush.proof import rate_of

    taken = [one for one in seen if one.status == 303]
    parts = ", ".join(
        f"{name} {(seconds - before[name]) / max(1, len(taken)) * 1000:.1f} ms"
        for name, seconds in costs.items()
    )
    limit = rate_of(taken)
    say(
        f"  {limit:.1f} rows a second; processors, each row: {parts}; load of the machine {load_of_machine()}"
    )
    return limit


def load_of_machine() -> str:
    """How many processes wanted a processor in the last minute, those of the rush among them."""
    return f"{os.getloadavg()[0]:.1f}"


def make_bare_table(url: str) -> None:
    """The one table of the bare view."""
    import psycopg2

    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_taken")
        cursor.execute(
            "CREATE TABLE bare_taken (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, text text NOT NULL)"
        )
    connection.close()


# --- one rush -------------------------------------------------------------------------------------------


def run(rush: Rush, scenario: str) -> Figures:
    """Post, fetch, rush and prove."""
    from tests.rush import records
    from tests.rush.proof import rate_of, silence

    say(f"\n{scenario}: {SCENARIOS[scenario]}")
    file = records.post()
    path = records.address(file)
    is_plain = scenario == "plain"
    pace = 0.0 if is_plain else rush.pace
    applications = fetch(rush, path, pace)
    if is_plain:
        rush.limits.append(measure_bare(rush))
    say(f"  the rush begins: {f'{pace:.1f} come a second' if pace else f'{USERS} at a time'} …")
    start = time.time() + LEAD
    deadline = records.put_deadline(file, timedelta(seconds=LEAD + BEFORE))
    seen, costs = send(rush, scenario, path, applications, start=start, deadline=deadline, pace=pace)
    if is_plain:
        rush.limits.append(measure_bare(rush))
    say("  proving …")
    figures = records.prove(file, seen, applications, deadline)
    figures.broken += records.undelivered(file, rush.mail.received)
    figures.broken += records.broken_chain()
    if is_plain:
        # Without those kept back for the deadline: where forms run out before it, nothing is sent meanwhile.
        early = {one.token for one in applications[: len(applications) - LATE]}
        figures.rate = rush.taken = rate_of([one for one in seen if one.status == 303 and one.token in early])
    longest, after = silence(seen, start + BEFORE / 2, deadline)
    if not after and not is_plain:
        figures.broken.append("nothing was taken any more in the second half")
    show(figures, costs)
    if not is_plain:
        say(f"  in the second half no receipt for {longest:.2f} s at most, and {after} receipts after that")
    return figures


def fetch(rush: Rush, path: str, pace: float) -> list[forms.Application]:
    """As many forms as will be sent, each by another visitor."""
    count = int(pace * (BEFORE + AFTER)) if pace else (FORMS or int(BEFORE * 60)) + LATE
    say(f"  fetching {count} forms …")
    began = time.monotonic()
    applications = forms.fetch(rush.site.port, processes.HOST, path, count, first=rush.visitors)
    rush.visitors += count
    say(
        f"  fetched {count / (time.monotonic() - began):.0f} a second; load of the machine {load_of_machine()}"
    )
    return applications


def send(
    rush: Rush,
    scenario: str,
    path: str,
    applications: list[forms.Application],
    *,
    start: float,
    deadline: float,
    pace: float,
) -> tuple[list[Seen], dict[str, float]]:
    """What the load program saw, and the seconds of processors that each part used until the deadline."""
    from django.db import connections

    connections.close_all()
    before = spent(rush)
    at_deadline: dict[str, float] = {}
    timers = [
        threading.Timer(start + BEFORE / 2 - time.time(), lambda: happen(rush, scenario)),
        threading.Timer(deadline - time.time(), lambda: at_deadline.update(spent(rush))),
    ]
    for timer in timers:
        timer.start()
    seen = load(
        rush,
        rush.site.port,
        path,
        applications,
        start=start,
        deadline=deadline,
        end=deadline + AFTER,
        late=LATE,
        pace=pace,
    )
    for timer in timers:
        timer.join()
    return seen, {name: value - before[name] for name, value in at_deadline.items() if name in before}


def spent(rush: Rush) -> dict[str, float]:
    """Seconds of processors that each part has used so far."""
    return {**rush.site.spent(), "database": rush.database.spent()}


def happen(rush: Rush, scenario: str) -> None:
    """What the scenario does, half way to the deadline."""
    acts: dict[str, Callable[[], None]] = {
        "web": rush.site.kill_web_worker,
        "worker": rush.site.kill_worker,
        "database": rush.database.restart,
    }
    if scenario in acts:
        acts[scenario]()
    if scenario == "worker":
        time.sleep(5)
        rush.site.start_worker()


def load(
    rush: Rush,
    port: int,
    path: str,
    applications: list[forms.Application],
    *,
    start: float,
    deadline: float,
    end: float,
    late: int,
    pace: float = 0.0,
) -> list[Seen]:
    """Let the load program send the applications; what it saw."""
    forms.keep(applications, rush.folder / "applications.jsonl")
    seen = rush.folder / "seen.jsonl"
    seen.unlink(missing_ok=True)
    command = ["-m", "locust", "--headless", "--only-summary", "--exit-code-on-error", "0"]
    users = str(CROWD if pace else USERS)
    command += ["--users", users, "--spawn-rate", users]
    command += ["--host", f"http://127.0.0.1:{port}", "--locustfile", str(CHECKOUT / "tests/rush/load.py")]
    with (rush.folder / "locust.log").open("ab") as log:
        subprocess.run(
            [sys.executable, *command],
            cwd=CHECKOUT,
            env={
                **os.environ,
                "PYTHONPATH": f"{CHECKOUT / 'site'}:{CHECKOUT}",
                "RUSH_FOLDER": str(rush.folder),
                "RUSH_HOST": processes.HOST,
                "RUSH_PATH": path,
                "RUSH_START": str(start),
                "RUSH_DEADLINE": str(deadline),
                "RUSH_END": str(end),
                "RUSH_LATE": str(late),
                "RUSH_PACE": str(pace),
            },
            stdout=log,
            stderr=log,
            check=True,
            timeout=end - time.time() + 240,
        )
    import json

    return [Seen(**json.loads(line)) for line in seen.read_text(encoding="utf-8").splitlines()]


# --- what came of it ------------------------------------------------------------------------------------


def show(figures: Figures, costs: dict[str, float]) -> None:
    """The figures of one rush, and what an application before the deadline cost of the processors."""
    errors = ", ".join(f"{count} × {name}" for name, count in figures.errors.most_common()) or "none"
    say(
        f"  accepted {figures.accepted} ({figures.rate:.1f} a second), refused as late {figures.refused_late}"
    )
    say(
        f"  errors: {errors}; sent again and accepted {figures.recovered}; never answered {figures.never_answered}; "
        f"stored but not seen to be {figures.unseen}"
    )
    say(
        f"  answered within p50 {figures.p50 * 1000:.0f} ms, p95 {figures.p95 * 1000:.0f} ms, "
        f"p99 {figures.p99 * 1000:.0f} ms, slowest {figures.slowest * 1000:.0f} ms"
    )
    each = max(1, figures.accepted)
    # What was started anew in between counts from nothing again.
    known = {name: seconds for name, seconds in costs.items() if seconds > 0}
    parts = ", ".join(f"{name} {seconds / each * 1000:.1f} ms" for name, seconds in known.items())
    say(f"  processors, each application: {parts}")
    for sentence in sorted(set(figures.broken)):
        say(f"  BROKEN {figures.broken.count(sentence)} ×: {sentence}")


def report(outcomes: dict[str, Figures], limits: list[float]) -> bool:
    """The whole, and whether every promise held."""
    limit = statistics.fmean(limits) if limits else math.nan
    say("")
    if limits:
        say(
            f"The bare view commits {limit:.1f} rows a second with {processes.WORKERS} workers, {USERS} at a time: "
            f"{' and '.join(f'{one:.1f}' for one in limits)} just before and just after the plain rush."
        )
    held = True
    for name, figures in outcomes.items():
        share = figures.rate / limit
        compared = f"{share:.2f} of the bare view, " if name == "plain" else ""
        promises = not figures.broken and not figures.never_answered and figures.accepted > 0
        # What a killed process costs those who wait for it is not the speed of the site.
        fast = (name != "plain" or share >= SHARE) and (
            name not in {"plain", "arrivals"} or figures.p99 < P99
        )
        held = held and promises and fast
        say(
            f"  {name:9} {figures.rate:6.1f} a second, {compared}p99 {figures.p99:.3f} s: "
            f"{'nothing lost, nothing late' if promises else 'BROKEN'}{'' if fast else ', too slow'}"
        )
    say(
        f"Target: at least {SHARE} of the bare view, p99 under {P99:.0f} s, nothing lost, nothing late accepted."
    )
    return held


if __name__ == "__main__":
    main()
