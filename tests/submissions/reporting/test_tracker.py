"""The tracker: where each file is, what comes next and whose it is, what is overdue."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail import hooks
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from microacq_pages.waiting import waiting_for
from submissions.notices.models import OutgoingMessage
from submissions.reporting import phases, reminders
from submissions.reporting.next_acts import track
from submissions.reporting.tracker import overdue, tracked
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.next_acts import NextAct, groups_with
from submissions.solicitations.services import database_clock
from tests.factories.people import prefer
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db
URL = "/admin/reports/tracker/"


def make_file(
    state: str = State.POSTED, *, deadline_days: int = 20, since_days: int | None = None, **fields: Any
) -> Any:
    """A file in a state, brought there without its stages: nothing but its row and one log entry."""
    now = database_clock()
    count = Solicitation.objects.count() + 1
    deadline = now + timedelta(days=deadline_days)
    file = Solicitation.objects.create(
        number=f"MA-2026-{count:04d}",
        year=2026,
        sequence=count,
        translation_key=uuid4(),
        state=state,
        state_reason="Because.",
        state_reason_fr="Parce que.",
        title_en=fields.pop("title", f"Opportunity {count}"),
        title_fr=f"Opportunité {count}",
        price=Decimal("6500"),
        licence="MIT",
        repository="https://example.org/repository",
        deadline=deadline,
        selection_date=fields.pop("selection_date", (deadline + timedelta(days=400)).date()),
        delivery_date=(deadline + timedelta(days=430)).date(),
        posted_at=deadline - timedelta(days=30),
    )
    if since_days is not None:
        _moved([file], now - timedelta(days=since_days))
    return file


def _moved(files: list[Any], moment: datetime) -> None:
    kind = ContentType.objects.get_for_model(Solicitation)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(file.pk),
            label=file.number,
            action="file.opened",
            timestamp=moment,
            data={"number": file.number},
        )
        for file in files
    )


def rows(**wanted: Any) -> dict[str, Any]:
    files = list(tracked(Solicitation.objects.filter(**wanted)))
    return {row.file.number: row for row in track(files)}


def test_an_open_file_waits_for_the_clock() -> None:
    file = make_file()
    row = rows()[file.number]
    assert str(row.phase.label) == "Takes applications"
    assert row.since == file.posted_at
    assert (row.act.label, row.act.who) == ("Wait for the deadline to apply", "The clock")
    assert row.due is None


def test_a_closed_file_is_to_be_opened_by_whoever_may() -> None:
    file = make_file(deadline_days=-10)
    row = rows()[file.number]
    assert row.since == file.deadline
    assert (row.act.label, row.act.who) == ("Open the applications", "IT Strategy")
    assert row.due == phases.due_after(file.deadline, 1)
    assert row.is_overdue


def test_a_file_is_where_it_is_since_its_last_move() -> None:
    file = make_file(State.OPENED, deadline_days=-9, since_days=2)
    row = rows()[file.number]
    assert row.since == database_clock() - timedelta(days=2)
    assert not row.is_overdue


def test_the_day_that_the_public_was_told_makes_it_overdue_too() -> None:
    told = database_clock().date() - timedelta(days=2)
    file = make_file(State.OPENED, deadline_days=-9, since_days=0, selection_date=told)
    assert rows()[file.number].is_overdue


@pytest.mark.parametrize("state", [State.AWARDED, State.CANCELLED, State.NO_PROPOSALS, State.NONE_SUITABLE])
def test_a_file_that_ended_waits_for_nobody(state: State) -> None:
    file = make_file(state, deadline_days=-300, since_days=200)
    row = rows()[file.number]
    assert (row.act, row.due, row.is_overdue) == (None, None, False)


def test_every_state_has_its_phases() -> None:
    assert {phase.state for phase in phases.PHASES.values()} == set(State)


def test_a_stage_says_more_exactly_what_comes_next() -> None:
    file, other = make_file(State.OPENED, deadline_days=-2), make_file(deadline_days=-2)
    with hooks.register_temporarily(
        "file_next_acts", lambda files: {file.pk: NextAct("Judge criterion 2", "Ariane")}
    ):
        found = rows()
    assert found[file.number].act.label == "Judge criterion 2"
    assert found[other.number].act.label == "Open the applications"


def test_nobody_is_written_to_about_what_only_a_supplier_or_the_clock_can_do(cfob: Any) -> None:
    file = make_file(State.SELECTED, deadline_days=-60, since_days=40)
    act = NextAct("Wait for the supplier’s answer", "The supplier", is_listed=True)
    with hooks.register_temporarily("file_next_acts", lambda files: {file.pk: act}, order=1000):
        assert reminders.write() == 0


def test_what_begins_later_is_never_due_earlier() -> None:
    friday = datetime(2026, 9, 26, 3, 59, 59, tzinfo=UTC)  # just before midnight, Eastern time
    moments = [friday + timedelta(hours=hours) for hours in range(0, 80, 4)]
    assert [phases.due_after(each, 6) for each in moments] == sorted(
        phases.due_after(each, 6) for each in moments
    )


@given(
    st.integers(1, 10),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.integers(-40 * 86400, 0),
)
def test_what_the_query_calls_overdue_is_what_the_due_time_says(target: int, now: datetime, ago: int) -> None:
    start = now + timedelta(seconds=ago)
    is_late = phases.due_after(start, target) < now
    turned_round = start <= phases.last_start_overdue(target, now)
    # At the very boundary the two may differ by the microsecond that the search stops at.
    assert is_late == turned_round or abs(phases.due_after(start, target) - now) <= timedelta(seconds=1)


def test_the_filter_finds_the_files_that_are_marked() -> None:
    for days in range(12):
        make_file(deadline_days=-days)
        make_file(State.OPENED, deadline_days=-20, since_days=days)
        make_file(State.AWARDED, deadline_days=-20, since_days=days)
    marked = {number for number, row in rows().items() if row.is_overdue}
    found = tracked(Solicitation.objects.all()).filter(overdue(database_clock()))
    assert marked == set(found.values_list("number", flat=True))
    assert 0 < len(marked) < 36


def numbers(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 200
    return [row.file.number for row in answer.context["object_list"]]


def test_staff_narrow_it_down(client: Client, it_strategy: Any) -> None:
    taking, closed = make_file(), make_file(deadline_days=-9)
    opened, ended = (
        make_file(State.OPENED, deadline_days=-2, since_days=0),
        make_file(State.CANCELLED, deadline_days=-9),
    )
    client.force_login(it_strategy)
    assert set(numbers(client)) == {file.number for file in (taking, closed, opened, ended)}
    assert numbers(client, "late=yes") == [closed.number]
    assert numbers(client, "phase=taking") == [taking.number]
    assert numbers(client, "ended=yes") == [ended.number]
    assert ended.number not in numbers(client, "ended=no")
    assert closed.number in numbers(client, "mine=yes")
    assert closed.number in numbers(client, "group=IT+Strategy")
    assert numbers(client, f"words={opened.title_en.replace(' ', '+')}") == [opened.number]
    assert client.get(f"{URL}?words=%00").status_code == 400
    assert numbers(client, "words=%F0%9F%8E%B2") == []
    assert numbers(client, "ordering=-since")


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["Overdue", "Next act"]), ("fr", ["En retard", "Prochaine étape"])]
)
def test_it_is_read_in_each_language(
    client: Client, it_strategy: Any, language: str, words: list[str]
) -> None:
    make_file(deadline_days=-9)
    prefer(it_strategy, language)
    client.force_login(it_strategy)
    text = client.get(URL).content.decode()
    for word in words:
        assert word in text


def test_a_client_sees_own_files_only(client: Client, author: Any) -> None:
    mine, _other = make_file(), make_file()
    Solicitation.objects.filter(pk=mine.pk).update(client=author)
    client.force_login(author)
    assert numbers(client) == [mine.number]


def test_a_translator_is_refused(client: Client, translator: Any) -> None:
    client.force_login(translator)
    assert client.get(URL).status_code in (302, 403)


def test_the_export_has_a_line_for_each_file(client: Client, it_strategy: Any) -> None:
    make_file(deadline_days=-9)
    evil = make_file(title="=1+1")
    client.force_login(it_strategy)
    text = b"".join(client.get(f"{URL}?export=csv").streaming_content).decode("utf-8-sig")
    lines = {line["Number"]: line for line in csv.DictReader(io.StringIO(text))}
    assert lines["MA-2026-0001"]["Overdue"] == "Yes"
    assert lines["MA-2026-0001"]["Next act"] == "Open the applications"
    assert lines[evil.number]["Title"] == "'=1+1"
    assert client.get(f"{URL}?export=xlsx").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_files(
    client: Client, it_strategy: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(it_strategy)
    client.get(URL)
    make_file(State.OPENED, deadline_days=-99, since_days=50)
    with django_assert_max_num_queries(30) as few:
        client.get(f"{URL}?late=yes&ordering=-since")
    _make_many(10_000)
    with django_assert_max_num_queries(len(few)):
        started = time.monotonic()
        client.get(f"{URL}?late=yes&ordering=-since")
        assert time.monotonic() - started < 30  # a busy machine is many times slower
    with django_assert_max_num_queries(len(few)):
        assert len(numbers(client)) == 50


def _make_many(count: int) -> None:
    """Rows by the thousand, without the records that would be chained one by one."""
    kind = ContentType.objects.get_for_model(Solicitation)
    with guards_down("wagtailcore_modellogentry"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO submissions_solicitation (number, year, sequence, translation_key, state, state_reason,"
            " state_reason_fr, title_en, title_fr, price, licence, repository, deadline, selection_date,"
            " delivery_date, posted_at)"
            " SELECT 'MB-' || n, 2025, n, gen_random_uuid(), 'opened', '', '', 'Many', 'Beaucoup', 1, 'MIT',"
            " 'https://example.org/', now() - interval '40 days', now()::date + (n %% 40) - 20,"
            " now()::date + 90, now() - interval '60 days' FROM generate_series(1, %s) n",
            [count],
        )
        cursor.execute(
            "INSERT INTO wagtailcore_modellogentry"
            " (content_type_id, object_id, label, action, timestamp, data, content_changed, deleted)"
            " SELECT %s, id::text, number, 'file.opened', now() - interval '1 day', '{}', false, false"
            " FROM submissions_solicitation WHERE year = 2025",
            [kind.pk],
        )
        cursor.execute("ANALYZE submissions_solicitation; ANALYZE wagtailcore_modellogentry")


# --- reminders -----------------------------------------------------------------------------------


def test_what_is_overdue_waits_for_those_who_may_do_it(it_strategy: Any, cfob: Any) -> None:
    file = make_file(deadline_days=-9)
    make_file()
    (item,) = [item for item in waiting_for(it_strategy) if item.kind == "overdue"]
    assert item.title == file.number
    assert item.label == "Overdue: Open the applications"
    assert item.is_late
    assert not [item for item in waiting_for(cfob) if item.kind == "overdue"]


def test_what_a_stage_lists_itself_is_not_listed_twice(it_strategy: Any) -> None:
    file = make_file(deadline_days=-9)
    act = NextAct("Open it", "IT Strategy", is_listed=True)
    with hooks.register_temporarily("file_next_acts", lambda files: {file.pk: act}):
        assert not [item for item in waiting_for(it_strategy) if item.kind == "overdue"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Overdue: MA-2026-0001"), ("fr", "En retard\N{NO-BREAK SPACE}: MA-2026-0001")],
)
def test_one_letter_for_each_step_that_is_overdue(it_strategy: Any, language: str, words: str) -> None:
    make_file(deadline_days=-9)
    prefer(it_strategy, language)
    assert reminders.write() == 1
    assert reminders.write() == 0
    message = OutgoingMessage.objects.get(kind="act_overdue")
    assert words.replace("\N{NO-BREAK SPACE}", " ") in message.subject.replace("\N{NO-BREAK SPACE}", " ")


def test_nobody_is_reminded_of_what_is_not_overdue(it_strategy: Any) -> None:
    make_file()
    make_file(State.OPENED, deadline_days=-2, since_days=0)
    make_file(State.CANCELLED, deadline_days=-90)
    assert reminders.write() == 0


def test_asking_what_is_overdue_takes_few_queries(
    it_strategy: Any, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _number in range(5):
        make_file(deadline_days=-9)
    user = type(it_strategy).objects.get(pk=it_strategy.pk)
    user.get_all_permissions()
    with django_assert_max_num_queries(3):
        assert len(list(reminders.work_of(user))) == 5


def test_the_address_has_a_name() -> None:
    assert reverse("microacq_tracker") == URL
    assert roles.IT_STRATEGY in groups_with("submissions.open_solicitation")
