"""Every message becomes a row of its cause's transaction, for one recipient, unreadable without the key."""

from __future__ import annotations

from collections.abc import Callable
from email.mime.image import MIMEImage
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import PasswordResetForm
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import BadHeaderError, get_connection, send_mass_mail
from django.db import IntegrityError, connection, transaction
from django_tasks_db.models import DBTaskResult
from wagtail.admin.mail import send_notification
from wagtail.log_actions import LogContext
from wagtail.models import Page

from submissions.notices.crypto import UnreadableMessageError, decrypt, encrypt
from submissions.notices.delivery import deliver
from submissions.notices.enums import MessageState
from submissions.notices.envelope import make_again
from submissions.notices.models import OutgoingMessage

pytestmark = pytest.mark.django_db

Send = Callable[..., None]


def tasks() -> Any:
    return DBTaskResult.objects.filter(task_path="submissions.notices.tasks.deliver_message")


def content_of(row: OutgoingMessage) -> Any:
    return make_again(decrypt(row.payload))


def test_a_message_waits_with_its_task_in_the_transaction_of_its_cause(outbox: Any, send: Send) -> None:
    send()
    row = outbox.get()
    assert (row.state, row.kind, row.to_masked) == (MessageState.QUEUED, "deadline_moved", "m•••@•••.org")
    assert tasks().get().args_kwargs == {"args": [row.pk], "kwargs": {}}
    assert mail.outbox == []


def test_a_message_goes_when_its_cause_is_rolled_back(outbox: Any, send: Send) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        send()
        raise RuntimeError
    assert not outbox.exists()
    assert not tasks().exists()


def test_the_marks_are_kept_in_columns_and_do_not_go_out(outbox: Any, send: Send) -> None:
    send(
        headers={
            "X-Microacq-Kind": "receipt",
            "x-microacq-key": "receipt:17",
            "X-MICROACQ-FILE": "MA-2026-0001",
            "X-Microacq-Language": "fr",
            "X-Microacq-Private": "1",
            "Auto-Submitted": "auto-generated",
        }
    )
    row = outbox.get()
    assert (row.kind, row.idempotency_key, row.file_number, row.language) == (
        "receipt",
        "receipt:17",
        "MA-2026-0001",
        "fr",
    )
    deliver(row.pk)
    headers = mail.outbox[0].message()
    assert not [name for name in headers if name.lower().startswith("x-microacq")]
    assert headers["Auto-Submitted"] == "auto-generated"


def test_a_row_shows_nothing_of_a_private_message(outbox: Any, send: Send) -> None:
    send(
        "marie@example.org",
        subject="Your receipt",
        body="https://buy.example/secret-link",
        headers={"X-Microacq-Kind": "receipt", "X-Microacq-Private": "1"},
    )
    row = outbox.get()
    assert row.private
    assert row.subject == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text, convert_from(m.payload, 'UTF8') FROM submissions_outgoingmessage m")
        text = " ".join(cursor.fetchone())
    for secret in ("marie", "Your receipt", "secret-link", "example.org"):
        assert secret not in text
    assert content_of(row).body == "https://buy.example/secret-link"


def test_a_private_subject_cannot_be_stored(outbox: Any, send: Send) -> None:
    send(headers={"X-Microacq-Kind": "receipt", "X-Microacq-Private": "1"})
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.update(subject="Your receipt")


def test_a_message_that_names_no_kind_is_taken_as_private(outbox: Any, send: Send) -> None:
    send(headers={})
    row = outbox.get()
    assert (row.kind, row.private, row.subject) == ("other", True, "")


def test_the_same_key_is_queued_once(outbox: Any, send: Send) -> None:
    for _ in range(2):
        send(headers={"X-Microacq-Kind": "receipt", "X-Microacq-Key": "receipt:17"})
    assert outbox.count() == 1
    assert tasks().count() == 1


def test_messages_without_a_key_are_all_queued(outbox: Any, send: Send) -> None:
    send()
    send()
    assert outbox.count() == 2


def test_each_recipient_gets_a_message_that_names_nobody_else(outbox: Any, send: Send) -> None:
    send(
        "a.first@example.org",
        "b.second@example.org",
        cc=["c.third@example.org"],
        bcc=["d.fourth@example.org"],
    )
    assert outbox.count() == 4
    assert len(set(outbox.values_list("message_id", flat=True))) == 4
    for row in outbox.all():
        deliver(row.pk)
    received = {message.to[0]: str(message.message()) for message in mail.outbox}
    assert set(received) == {f"{name}@example.org" for name in ("a.first", "b.second", "c.third", "d.fourth")}
    for address, text in received.items():
        assert [other for other in received if other in text] == [address]


def test_recipients_of_one_key_are_told_apart_without_naming_them(outbox: Any, send: Send) -> None:
    for _ in range(2):
        send(
            "a@example.org",
            "b@example.org",
            headers={
                "X-Microacq-Kind": "answer",
                "X-Microacq-Key": "answer:3",
                "Message-ID": "<same@example>",
            },
        )
    keys = list(outbox.values_list("idempotency_key", flat=True))
    assert len(keys) == 2
    assert all(key.startswith("answer:3:") and "@" not in key for key in keys)


def test_a_recipient_who_is_named_twice_gets_one_message(outbox: Any, send: Send) -> None:
    send("a@example.org", cc=["a@example.org"])
    assert outbox.count() == 1


def test_a_message_to_nobody_is_not_queued(outbox: Any) -> None:
    connection_ = get_connection()
    assert connection_.send_messages([]) == 0
    assert connection_.send_messages([mail.EmailMessage("s", "b", "f@example.org", [])]) == 0
    assert not outbox.exists()


def test_many_messages_are_all_queued(outbox: Any) -> None:
    taken = send_mass_mail([("s", "b", "f@example.org", [f"{number}x@example.org"]) for number in range(3)])
    assert taken == outbox.count() == 3


def test_message_id_and_date_are_fixed_when_the_message_is_written(outbox: Any, send: Send) -> None:
    send()
    row = outbox.get()
    message = content_of(row)
    assert row.message_id.endswith("@example.gc.ca>")
    assert [message.message()[name] for name in ("Message-ID", "Date")] == [
        content_of(row).message()[name] for name in ("Message-ID", "Date")
    ]
    assert message.message()["Message-ID"] == row.message_id


def test_a_message_id_of_the_caller_is_kept(outbox: Any, send: Send) -> None:
    send(headers={"X-Microacq-Kind": "receipt", "message-id": "<mine@example.org>"})
    assert outbox.get().message_id == "<mine@example.org>"


def test_text_html_attachments_and_reply_address_survive(outbox: Any, send: Send) -> None:
    picture = MIMEImage(b"\x89PNG not really", "png")
    picture.add_header("Content-ID", "<logo>")
    send(
        subject="Objet : été",
        body="Bonjour à tous",
        html="<p>Bonjour à tous</p>",
        reply_to=["answers@example.gc.ca"],
        attachments=[
            ("file.bin", b"\x00\xff", "application/octet-stream"),
            ("note.txt", "été", "text/plain"),
            picture,
        ],
    )
    message = content_of(outbox.get())
    sent = message.message()
    assert (message.subject, message.body, message.reply_to) == (
        "Objet : été",
        "Bonjour à tous",
        ["answers@example.gc.ca"],
    )
    parts = {part.get_content_type(): part for part in sent.walk()}
    assert parts["text/html"].get_payload(decode=True).decode() == "<p>Bonjour à tous</p>"
    assert parts["application/octet-stream"].get_payload(decode=True) == b"\x00\xff"
    assert parts["application/octet-stream"].get_filename() == "file.bin"
    assert parts["image/png"].get_payload(decode=True) == b"\x89PNG not really"
    assert parts["image/png"]["Content-ID"] == "<logo>"


def test_a_header_with_a_line_break_fails_where_it_is_sent(outbox: Any, send: Send) -> None:
    with pytest.raises(BadHeaderError):
        send(subject="Hello\nBcc: everybody@example.org")
    assert not outbox.exists()


def test_a_message_names_the_act_that_caused_it(outbox: Any, send: Send) -> None:
    with LogContext() as context:
        send()
    assert outbox.get().cause == context.uuid


def test_mail_of_wagtail_goes_through_the_outbox_one_row_for_each_person(outbox: Any) -> None:
    reviewers = {
        get_user_model().objects.create_user(f"reviewer{number}", f"reviewer{number}@example.org", "x")
        for number in range(2)
    }
    page = Page.get_first_root_node().add_child(instance=Page(title="Draft", live=False))

    send_notification(reviewers, "updated_comments", {"page": page, "editor": None, "new_comments": []})

    assert sorted(content_of(row).to[0] for row in outbox.all()) == [
        "reviewer0@example.org",
        "reviewer1@example.org",
    ]
    assert {row.state for row in outbox.all()} == {MessageState.QUEUED}


def test_a_password_reset_is_private(outbox: Any, rf: Any) -> None:
    get_user_model().objects.create_user("editor", "editor@example.org", "x")
    form = PasswordResetForm({"email": "editor@example.org"})
    assert form.is_valid()
    form.save(
        domain_override="buy.example",
        email_template_name="wagtailadmin/account/password_reset/email.txt",
        subject_template_name="wagtailadmin/account/password_reset/email_subject.txt",
    )
    row = outbox.get()
    assert row.private
    assert "/admin/" in content_of(row).body


def test_an_older_key_still_opens_what_it_encrypted(settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.MICROACQ_MAIL_KEY = [old]
    sealed = encrypt(b"text")
    settings.MICROACQ_MAIL_KEY = f"{new}, {old}"
    assert decrypt(memoryview(sealed)) == b"text"
    settings.MICROACQ_MAIL_KEY = [new]
    with pytest.raises(UnreadableMessageError):
        decrypt(sealed)


@pytest.mark.parametrize("keys", [[], "", None, ["not a key"]])
def test_without_a_good_key_nothing_is_queued(settings: Any, keys: Any, outbox: Any, send: Send) -> None:
    settings.MICROACQ_MAIL_KEY = keys
    with pytest.raises(ImproperlyConfigured):
        send()
    assert not outbox.exists()
