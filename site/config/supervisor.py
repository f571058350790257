"""Runs web server, worker and clock as processes of one command, for trying. Production uses its own supervisor."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType

from django.db import connections

from config import CHECKOUT
from config.health import PATH

READY_SECONDS = 60
STOP_SECONDS = 15
TICK_SECONDS = 15
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def port_is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


class Supervisor:
    """The processes of one running site."""

    def __init__(self, host: str, port: int, *, say: Callable[[str], None]) -> None:
        self._say = say
        self._probe = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}{PATH}"  # noqa: S104
        manage = str(CHECKOUT / "site" / "manage.py")
        self._commands = {
            "web server": [
                *("-m", "gunicorn", "config.wsgi:application", "--chdir", str(CHECKOUT / "site")),
                *("--bind", f"{host}:{port}", "--preload", "--worker-class", "gthread"),
                *("--workers", "2", "--threads", "4", "--timeout", "60", "--log-level", "warning"),
                *("--limit-request-line", "8190"),
            ],
            "worker": [manage, "db_worker", "--interval", "1", "--no-startup-delay", "--verbosity", "0"],
            "clock": [manage, "tick", "--loop", str(TICK_SECONDS), "--verbosity", "0"],
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()

    def start(self) -> bool:
        """Start everything and wait until the site answers."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        connections.close_all()
        for name in self._commands:
            self._spawn(name)
        deadline = time.monotonic() + READY_SECONDS
        while not self._stopping.is_set() and self._processes["web server"].poll() is None:
            if self._answers():
                return True
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
        if not self._stopping.is_set():
            self._say("The web server did not start; what it said is above.")
        self.stop()
        return False

    def watch(self) -> int:
        """Restart what died, until told to stop or the web server ends. Return the exit status."""
        while not self._stopping.wait(0.5):
            if self._processes["web server"].poll() is not None:
                self._say("The web server has ended, so everything stops.")
                self.stop()
                return 1
            for name in ("worker", "clock"):
                if self._processes[name].poll() is not None:
                    self._say(f"The {name} has ended; starting another one.")
                    self._stopping.wait(1)
                    self._spawn(name)
        self.stop()
        return 0

    def stop(self) -> None:
        """End every process, by force if it does not go."""
        self._stopping.set()
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _spawn(self, name: str) -> None:
        environment = {"MICROACQ_DEBUG": "0", **os.environ, "PYTHONUNBUFFERED": "1"}
        self._processes[name] = subprocess.Popen(  # noqa: S603 (our own programs)
            [sys.executable, *self._commands[name]],
            env=environment,
            start_new_session=True,  # Ctrl-C reaches this process alone, which ends the others in order
            preexec_fn=_die_with_parent,  # noqa: PLW1509 (no thread runs here)
        )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self._probe, timeout=5) as answer:  # noqa: S310 (our own address)
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._stopping.is_set():
            return
        self._say("\nStopping …")
        self._stopping.set()


def _die_with_parent() -> None:
    """Ask the kernel to end this process with its parent, which may be killed without a chance to clean up."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
