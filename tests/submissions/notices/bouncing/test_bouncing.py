"""Mail that comes back: what counts, whose address is set aside, and how it is written to again."""

from __future__ import annotations

import smtplib
import ssl
import subprocess
import sys
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from submissions.notices.bouncing import mailboxes, reports, rules, services
from submissions.notices.bouncing.models import Bounce
from submissions.notices.bouncing.rules import Verdict, verdict
from submissions.notices.delivery import deliver, deliver_due
from submissions.notices.following import subscribers
from submissions.notices.following.models import Subscriber
from submissions.notices.models import OutgoingMessage
from submissions.notices.services import send_notice
from tests.factories import mailing

ADDRESS = "camille@example.org"


def letter(address: str = ADDRESS, key: str = "k") -> OutgoingMessage:
    send_notice("list_link", address, key=key, language="en", context={"link": "l", "contact_email": "c"})
    return OutgoingMessage.objects.get(idempotency_key=key)


def report(
    message_id: str, status: str = "5.1.1", action: str = "failed", kind: str = "message/rfc822"
) -> bytes:
    """A delivery status notification as Postfix sends it."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: bounces@example.ca
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Tue, 10 Mar 2026 10:00:00 -0500

Final-Recipient: rfc822; somebody-else@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: {kind}

Message-ID: {message_id}
Subject: Your link

--b--
""".encode()


# --- what a status means ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("5.1.1", Verdict.PERMANENT),
        ("5.1.10", Verdict.PERMANENT),
        ("5.0.0", Verdict.PERMANENT),
        ("5.2.1", Verdict.PERMANENT),
        ("5.2.2", Verdict.TEMPORARY),
        ("5.7.1", Verdict.TEMPORARY),
        ("4.4.7", Verdict.TEMPORARY),
        ("550", Verdict.PERMANENT),
        ("552", Verdict.TEMPORARY),
        ("450", Verdict.TEMPORARY),
        ("2.1.5", Verdict.NOTHING),
        ("250", Verdict.NOTHING),
        ("", Verdict.NOTHING),
        ("٥.1.1", Verdict.NOTHING),
    ],
)
def test_only_a_mailbox_that_is_not_there_is_permanent(status: str, expected: Verdict) -> None:
    assert verdict(status) is expected


@given(st.text(max_size=12))
def test_no_text_breaks_the_rule(status: str) -> None:
    assert verdict(status) in Verdict


@given(st.binary(max_size=400))
def test_no_message_breaks_the_reading(raw: bytes) -> None:
    start = b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    assert reports.read(raw) is None
    assert reports.read(start + raw) is None


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_names_the_message_and_the_reason(kind: str) -> None:
    assert reports.read(report("<a@b>", kind=kind)) == reports.Returned("<a@b>", "5.1.1")


@pytest.mark.parametrize(
    "raw",
    [
        report("<a@b>", action="delayed"),
        report("<a@b>", action="delivered"),
        report(""),
        b"Subject: Out of office\n\nBack on Monday.",
        b"",
    ],
)
def test_what_is_no_failure_of_a_message_that_is_named_is_nothing(raw: bytes) -> None:
    assert reports.read(raw) is None


# --- setting aside -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_permanent_return_sets_an_address_aside_and_the_audit_names_nobody() -> None:
    mailing.subscribe(ADDRESS)
    message = letter()
    deliver(message.pk)
    assert services.take(report(message.message_id))
    subscriber = Subscriber.objects.get()
    assert subscriber.set_aside_status == "5.1.1"
    act = ModelLogEntry.objects.get(action="subscriber.set_aside")
    assert "camille" not in f"{act.label}{act.data}"
    message.refresh_from_db()
    assert message.last_error == "Returned: 5.1.1"


@pytest.mark.django_db
def test_a_refusal_of_the_recipient_at_delivery_sets_aside_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"5.1.1 <camille@example.org>: no such user")})

    mailing.subscribe(ADDRESS)
    message = letter()
    monkeypatch.setattr("submissions.notices.delivery._send", refuse)
    assert deliver(message.pk) == "abandoned"
    assert Subscriber.objects.get().set_aside_status == "5.1.1"


@pytest.mark.django_db
def test_a_full_mailbox_sets_aside_only_when_it_happens_again_and_again() -> None:
    mailing.subscribe(ADDRESS)
    for number in range(rules.TEMPORARY_LIMIT):
        assert Subscriber.objects.get().set_aside_at is None
        message = letter(key=str(number))
        for _again in range(3):
            services.take(report(message.message_id, status="5.2.2"))
    assert Bounce.objects.count() == rules.TEMPORARY_LIMIT, "the same message counts once"
    assert Subscriber.objects.get().set_aside_status == "5.2.2"


@pytest.mark.django_db
def test_what_happened_long_ago_no_longer_counts() -> None:
    mailing.subscribe(ADDRESS)
    for number in range(rules.TEMPORARY_LIMIT):
        services.take(report(letter(key=str(number)).message_id, status="4.2.2"))
        Bounce.objects.update(at=timezone.now() - rules.WITHIN - timedelta(minutes=1))
    assert Subscriber.objects.get().set_aside_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("message_id", ["<invented@example.ca>", "<\x00@x>", "x" * 5000])
def test_a_report_about_a_message_that_was_never_sent_does_nothing(message_id: str) -> None:
    mailing.subscribe(ADDRESS)
    letter()
    assert not services.take(report(message_id))
    assert Subscriber.objects.get().set_aside_at is None


@pytest.mark.django_db
def test_returned_mail_to_somebody_who_subscribed_to_nothing_is_seen_in_the_list_of_mail() -> None:
    message = letter("applicant@example.org")
    deliver(message.pk)
    assert services.take(report(message.message_id))
    message.refresh_from_db()
    assert message.last_error == "Returned: 5.1.1"
    assert not Bounce.objects.exists()


# --- writing again -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_owner_is_written_to_again_after_saving_the_choices(client: Client) -> None:
    person = mailing.subscribe(ADDRESS).subscriber
    old = letter()
    services.take(report(old.message_id))
    own = reverse("follow:mine", args=[person.token])
    assert "came back" in client.get(own).content.decode()
    client.post(own, {"rhythm": "daily", "language": "en", "act": "save"})
    assert "came back" not in client.get(own).content.decode()
    services.take(report(old.message_id))
    assert Subscriber.objects.get().set_aside_at is None, "what was sent before says nothing any more"
    assert services.take(report(letter(key="new").message_id))
    assert Subscriber.objects.get().set_aside_at is not None


@pytest.mark.django_db
def test_an_address_that_was_set_aside_long_ago_goes() -> None:
    person = mailing.subscribe(ADDRESS).subscriber
    subscribers.set_aside(person, "5.1.1")
    assert services.forget() == 0
    Subscriber.objects.update(set_aside_at=timezone.now() - services.KEPT_ASIDE)
    assert services.forget() == 1


# --- where it comes from ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_mail_leaves_with_the_address_to_which_it_comes_back(settings: Any) -> None:
    settings.MICROACQ_BOUNCE_ADDRESS = "bounces@example.ca"
    letter()
    assert deliver_due() == {"sent": 1}
    (sent,) = mail.outbox
    assert sent.from_email == "bounces@example.ca"
    assert sent.message()["From"] == settings.DEFAULT_FROM_EMAIL


def command(monkeypatch: pytest.MonkeyPatch, raw: bytes = b"", **options: Any) -> str:
    said = StringIO()
    monkeypatch.setattr("sys.stdin", type("Input", (), {"buffer": BytesIO(raw)}))
    call_command("take_bounces", stdout=said, **options)
    return said.getvalue()


@pytest.mark.django_db
def test_the_command_reads_one_message_from_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    mailing.subscribe(ADDRESS)
    assert command(monkeypatch, report(letter().message_id)).startswith("1 ")
    assert Subscriber.objects.get().set_aside_at is not None
    assert command(monkeypatch, b"Subject: hello\n\n").startswith("0 ")


@pytest.mark.django_db
def test_without_a_database_the_mail_server_is_asked_to_keep_the_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(raw: bytes) -> bool:
        raise OperationalError

    monkeypatch.setattr(services, "take", fail)
    with pytest.raises(CommandError) as caught:
        command(monkeypatch)
    assert caught.value.returncode == 75


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.mark.django_db
def test_a_maildir_is_emptied_of_reports_and_keeps_what_people_wrote(
    monkeypatch: pytest.MonkeyPatch, settings: Any, maildir: Path
) -> None:
    mailing.subscribe(ADDRESS)
    (maildir / "new" / "1.x").write_bytes(report(letter().message_id))
    (maildir / "new" / "2.x").write_bytes(b"Subject: Thank you\n\nfor writing")
    assert command(monkeypatch, maildir=maildir).startswith("1 ")
    assert Subscriber.objects.get().set_aside_at is not None
    assert [path.name.split(":")[0] for path in (maildir / "cur").iterdir()] == ["2.x"]
    assert not list((maildir / "new").iterdir())

    (maildir / "new" / "3.x").write_bytes(report(letter(key="2").message_id))
    settings.MICROACQ_BOUNCES = f"maildir:{maildir}"
    assert mailboxes.fetch_when_due() == 1
    assert mailboxes.fetch_when_due() == 0
    assert command(monkeypatch, mailbox=True).startswith("0 ")


DEEP = b"".join(
    b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(3000)
)


@pytest.mark.django_db
def test_a_message_that_cannot_be_read_keeps_no_other_from_being_read(
    monkeypatch: pytest.MonkeyPatch, maildir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def take(raw: bytes) -> bool:
        if b"fault" in raw:
            raise ValueError("a fault of ours")
        return services.take(raw)

    monkeypatch.setattr(mailboxes, "take", take)
    mailing.subscribe(ADDRESS)
    (maildir / "new" / "1.deep").write_bytes(DEEP)
    (maildir / "new" / "2.fault").write_bytes(b"Subject: fault\n\n")
    (maildir / "new" / "3.x").write_bytes(report(letter().message_id))
    assert mailboxes.fetch_maildir(maildir) == 1
    assert Subscriber.objects.get().set_aside_at is not None
    assert sorted(path.name for path in (maildir / "cur").iterdir()) == ["1.deep:2,S", "2.fault:2,S"]
    assert "could not be taken in" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "status", ["\x00", "5.1.1\x00", "5.1.1 <somebody@example.org> is unknown", "x" * 9000]
)
def test_of_a_report_nothing_is_kept_but_a_code(status: str) -> None:
    mailing.subscribe(ADDRESS)
    message = letter()
    deliver(message.pk)
    assert services.take(report(message.message_id, status))
    message.refresh_from_db()
    assert message.last_error in {"Returned: 5.1.1", "Returned: "}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["pop3://x", "imaps:", "maildir:/nowhere"])
def test_a_mailbox_that_is_none_is_said(address: str, settings: Any) -> None:
    with pytest.raises(Exception, match=r"MICROACQ_BOUNCES|Maildir"):
        mailboxes.fetch(address)


class FakeImap:
    """The few commands of IMAP that are used, over the messages of a list."""

    messages: list[bytes]
    flags: dict[bytes, str]

    def __init__(self, host: str, port: int, *, ssl_context: ssl.SSLContext, timeout: int) -> None:
        assert (host, port) == ("mail.example.ca", 993)
        assert ssl_context.check_hostname and ssl_context.verify_mode == ssl.CERT_REQUIRED

    def __enter__(self) -> FakeImap:
        return self

    def __exit__(self, *args: object) -> None:
        return None

    def login(self, user: str, password: str) -> None:
        assert (user, password) == ("bounces@example.ca", "p/w")

    def select(self, folder: str) -> tuple[str, list[bytes]]:
        assert folder == '"INBOX"'
        return "OK", []

    def uid(self, name: str, *arguments: str) -> tuple[str, list[Any]]:
        if name == "SEARCH":
            return "OK", [b" ".join(str(number).encode() for number in range(len(self.messages)))]
        if name == "FETCH":
            return "OK", [(b"1 (BODY[]<0> {5}", self.messages[int(arguments[0])]), b")"]
        self.flags[arguments[0].encode()] = arguments[2]
        return "OK", []

    def expunge(self) -> None:
        return None


@pytest.mark.django_db
def test_an_imap_mailbox_loses_reports_and_keeps_what_people_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    mailing.subscribe(ADDRESS)
    FakeImap.messages = [report(letter().message_id), b"Subject: Thank you\n\n"]
    FakeImap.flags = {}
    monkeypatch.setattr("imaplib.IMAP4_SSL", FakeImap)
    assert mailboxes.fetch("imaps://bounces%40example.ca:p%2Fw@mail.example.ca") == 1
    assert FakeImap.flags == {b"0": r"(\Seen \Deleted)", b"1": r"(\Seen)"}
    assert Subscriber.objects.get().set_aside_at is not None


def test_the_command_says_what_it_is_for() -> None:
    done = subprocess.run(
        [sys.executable, "site/manage.py", "take_bounces", "--help"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert "RFC 3464" in done.stdout
