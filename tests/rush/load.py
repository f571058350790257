"""The load program: sends each application once, at the time told, and writes down what it saw. Run by Locust.

https://docs.locust.io/ – in one of two shapes. Without RUSH_PACE a closed one: each of a few users sends the next
application as soon as the one before is answered, which finds out how many a second are taken. With it an open one:
applications come at random moments, so many a second on average, whether or not those before are answered, and the wait
of each is counted from the moment at which it came. Who gets no answer, or that of a fault, sends the same form again,
as a person does.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import gevent
from locust import FastHttpUser, events, task
from locust.env import Environment
from locust.exception import StopUser

from tests.rush.forms import Application, headers_of, kept

FOLDER = Path(os.environ["RUSH_FOLDER"])
HOST = os.environ["RUSH_HOST"]
PATH = os.environ["RUSH_PATH"]
START = float(os.environ["RUSH_START"])
DEADLINE = float(os.environ["RUSH_DEADLINE"])
END = float(os.environ["RUSH_END"])
#: So many are kept back, to be sent from a moment before the deadline on; of the closed shape only.
LATE = int(os.environ["RUSH_LATE"])
#: Applications a second; 0 for as many as are taken.
PACE = float(os.environ.get("RUSH_PACE", "0"))
MOMENT = 1.0
TRIES = 60
PAUSE = 0.5


def _arrivals(count: int) -> Iterator[float]:
    """When each of the open shape comes: independent of each other (a Poisson process), the same in each run."""
    moments, at = random.Random(1), START
    for _ in range(count):
        at += moments.expovariate(PACE)
        yield at


_all = list(kept(FOLDER / "applications.jsonl"))
_due = deque(zip(_arrivals(len(_all)), _all, strict=True)) if PACE else deque()
_early = deque(_all[: len(_all) - LATE])
_late = deque(_all[len(_all) - LATE :])
_seen: list[dict[str, object]] = []


class Supplier(FastHttpUser):
    """Sends complete applications, each as somebody else."""

    connection_timeout = network_timeout = 60.0

    @task
    def apply(self) -> None:
        """Send the next application, or wait for it; stop when there is nothing left."""
        if PACE:
            self._send_when_due()
        else:
            self._send_next()

    def _send_when_due(self) -> None:
        if not _due or _due[0][0] >= END:
            raise StopUser
        moment, application = _due.popleft()
        gevent.sleep(max(0.0, moment - time.time()))
        self._send(application, came=moment)

    def _send_next(self) -> None:
        now = time.time()
        if now < START:
            gevent.sleep(START - now)
        elif now >= END or not (_early or _late):
            raise StopUser
        elif now < DEADLINE - MOMENT and not _early:
            gevent.sleep(0.02)
        else:
            queue = _early if _early and (now < DEADLINE - MOMENT or not _late) else _late
            self._send(queue.popleft())

    def _send(self, application: Application, *, came: float | None = None) -> None:
        for attempt in range(TRIES):
            began = came if came is not None and attempt == 0 else time.time()
            with self.client.post(
                PATH,
                data=application.body,
                headers={
                    **headers_of(HOST, application.visitor),
                    "Cookie": application.cookie,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                allow_redirects=False,
                catch_response=True,
                name="apply",
            ) as response:
                status = response.status_code or 0
                place = (response.headers or {}).get("location", "") or ""
                response.success() if status in {303, 410} else response.failure(str(status))
            _seen.append(
                {
                    "token": application.token,
                    "attempt": attempt,
                    "began": began,
                    "ended": time.time(),
                    "status": status,
                    "place": place,
                }
            )
            if status and status < 500:
                return
            gevent.sleep(PAUSE)


@events.test_start.add_listener
def end_with_the_last(environment: Environment, **_anything: object) -> None:
    """End once every supplier has an answer, or none is to be had any more."""

    def wait() -> None:
        runner = environment.runner
        assert runner is not None
        gevent.sleep(max(0.0, START - time.time()) + 1)
        while runner.user_count and time.time() < END + 150:
            gevent.sleep(0.1)
        runner.quit()

    gevent.spawn(wait)


@events.quitting.add_listener
def write_down(**_anything: object) -> None:
    """Leave what was seen to those who prove it."""
    (FOLDER / "seen.jsonl").write_text("\n".join(json.dumps(one) for one in _seen), encoding="utf-8")
