"""After an outage: who may extend what, and that pages, drafts and files follow in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from microacq_pages import business_days, pairs, publishing, roles
from microacq_pages.formats import EASTERN
from microacq_pages.models import PublicStatus
from submissions.notices.models import OutgoingMessage
from submissions.solicitations import outage, services
from submissions.solicitations.models import Solicitation
from submissions.solicitations.outage import Outage
from tests.factories import amendments as making
from tests.factories import pages, proposals

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))


def just_now(days: int = 2) -> Outage:
    now = timezone.now()
    return Outage(now - timedelta(hours=3), now - timedelta(minutes=1), days)


@pytest.fixture
def open_then(posted: Solicitation) -> Solicitation:
    """A file that was posted before the outage."""
    proposals.set_deadline(posted, after=-timedelta(hours=1))  # so that it was posted a day ago
    proposals.set_deadline(posted, after=timedelta(days=5))
    return posted


# --- the rule ----------------------------------------------------------------------------------


@given(deadline=MOMENTS, now=MOMENTS, days=st.integers(1, outage.MOST_DAYS))
def test_a_deadline_only_moves_later_and_to_a_business_day_at_the_same_hour(
    deadline: datetime, now: datetime, days: int
) -> None:
    moved = outage.new_deadline(deadline, now, days)
    assert moved > deadline - timedelta(minutes=1)
    assert moved.astimezone(EASTERN).date() > max(deadline, now).astimezone(EASTERN).date()
    assert business_days.is_business_day(moved)
    was, is_now = deadline.astimezone(EASTERN), moved.astimezone(EASTERN)
    # The hour that the change to summer time leaves out is the only one that cannot stay.
    assert (was.hour, was.minute) == (is_now.hour, is_now.minute) or was.hour == 2


# --- what it does ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("passed", [False, True])
def test_pages_file_and_status_move_together_in_both_languages(
    open_then: Solicitation, it_strategy: Any, passed: bool
) -> None:
    if passed:
        proposals.set_deadline(open_then, after=-timedelta(minutes=30))
    before = open_then.deadline
    [extended] = outage.extend(just_now(), it_strategy)

    open_then.refresh_from_db()
    assert open_then.deadline > before
    assert open_then.is_open()
    assert PublicStatus.objects.get(number=open_then.number).deadline == open_then.deadline
    page = making.page_of(open_then)
    assert {page.deadline, pairs.counterpart(page).deadline, pairs.latest(page).deadline} == {
        open_then.deadline
    }
    posting = extended.current_posting
    assert (posting.kind, posting.amendment) == ("outage", 1)
    assert "could not be used" in posting.summary_en
    assert posting.summary_fr != posting.summary_en
    assert not page.has_unpublished_changes
    assert ModelLogEntry.objects.filter(action="file.extended").count() == 1


@pytest.mark.django_db
def test_nothing_but_the_dates_changes(open_then: Solicitation, it_strategy: Any) -> None:
    from submissions.solicitations.changes import changes_between

    first = open_then.current_posting
    outage.extend(just_now(), it_strategy)
    changed = changes_between(first.text, open_then.current_posting.text, "en")
    assert {change.name for change in changed} <= {
        "deadline",
        "selection_date",
        "delivery_date",
        "confirmation",
    }


@pytest.mark.django_db
def test_an_application_that_came_before_still_stands(open_then: Solicitation, it_strategy: Any) -> None:
    proposals.send(open_then)
    outage.extend(just_now(), it_strategy)
    assert open_then.proposals.standing().count() == 1
    assert OutgoingMessage.objects.filter(kind="file_amended").count() == 1


@pytest.mark.django_db
def test_a_draft_amendment_follows_and_can_still_be_published(
    open_then: Solicitation, author: Any, it_strategy: Any
) -> None:
    making.change(open_then, author, title="Another title", deadline=open_then.deadline)
    outage.extend(just_now(), it_strategy)
    open_then.refresh_from_db()

    page = making.page_of(open_then)
    draft = pairs.latest(page)
    assert (draft.title, draft.deadline, draft.amendment_summary) == (
        "Another title",
        open_then.deadline,
        making.SUMMARY,
    )
    assert page.title != "Another title"
    assert page.has_unpublished_changes
    making.translate(page)
    assert publishing.publication_blockers(page) == []
    pages.publish(page, it_strategy)
    assert open_then.current_posting.amendment == 2


@pytest.mark.django_db
def test_what_was_not_open_then_stays(author: Any, it_strategy: Any, posted: Solicitation) -> None:
    long_ago = proposals.make_posted_file(author, it_strategy, slug="long-ago")
    proposals.set_deadline(long_ago, after=-timedelta(days=30))
    cancelled = proposals.make_posted_file(author, it_strategy, slug="cancelled")
    proposals.set_deadline(cancelled, after=timedelta(days=5))
    services.transition(cancelled, "cancel", user=it_strategy, reason="No.", reason_fr="Non.")

    # ``posted`` was posted after the outage.
    assert outage.extend(just_now(), it_strategy) == []


@pytest.mark.django_db
def test_an_opened_file_and_one_whose_grace_is_over_stay(
    open_then: Solicitation, it_strategy: Any, settings: Any
) -> None:
    settings.MICROACQ_OUTAGE_GRACE_HOURS = 1
    proposals.set_deadline(open_then, after=-timedelta(hours=2))
    assert "more than 1" in outage.plan(just_now())[0].obstacle
    assert outage.extend(just_now(), it_strategy) == []
    settings.MICROACQ_OUTAGE_GRACE_HOURS = 72
    services.transition(open_then, "open", user=it_strategy)
    assert "opened already" in outage.plan(just_now())[0].obstacle
    assert outage.extend(just_now(), it_strategy) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "days"), [(-1, -2, 2), (-2, 1, 2), (-2, -1, 0), (-2, -1, outage.MOST_DAYS + 1)]
)
def test_a_period_that_makes_no_sense_is_refused(it_strategy: Any, start: int, end: int, days: int) -> None:
    now = timezone.now()
    with pytest.raises(outage.NotExtended):
        outage.extend(Outage(now + timedelta(hours=start), now + timedelta(hours=end), days), it_strategy)


# --- who may -----------------------------------------------------------------------------------


@pytest.mark.django_db(databases=["default", "refusals"])
@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != roles.IT_STRATEGY])
def test_only_it_strategy_extends(open_then: Solicitation, user_in: Any, client: Client, role: str) -> None:
    person = user_in(role, "somebody-else")
    with pytest.raises(PermissionDenied):
        outage.extend(just_now(), person)
    client.force_login(person)
    address = reverse("solicitations:extend")
    assert client.get(address).status_code in (302, 403)
    assert address not in client.get(reverse("solicitations:index")).content.decode()
    assert open_then.postings.count() == 1


@pytest.mark.django_db
def test_the_screen_first_shows_then_does(open_then: Solicitation, it_strategy: Any, client: Client) -> None:
    client.force_login(it_strategy)
    asked = just_now()
    typed = {
        "start": timezone.localtime(asked.start).strftime("%Y-%m-%d %H:%M"),
        "end": timezone.localtime(asked.end).strftime("%Y-%m-%d %H:%M"),
        "days": "2",
    }
    address = reverse("solicitations:extend")
    assert address in client.get(reverse("solicitations:index")).content.decode()
    shown = client.post(address, typed)
    assert open_then.number in shown.content.decode()
    assert open_then.postings.count() == 1
    done = client.post(address, {**typed, "confirm": "yes", "shown": shown_in(shown)}, follow=True)
    assert open_then.number in done.content.decode()
    assert open_then.postings.count() == 2


@pytest.mark.django_db
def test_the_command_does_the_same(open_then: Solicitation) -> None:
    from django.core.management import call_command

    asked = just_now()
    call_command("extend_after_outage", asked.start.isoformat(), asked.end.isoformat(), "--days=2")
    assert open_then.postings.count() == 2


def shown_in(response: Any) -> str:
    """What names the plan that a person was shown."""
    field = BeautifulSoup(response.content, "html.parser").find("input", {"name": "shown"})
    assert field is not None
    return str(field["value"])


@pytest.mark.django_db
def test_a_second_click_moves_nothing_again_and_nobody_confirms_what_they_were_not_shown(
    open_then: Solicitation, it_strategy: Any, client: Client
) -> None:
    client.force_login(it_strategy)
    address, asked = reverse("solicitations:extend"), just_now()
    typed = {
        "start": asked.start.astimezone(EASTERN).strftime("%Y-%m-%d %H:%M"),
        "end": asked.end.astimezone(EASTERN).strftime("%Y-%m-%d %H:%M"),
        "days": "2",
    }
    assert client.post(address, {**typed, "confirm": "yes"}).status_code == 409
    confirmed = {**typed, "confirm": "yes", "shown": shown_in(client.post(address, typed))}
    assert client.post(address, {**confirmed, "days": "9"}).status_code == 409
    assert open_then.current_posting.amendment == 0

    assert client.post(address, confirmed).status_code == 302
    again = client.post(address, confirmed)

    assert again.status_code == 409
    assert shown_in(again) != confirmed["shown"]
    assert open_then.current_posting.amendment == 1
