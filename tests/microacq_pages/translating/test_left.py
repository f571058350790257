"""What comes back to a translator after a change: that, what was there before, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation

from microacq_pages import pairs, roles
from microacq_pages.models import Opportunity, ReplacedString, Skill
from microacq_pages.translating import left
from microacq_pages.translating.left import Kind
from tests.factories import pages, people
from tests.microacq_pages.translating import working

pytestmark = pytest.mark.django_db

WORK = "<ul><li>Repair the keyboard support.</li><li>Write the tests.</li><li>Document the work.</li></ul>"


@pytest.fixture(scope="module", params=["en", "fr"])
def _translated_once(request: Any, module_transaction: None) -> Iterator[int]:
    """Made once for the tests in each language, each of which changes it in a savepoint of its own."""
    with transaction.atomic():
        page = pages.make_opportunity(people.the(roles.CLIENT), request.param, work=WORK, criteria=3)
        pages.translate(page, people.the(roles.TRANSLATOR))
        assert left.left_in(working.translation_of(page)) == []
        connection.check_constraints()
        yield page.pk
        transaction.set_rollback(True)


@pytest.fixture
def translated(_translated_once: int, db: None) -> Opportunity:
    """An opportunity, written in either language, of which everything is translated."""
    return Opportunity.objects.get(pk=_translated_once)


def test_after_one_sentence_changed_only_its_paragraph_and_the_summary_come_back(
    translated: Any, author: Any
) -> None:
    changed = WORK.replace("Write the tests.", "Write the unit tests first.")
    working.save_source(translated, author, work=changed, teaser="Amended: the tests come first.")

    items = left.left_in(working.translation_of(translated))

    assert [(item.text, item.kind) for item in items] == [
        ("Amended: the tests come first.", Kind.CHANGED),
        ("Write the unit tests first.", Kind.CHANGED),
    ]
    former = items[1].former
    assert former is not None
    assert former.translation_of.data == "Write the tests."
    assert former.data.endswith("Write the tests.")
    assert [(piece.kind, piece.text) for piece in items[1].pieces] == [
        ("same", "Write the "),
        ("added", "unit "),
        ("same", "tests"),
        ("added", " first"),
        ("same", "."),
    ]


def test_a_paragraph_put_before_others_is_the_only_work(translated: Any, author: Any) -> None:
    working.save_source(translated, author, work=WORK.replace("<ul>", "<ul><li>Read the guide.</li>"))

    items = left.left_in(working.translation_of(translated))

    assert [(item.text, item.kind) for item in items] == [("Read the guide.", Kind.NEW)]


def test_paragraphs_in_another_order_are_no_work(translated: Any, author: Any) -> None:
    working.save_source(
        translated,
        author,
        work="<ul><li>Document the work.</li><li>Write the tests.</li><li>Repair the keyboard support.</li></ul>",
    )

    assert left.left_in(working.translation_of(translated)) == []


def test_what_went_and_came_back_is_no_work(translated: Any, author: Any) -> None:
    working.save_source(translated, author, teaser="Something else.")
    working.save_source(translated, author, teaser=translated.teaser)

    assert left.left_in(working.translation_of(translated)) == []


def test_a_text_that_changed_twice_is_compared_with_the_one_that_was_translated(
    translated: Any, author: Any
) -> None:
    working.save_source(translated, author, work=WORK.replace("the tests", "the unit tests"))
    working.save_source(translated, author, work=WORK.replace("the tests", "the unit tests in full"))

    (item,) = left.left_in(working.translation_of(translated))

    assert item.former is not None
    assert item.former.translation_of.data == "Write the tests."
    assert item.kind == Kind.CHANGED


def test_two_changed_paragraphs_keep_their_own_earlier_translations(translated: Any, author: Any) -> None:
    working.save_source(
        translated,
        author,
        work="<ul><li>Document all the work.</li><li>Repair the whole keyboard support.</li>"
        "<li>Write the tests.</li></ul>",
    )

    items = left.left_in(working.translation_of(translated))

    assert {item.text: item.former.translation_of.data for item in items if item.former} == {
        "Document all the work.": "Document the work.",
        "Repair the whole keyboard support.": "Repair the keyboard support.",
    }


def test_a_child_saved_under_another_key_keeps_its_translation(translated: Any, author: Any) -> None:
    """A criterion added in a draft gets a new key at each save of the form."""
    import uuid

    draft = pairs.latest(translated)
    for criterion in draft.criteria.all():
        criterion.translation_key = uuid.uuid4()
    draft.save_revision(user=author)
    pairs.refresh_translation(draft)

    assert left.left_in(working.translation_of(translated)) == []


def test_a_text_never_translated_is_new_however_often_it_changes(author: Any) -> None:
    page = pages.make_opportunity(author)
    working.save_source(page, author, teaser="First.")
    working.save_source(page, author, teaser="Second.")

    items = left.left_in(working.translation_of(page))

    assert {item.kind for item in items} == {Kind.NEW}
    assert not ReplacedString.objects.exists()


def test_what_was_translated_on_another_page_is_offered_with_its_origin(translated: Any, author: Any) -> None:
    language = translated.locale.language_code
    other = pages.make_opportunity(author, language, title="Again", slug="again", work=WORK, criteria=3)

    items = {item.text: item for item in left.left_in(working.translation_of(other))}

    assert items["Write the tests."].kind == Kind.MEMORY
    (offer,) = [offer for offer in items["Write the tests."].suggestions if offer.is_exact]
    assert offer.data.endswith("Write the tests.")
    assert offer.origin == "Accessible date picker"
    assert items["Again"].kind == Kind.NEW


def test_a_text_nearly_like_an_earlier_one_is_offered_with_its_differences(
    translated: Any, author: Any
) -> None:
    language = translated.locale.language_code
    other = pages.make_content_page(
        author, language, intro="<p>Repair the keyboard support today.</p>", slug="near"
    )

    items = {item.text: item for item in left.left_in(working.translation_of(other))}
    item = items["Repair the keyboard support today."]

    assert item.kind == Kind.NEW
    offer = item.suggestions[0]
    assert offer.text == "Repair the keyboard support."
    assert 50 <= offer.likeness < 100
    assert ("added", " today") in [(piece.kind, piece.text) for piece in offer.pieces]


def test_a_translation_with_an_error_is_left_and_shows_what_was_written(translated: Any) -> None:
    translation = working.translation_of(translated)
    broken = working.put(translation, "Write the tests.", "Écrire les <h1>tests</h1>.")
    assert broken.has_error

    (item,) = left.left_in(translation)

    assert item.value == "Écrire les <h1>tests</h1>."
    assert "h1" in item.error


def test_snippets_are_compared_too_by_whatever_route_they_are_refreshed(translator: Any) -> None:
    skill = Skill.objects.create(name="Web accessibility", locale=Locale.objects.get(language_code="en"))
    pairs.keep_snippet_in_step(skill, None)
    translation = working.translation_of(skill)
    working.put(translation, "Web accessibility", "Accessibilité du Web", translator)
    skill.name = "Digital accessibility"
    skill.save()
    translation.source.update_from_db()

    (item,) = left.left_in(translation)

    assert item.kind == Kind.CHANGED
    assert item.former is not None
    assert item.former.data == "Accessibilité du Web"


def test_deleting_a_page_leaves_no_record_behind(translated: Any, author: Any, translator: Any) -> None:
    working.save_source(translated, author, teaser="Something else.")
    assert ReplacedString.objects.exists()

    pairs.counterpart(translated).delete()
    translated.delete()

    assert not ReplacedString.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_text(
    author: Any, translator: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    small = working.translation_of(pages.make_opportunity(author, criteria=1))
    many = "".join(f"<p>Paragraph number {number} of the work.</p>" for number in range(30))
    large = working.translation_of(pages.make_opportunity(author, slug="large", criteria=12, work=many))
    left.left_in(small)
    with django_assert_max_num_queries(15) as few:
        left.left_in(small)

    with django_assert_num_queries(len(few)):
        assert len(left.left_in(large)) > 40


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_aside_marks_changes_for_eyes_and_ears(
    translated: Any, author: Any, translator: Any, language: str
) -> None:
    from wagtail.users.models import UserProfile

    UserProfile.objects.create(user=translator, preferred_language=language)
    working.save_source(translated, author, work=WORK.replace("the tests", "the unit tests"))
    target = pairs.counterpart(translated)
    response = working.client_of(translator).get(reverse("wagtailadmin_pages:edit", args=[target.pk]))

    page = working.parsed(response)
    (item,) = page.select("#translation-aside .microacq-item")
    source = item.select_one(".microacq-item__source")

    assert source["lang"] == translated.locale.language_code
    heard = source.select_one("ins .w-sr-only")
    assert heard["lang"] == language
    assert ("added" if language == "en" else "ajouté") in heard.text
    assert item.select_one("textarea")["lang"] == target.locale.language_code
    assert item.select_one(".microacq-item__earlier").text.endswith("Write the tests.")


def test_what_a_text_or_its_translation_holds_is_shown_and_never_run(author: Any, translator: Any) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    page = pages.make_opportunity(author, teaser=f"Mind {bad}", title=f"T {bad}")
    translation = working.translation_of(page)
    StringTranslation.objects.all().delete()
    pages.translate(page, translator)
    working.save_source(page, author, teaser=f"Mind {bad} again")
    other = pages.make_opportunity(author, slug="other", teaser=f"Mind {bad}", title="Other")
    client = working.client_of(translator)

    for job in (translation, working.translation_of(other)):
        for address in (
            working.left_address(job),
            reverse("wagtailadmin_pages:edit", args=[job.get_target_instance().pk]),
            reverse("microacq_translations"),
        ):
            html = client.get(address).content.decode()
            assert "<script>alert" not in html
            assert "<img src=x" not in html
