"""Run the whole site on this machine: what `make run` calls."""

from __future__ import annotations

import contextlib
import io
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.checks import DEMO_PASSWORD, DEMO_USERNAMES
from config.supervisor import Supervisor, port_is_free


class Command(BaseCommand):
    """manage.py demo_server"""

    help = (
        "Prepares database and demonstration content, then runs web server, worker and clock until stopped."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address to listen on."""
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, run, and come back when everything has stopped."""
        host, port = options["host"], options["port"]
        if not port_is_free(host, port):
            self.stderr.write(
                f"Port {port} is taken. Choose another one, for example: make run PORT={port + 1}"
            )
            raise SystemExit(1)
        self._prepare()
        supervisor = Supervisor(host, port, say=self._say)
        if not supervisor.start():
            raise SystemExit(1)
        self._announce(port)
        raise SystemExit(supervisor.watch())

    def _prepare(self) -> None:
        self._say("Preparing the database (the first time takes about half a minute) …")
        call_command("compile_catalogues", verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        self._say("Setting up roles, workflows and the two language trees …")
        with io.StringIO() as unread:
            call_command("setup_site", verbosity=0, stdout=unread)
        if settings.MICROACQ_DEMO:
            self._say("Loading demonstration content where there is none …")
            call_command("load_demo", stdout=self.stdout)
            self._deliver_quietly()

    def _deliver_quietly(self) -> None:
        """Deliver the letters of the demonstration to the folder, so that they do not hide what comes next."""
        self._say("Delivering the letters that this made …")
        with io.StringIO() as unread, contextlib.redirect_stdout(unread):
            call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    def _announce(self, port: int) -> None:
        base = f"http://localhost:{port}"
        lines = [
            "",
            "The site is running.",
            f"  English   {base}/en/",
            f"  French    {base}/fr/",
            f"  Staff     {base}/admin/",
            f"  Outgoing mail is kept in {settings.MICROACQ_MAIL_FOLDER} and shown here.",
        ]
        if settings.MICROACQ_DEMO:
            lines += ["", "Sign in at the staff address with:", f"  {'name':<14}password"]
            lines += [f"  {name:<14}{DEMO_PASSWORD}" for name in DEMO_USERNAMES]
        self._say("\n".join([*lines, "", "Press Ctrl-C to stop.", ""]))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
