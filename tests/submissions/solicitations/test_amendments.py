"""An amendment: what it must have, what it does to the file, and what nobody can do to it afterwards."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from microacq_pages import pairs, publishing
from microacq_pages.models import Opportunity, PublicStatus
from submissions.notices.models import OutgoingMessage
from submissions.solicitations import amendments
from submissions.solicitations.models import Posting, Solicitation
from tests.factories import amendments as making
from tests.factories import pages, proposals

pytestmark = pytest.mark.django_db

WORK = "<ul><li>Repair the keyboard support and the labels.</li><li>Write the tests.</li></ul>"


def codes(page: Opportunity) -> set[str]:
    return {blocker.code for blocker in publishing.publication_blockers(page)}


# --- what it does ------------------------------------------------------------------------------


def test_a_change_becomes_a_numbered_amendment_in_both_languages(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    amendment = making.amend(posted, author, it_strategy, work=WORK)

    posted.refresh_from_db()
    first = posted.postings.get(amendment=0)
    assert (amendment.amendment, amendment.kind, amendment.made_by) == (1, "amendment", it_strategy)
    assert amendment.summary_en == making.SUMMARY
    assert amendment.summary_fr == f"[fr] {making.SUMMARY}"
    assert "labels" not in first.text["en"]["work"]
    assert "and the labels" in amendment.text["en"]["work"]
    assert "and the labels" in amendment.text["fr"]["work"]
    status = PublicStatus.objects.get(number=posted.number)
    assert (status.amendments, status.amended_at is not None) == (1, True)


def test_the_next_amendment_needs_its_own_summary(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    making.amend(posted, author, it_strategy, work=WORK)
    page = making.page_of(posted)

    assert page.amendment_summary == ""
    assert pairs.counterpart(page).amendment_summary == ""
    assert pairs.latest(page).amendment_summary == ""
    assert not page.has_unpublished_changes
    assert codes(making.change(posted, author, teaser="Shorter.", amendment_summary="")) >= {
        "missing-amendment-summary"
    }
    second = making.amend(posted, author, it_strategy, teaser="Shorter.", amendment_summary="Shorter.")
    assert (second.amendment, second.summary_fr) == (2, "[fr] Shorter.")


def test_a_translator_sees_the_changed_paragraph_and_the_summary_and_nothing_else(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    page = making.change(posted, author, work=WORK)
    assert making.translate(page) == ["Repair the keyboard support and the labels.", making.SUMMARY]
    pages.publish(page, it_strategy)

    page = making.change(posted, author, teaser="Repair our date picker.", amendment_summary="Shorter.")
    assert making.translate(page) == ["Repair our date picker.", "Shorter."]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_either_language_can_be_the_source(author: Any, it_strategy: Any, language: str) -> None:
    file = proposals.make_posted_file(author, it_strategy, language=language)
    other = "fr" if language == "en" else "en"
    amendment = making.amend(file, author, it_strategy, title="Another title")

    assert getattr(amendment, f"summary_{language}") == making.SUMMARY
    assert getattr(amendment, f"summary_{other}") == f"[{other}] {making.SUMMARY}"
    file.refresh_from_db()
    assert getattr(file, f"title_{language}") == "Another title"
    assert getattr(file, f"title_{other}") == f"[{other}] Another title"


def test_the_file_says_what_the_last_posting_says(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    later = pages.deadline_in(30)
    dates = {
        "deadline": later,
        "selection_date": later.date() + timedelta(days=4),
        "delivery_date": later.date() + timedelta(days=30),
    }
    making.amend(posted, author, it_strategy, price=Decimal("7000"), licence="Apache-2.0", **dates)

    posted.refresh_from_db()
    assert (posted.price, posted.licence, posted.deadline) == (Decimal("7000"), "Apache-2.0", later)
    assert PublicStatus.objects.get(number=posted.number).deadline == later
    page = making.page_of(posted)
    assert (page.deadline, pairs.counterpart(page).deadline) == (later, later)


def test_the_application_form_stays_as_it_was_posted(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    form = proposals.form_page()
    statement = form.checklist.first()
    type(statement).objects.filter(pk=statement.pk).update(statement="Changed meanwhile.")
    amendment = making.amend(posted, author, it_strategy, work=WORK)

    assert not amendment.items.filter(text_en="Changed meanwhile.").exists()
    kinds = {item.kind for item in amendment.items.all()}
    assert kinds == {item.kind for item in posted.postings.get(amendment=0).items.all()}


# --- what stands against it --------------------------------------------------------------------


def test_nothing_changed_is_no_amendment(posted: Solicitation, author: Any) -> None:
    assert "amendment-empty" in codes(making.change(posted, author))


def test_a_correction_of_the_translation_alone_is_an_amendment(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    from wagtail_localize.models import StringTranslation

    page = making.change(posted, author)
    StringTranslation.objects.filter(context__path="teaser").update(data="Mieux dit.")
    making.translate(page)
    pages.publish(page, it_strategy)

    before, after = amendments.amended(posted)[0]
    assert [c.name for c in amendments.changes_between(before.text, after.text, "fr")] == ["teaser"]
    assert amendments.changes_between(before.text, after.text, "en") == []


def test_an_earlier_deadline_is_refused_by_every_floor(posted: Solicitation, author: Any) -> None:
    earlier = posted.deadline - timedelta(minutes=1)
    assert "amendment-deadline" in codes(making.change(posted, author, deadline=earlier))
    with pytest.raises(IntegrityError, match="only be moved later"), transaction.atomic():
        Solicitation.objects.filter(pk=posted.pk).update(deadline=earlier)


def test_a_later_deadline_is_judged_as_the_first_one_was(posted: Solicitation, author: Any) -> None:
    eastern = timezone.localtime(posted.deadline)
    weekend = eastern + timedelta(days=(5 - eastern.weekday()) % 7 + 7)
    # A weekend that holds a holiday is named by the holiday.
    bad_days = {"deadline-on-weekend", "deadline-on-federal-holiday"}
    assert codes(making.change(posted, author, deadline=weekend)) & bad_days
    assert not codes(making.change(posted, author, deadline=pages.deadline_in(30))) & bad_days


def test_after_the_deadline_there_is_no_amendment(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    page = making.change(posted, author, work=WORK)
    making.translate(page)
    proposals.set_deadline(posted)

    assert codes(page) >= {"amendment-too-late"}
    with pytest.raises(publishing.PublicationBlocked):
        pages.publish(page, it_strategy)
    assert posted.postings.count() == 1
    assert making.page_of(posted).get_lock().for_user(it_strategy)


def test_the_editor_says_what_changes_become_and_after_the_deadline_that_nothing_can_be_changed(
    posted: Solicitation, author: Any, signed_in: Any
) -> None:
    browser = signed_in(author)
    address = reverse("wagtailadmin_pages:edit", args=[making.page_of(posted).pk])
    assert "becomes amendment 1" in browser.get(address).content.decode()
    proposals.set_deadline(posted)
    ended = browser.get(address)
    assert ended.status_code == 200
    assert "it can no longer be amended" in ended.content.decode()
    assert "action-submit" not in ended.content.decode()


def test_near_the_deadline_an_amendment_warns_and_one_that_asks_is_refused(
    posted: Solicitation, author: Any
) -> None:
    proposals.set_deadline(posted, after=timedelta(hours=20))
    page = making.change(posted, author, work=WORK, deadline=posted.deadline)
    found = {f.code: f.level for f in publishing.publication_findings(page)}
    assert found["amendment-time-to-read"] == "warning"
    page = making.change(posted, author, amendment_asks_confirmation=True)
    assert "amendment-time-to-read" in codes(page)


RELIED_ON = {
    "price": {"price": Decimal("7000")},
    "licence": {"licence": "Apache-2.0"},
}


@pytest.mark.parametrize("changed", RELIED_ON)
@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize("asks", [False, True])
def test_what_evaluation_relies_on_changes_only_by_asking_once_applications_have_arrived(
    posted: Solicitation, author: Any, changed: str, applied: bool, asks: bool
) -> None:
    if applied:
        proposals.send(posted)
    page = making.change(posted, author, amendment_asks_confirmation=asks, **RELIED_ON[changed])
    assert ("amendment-asks-nobody" in codes(page)) is (applied and not asks)


def test_a_criterion_counts_and_another_text_does_not(posted: Solicitation, author: Any) -> None:
    proposals.send(posted)
    assert "amendment-asks-nobody" not in codes(making.change(posted, author, work=WORK))
    draft = pairs.latest(making.page_of(posted))
    criterion = draft.criteria.first()
    criterion.statement = "<p>Show another skill.</p>"
    draft.criteria = [criterion]
    draft.save_revision(user=author)
    pairs.keep_in_step(making.page_of(posted), author)
    assert "amendment-asks-nobody" in codes(making.page_of(posted))


def test_the_author_does_not_approve_an_amendment(posted: Solicitation, author: Any) -> None:
    page = making.change(posted, author, work=WORK)
    making.translate(page)
    with pytest.raises(publishing.PublicationBlocked, match="another person"):
        pages.publish(page, author)


# --- what the database holds -------------------------------------------------------------------


@pytest.mark.parametrize(
    "summaries", [("", ""), ("What changed.", ""), ("", "Ce qui change."), ("What changed.", " \n")]
)
def test_no_amendment_is_kept_in_one_language(posted: Solicitation, summaries: tuple[str, str]) -> None:
    english, french = summaries
    with pytest.raises(IntegrityError, match="both_languages"), transaction.atomic():
        Posting.objects.create(
            solicitation=posted, amendment=1, kind="amendment", summary_en=english, summary_fr=french
        )


@pytest.mark.parametrize("number", [0, 2, 7])
def test_amendments_are_numbered_one_after_the_other(posted: Solicitation, number: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        row(posted, number)


@pytest.mark.parametrize(("kind", "kept"), [("amendment", False), ("outage", True)])
def test_after_the_deadline_only_an_outage_amends(posted: Solicitation, kind: str, kept: bool) -> None:
    proposals.set_deadline(posted)
    if kept:
        row(posted, 1, kind)
    else:
        with pytest.raises(IntegrityError, match="outage"), transaction.atomic():
            row(posted, 1, kind)


def test_facts_change_only_to_what_is_posted(posted: Solicitation) -> None:
    for values in ({"price": Decimal("1")}, {"licence": "GPL-3.0-only"}, {"title_fr": "Autre"}):
        with pytest.raises(IntegrityError, match="amendment only"), transaction.atomic():
            Solicitation.objects.filter(pk=posted.pk).update(**values)
    row(posted, 1)
    with pytest.raises(IntegrityError, match="last posting"), transaction.atomic():
        Solicitation.objects.filter(pk=posted.pk).update(price=Decimal("1"))


def row(file: Solicitation, number: int, kind: str = "amendment") -> Posting:
    return Posting.objects.create(
        solicitation=file,
        amendment=number,
        kind=kind,
        summary_en="What changed.",
        summary_fr="Ce qui change.",
        text=file.current_posting.text,
    )


# --- who is told -------------------------------------------------------------------------------


def test_applicants_are_told_once_each_in_their_language(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    proposals.send(posted)
    proposals.send(posted, language="fr", email="claude@example.org")
    withdrawn, _link = proposals.send(posted, email="gone@example.org")
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    making.amend(posted, author, it_strategy, work=WORK)

    letters = OutgoingMessage.objects.filter(kind="file_amended")
    assert sorted(letters.values_list("language", flat=True)) == ["en", "fr"]


def test_an_amendment_that_asks_writes_to_applicants_what_to_do(
    posted: Solicitation, author: Any, it_strategy: Any
) -> None:
    proposals.send(posted)
    making.amend(posted, author, it_strategy, price=Decimal("7000"), amendment_asks_confirmation=True)
    assert OutgoingMessage.objects.filter(kind="confirmation_asked").count() == 1
    assert not OutgoingMessage.objects.filter(kind="file_amended").exists()
