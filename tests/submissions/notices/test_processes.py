"""Delivery by several processes, with a real mail server, one of them killed in the middle of its work."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_string
from io import StringIO
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.conf import settings as project
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult
from wagtail import hooks

from submissions.notices import delivery
from submissions.notices.delivery import deliver, deliver_due
from submissions.notices.enums import MessageState
from submissions.notices.models import OutgoingMessage
from tests.support.databases import process_environment
from tests.support.threads import PATIENCE, Parallel, wait_until

pytestmark = pytest.mark.usefixtures("committed_database")

Send = Callable[..., None]


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    """What an earlier test of this module left is gone."""
    OutgoingMessage.objects.all().delete()
    DBTaskResult.objects.all().delete()


class Mailbox:
    """Takes mail; at one message it leaves the sender without an answer until that was killed."""

    def __init__(self, hang_at: int | None = None) -> None:
        self.received: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.hanging, self.killed = threading.Event(), threading.Event()
        self._hang_at = hang_at

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Keep recipient, Message-ID and text."""
        text = (envelope.original_content or b"").decode()
        self.received.append((envelope.rcpt_tos[0], str(message_from_string(text)["Message-ID"])))
        self.texts.append(text)
        if len(self.received) == self._hang_at:
            self.hanging.set()
            self.killed.wait(PATIENCE)
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[Callable[[Mailbox], int]]:
    """Start a mail server and say where it listens."""
    running = []

    def start(mailbox: Mailbox) -> int:
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = int(probe.getsockname()[1])
            controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=30)
            try:
                controller.start()
            except OSError as error:  # another process took the port meanwhile
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            running.append(controller)
            return port

    yield start
    for controller in running:
        controller.stop()


def manage(database: str, port: int, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(project.BASE_DIR / "site" / "manage.py"), *arguments],
        env={
            **process_environment(database, MICROACQ_TEST_SMTP_PORT=str(port)),
            "DJANGO_SETTINGS_MODULE": "tests.submissions.notices.smtp_settings",
            "PYTHONPATH": os.pathsep.join([str(project.BASE_DIR), str(project.BASE_DIR / "site")]),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


WORKER = ("db_worker", "--batch", "--interval", "0", "--no-startup-delay")


def test_a_killed_worker_loses_no_message_and_repeats_only_the_one_in_flight(
    committed_database: str, outbox: Any, send: Send, mail_server: Callable[[Mailbox], int]
) -> None:
    addresses = [f"supplier{number}@example.org" for number in range(12)]
    for address in addresses:
        send(address, headers={"X-Microacq-Kind": "receipt", "X-Microacq-Private": "1"})
    mailbox = Mailbox(hang_at=5)
    port = mail_server(mailbox)

    worker = manage(committed_database, port, *WORKER)
    assert mailbox.hanging.wait(PATIENCE)
    worker.kill()
    worker.wait()
    mailbox.killed.set()

    in_flight = mailbox.received[4]
    assert outbox.filter(state=MessageState.SENT).count() == 4
    assert outbox.get(state=MessageState.SENDING).message_id == in_flight[1]
    assert DBTaskResult.objects.filter(status="RUNNING").count() == 1

    assert manage(committed_database, port, *WORKER).wait(PATIENCE) == 0
    assert outbox.exclude(state=MessageState.SENT).count() == 1, "the one whose lease has not run out"
    wait_until(lambda: outbox.due().exists())
    assert manage(committed_database, port, "tick").wait(PATIENCE) == 0

    assert not outbox.exclude(state=MessageState.SENT).exists()
    assert {bytes(row.payload) for row in outbox.all()} == {b""}
    assert {address for address, _ in mailbox.received} == set(addresses)
    copies = Counter(mailbox.received)
    assert [received for received, times in copies.items() if times > 1] == [in_flight]
    assert copies[in_flight] == 2
    assert len({message_id for _, message_id in mailbox.received}) == len(addresses)


def test_mail_leaves_over_smtp_without_our_marks(
    outbox: Any, send: Send, mail_server: Callable[[Mailbox], int], settings: Any
) -> None:
    mailbox = Mailbox()
    settings.MICROACQ_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server(mailbox)
    send(html="<p>Bonjour</p>")
    assert deliver_due() == {"sent": 1}
    assert mailbox.received == [("marie@example.org", outbox.get().message_id)]
    assert "x-microacq" not in mailbox.texts[0].lower()
    assert "<p>Bonjour</p>" in mailbox.texts[0]


def test_a_mail_server_that_is_not_there_leaves_the_message_for_later(
    outbox: Any, send: Send, settings: Any
) -> None:
    settings.MICROACQ_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    send()
    assert deliver_due() == {"failed": 1}
    assert "ConnectionRefusedError" in outbox.get().last_error


def test_the_worker_delivers_what_is_queued(outbox: Any, send: Send) -> None:
    send()
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    assert outbox.get().state == MessageState.SENT


def test_two_workers_never_send_the_same_message(outbox: Any, send: Send) -> None:
    for _ in range(20):
        send()
    parallel = Parallel()
    for _ in range(3):
        parallel.start(deliver_due)
    outcomes = parallel.join()
    assert sum(outcome.get("sent", 0) for outcome in outcomes) == 20
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == len(mail.outbox) == 20


def test_the_same_key_at_the_same_time_is_queued_once(outbox: Any, send: Send) -> None:
    def send_twice() -> None:
        for number in range(5):
            send(headers={"X-Microacq-Kind": "receipt", "X-Microacq-Key": f"receipt:{number}"})

    parallel = Parallel()
    for _ in range(3):
        parallel.start(send_twice)
    assert parallel.join() == [None] * 3
    assert outbox.count() == 5


def test_a_row_that_another_holds_is_skipped_without_waiting(outbox: Any, send: Send) -> None:
    send()
    row = outbox.get()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            outbox.select_for_update().get(pk=row.pk)
            held.set()
            done.wait(PATIENCE)

    parallel = Parallel()
    parallel.start(hold)
    assert held.wait(PATIENCE)
    assert deliver(row.pk) == "not due"
    done.set()
    assert parallel.join() == [None]


def test_while_a_message_is_being_sent_no_transaction_is_open(
    outbox: Any, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    send()
    seen = []
    monkeypatch.setattr(delivery, "_send", lambda message: seen.append(connection.in_atomic_block))
    deliver(outbox.get().pk)
    assert seen == [False]


def test_a_step_of_tick_that_loses_its_connection_does_not_stop_the_others(send: Send) -> None:
    def announce() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    send()
    with hooks.register_temporarily("microacq_tick", announce, order=1), pytest.raises(CommandError):
        call_command("tick", stdout=StringIO(), stderr=StringIO())
    assert len(mail.outbox) == 1
