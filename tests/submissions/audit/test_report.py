"""The audit report: complete, filterable, exportable, cheap, and for those only who may read it."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry
from wagtail.models import Page

from microacq_pages.exports import as_it_was, disarm_formula
from submissions.audit.actions import REFUSALS
from submissions.audit.models import AuditEntry
from submissions.audit.services import record
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db

Chain = Callable[[], list[AuditEntry]]
ADDRESS = "submissions_audit"


@pytest.fixture
def reader(client: Client, auditor: Any) -> Client:
    client.force_login(auditor)
    return client


def rows(response: Any) -> list[Any]:
    return list(response.context["object_list"])


def show(reader: Client, **filters: Any) -> list[str]:
    return [row.action for row in rows(reader.get(reverse(ADDRESS), filters))]


def test_those_who_may_not_read_it_get_neither_report_nor_menu_item(client: Client, person: Any) -> None:
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(person)
    for name in (ADDRESS, f"{ADDRESS}_results"):
        assert client.get(reverse(name)).status_code == 302
    assert reverse(ADDRESS) not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_an_auditor_finds_it_in_the_menu(reader: Client) -> None:
    assert "reports/audit/" in reader.get(reverse("wagtailadmin_home")).content.decode()


def test_a_row_says_who_did_what_to_what_with_number_and_hash(
    reader: Client, person: Any, chained: Chain
) -> None:
    record(person, "file.opened", user=person, data={"number": "MA-2026-0007", "count": 4})
    entry = chained()[-1]
    response = reader.get(reverse(ADDRESS))
    (row,) = [row for row in rows(response) if row.sequence == entry.sequence]
    assert (row.actor, row.act, row.file_number) == (
        "Ariane",
        "Opened the applications to MA-2026-0007: 4",
        "MA-2026-0007",
    )
    page = response.content.decode()
    for part in (str(entry.sequence), entry.hash[:12], "Ariane", "Opened the applications", "MA-2026-0007"):
        assert part in page


def test_no_filter_is_shown_as_set_until_one_is(reader: Client) -> None:
    address = reverse(ADDRESS)
    assert list(reader.get(address, {"object": "MA-1"}).context["active_filters"])[1:] == []
    (chosen,) = reader.get(address, {"refusals": "only"}).context["active_filters"]
    assert (str(chosen.field_label), str(chosen.value)) == ("Outcome", "Refusals only")


def test_every_act_that_says_it_was_refused_is_among_the_refusals() -> None:
    named = {name for name, _label in log_registry.get_choices() if name.endswith("refused")}
    # What one side does not agree to is a decision that was carried out.
    decisions = {"microacq.splitting_refused", "contract.extension_refused", "contract.end_refused"}
    assert named - set(REFUSALS) == decisions


def test_it_reads_in_french(reader: Client, person: Any, chained: Chain) -> None:
    record(person, "file.opened", user=person, data={"number": "MA-2026-0007", "count": 4})
    chained()
    with translation.override("fr"):
        assert reader.get(reverse(ADDRESS), headers={"accept-language": "fr"}).status_code == 200


def test_acts_are_filtered_by_act_person_object_kind_time_and_refusal(
    reader: Client, person: Any, auditor: Any, chained: Chain
) -> None:
    page = Page.get_first_root_node()
    log(instance=page, action="wagtail.edit", user=auditor)
    record(person, "file.posted", user=person, data={"number": "MA-2026-0007"})
    record(person, "proposal.read_refused", user=auditor, data={"number": "MA-2026-0008"})
    chained()

    assert show(reader)[:3] == ["proposal.read_refused", "file.posted", "wagtail.edit"]
    assert show(reader, action="file.posted") == ["file.posted"]
    assert show(reader, actor=auditor.pk) == ["proposal.read_refused", "wagtail.edit"]
    assert show(reader, object="ma-2026-0007") == ["file.posted"]
    assert show(reader, object="ARIANE") == ["proposal.read_refused", "file.posted"]
    assert show(reader, object=str(person.pk))[:2] == ["proposal.read_refused", "file.posted"]
    assert show(reader, kind=ContentType.objects.get_for_model(page).pk)[:1] == ["wagtail.edit"]
    assert show(reader, refusals="only") == ["proposal.read_refused"]
    today = timezone.localdate()
    assert len(show(reader, happened_at_from=today.isoformat())) >= 3
    assert show(reader, happened_at_to=(today - timezone.timedelta(days=1)).isoformat()) == []


def test_the_results_alone_can_be_asked_for(reader: Client, person: Any, chained: Chain) -> None:
    record(person, "file.posted", data={"number": "MA-2026-0007"})
    chained()
    response = reader.get(reverse(f"{ADDRESS}_results"), {"action": "file.posted"})
    assert "Posted as MA-2026-0007" in response.content.decode()
    assert "verdict" not in response.context


def test_the_number_of_queries_does_not_grow_with_the_rows(
    reader: Client, person: Any, chained: Chain
) -> None:
    def act(times: int) -> None:
        for number in range(times):
            user = get_user_model().objects.create_user(
                f"user{timezone.now().timestamp()}{number}", password="x"
            )
            page = Page.get_first_root_node().add_child(instance=Page(title=f"P{number}", live=False))
            log(instance=page, action="wagtail.edit", user=user)
            log(
                instance=page,
                action="wagtail.comments.create",
                user=user,
                data={"comment": {"contentpath": "title", "text": "?"}},
            )
            record(user, "file.posted", user=user, data={"number": "MA-2026-0007"})
        chained()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert reader.get(reverse(ADDRESS)).status_code == 200
        return len(captured)

    act(2)
    queries()
    few = queries()
    act(10)
    assert queries() == few


def test_acts_on_things_that_are_gone_and_by_people_who_are_gone_are_still_shown(
    reader: Client, person: Any, chained: Chain
) -> None:
    page = Page.get_first_root_node().add_child(instance=Page(title="Short-lived", live=False))
    log(
        instance=page,
        action="wagtail.comments.create",
        user=person,
        data={"comment": {"contentpath": "title", "text": "?"}},
    )
    key = person.pk
    page.delete()
    person.delete()
    chained()
    row = next(row for row in rows(reader.get(reverse(ADDRESS))) if row.action == "wagtail.comments.create")
    assert row.label == "Short-lived"
    assert row.act == "Add comment"
    assert str(key) in row.actor


def test_the_banner_confirms_the_end_of_the_chain(reader: Client, person: Any, chained: Chain) -> None:
    record(person, "roles.applied")
    last = chained()[-1]
    page = reader.get(reverse(ADDRESS)).content.decode()
    assert f"{last.sequence}:{last.hash}" in page
    assert "The audit is broken" not in page


def test_the_banner_warns_of_a_broken_chain(reader: Client, person: Any, chained: Chain) -> None:
    record(person, "roles.applied")
    last = chained()[-1]
    with guards_down("submissions_auditentry"):
        AuditEntry.objects.filter(pk=last.pk).update(hash="f" * 64)
    page = reader.get(reverse(ADDRESS)).content.decode()
    assert "The audit is broken" in page
    assert f"Entry {last.sequence}: Its hash was changed." in page


def test_it_is_exported_whole_with_formulas_disarmed(reader: Client, person: Any, chained: Chain) -> None:
    page = Page.get_first_root_node().add_child(instance=Page(title="=HYPERLINK(1)", live=False))
    log(instance=page, action="wagtail.edit", user=person)
    for _ in range(60):
        record(person, "roles.applied", user=person)
    total = len(chained())

    exported = reader.get(reverse(ADDRESS), {"export": "csv"})
    lines = list(csv.DictReader(io.StringIO(b"".join(exported.streaming_content).decode())))
    assert len(lines) == total
    assert {line["Object"] for line in lines} >= {"'=HYPERLINK(1)"}
    assert all(len(line["Hash"]) == 64 for line in lines)

    workbook = openpyxl.load_workbook(
        io.BytesIO(b"".join(reader.get(reverse(ADDRESS), {"export": "xlsx"}).streaming_content))
    )
    assert workbook.active.max_row == total + 1


def test_whoever_holds_the_export_can_compute_every_hash_again(
    reader: Client, person: Any, chained: Chain
) -> None:
    for _ in range(3):
        record(person, "roles.applied", user=person)
    chained()

    exported = reader.get(reverse(ADDRESS), {"export": "csv"})
    lines = list(csv.DictReader(io.StringIO(b"".join(exported.streaming_content).decode())))

    for line in lines:
        parts = (
            "Hash of the entry before",
            "Number",
            "Chained at (UTC)",
            "Log table",
            "Log row",
            "Log row as recorded",
        )
        text = "\n".join(line[part] for part in parts)
        assert hashlib.sha256(text.encode()).hexdigest() == line["Hash"]


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\ta", "＝1", "＋1", "－1", "＠a", "﹦1", "\ufeff=1", " \u200b=1"]
)
def test_a_formula_is_disarmed(text: str) -> None:
    assert disarm_formula(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("A word;=1+1;", "A word;'=1+1;"),
        ("A word\n＠SUM(1)", "A word\n'＠SUM(1)"),
        ('A word"; -1', "A word\"; '-1"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_nor_does_one_begin_where_another_program_cuts_a_line(text: str, safe: str) -> None:
    """A French Excel cuts at semicolons, and takes the end of a line within a text for that of a row."""
    assert disarm_formula(text) == safe
    assert as_it_was(safe) == text


@given(st.text(alphabet="=+-@＝;\t\n '\"ab\u200b", max_size=12))
def test_no_cell_begins_with_a_formula_and_what_is_read_back_is_as_it_was(text: str) -> None:
    safe = disarm_formula(text)
    for cell in re.split(r"[;\t\r\n]", safe):
        assert not re.match('["\\s\u200b]*[=+\\-@＝]', cell)
    assert as_it_was(safe) == text


def test_an_ordinary_text_is_exported_as_it_is() -> None:
    assert disarm_formula("MA-2026-0001") == "MA-2026-0001"
