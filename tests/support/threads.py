"""Runs pieces of a test at the same time, each on a database connection of its own.

The limits of time only end a test that hangs: a busy machine may take many times as long as an idle one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

#: How long anything here is waited for, in seconds.
PATIENCE = 120


class Parallel:
    """Functions that run at once; ``outcomes`` holds what each returned or raised, in the order of starting."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self.outcomes: list[Any] = []

    def start(self, function: Callable[[], Any]) -> None:
        """Start one more."""
        position = len(self.outcomes)
        self.outcomes.append(None)

        def run() -> None:
            try:
                self.outcomes[position] = function()
            except Exception as error:
                self.outcomes[position] = error
            finally:
                connections.close_all()

        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()

    def join(self, seconds: float = PATIENCE) -> list[Any]:
        """Wait for all of them."""
        for thread in self._threads:
            thread.join(seconds)
            assert not thread.is_alive(), "a thread never came to its end"
        return self.outcomes


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what the test waits for did not happen"
        time.sleep(0.02)


def somebody_waits_for_a_lock() -> bool:
    """Whether a session of this database waits for another one, now: a transaction remembers its first look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND cardinality(pg_blocking_pids(pid)) > 0)"
        )
        return bool(cursor.fetchone()[0])
