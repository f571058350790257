"""The page in the other language at any time, with what is missing marked in its own language."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page

from microacq_pages import pairs
from microacq_pages.models import Skill
from microacq_pages.translating import preview
from submissions.proposals.pages import ProposalFormPage
from tests.factories import pages
from tests.microacq_pages.translating import working


def shown(job: Any, user: Any) -> BeautifulSoup:
    response = working.client_of(user).get(reverse("microacq_translation_preview", args=[job.pk]))
    assert response.status_code == 200
    text = response.content.decode()
    assert preview.OPEN not in text
    assert preview.CLOSE not in text
    return BeautifulSoup(text, "html.parser")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_unfinished_opportunity_is_seen_in_the_other_language(
    author: Any, translator: Any, language: str
) -> None:
    page = pages.make_opportunity(author, language)
    job = working.translation_of(page)
    target = job.target_locale.language_code
    working.put(job, "Repair the keyboard support.", "Le clavier d’abord.")

    seen = shown(job, translator)

    assert seen.html["lang"] == target
    assert "Le clavier d’abord." in seen.text
    for text in (page.title, "Write the tests.", "Show skill 1."):
        marked = [span for span in seen.select(f"span[lang={language}]") if span.text == text]
        assert marked, text
    translated = seen.find(string="Le clavier d’abord.")
    assert translated.find_parent("span", lang=language) is None
    assert page.title in seen.title.text
    assert "not translated yet" in seen.select_one(".microacq-preview-notice").text


@pytest.mark.django_db
def test_a_finished_page_has_no_marks(author: Any, translator: Any) -> None:
    page = pages.make_opportunity(author)
    pages.translate(page, translator)

    seen = shown(working.translation_of(page), translator)

    assert not seen.select(".microacq-untranslated, .microacq-preview-notice")
    assert "[fr] Write the tests." in seen.text


@pytest.mark.django_db
def test_content_pages_and_the_form_page_are_seen_too(author: Any, translator: Any) -> None:
    for page in (
        pages.make_content_page(author),
        ProposalFormPage.objects.filter(locale__language_code="en").first(),
    ):
        job = working.translation_of(page)
        target = pairs.counterpart(page)
        seen = shown(job, translator)
        assert seen.html["lang"] == target.locale.language_code


@pytest.mark.django_db
def test_the_draft_is_shown_and_nothing_is_saved(author: Any, translator: Any) -> None:
    page = pages.make_opportunity(author)
    working.save_source(page, author, teaser="Only in the draft.")
    before = Page.objects.order_by("pk").values_list("pk", "draft_title", "latest_revision")
    before = list(before)

    assert "Only in the draft." in shown(working.translation_of(page), translator).text
    assert list(Page.objects.order_by("pk").values_list("pk", "draft_title", "latest_revision")) == before


@pytest.mark.django_db
def test_a_snippet_has_no_page_to_preview(translator: Any) -> None:
    from wagtail.models import Locale

    skill = Skill.objects.create(name="Rust", locale=Locale.objects.get(language_code="en"))
    pairs.keep_snippet_in_step(skill, None)
    job = working.translation_of(skill)

    response = working.client_of(translator).get(
        reverse("microacq_translation_preview", args=[job.pk]), follow=True
    )

    assert response.status_code == 404


def test_marks_leave_attributes_titles_and_scripts() -> None:
    html = (
        "<html><head><title>\ue100Title\ue101</title><script>var a='\ue100x\ue101'</script></head>"
        "<body><p title='\ue100T\ue101'>\ue100One <b>two</b> three\ue101 four &lt;b&gt;</p></body></html>"
    )

    soup = BeautifulSoup(preview.mark(html, "en", "Notice", "fr"), "html.parser")

    assert soup.title.text == "Title"
    assert soup.script.text == "var a='x'"
    paragraph = soup.select("p")[1]
    assert paragraph["title"] == "T"
    assert [(span["lang"], span.text) for span in paragraph.select("span")] == [
        ("en", "One "),
        ("en", "two"),
        ("en", " three"),
    ]
    assert paragraph.text == "One two three four <b>"
    assert soup.select_one(".microacq-preview-notice")["lang"] == "fr"


@given(st.text(alphabet="ab <>&\"'\ue100\ue101é", max_size=60))
def test_no_text_is_lost_whatever_the_marks(text: str) -> None:
    from django.utils.html import escape

    html = f"<html><body><p>{escape(text)}</p></body></html>"

    soup = BeautifulSoup(preview.mark(html, "en"), "html.parser")

    # The parser shortens spaces that stand alone, as browsers do.
    assert soup.p.text.split() == text.replace("\ue100", "").replace("\ue101", "").split()
