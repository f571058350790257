"""From the outbox to the recipient: once, with retries, and with every error kept."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from submissions.notices import delivery
from submissions.notices.delivery import LONGEST_PAUSE, deliver, deliver_due, pause_after
from submissions.notices.enums import MessageState
from submissions.notices.models import OutgoingMessage

pytestmark = pytest.mark.django_db

PRIVATE = {"X-Microacq-Kind": "receipt", "X-Microacq-Private": "1"}
Send = Callable[..., None]


class Failing(BaseEmailBackend):
    """A mail server that fails with ``error``."""

    error: Exception = ConnectionRefusedError("mail.example.org is not there")

    def send_messages(self, email_messages: Any) -> int:
        raise self.error


@pytest.fixture
def fail_with(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Make delivery fail."""

    def fail(error: Exception) -> None:
        monkeypatch.setattr(Failing, "error", error)
        settings.MICROACQ_DELIVERY_BACKEND = f"{__name__}.Failing"

    return fail


def make_due(row: OutgoingMessage) -> None:
    OutgoingMessage.objects.filter(pk=row.pk).update(next_attempt_at=Now() - timedelta(seconds=1))


def test_a_delivered_message_is_sent_once(outbox: Any, send: Send) -> None:
    send()
    row = outbox.get()
    assert deliver(row.pk) == "sent"
    row.refresh_from_db()
    assert (row.state, row.attempts, row.lease_until) == (MessageState.SENT, 1, None)
    assert row.sent_at is not None
    assert deliver(row.pk) == "not due"
    assert len(mail.outbox) == 1
    assert mail.outbox[0].message()["Message-ID"] == row.message_id


def test_the_text_of_a_private_message_is_gone_after_delivery(outbox: Any, send: Send) -> None:
    send(headers=PRIVATE)
    send()
    assert deliver_due() == {"sent": 2}
    assert bytes(outbox.get(private=True).payload) == b""
    assert bytes(outbox.get(private=False).payload) != b""


def test_a_private_message_cannot_count_as_sent_and_keep_its_text(outbox: Any, send: Send) -> None:
    send(headers=PRIVATE)
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.update(state=MessageState.SENT, sent_at=Now())


def test_a_failed_message_is_tried_again_later_with_the_same_id(
    outbox: Any, send: Send, fail_with: Any, settings: Any
) -> None:
    send(headers=PRIVATE)
    row = outbox.get()
    backend = settings.MICROACQ_DELIVERY_BACKEND
    fail_with(ConnectionRefusedError("nobody listens"))
    assert deliver(row.pk) == "failed"
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MessageState.FAILED, 1)
    assert row.last_error == "ConnectionRefusedError: nobody listens"
    assert deliver(row.pk) == "not due"

    settings.MICROACQ_DELIVERY_BACKEND = backend
    make_due(row)
    assert deliver_due() == {"sent": 1}
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (2, "")
    assert mail.outbox[0].message()["Message-ID"] == row.message_id


def test_the_pause_between_attempts_doubles_up_to_a_limit(outbox: Any, send: Send, fail_with: Any) -> None:
    send()
    row = outbox.get()
    fail_with(TimeoutError())
    pauses = []
    for _ in range(3):
        deliver(row.pk)
        row.refresh_from_db()
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement_timestamp()")
            pauses.append((row.next_attempt_at - cursor.fetchone()[0]).total_seconds())
        make_due(row)
    assert pauses == pytest.approx([60, 120, 240], abs=5)


@given(st.integers(min_value=1, max_value=10**9))
def test_a_pause_is_never_shorter_than_the_one_before_nor_longer_than_the_limit(attempts: int) -> None:
    assert timedelta(minutes=1) <= pause_after(attempts) <= pause_after(attempts + 1) <= LONGEST_PAUSE


def test_after_enough_attempts_a_message_is_given_up_and_that_is_recorded(
    outbox: Any, send: Send, fail_with: Any, settings: Any
) -> None:
    settings.MICROACQ_MAIL_ATTEMPTS = 2
    send(headers={**PRIVATE, "X-Microacq-File": "MA-2026-0001"})
    row = outbox.get()
    fail_with(TimeoutError())
    assert deliver(row.pk) == "failed"
    make_due(row)
    assert deliver(row.pk) == "abandoned"
    row.refresh_from_db()
    assert list(outbox.abandoned()) == [row]
    assert bytes(row.payload) != b"", "a person may still ask for another attempt"
    make_due(row)
    assert deliver_due() == {}
    entry = ModelLogEntry.objects.get(action="message.abandoned")
    assert (entry.object_id, entry.data["number"]) == (str(row.pk), "MA-2026-0001")


def test_a_recipient_who_is_refused_for_good_is_not_tried_again(
    outbox: Any, send: Send, fail_with: Any, caplog: Any
) -> None:
    send("marie.tremblay@example.org")
    fail_with(
        smtplib.SMTPRecipientsRefused(
            {"marie.tremblay@example.org": (550, b"no <marie.tremblay@example.org>")}
        )
    )
    assert deliver(outbox.get().pk) == "abandoned"
    row = outbox.get()
    assert "550" in row.last_error
    assert "marie" not in row.last_error
    assert "m•••@•••.org" in row.last_error
    assert "marie" not in caplog.text


@pytest.mark.parametrize(
    ("code", "said", "state", "told"),
    [
        (550, "5.1.1 no such user", MessageState.ABANDONED, ["5.1.1"]),
        (550, "this looks like spam", MessageState.ABANDONED, ["554"]),
        (451, "4.7.1 try later", MessageState.FAILED, []),
    ],
)
def test_what_is_refused_once_the_mail_server_had_it_all_counts_as_returned(
    outbox: Any, send: Send, fail_with: Any, code: int, said: str, state: MessageState, told: list[str]
) -> None:
    send()
    fail_with(smtplib.SMTPDataError(code, said.encode()))
    heard: list[str] = []

    def hear(status: str, **kwargs: Any) -> None:
        heard.append(status)

    delivery.recipient_refused.connect(hear)
    try:
        assert deliver(outbox.get().pk) == state
    finally:
        delivery.recipient_refused.disconnect(hear)
    assert heard == told


def test_a_recipient_who_is_refused_for_now_is_tried_again(outbox: Any, send: Send, fail_with: Any) -> None:
    send()
    fail_with(smtplib.SMTPRecipientsRefused({"marie@example.org": (450, b"greylisted")}))
    assert deliver(outbox.get().pk) == "failed"


def test_a_message_that_no_key_opens_is_given_up(outbox: Any, send: Send, settings: Any) -> None:
    send()
    settings.MICROACQ_MAIL_KEY = ["m0Pq0xJ3m4yQ1o2ZK0uQn1W7sQwqgq7Hq8k0m0b8b1E="]
    assert deliver(outbox.get().pk) == "abandoned"


def test_a_backend_that_takes_nothing_has_not_delivered(outbox: Any, send: Send, settings: Any) -> None:
    settings.MICROACQ_DELIVERY_BACKEND = f"{__name__}.Silent"
    send()
    assert deliver(outbox.get().pk) == "failed"


class Silent(BaseEmailBackend):
    """A backend that swallows its failure."""

    def send_messages(self, email_messages: Any) -> int:
        return 0


def test_a_message_that_a_dead_worker_left_is_sent_when_its_lease_ends(outbox: Any, send: Send) -> None:
    send()
    row = outbox.get()
    outbox.update(state=MessageState.SENDING, attempts=1, lease_until=Now() + timedelta(minutes=5))
    assert deliver_due() == {}
    outbox.update(lease_until=Now() - timedelta(seconds=1))
    assert deliver_due() == {"sent": 1}
    assert mail.outbox[0].message()["Message-ID"] == row.message_id


def test_a_worker_that_comes_back_after_its_lease_does_not_undo_what_another_did(
    outbox: Any, send: Send, fail_with: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send()
    fail_with(TimeoutError())
    slow = delivery._send

    def another_takes_over(message: OutgoingMessage) -> None:
        outbox.update(lease_until=Now() + timedelta(minutes=9))
        slow(message)

    monkeypatch.setattr(delivery, "_send", another_takes_over)
    assert deliver(outbox.get().pk) == "taken over"
    assert outbox.get().state == MessageState.SENDING


def test_a_message_to_nowhere_is_not_due() -> None:
    assert deliver(10**9) == "not due"


def test_what_is_due_is_sent_oldest_first_until_the_time_is_up(outbox: Any, send: Send) -> None:
    for number in range(3):
        send(subject=str(number))
    assert deliver_due(seconds=0) == {}
    assert deliver_due(limit=2) == {"sent": 2}
    assert [message.subject for message in mail.outbox] == ["0", "1"]


@pytest.mark.parametrize("commit", [True, False])
def test_with_another_broker_the_worker_is_told_after_commit(
    outbox: Any, send: Send, settings: Any, commit: bool, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with django_capture_on_commit_callbacks(execute=commit):
        send()
        assert mail.outbox == []
    assert len(mail.outbox) == int(commit)
    assert outbox.get().state == (MessageState.SENT if commit else MessageState.QUEUED)
