"""What plain SQL cannot do to a file: one language alone, another deadline for the public, more than an outage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from microacq_pages import roles
from microacq_pages.models import PublicStatus
from microacq_pages.reviewing import standins
from submissions.notices.models import NoticeWording
from submissions.solicitations.models import PostedItem, Posting, Solicitation
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused() -> Any:
    """The database refuses it, at once or at the end of the transaction."""

    class Refused:
        def __enter__(self) -> None:
            self.inner = transaction.atomic()
            self.inner.__enter__()

        def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
            if kind is None:
                try:
                    connection.check_constraints()
                except DatabaseError as late:
                    kind, error, trace = type(late), late, late.__traceback__
            self.inner.__exit__(kind, error, trace)
            assert kind is not None, "the database let it pass"
            return bool(issubclass(kind, DatabaseError))

    return Refused()


def statuses(file: Solicitation) -> Any:
    return PublicStatus.objects.filter(translation_key=file.translation_key)


def test_the_public_reads_no_other_deadline_than_the_file_has(posted: Solicitation, refused: Any) -> None:
    for move in (-timedelta(days=1), timedelta(days=1)):
        with refused:
            statuses(posted).update(deadline=posted.deadline + move)
    with refused:
        statuses(posted).update(number="MA-2026-9999")


def test_nothing_is_posted_in_one_language(posted: Solicitation, refused: Any) -> None:
    item = posted.current_posting.items.all()[0]
    for name in ("text_en", "text_fr"):
        with refused:
            values = {"text_en": "One", "text_fr": "Un", name: " \n"}
            PostedItem.objects.create(
                posting=item.posting, kind="terms", identity=posted.translation_key, position=9, **values
            )


def test_nothing_is_cancelled_with_a_reason_in_one_language(posted: Solicitation, refused: Any) -> None:
    for reasons in ({"state_reason": "No need.", "state_reason_fr": " "}, {"state_reason": "\t"}):
        with refused:
            Solicitation.objects.filter(pk=posted.pk).update(state="cancelled", **reasons)


def test_no_mail_text_is_in_force_in_one_language(db: None, refused: Any) -> None:
    for values in ({"body_fr": "  "}, {"body_en": "\n"}, {"subject_en": "S", "subject_fr": " "}):
        with refused:
            NoticeWording.objects.create(
                **{"kind": "k", "place": "after", "body_en": "A", "body_fr": "B", **values}
            )


def said(posting: Posting) -> Iterator[dict[str, Any]]:
    """The text of a posting with one thing changed that an outage does not change."""
    whole = json.dumps(posting.text)
    for change in ("price", "licence", "title", "criterion", "no criteria"):
        text = json.loads(whole)
        if change in ("price", "licence"):
            text["facts"][change] = "1"
        elif change == "title":
            text["fr"]["title"] = "Autre"
        elif change == "criterion":
            text["items"][0]["text_fr"] = "Autre"
        else:
            text["items"] = []
        yield text


def test_an_outage_carries_no_change_but_of_dates(posted: Solicitation, refused: Any) -> None:
    before = posted.current_posting
    details = {"kind": "outage", "summary_en": "E", "summary_fr": "F", "digest": "d" * 64, "amendment": 1}
    for text in said(before):
        with refused:
            Posting.objects.create(solicitation=posted, text=text, **details)
    with refused:
        Posting.objects.create(solicitation=posted, text=before.text, asks_confirmation=True, **details)
    later = {**before.text, "facts": {**before.text["facts"], "deadline": "2030-01-07T22:00:00+00:00"}}
    assert Posting.objects.create(solicitation=posted, text=later, **details).pk


def test_nobody_empties_the_record_of_who_stood_in_for_whom(user_in: Any, refused: Any) -> None:
    lead, absent = user_in(roles.IT_LEAD), people.make_user(roles.CFOB, "absent")
    today = standins.timezone.localdate()
    standins.mark_absent(
        absent,
        to=people.make_user(roles.CFOB, "deputy"),
        starts_on=today,
        until=today,
        reason="It goes on.",
        made_by=lead,
    )
    for table in ("microacq_pages_reassignment", "submissions_noticewording"):
        with refused, connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_the_key_of_a_file_stays(posted: Solicitation, refused: Any) -> None:
    with refused:
        Solicitation.objects.filter(pk=posted.pk).update(id=posted.pk + 1000)


def test_no_row_that_cannot_be_deleted_can_be_given_another_key() -> None:
    # Either nothing of a row can be changed, or all of it is compared, or the key has its own guard.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT kept.relname FROM pg_trigger d JOIN pg_class kept ON kept.oid = d.tgrelid
            WHERE NOT d.tgisinternal AND d.tgtype & 11 = 11 AND kept.relname LIKE 'submissions\\_%'
            AND NOT EXISTS (
                SELECT FROM pg_trigger u JOIN pg_proc f ON f.oid = u.tgfoid
                WHERE u.tgrelid = kept.oid AND NOT u.tgisinternal AND u.tgenabled = 'O' AND u.tgtype & 19 = 19
                AND (f.proname = 'microacq_key_stays' OR u.tgattr = '' AND (
                    f.proname IN ('microacq_refuse', 'submissions_audit_refuse')
                    OR f.prosrc LIKE '%to_jsonb(NEW) - %to_jsonb(OLD) - %'
                    OR f.prosrc LIKE '%NEW IS NOT DISTINCT FROM OLD%'
                ))
            )
            ORDER BY 1
            """
        )
        assert cursor.fetchall() == []
