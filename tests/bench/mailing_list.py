"""Tells a crowd of one opportunity over SMTP while workers are killed, and says how long it took and what arrived.

A mail server of this process takes the mail. One worker is killed while it writes the letters, and others one after
another while they send; ``tick`` and the next worker go on. Ends with 1 when anyone got no letter, when a letter came
twice with another Message-ID, or when more came twice than workers were killed. ``SUBSCRIBERS`` and ``KILLS`` say how
many.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
SUBSCRIBERS = int(os.environ.get("SUBSCRIBERS", "5000"))
KILLS = int(os.environ.get("KILLS", "4"))
WORKERS = 2


def main() -> None:
    """Measure, print, judge."""
    sys.path[:0] = [str(CHECKOUT / "site"), str(CHECKOUT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from aiosmtpd.controller import Controller
    from django.test import override_settings

    from tests.submissions.notices.test_processes import Mailbox
    from tests.support import databases, plugin
    from tests.support.committed import copied

    os.environ[plugin.RUN_VARIABLE] = str(os.getpid())
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    outbox = override_settings(EMAIL_BACKEND="submissions.notices.backend.OutboxBackend")
    try:
        with copied(databases.site_template(), "mailing-list") as database, outbox:
            faults = run(database, port, mailbox)
    finally:
        server.stop()
        databases.drop_run(os.environ[plugin.RUN_VARIABLE])
    say(
        "\nGoal: everybody gets the letter; what comes twice is at most what a killed worker had in its hands."
    )
    for fault in faults:
        say(f"MISSED: {fault}")
    if not faults:
        say("Reached.")
    raise SystemExit(1 if faults else 0)


def run(database: str, port: int, mailbox: Any) -> list[str]:
    """Post before the crowd, kill, wait until all is sent; returns what is wrong."""
    from microacq_pages import roles
    from submissions.notices.models import OutgoingMessage
    from submissions.notices.subscribing.models import Announcement
    from submissions.proposals import opening
    from tests.factories import mailing, people, proposals

    opening.make_trial()
    say(f"\nA letter to {SUBSCRIBERS:,} people on the mailing list, while workers are killed\n")
    began = time.monotonic()
    for number in range(SUBSCRIBERS):
        mailing.subscribe(f"supplier{number}@example.org", language=("en", "fr", "")[number % 3])
    say(f"{SUBSCRIBERS} subscribers made in {time.monotonic() - began:.0f} s")
    client, approver = people.make_user(roles.CLIENT, "client"), people.make_user(roles.IT_STRATEGY, "it")
    began = time.monotonic()
    proposals.make_posted_file(client, approver)
    say(f"posted before the crowd in {time.monotonic() - began:.1f} s (with the making of its pages)")
    letters = OutgoingMessage.objects.filter(kind="list_opportunity")

    began = time.monotonic()
    writer = start(database, port, "db_worker", "--no-startup-delay", "--interval", "0.2")
    wait_until(lambda: letters.count() >= SUBSCRIBERS // 3)
    kill(writer)
    say(f"killed while writing, at {letters.count()} letters after {time.monotonic() - began:.0f} s")
    start(database, port, "tick").wait()
    say(f"tick had written {letters.count()} letters after {time.monotonic() - began:.0f} s")
    while Announcement.objects.filter(finished_at=None).exists():
        start(database, port, "tick").wait()

    killed = 0
    while letters.exclude(state="sent").exists():
        workers = [
            start(database, port, "db_worker", "--batch", "--no-startup-delay") for _ in range(WORKERS)
        ]
        if killed < KILLS and letters.exclude(state="sent").count() > SUBSCRIBERS // KILLS:
            before = len(mailbox.received)
            wait_until(lambda before=before: len(mailbox.received) >= before + SUBSCRIBERS // (4 * KILLS))
            for worker in workers:
                kill(worker)
            killed += WORKERS
        for worker in workers:
            worker.wait()
        start(database, port, "tick").wait()
    seconds = time.monotonic() - began
    say(
        f"everything sent after {seconds:.0f} s, {SUBSCRIBERS / seconds:.0f} a second; {killed} workers killed"
    )
    return judge(mailbox.received, killed)


def judge(received: list[tuple[str, str]], killed: int) -> list[str]:
    """What is wrong with what arrived."""
    ours = [(address, identity) for address, identity in received if address.startswith("supplier")]
    copies = Counter(ours)
    reached = {address for address, _identity in copies}
    twice = sum(times - 1 for times in copies.values())
    say(f"{len(reached)} of {SUBSCRIBERS} reached, {twice} messages came twice, all with the same Message-ID")
    faults = []
    if len(reached) != SUBSCRIBERS:
        faults.append(f"{SUBSCRIBERS - len(reached)} got no letter")
    if len(copies) != len(reached):
        faults.append(f"{len(copies) - len(reached)} got another letter with another Message-ID")
    if twice > killed:
        faults.append(f"{twice} messages came twice, of {killed} in flight")
    return faults


def start(database: str, port: int, *arguments: str) -> subprocess.Popen[bytes]:
    """A command of the site as a process of its own."""
    from tests.submissions.notices.test_processes import manage

    return manage(database, port, *arguments)


def kill(process: subprocess.Popen[bytes]) -> None:
    """As ``kill -9`` does."""
    process.kill()
    process.wait()


def wait_until(condition: Any, seconds: float = 300) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("What is waited for did not happen")
        time.sleep(0.05)


def say(text: str) -> None:
    """One line for whoever waits."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
