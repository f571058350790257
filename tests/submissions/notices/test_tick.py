"""``tick`` does everything that waits for the clock, and one failing step does not stop the others."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from wagtail import hooks

from submissions.notices import hooks as notices_hooks

pytestmark = pytest.mark.django_db


def tick(**options: Any) -> str:
    out = StringIO()
    call_command("tick", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_it_sends_mail_that_is_due(send: Callable[..., None]) -> None:
    send()
    assert "1 of 1 due messages sent" in tick()
    assert len(mail.outbox) == 1


def test_it_says_nothing_when_there_is_nothing_to_do() -> None:
    assert tick() == ""


def test_it_publishes_what_is_scheduled_before_it_sends_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr(notices_hooks, "call_command", lambda name, **options: called.append(name))
    tick()
    assert called == ["publish_scheduled"]
    steps = [step.__name__ for step in hooks.get_hooks("microacq_tick")]
    assert steps.index("publish_scheduled") < steps.index("deliver_due_mail")
    assert steps[-1] == "deliver_due_mail"


@pytest.mark.parametrize("error", [RuntimeError("no"), SystemExit(1)])
def test_a_step_that_fails_does_not_stop_the_others(send: Callable[..., None], error: BaseException) -> None:
    def announce() -> None:
        raise error

    send()
    with (
        hooks.register_temporarily("microacq_tick", announce, order=1),
        pytest.raises(CommandError, match="Failed: announce") as failure,
    ):
        tick()
    assert failure.value.returncode == 1
    assert len(mail.outbox) == 1


def test_in_a_loop_it_goes_on_after_a_failure_until_it_is_told_to_stop() -> None:
    runs = []
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def announce() -> None:
        runs.append(time.monotonic())
        if len(runs) == 3:
            threading.Timer(0.01, os.kill, [os.getpid(), signal.SIGTERM]).start()
        raise RuntimeError

    try:
        with hooks.register_temporarily("microacq_tick", announce, order=1):
            tick(loop=0.05)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    assert len(runs) >= 3
