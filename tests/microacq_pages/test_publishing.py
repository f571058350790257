"""Both languages or neither: the predicate, the pair, and the database below them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, PageLogEntry, ReferenceIndex
from wagtail.tasks import update_reference_index_task
from wagtail_localize.models import Translation

from microacq_pages import pairs, publishing
from microacq_pages.models import Opportunity
from tests.factories import pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("project_once")]


def codes(page: Page) -> list[str]:
    return [blocker.code for blocker in publishing.publication_blockers(page)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_complete_translated_opportunity_has_no_blocker(author: Any, language: str) -> None:
    opportunity = pages.make_opportunity(author, language)
    pages.translate(opportunity)

    assert publishing.publication_blockers(opportunity) == []
    assert publishing.publication_blockers(pairs.counterpart(opportunity)) == []


def test_missing_text_is_named_in_its_language(author: Any) -> None:
    opportunity = pages.make_opportunity(author)
    pages.translate(opportunity, leave=1)

    blockers = publishing.publication_blockers(opportunity)

    assert [(b.code, b.language) for b in blockers] == [("translation-incomplete", "fr")]
    assert str(blockers[0]).startswith("French: 1 piece of text is not translated")


def test_a_text_changed_after_its_translation_is_outdated(author: Any) -> None:
    opportunity = pages.make_opportunity(author)
    pages.translate(opportunity)
    opportunity.teaser = "Another teaser."
    opportunity.save_revision(user=author)

    assert codes(opportunity) == ["translation-outdated"]

    pairs.refresh_translation(opportunity)
    assert codes(opportunity) == ["translation-incomplete"]


def test_one_judging_asks_once_for_the_translation_and_the_next_asks_anew(author: Any) -> None:
    opportunity = pages.make_opportunity(author)
    pages.translate(opportunity)

    for _judging in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert codes(opportunity) == []
        key = str(opportunity.translation_key)
        asked = [query["sql"] for query in queries if key in query["sql"]]
        assert sum('FROM "wagtail_localize_translation"' in sql for sql in asked) == 1

    Translation.objects.filter(source__object_id=opportunity.translation_key).update(enabled=False)
    assert codes(opportunity) == ["translation-stopped"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_both_languages_go_live_at_once_with_the_approver_named(
    author: Any, it_strategy: Any, language: str
) -> None:
    opportunity = pages.make_opportunity(author, language)
    pages.translate(opportunity)

    pages.publish(opportunity, it_strategy)
    connection.check_constraints()

    both = Page.objects.filter(translation_key=opportunity.translation_key)
    assert {page.live for page in both} == {True}
    for page in both:
        entry = PageLogEntry.objects.filter(page_id=page.pk, action="wagtail.publish").get()
        assert entry.user_id == it_strategy.pk


def test_the_other_language_carries_its_own_slug_and_the_same_criteria(author: Any, it_strategy: Any) -> None:
    opportunity = pages.make_posted_opportunity(author, it_strategy, criteria=2)
    french = Opportunity.objects.get(translation_key=opportunity.translation_key, locale__language_code="fr")

    assert french.slug == "accessible-date-picker-fr"
    assert french.price == opportunity.price
    assert [c.translation_key for c in french.criteria.all()] == [
        c.translation_key for c in opportunity.criteria.all()
    ]
    assert [c.statement for c in french.criteria.all()] == [
        "<p>[fr] Show skill 1.</p>",
        "<p>[fr] Show skill 2.</p>",
    ]
    assert [link.skill_id for link in french.opportunity_skills.all()] == [
        link.skill_id for link in opportunity.opportunity_skills.all()
    ]


def test_an_approval_is_void_when_the_translation_changes(author: Any, it_strategy: Any) -> None:
    opportunity = pages.make_opportunity(author)
    pages.translate(opportunity)
    publishing.approve(opportunity, it_strategy)
    string = pairs.StringTranslation.objects.filter(context__path="teaser").get()
    string.data = "Autre chose"
    string.save()

    with pytest.raises(publishing.PublicationBlocked) as refusal:
        publishing.publish_pair(opportunity, user=it_strategy)

    assert [b.code for b in refusal.value.blockers] == ["approval-void"]


def test_nobody_approves_their_own_text(author: Any) -> None:
    opportunity = pages.make_opportunity(author)
    pages.translate(opportunity)

    with pytest.raises(publishing.PublicationBlocked) as refusal:
        publishing.approve(opportunity, author)

    assert [b.code for b in refusal.value.blockers] == ["own-text"]


@pytest.mark.parametrize("live", [True, False])
def test_the_database_refuses_one_language_by_plain_update(author: Any, it_strategy: Any, live: bool) -> None:
    page = pages.make_content_page(author)
    pages.translate(page)
    if not live:
        pages.publish(page, it_strategy)

    with pytest.raises(IntegrityError, match="microacq_pair"), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(live=live)
        connection.check_constraints()


def test_a_posted_opportunity_stays_live_even_by_plain_update_of_both(author: Any, it_strategy: Any) -> None:
    opportunity = pages.make_posted_opportunity(author, it_strategy)

    with pytest.raises(IntegrityError, match="microacq_pair"), transaction.atomic():
        Page.objects.filter(translation_key=opportunity.translation_key).update(live=False)
        connection.check_constraints()


def test_a_live_content_page_comes_down_in_both_languages(author: Any, it_strategy: Any) -> None:
    page = pages.make_content_page(author)
    pages.translate(page)
    pages.publish(page, it_strategy)

    page.specific_class.objects.get(pk=page.pk).unpublish(user=it_strategy)
    connection.check_constraints()

    assert not Page.objects.filter(translation_key=page.translation_key, live=True).exists()


def test_a_live_page_changed_goes_live_again_in_both_languages(author: Any, it_strategy: Any) -> None:
    page = pages.make_content_page(author)
    pages.translate(page)
    pages.publish(page, it_strategy)
    page = page.specific_class.objects.get(pk=page.pk)
    page.title = "How all this works"
    page.save_revision(user=author)
    pairs.refresh_translation(page)
    pages.translate(page)

    pages.publish(page, it_strategy)
    connection.check_constraints()

    titles = Page.objects.filter(translation_key=page.translation_key).values_list("title", flat=True)
    assert set(titles) == {"How all this works", "[fr] How all this works"}


def test_the_whole_workflow_publishes_the_pair(
    author: Any, it_strategy: Any, cfob: Any, translator: Any
) -> None:
    opportunity = pages.make_opportunity(author)
    pages.translate(opportunity, translator)

    opportunity = pages.run_workflow(opportunity, author, it_strategy, cfob, translator, it_strategy)
    connection.check_constraints()

    assert opportunity.live
    assert opportunity.public_status.number.startswith("MA-")


def test_the_references_of_a_page_are_read_once_for_each_saving_those_of_its_parts_with_them(
    author: Any,
) -> None:
    opportunity = pages.make_opportunity(author, criteria=3)
    before = list(DBTaskResult.objects.values_list("pk", flat=True))

    opportunity.save()

    asked = DBTaskResult.objects.exclude(pk__in=before)
    (task,) = asked.filter(task_path=update_reference_index_task.module_path)
    update_reference_index_task.call(*task.args_kwargs["args"])
    skill = opportunity.opportunity_skills.get().skill
    assert ReferenceIndex.get_references_to(skill).filter(object_id=str(opportunity.pk)).exists()
