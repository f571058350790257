"""The site as operations.md has it run, on one machine: PostgreSQL, web server, worker, clock and a mail server.

Owns the life of these processes, and what a scenario does to them. Reads nothing of the site.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
from aiosmtpd.controller import Controller

from config.embedded.server import EmbeddedServer
from config.keys import ensure_keys

CHECKOUT = Path(__file__).resolve().parents[2]
HOST = "rush.example"
START_SECONDS = 90
WORKERS = int(os.environ.get("WORKERS", "4"))
#: Mail can wait for those who apply: as Nice= in the units of worker and clock.
BEHIND = ("nice", "-n", "10")
#: As the unit of systemd in operations.md starts it.
GUNICORN = (
    "-m",
    "gunicorn",
    "--preload",
    "--timeout",
    "60",
    "--workers",
    str(WORKERS),
    "--log-level",
    "warning",
)


class MailServer:
    """Takes every message, and counts how often each one came."""

    def __init__(self) -> None:
        self.port = free_port()
        self.received: Counter[str] = Counter()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd’s name)
        """Count a message by its Message-ID."""
        self.received[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        return "250 taken"

    def stop(self) -> None:
        """Take no more."""
        self._controller.stop()


class Database:
    """The server that DATABASE_URL names, else one below the folder that a scenario may restart."""

    def __init__(self, folder: Path) -> None:
        self.url = os.environ.get("DATABASE_URL", "")
        self._server: EmbeddedServer | None = None
        if not self.url:
            self._server = EmbeddedServer.of(folder / "postgres")
            self._server.ensure_running()
            self._server.ensure_database("rush")
            self._server.ensure_database("bare")
            self.url = self._url("rush")

    @property
    def can_restart(self) -> bool:
        """Whether it is ours."""
        return self._server is not None

    @property
    def bare_url(self) -> str:
        """A database beside it for the bare view, where it is ours; else the same."""
        return self._url("bare") if self._server else self.url

    def restart(self) -> None:
        """Break every connection and start anew, as an upgrade of PostgreSQL does."""
        assert self._server is not None
        self._server.restart()

    def spent(self) -> float:
        """Seconds of processors that it has used so far; none is known of a server that is not ours."""
        return seconds_of(self._server.process_number()) if self._server else 0.0

    def _url(self, name: str) -> str:
        assert self._server is not None
        return f"postgresql://postgres@{quote(str(self._server.socket_folder), safe='')}/{name}"


class Site:
    """Web server, worker and clock of one application."""

    def __init__(self, folder: Path, database: str, mail_port: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {**os.environ, **production(folder, database, mail_port)}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._log = (folder / "site.log").open("ab")

    def start(self, application: str = "config.wsgi:application", *, alone: bool = False) -> None:
        """Start, and wait until the web server answers."""
        self._spawn("web", *GUNICORN, "--bind", f"127.0.0.1:{self.port}", application)
        if not alone:
            self.start_worker()
            self._spawn("clock", "site/manage.py", "tick", "--loop", "15", "--verbosity", "0")
        give_up = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > give_up or self._processes["web"].poll() is not None:
                raise RuntimeError(f"The web server did not start; see {self.folder / 'site.log'}")
            time.sleep(0.2)

    def start_worker(self) -> None:
        """Start the task worker, as systemd does after it died."""
        self._spawn("worker", "site/manage.py", "db_worker", "--no-startup-delay", "--verbosity", "0")

    def kill_web_worker(self) -> None:
        """Kill one process that answers requests; its master starts another one."""
        children = psutil.Process(self._processes["web"].pid).children()
        children[0].send_signal(signal.SIGKILL)

    def kill_worker(self) -> None:
        """Kill the task worker, whatever it is at."""
        self._processes["worker"].kill()
        self._processes["worker"].wait()

    def spent(self) -> dict[str, float]:
        """Seconds of processors that each process has used so far, with the processes that it started."""
        return {name: seconds_of(process.pid) for name, process in self._processes.items()}

    def stop(self) -> None:
        """End every process, by force if it does not go."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._log.close()

    def _spawn(self, name: str, *command: str) -> None:
        self._processes[name] = subprocess.Popen(
            [*(() if name == "web" else BEHIND), sys.executable, *command],
            cwd=CHECKOUT,
            env={**self.environment, "PYTHONPATH": f"{CHECKOUT / 'site'}:{CHECKOUT}"},
            stdout=self._log,
            stderr=self._log,
        )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except (urllib.error.URLError, OSError):
            return False


def seconds_of(pid: int) -> float:
    """Seconds of processors that a process and those that it started have used; those that ended count."""
    try:
        process = psutil.Process(pid)
        times = process.cpu_times()
        own = times.user + times.system + times.children_user + times.children_system
        return float(own) + sum(seconds_of(child.pid) for child in process.children())
    except psutil.NoSuchProcess:
        return 0.0


def production(folder: Path, database: str, mail_port: int) -> dict[str, str]:
    """The environment of ``config.settings.production`` behind one proxy."""
    keys = ensure_keys(folder / "keys")
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "MICROACQ_VAR": str(folder),
        "SECRET_KEY": keys.secret_key,
        "DATABASE_URL": database,
        "MICROACQ_BASE_URL": f"https://{HOST}",
        "MICROACQ_BEHIND_PROXY": "1",
        "DEFAULT_FROM_EMAIL": "buy@rush.example",
        "MICROACQ_CONTACT_EMAIL": "buy@rush.example",
        "MICROACQ_CONTACT_DOMAINS": "gc.ca,canada.ca,example.ca,example.org",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "EMAIL_USE_TLS": "0",
        "MICROACQ_CUSTODIAN_RECIPIENTS": keys.custodian_recipient,
        "MICROACQ_CUSTODIAN_KEY_FILES": str(keys.custodian_file),
        "MICROACQ_READING_KEY": keys.reading_key,
        "MICROACQ_MAIL_KEY": keys.mail_key,
    }


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
