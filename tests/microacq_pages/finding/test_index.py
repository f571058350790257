"""The index of the public list follows what is public; what was found is put in order and marked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from microacq_pages import pairs
from microacq_pages.models import ListedOpportunity, ListedText, Skill
from tests.factories import listings, pages
from tests.microacq_pages.finding.test_search import soup_of, titles

pytestmark = pytest.mark.django_db


def test_a_word_in_the_title_counts_more_than_one_in_the_text(
    client: Client, author: Any, it_strategy: Any
) -> None:
    in_text = pages.make_posted_opportunity(
        author, it_strategy, slug="b", title="Another work", work="<p>With a calendar.</p>"
    )
    in_title = pages.make_posted_opportunity(author, it_strategy, slug="a", title="A calendar")

    assert titles(soup_of(client, q="calendars"))[:2] == [in_title.title, in_text.title]


def test_what_was_found_is_marked_and_everything_else_escaped(
    client: Client, author: Any, it_strategy: Any
) -> None:
    pages.make_posted_opportunity(
        author, it_strategy, title="Forms with <script>alert(1)</script> & l’écran", teaser="Écrans & <b>forms</b>"
    )  # fmt: skip
    soup = soup_of(client, q="form ecran")
    card = soup.find("article")
    assert [mark.get_text() for mark in card.find_all("mark")] == ["Forms", "écran", "Écrans", "forms"]
    assert card.find("script") is None
    assert card.find("h4").get_text() == "Forms with <script>alert(1)</script> & l’écran"


def test_a_word_of_the_text_is_shown_where_it_stands(client: Client, author: Any, it_strategy: Any) -> None:
    pages.make_posted_opportunity(author, it_strategy)
    card = soup_of(client, q="keyboards").find("article")
    assert "keyboard" in [mark.get_text() for mark in card.find_all("mark")]


def test_a_page_of_results_keeps_the_search(client: Client, author: Any, it_strategy: Any) -> None:
    listings.add_copies(pages.make_posted_opportunity(author, it_strategy), 150)
    soup = soup_of(client, q="picker", state="open")
    assert len(titles(soup)) == 20
    following = soup.find("a", rel="next")["href"]
    assert following == "/en/opportunities/?q=picker&state=open&page=2#results"
    last = soup_of(client, q="picker", state="open", page="99")
    current = last.select_one(".pages [aria-current]")
    assert current.get_text().split()[-1] == "3"
    seen = [titles(soup_of(client, q="picker", state="open", page=number)) for number in (1, 2, 3)]
    assert len({title for page in seen for title in page}) == sum(map(len, seen)) == 46


def test_what_is_listed_follows_what_is_public(client: Client, author: Any, it_strategy: Any) -> None:
    draft = pages.make_opportunity(author)
    assert not ListedOpportunity.objects.exists()
    pages.translate(draft)
    pages.publish(draft, it_strategy)
    text = ListedText.objects.get(language="fr")
    assert text.page_id == pairs.counterpart(draft).pk
    assert text.title == "[fr] Accessible date picker"
    assert ListedOpportunity.objects.get().number.startswith("MA-")


def test_a_skill_is_found_under_its_new_name(client: Client, author: Any, it_strategy: Any) -> None:
    skill = pages.make_skill("Python", "Python (langage)")
    pages.make_posted_opportunity(author, it_strategy, skills=[skill])
    skill.name = "Fortran"
    skill.save()
    assert len(titles(soup_of(client, q="fortran"))) == 1
    assert not titles(soup_of(client, q="python"))
    assert len(titles(soup_of(client, "fr", q="python"))) == 1
    assert Skill.objects.filter(translation_key=skill.translation_key).count() == 2
