"""``manage.py tick``: everything that waits for the clock, once or in a loop."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections, connections
from wagtail import hooks

logger = logging.getLogger(__name__)

Step = Callable[[], str | None]


class Command(BaseCommand):
    """Run the steps that stages registered under the hook ``microacq_tick``, each for itself."""

    help = (
        "Sends mail that is due, publishes what is scheduled, and announces what the clock has decided. "
        "Run it every minute from cron, or with --loop. A step that fails does not stop the others; the "
        "exit code then is 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--loop", type=float, metavar="SECONDS", help="Go on, with this pause between runs."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["loop"]:
            failed = self._run_steps(options["verbosity"])
            if failed:
                raise CommandError(f"Failed: {', '.join(failed)}. The other steps were run.", returncode=1)
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            self._run_steps(options["verbosity"])
            close_old_connections()
            stop.wait(options["loop"])

    def _run_steps(self, verbosity: int) -> list[str]:
        """Run every step; returns the names of those that failed."""
        failed = []
        for step in hooks.get_hooks("microacq_tick"):
            name = step.__name__
            try:
                done = step()
            except (Exception, SystemExit):
                logger.exception("The step %s of tick failed", name)
                self.stderr.write(self.style.ERROR(f"{name}: failed, see the log"))
                failed.append(name)
                _forget_broken_connections()
            else:
                if done and verbosity > 0:
                    self.stdout.write(f"{name}: {done}")
        return failed


def _forget_broken_connections() -> None:
    """A step may have lost its connection: the next one gets a new one. A transaction is left alone."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
