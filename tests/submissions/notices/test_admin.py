"""The list of outgoing mail: what staff see, what nobody sees, and the retry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from wagtail.models import ModelLogEntry

from submissions.notices.delivery import deliver
from submissions.notices.enums import MessageState
from submissions.notices.models import OutgoingMessage
from submissions.notices.permissions import outgoing_message_policy
from submissions.notices.services import NotRetryableError, retry

pytestmark = pytest.mark.django_db

Send = Callable[..., None]
PRIVATE = {"X-Microacq-Kind": "receipt", "X-Microacq-Private": "1", "X-Microacq-File": "MA-2026-0001"}


@pytest.fixture
def staff(client: Client, operator: Any) -> Client:
    client.force_login(operator)
    return client


def address(name: str, *arguments: Any) -> str:
    return reverse(f"outgoing_messages:{name}", args=arguments)


def give_up(row: OutgoingMessage) -> None:
    OutgoingMessage.objects.filter(pk=row.pk).update(
        state=MessageState.ABANDONED,
        attempts=12,
        last_error="ConnectionRefusedError: nobody listens",
        next_attempt_at=Now() + timedelta(days=1),
    )


def test_the_list_shows_state_error_attempts_and_masked_address(
    staff: Client, outbox: Any, send: Send
) -> None:
    send("marie@example.org", subject="Secret subject", body="https://buy.example/link", headers=PRIVATE)
    give_up(outbox.get())
    page = staff.get(address("index")).content.decode()
    for shown in ("Given up", "nobody listens", "12", "m•••@•••.org", "MA-2026-0001", "receipt"):
        assert shown in page
    for hidden in ("marie", "Secret subject", "buy.example"):
        assert hidden not in page


def test_the_list_is_filtered_by_state_kind_and_file(staff: Client, outbox: Any, send: Send) -> None:
    send(headers=PRIVATE)
    send()
    give_up(outbox.get(kind="receipt"))

    def kinds(**filters: str) -> list[str]:
        return [row.kind for row in staff.get(address("index_results"), filters).context["object_list"]]

    assert sorted(kinds()) == ["deadline_moved", "receipt"]
    assert kinds(state="abandoned") == ["receipt"]
    assert kinds(kind="deadline_moved") == ["deadline_moved"]
    assert kinds(file_number="MA-2026") == ["receipt"]


def test_the_number_of_queries_does_not_grow_with_the_messages(staff: Client, send: Send) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(address("index")).status_code == 200
        return len(captured)

    send()
    queries()
    few = queries()
    for _ in range(10):
        send()
    assert queries() == few


def test_a_private_message_is_never_shown_even_to_a_superuser(
    client: Client, outbox: Any, send: Send
) -> None:
    client.force_login(get_user_model().objects.create_superuser("root", "root@example.org", "x"))
    send("marie@example.org", subject="Secret subject", body="https://buy.example/link", headers=PRIVATE)
    page = client.get(address("inspect", outbox.get().pk)).content.decode()
    assert "The text is not shown" in page
    for hidden in ("marie", "Secret subject", "buy.example"):
        assert hidden not in page


def test_a_message_that_is_not_private_shows_its_text(staff: Client, outbox: Any, send: Send) -> None:
    send("marie@example.org", body="The <b>new</b> deadline")
    page = staff.get(address("inspect", outbox.get().pk)).content.decode()
    assert "The &lt;b&gt;new&lt;/b&gt; deadline" in page
    assert "Deadline moved" in page
    assert "marie" not in page


def test_a_text_that_no_key_opens_is_not_shown(staff: Client, outbox: Any, send: Send, settings: Any) -> None:
    send()
    settings.MICROACQ_MAIL_KEY = ["m0Pq0xJ3m4yQ1o2ZK0uQn1W7sQwqgq7Hq8k0m0b8b1E="]
    assert "The text is not shown" in staff.get(address("inspect", outbox.get().pk)).content.decode()


def test_a_message_that_was_given_up_can_be_tried_again(
    staff: Client, outbox: Any, send: Send, operator: Any
) -> None:
    send(headers=PRIVATE)
    row = outbox.get()
    give_up(row)
    assert "Try again now" in staff.get(address("inspect", row.pk)).content.decode()

    response = staff.post(address("retry", row.pk), follow=True)

    assert "The message will be tried again." in response.content.decode()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MessageState.QUEUED, 0)
    entry = ModelLogEntry.objects.get(action="message.retried")
    assert (entry.user, entry.object_id) == (operator, str(row.pk))
    assert entry.data == {"attempts": 12, "state": "abandoned", "kind": "receipt", "number": "MA-2026-0001"}
    assert deliver(row.pk) == "sent"


@pytest.mark.parametrize("state", ["queued", "sent"])
def test_a_message_that_is_on_its_way_or_has_arrived_cannot_be_tried_again(
    staff: Client, outbox: Any, send: Send, state: str
) -> None:
    send()
    row = outbox.get()
    if state == "sent":
        deliver(row.pk)
    assert "Try again now" not in staff.get(address("inspect", row.pk)).content.decode()
    response = staff.post(address("retry", row.pk), follow=True)
    assert "nothing to try again" in response.content.decode()
    assert outbox.get().state == state
    assert not ModelLogEntry.objects.filter(action="message.retried").exists()
    with pytest.raises(NotRetryableError):
        retry(row.pk, user=None)


def test_a_retry_needs_its_permission_and_a_post(
    client: Client, staff: Client, outbox: Any, send: Send, operator: Any
) -> None:
    send()
    row = outbox.get()
    give_up(row)
    assert staff.get(address("retry", row.pk)).status_code == 405
    operator.user_permissions.remove(Permission.objects.get(codename="retry_outgoingmessage"))
    assert "Try again now" not in staff.get(address("inspect", row.pk)).content.decode()
    assert staff.post(address("retry", row.pk)).status_code == 302
    assert outbox.get().state == MessageState.ABANDONED


def test_those_who_may_not_look_see_nothing(client: Client, outbox: Any, send: Send, db: None) -> None:
    visitor = get_user_model().objects.create_user("other", "other@example.org", "x")
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(visitor)
    send()
    for name, arguments in (("index", []), ("index_results", []), ("inspect", [outbox.get().pk])):
        assert client.get(address(name, *arguments)).status_code == 302
    assert address("index") not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_nobody_adds_changes_or_deletes_a_message(db: None) -> None:
    superuser = get_user_model().objects.create_superuser("root", "root@example.org", "x")
    for action in ("add", "change", "delete"):
        assert not outgoing_message_policy.user_has_permission(superuser, action)
        assert not outgoing_message_policy.users_with_any_permission([action]).exists()
    assert outgoing_message_policy.user_has_permission(superuser, "retry")
    assert superuser in outgoing_message_policy.users_with_any_permission(["view"])
    for name in ("add", "edit", "delete", "copy", "usage", "history"):
        with pytest.raises(NoReverseMatch):
            address(name, 1)


def test_both_permissions_can_be_given_to_a_group(db: None, client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("root", "root@example.org", "x"))
    page = client.get(reverse("wagtailusers_groups:add")).content.decode().lower()
    assert "can retry outgoing messages" in page
    for codename in ("view_outgoingmessage", "view_auditentry"):
        assert f'value="{Permission.objects.get(codename=codename).pk}"' in page
