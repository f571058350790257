"""The translator's list: what waits, until when, how much, in the order of urgency."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    TranslatableObject,
    Translation,
    TranslationContext,
    TranslationSource,
)

from microacq_pages import pairs, roles
from microacq_pages.models import Skill, StringWords
from microacq_pages.translating import left, waiting
from tests.factories import pages, people
from tests.microacq_pages.translating import working

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("project_once")]


def job_of(page: Any, user: Any) -> waiting.Job:
    (job,) = [job for job in waiting.jobs_for(user) if job.translation_id == working.translation_of(page).pk]
    return job


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_counts_of_the_list_are_those_of_the_editor(author: Any, translator: Any, language: str) -> None:
    page = pages.make_opportunity(author, language, criteria=2)
    pages.translate(page, translator)
    again = pages.make_opportunity(author, language, title="Une autre", slug="again", teaser="Tout nouveau.")
    working.save_source(page, author, teaser="Repair the date picker of our design system today.")

    for each in (page, again):
        progress = job_of(each, translator).progress
        counts = left.Counts.of(left.left_in(working.translation_of(each)))
        assert (progress.new, progress.changed, progress.remembered) == (
            counts.words["new"],
            counts.words["changed"],
            counts.words["memory"],
        )
        assert progress.left == counts.total
    assert job_of(page, translator).progress.changed == 9
    assert job_of(again, translator).progress.new == 5  # with the address of the page


def test_words_of_strings_from_before_the_count_are_counted_when_asked_for(
    author: Any, translator: Any
) -> None:
    page = pages.make_opportunity(author)
    before = job_of(page, translator).progress
    StringWords.objects.all().delete()

    assert job_of(page, translator).progress == before


def test_what_is_needed_soonest_comes_first_then_what_a_review_waits_for(
    author: Any, it_strategy: Any, cfob: Any, translator: Any
) -> None:
    later = pages.make_opportunity(author, days=40, slug="later")
    sooner = pages.make_opportunity(author, days=20, slug="sooner")
    undated = pages.make_content_page(author)

    ids = [job.translation_id for job in waiting.jobs_for(translator)]

    wanted = [working.translation_of(page).pk for page in (sooner, later, undated)]
    assert [pk for pk in ids if pk in wanted] == wanted
    assert job_of(sooner, translator).due == sooner.deadline


def test_a_planned_posting_is_due_before_the_deadline(author: Any, translator: Any) -> None:
    page = pages.make_opportunity(author)
    planned = timezone.now().replace(second=0, microsecond=0) + timedelta(days=3)
    working.save_source(page, author, go_live_at=planned)

    assert job_of(page, translator).due == planned


def test_others_may_say_until_when_and_the_earliest_counts(author: Any, translator: Any) -> None:
    page = pages.make_opportunity(author)
    soon = timezone.now() + timedelta(hours=5)
    asked: list[Any] = []

    def answer(object_ids: Any) -> Any:
        asked.append(object_ids)
        return {page.translation_key: soon}

    with hooks.register_temporarily("microacq_translation_due", answer):
        assert job_of(page, translator).due == soon
    assert len(asked) == 1


def test_the_list_says_what_changed_while_one_worked(author: Any, translator: Any) -> None:
    page = pages.make_opportunity(author)
    second = people.make_user(roles.TRANSLATOR, "second")
    pages.translate(page, translator)
    working.save_source(page, author, teaser="Not the same.")

    assert job_of(page, translator).changed_meanwhile
    assert not job_of(page, second).changed_meanwhile
    html = working.client_of(translator).get(reverse("microacq_translations")).content.decode()
    assert "Changed while you worked" in html


def test_everything_that_waits_is_in_the_list_of_all_waiting_work(
    author: Any, translator: Any, cfob: Any
) -> None:
    from microacq_pages.waiting import waiting_for

    page = pages.make_opportunity(author)

    items = [item for item in waiting_for(translator) if item.kind == "translation"]

    (item,) = [item for item in items if item.title == page.title]
    assert item.due == page.deadline
    assert item.url == reverse("wagtailadmin_pages:edit", args=[pairs.counterpart(page).pk])
    assert "words" in str(item.detail)
    assert not [item for item in waiting_for(cfob) if item.kind == "translation"]


def test_the_list_is_filtered_by_title_language_kind_and_reason(author: Any, translator: Any) -> None:
    english = pages.make_opportunity(author, title="Alpha", slug="alpha")
    pages.make_opportunity(author, "fr", title="Bêta", slug="beta")
    skill = Skill.objects.create(name="Gamma", locale=Locale.objects.get(language_code="en"))
    pairs.keep_snippet_in_step(skill, None)
    pages.translate(english, translator)
    working.save_source(english, author, teaser="Not the same.")
    client = working.client_of(translator)

    def titles(**query: str) -> set[str]:
        page = working.parsed(client.get(reverse("microacq_translations"), query))
        return {link.text for link in page.select(".microacq-jobs .title a")} & {"Alpha", "Bêta", "Gamma"}

    assert titles() == {"Alpha", "Bêta", "Gamma"}
    assert titles(q="alp") == {"Alpha"}
    assert titles(language="en") == {"Bêta"}
    assert titles(model="microacq_pages.skill") == {"Gamma"}
    assert titles(show="due") == {"Alpha", "Bêta"}
    assert titles(show="changed") == {"Alpha"} == titles(show="meanwhile")
    assert titles(show="review") == set()
    assert titles(language="xx", model="'", show="?", p="x") == {"Alpha", "Bêta", "Gamma"}


def many(opportunities: int, questions: int) -> None:
    """Translations of pages and of snippets like questions, with four strings and forty strings each."""
    english, french = Locale.objects.order_by("language_code")
    page_type = ContentType.objects.get(app_label="microacq_pages", model="opportunity")
    skill_type = ContentType.objects.get_for_model(Skill)
    objects, rows = [], []
    root = Page.objects.filter(content_type__model="opportunityindex", locale=english).get()
    other = Page.objects.filter(content_type__model="opportunityindex", locale=french).get()
    for number in range(opportunities):
        for parent in (root, other):
            page = Page(title=f"O {number}", slug=f"o-{number}", live=False, locale=parent.locale)
            if objects and parent is other:
                page.translation_key = objects[-1].translation_key
            page.content_type = page_type
            parent.add_child(instance=page)
            if parent is root:
                objects.append(
                    TranslatableObject(translation_key=page.translation_key, content_type=page_type)
                )
                rows.append((page.translation_key, page_type, 40))
    skills = [Skill(name=f"Question {number}", locale=english) for number in range(opportunities * questions)]
    Skill.objects.bulk_create(skills)
    Skill.objects.bulk_create(
        [Skill(name=f"Qu {s.name}", locale=french, translation_key=s.translation_key) for s in skills]
    )
    for skill in skills:
        objects.append(TranslatableObject(translation_key=skill.translation_key, content_type=skill_type))
        rows.append((skill.translation_key, skill_type, 4))
    TranslatableObject.objects.bulk_create(objects)
    sources = TranslationSource.objects.bulk_create(
        [
            TranslationSource(
                object_id=key,
                specific_content_type=kind,
                locale=english,
                object_repr=f"Text {index}",
                content_json='{"deadline": "2030-01-01T12:00:00Z", "body": "%s"}' % ("x" * 5_000),
                last_updated_at=timezone.now(),
            )
            for index, (key, kind, _count) in enumerate(rows)
        ]
    )
    Translation.objects.bulk_create([Translation(source=source, target_locale=french) for source in sources])
    contexts = TranslationContext.objects.bulk_create(
        [
            TranslationContext(
                object_id=key,
                path=f"p{n}",
                path_id=TranslationContext._get_path_id(f"p{n}"),
                field_path=f"p{n}",
            )
            for key, _kind, count in rows
            for n in range(count)
        ]
    )
    strings = String.objects.bulk_create(
        [
            String(
                locale=english,
                data=f"The words of string number {n} are here.",
                data_hash=String._get_data_hash(f"The words of string number {n} are here."),
            )
            for n in range(len(contexts))
        ]
    )
    by_key = {source.object_id: source for source in sources}
    StringSegment.objects.bulk_create(
        [
            StringSegment(
                source=by_key[context.object_id], context=context, string=string, order=n, attrs="{}"
            )
            for n, (context, string) in enumerate(zip(contexts, strings, strict=True))
        ]
    )
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(translation_of=string, context=context, locale=french, data="Oui.")
            for n, (context, string) in enumerate(zip(contexts, strings, strict=True))
            if n % 3 == 0
        ]
    )


def test_the_list_costs_the_same_however_many_opportunities_and_questions_there_are(
    translator: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    many(2, 2)
    client = working.client_of(translator)
    address = reverse("microacq_translations")
    client.get(address)
    with django_assert_max_num_queries(40) as few:
        client.get(address)
    queries = len(few)
    Translation.objects.all().delete()
    TranslationSource.objects.all().delete()
    String.objects.all().delete()
    Page.objects.filter(slug__startswith="o-").delete()
    Skill.objects.all().delete()

    many(20, 5)
    client.get(address)
    with django_assert_num_queries(queries):
        response = client.get(address)
    assert "120" in response.content.decode()
