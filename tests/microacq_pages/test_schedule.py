"""Planned going live and coming down: both languages, one failing pair alone, refusals that people see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision
from wagtail_localize.models import StringTranslation

from microacq_pages import pairs, publishing, schedule
from tests.factories import pages
from tests.microacq_pages.routes.world import languages_live

pytestmark = [
    pytest.mark.django_db(databases=["default", "refusals"]),
    pytest.mark.usefixtures("project_once"),
]

SOON = timedelta(hours=1)


def planned(approver: Any, slug: str = "planned", **fields: Any) -> Page:
    """A page approved to go live in an hour."""
    page = pages.make_content_page(title=slug.title(), slug=slug, **fields)
    page.go_live_at = timezone.now() + SOON
    page.save_revision()
    pairs.refresh_translation(page)
    pages.translate(page)
    pages.publish(page, approver)
    return page.specific_class.objects.get(pk=page.pk)


def time_has_come(*which: Page) -> None:
    """Move the planned times into the past, as waiting would."""
    past = timezone.now() - timedelta(minutes=1)
    for page in which:
        keys = [
            str(pk) for pk in Page.objects.translation_of(page, inclusive=True).values_list("pk", flat=True)
        ]
        Revision.page_revisions.filter(object_id__in=keys).exclude(approved_go_live_at=None).update(
            approved_go_live_at=past
        )
        Page.objects.translation_of(page, inclusive=True).update(go_live_at=past)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE wagtailcore_revision SET content = jsonb_set(content, '{go_live_at}', to_jsonb(%s::text))"
                " WHERE object_id = ANY(%s) AND content->>'go_live_at' IS NOT NULL",
                [past.isoformat(), keys],
            )


def test_a_plan_makes_nothing_public_before_its_time(it_strategy: Any) -> None:
    page = planned(it_strategy)

    call_command("publish_scheduled")

    assert languages_live(page) == []
    assert page.approved_schedule and pairs.counterpart(page).approved_schedule


@pytest.fixture
def _approval_covers_the_moved_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests move the planned time; the digest of what was approved must not notice."""
    monkeypatch.setattr(pairs, "VOLATILE", pairs.VOLATILE | {"go_live_at"})


@pytest.mark.usefixtures("_approval_covers_the_moved_time")
def test_both_languages_go_live_at_the_planned_time_with_the_approver_named(it_strategy: Any) -> None:
    page = planned(it_strategy)
    time_has_come(page)

    call_command("publish_scheduled")
    connection.check_constraints()

    assert languages_live(page) == ["en", "fr"]
    for side in (page, pairs.counterpart(page)):
        entry = PageLogEntry.objects.get(page_id=side.pk, action="wagtail.publish.scheduled")
        assert entry.user_id == it_strategy.pk


@pytest.mark.usefixtures("_approval_covers_the_moved_time")
def test_one_failing_pair_does_not_stop_the_others_and_is_seen_by_its_people(
    it_strategy: Any, admin: Any
) -> None:
    failing, fine = planned(it_strategy, "failing"), planned(it_strategy, "fine")
    StringTranslation.objects.filter(context__object_id=failing.translation_key).exclude(
        context__path="slug"
    ).first().delete()
    time_has_come(failing, fine)

    with pytest.raises(CommandError):
        call_command("publish_scheduled")
    connection.check_constraints()

    assert languages_live(fine) == ["en", "fr"]
    assert languages_live(failing) == []
    entry = PageLogEntry.objects.get(page_id=failing.pk, action=schedule.REFUSED)
    assert entry.data["reasons"] == "translation-incomplete, approval-void"
    client = Client()
    client.force_login(admin)
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[failing.pk])).content.decode()
    assert "was not done: French: 1 piece of text is not translated" in editor
    call_command("publish_scheduled")  # given up, not tried again every minute


def test_a_refused_submission_is_no_plan_that_failed(author: Any) -> None:
    page = pages.make_opportunity(teaser="")
    log(instance=page, action=schedule.REFUSED, user=author, data={"reasons": "splitting-needed"})
    assert schedule.last_refusal(page) is None
    log(instance=page, action=schedule.REFUSED, data={"reasons": "approval-void", "act": schedule.PUBLISH})
    assert schedule.last_refusal(page) is not None


@pytest.mark.usefixtures("_approval_covers_the_moved_time")
def test_an_approval_that_became_void_is_refused_at_the_planned_time(it_strategy: Any) -> None:
    page = planned(it_strategy)
    string = StringTranslation.objects.filter(context__object_id=page.translation_key).exclude(
        context__path="slug"
    )[0]
    string.data = "Autre chose"
    string.save()
    time_has_come(page)

    with pytest.raises(CommandError):
        call_command("publish_scheduled")

    assert languages_live(page) == []
    assert PageLogEntry.objects.get(action=schedule.REFUSED).data["reasons"] == "approval-void"


def test_taking_back_the_plan_of_one_language_takes_back_both(it_strategy: Any) -> None:
    page = planned(it_strategy)
    target = pairs.counterpart(page)
    client = Client()
    client.force_login(it_strategy)

    response = client.post(
        reverse("wagtailadmin_pages:revisions_unschedule", args=[target.pk, target.scheduled_revision.pk])
    )

    assert response.status_code == 302
    time_has_come(page)
    call_command("publish_scheduled")
    assert languages_live(page) == []


def expire(page: Page, moment: datetime) -> None:
    Page.objects.filter(pk=page.pk).update(expire_at=moment)


def test_both_languages_come_down_when_one_expires(it_strategy: Any) -> None:
    page = pages.make_content_page()
    pages.translate(page)
    pages.publish(page, it_strategy)
    expire(pairs.counterpart(page), timezone.now() - timedelta(minutes=1))

    call_command("publish_scheduled")
    connection.check_constraints()

    assert languages_live(page) == []
    assert set(Page.objects.translation_of(page, inclusive=True).values_list("expired", flat=True)) == {True}


def test_a_posted_opportunity_does_not_expire(author: Any, it_strategy: Any) -> None:
    page = pages.make_posted_opportunity(author, it_strategy)
    expire(page, timezone.now() - timedelta(minutes=1))

    with pytest.raises(CommandError):
        call_command("publish_scheduled")

    assert languages_live(page) == ["en", "fr"]
    call_command("publish_scheduled")


def test_an_opportunity_with_a_time_to_come_down_is_not_posted(author: Any) -> None:
    page = pages.make_opportunity(author, expire_at=timezone.now() + timedelta(days=90))
    pages.translate(page)

    assert [b.code for b in publishing.publication_blockers(page)] == ["expires"]


def test_an_unexpected_failure_does_not_stop_the_others(it_strategy: Any, monkeypatch: Any) -> None:
    first, second = (pages.make_content_page(title=s, slug=s) for s in ("first", "second"))
    for page in (first, second):
        pages.translate(page)
        pages.publish(page, it_strategy)
        expire(page, timezone.now() - timedelta(minutes=1))
    original = publishing.unpublish_pair

    def fail_on_first(page: Page, **kwargs: Any) -> None:
        if page.pk == first.pk:
            raise RuntimeError("broken")
        original(page, **kwargs)

    monkeypatch.setattr(publishing, "unpublish_pair", fail_on_first)

    with pytest.raises(CommandError):
        call_command("publish_scheduled")

    assert languages_live(first) == ["en", "fr"]
    assert languages_live(second) == []
