"""A real server on a database of its own, for tests that watch the site from outside.

While a `SiteServer` is active, the test process's own ORM works on the server's database, with everything
committed at once: a test may build records with factories, watch the browser, and read what came of it.
"""

from __future__ import annotations

import email
import email.policy
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from email.message import EmailMessage
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Any

import pyrage
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.db.backends.signals import connection_created
from django.test import override_settings

from tests.support import databases

#: Only ends what hangs: a busy machine may need many times as long as an idle one.
START_SECONDS = 180
ASK_SECONDS = 10
#: What the pages that the template was made with are to be found by; no test looks for them.
LEFT_OVER = ("wagtail.tasks.update_reference_index_task", "modelsearch.tasks.insert_or_update_object_task")


class SiteServer:
    """Web server (and, on demand, worker) on a copy of a template database."""

    def __init__(self, template: str, folder: Path, *, demo: bool = False) -> None:
        self.template = template
        self.folder = folder
        self.mail_folder = folder / "mail"
        self.database = ""
        self._socket = bound_socket()
        self.port = int(self._socket.getsockname()[1])
        self._address = f"http://localhost:{self.port}"
        self._demo = demo
        self._fresh = False
        self._processes: list[subprocess.Popen[bytes]] = []
        self._undo = ExitStack()

    @property
    def url(self) -> str:
        """Where it answers; who asks is about to use it."""
        self._fresh = False
        return self._address

    # --- Life ------------------------------------------------------------------------------------------

    def __enter__(self) -> SiteServer:
        """Start, and let this process's ORM work on the server's database."""
        self.start()
        self.attach()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the ORM back, stop, drop the database."""
        self.detach()
        self.stop()

    def start(self) -> None:
        """Make the database and start the web server."""
        self.database = databases.new_database(self.template, str(self.folder))
        self._forget_left_over()
        self.mail_folder.mkdir(parents=True, exist_ok=True)
        self._prepare()
        self._spawn(
            *("-m", "gunicorn", "config.wsgi:application", "--chdir", str(settings.BASE_DIR / "site")),
            *("--bind", f"fd://{self._socket.fileno()}", "--worker-class", "gthread", "--threads", "4"),
            *("--log-level", "warning"),
            inherited=(self._socket.fileno(),),
        )
        self._wait()
        self._fresh = True

    def attach(self) -> None:
        """Point this process's ORM and its settings at the server."""
        self._undo.enter_context(
            override_settings(
                EMAIL_BACKEND="submissions.notices.backend.OutboxBackend",
                MICROACQ_DELIVERY_BACKEND="config.mail.FolderBackend",
                MICROACQ_MAIL_FOLDER=self.mail_folder,
                MICROACQ_BASE_URL=self._address,
                WAGTAILADMIN_BASE_URL=self._address,
                MEDIA_ROOT=self.folder / "media",
                MICROACQ_DEMO=self._demo,
            )
        )
        self._point_orm_at(self.database)
        connection_created.connect(self._is_used)

    def detach(self) -> None:
        """Point them back, and stop whatever a test started beside the web server."""
        connection_created.disconnect(self._is_used)
        self._fresh = False
        self._undo.close()
        self._end(self._processes[1:])
        del self._processes[1:]

    def stop(self) -> None:
        """Stop the web server and drop the database."""
        self._end(self._processes)
        self._socket.close()
        with databases.connected_to("postgres") as cursor:
            databases.drop(cursor, self.database)

    def reset(self) -> None:
        """Give the running server a fresh copy of the template, unless it has one that nobody has used."""
        if self._fresh:
            return
        connections.close_all()
        with databases.connected_to("postgres") as cursor:
            databases.drop(cursor, self.database)
            databases.copy(cursor, self.template, self.database)
        self._forget_left_over()
        # Pages that the server keeps belong to the database that is gone; no version of it comes again.
        self.sql(
            "INSERT INTO microacq_pages_publicversion (id, version) VALUES (1, %s) "
            "ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version",
            [time.time_ns()],
        )
        for path in self.mail_folder.glob("*.eml"):
            path.unlink()
        _forget_caches()
        self._fresh = True

    # --- What tests do with it -------------------------------------------------------------------------

    def manage(self, *arguments: str) -> str:
        """Run a management command in this process; return what it printed."""
        printed = StringIO()
        call_command(*arguments, stdout=printed)
        return printed.getvalue()

    def sql(self, query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Run a query, as an administrator with a console would, and return its rows."""
        self._fresh = False
        with databases.connected_to(self.database) as cursor:
            cursor.execute(query, parameters)
            return list(cursor.fetchall()) if cursor.description else []

    def work(self) -> None:
        """Run every background task that is due, in this process."""
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker as a process of its own, which a test may kill."""
        return self._spawn(
            str(settings.BASE_DIR / "site" / "manage.py"),
            "db_worker",
            "--interval",
            "0.2",
            "--no-startup-delay",
        )

    def mail(self) -> list[EmailMessage]:
        """Return the messages delivered so far, oldest first."""
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(self.mail_folder.glob("*.eml"))
        ]

    # --- Inside ----------------------------------------------------------------------------------------

    def _forget_left_over(self) -> None:
        """Let `work` do what a test caused, not the three hundred tasks from the making of the site."""
        self.sql("DELETE FROM django_tasks_database_dbtaskresult WHERE task_path IN %s", [LEFT_OVER])

    def _is_used(self, **signal: Any) -> None:
        """This process connects to the database."""
        self._fresh = False

    def _prepare(self) -> None:
        """What must be done before the web server starts."""

    def _variables(self) -> dict[str, str]:
        return {
            "MICROACQ_BASE_URL": self._address,
            "MICROACQ_DELIVERY_BACKEND": "config.mail.FolderBackend",
            "MICROACQ_MAIL_FOLDER": str(self.mail_folder),
            "MICROACQ_MEDIA_ROOT": str(self.folder / "media"),
            "MICROACQ_DEMO": "1" if self._demo else "0",
            "MICROACQ_TEST_SERVER": "1",
        }

    def _spawn(self, *command: str, inherited: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        self._fresh = False
        with (self.folder / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                env=databases.process_environment(self.database, **self._variables()),
                stdout=log,
                stderr=log,
                pass_fds=inherited,
            )
        self._processes.append(process)
        return process

    @staticmethod
    def _end(processes: list[subprocess.Popen[bytes]]) -> None:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._processes[0].poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=ASK_SECONDS):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"The server did not start:\n{(self.folder / 'server.log').read_text()}")

    def _point_orm_at(self, database: str) -> None:
        for alias in connections:
            connection = connections[alias]
            connection.close()
            self._undo.callback(_rename, connection, connection.settings_dict["NAME"])
            connection.settings_dict["NAME"] = database
        _forget_caches()


class ProductionServer(SiteServer):
    """The same under the production settings: compressed and hashed files, pages kept in the database.

    Its address has no TLS, so cookies marked secure are what it lacks: it is for reading.
    """

    #: What no public page loads is not collected, which takes long.
    NOT_COLLECTED = ("admin", "wagtail*", "django_filters", "modelcluster", "taggit", "axes")

    def _prepare(self) -> None:
        # The production settings refuse the demonstration's accounts; nobody signs in here.
        self.sql("UPDATE auth_user SET password = '!'")
        # One process for both, because it has to start under the production settings.
        databases.manage(
            self.database,
            *("shell", "--no-imports", "--command"),
            "from django.core.management import call_command; call_command('createcachetable', 'microacq_cache'); "
            f"call_command('collectstatic', interactive=False, verbosity=0, ignore_patterns={[*self.NOT_COLLECTED]})",
            **self._variables(),
        )

    def _variables(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "MICROACQ_VAR": str(self.folder / "var"),
            "SECRET_KEY": Fernet.generate_key().decode() * 2,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "MICROACQ_BASE_URL": "https://localhost",
            "SECURE_SSL_REDIRECT": "0",
            "DEFAULT_FROM_EMAIL": "noreply@example.org",
            "MICROACQ_CONTACT_EMAIL": "help@example.org",
            "EMAIL_HOST": "mail.example.org",
            "MICROACQ_CUSTODIAN_RECIPIENTS": str(pyrage.x25519.Identity.generate().to_public()),
            "MICROACQ_CUSTODIAN_KEY_FILES": str(self.folder / "custodian.age"),
            "MICROACQ_READING_KEY": Fernet.generate_key().decode(),
            "MICROACQ_MAIL_KEY": Fernet.generate_key().decode(),
            "MICROACQ_DEMO": "0",
        }


def _rename(connection: Any, name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    _forget_caches()


def _forget_caches() -> None:
    ContentType.objects.clear_cache()
    cache.clear()


def bound_socket() -> socket.socket:
    """A socket at a free port, which nobody can take before the server listens there."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound
