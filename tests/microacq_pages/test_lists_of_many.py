"""A list of pages, a list of question texts and a draft cost the database the same with many parts as with few."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from microacq_pages import pairs, roles
from microacq_pages.models import OpportunityIndex
from tests.factories import crowds, pages, people, proposals

pytestmark = pytest.mark.django_db


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("role", [roles.CLIENT, roles.IT_STRATEGY])
def test_the_list_of_pages_asks_as_often_for_five_opportunities_as_for_one(
    role: str, django_assert_max_num_queries: Any
) -> None:
    author = people.make_user(roles.CLIENT, "author")
    person = author if role == roles.CLIENT else people.make_user(role, "reader")
    client = client_of(person)
    address = reverse("wagtailadmin_explore", args=[pages.index(OpportunityIndex).pk])
    pages.make_opportunity(author)
    client.get(address)
    with django_assert_max_num_queries(60) as few:
        client.get(address)

    for number in range(4):
        pages.make_opportunity(author, justified=False, slug=f"another-{number}", title=f"Another {number}")
    with django_assert_max_num_queries(len(few)):
        response = client.get(address)

    assert "Another 3" in response.content.decode()


def test_the_list_of_questions_to_translate_asks_as_often_for_ten_as_for_three(
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(people.make_user(roles.TRANSLATOR))
    address = reverse("wagtailsnippets_submissions_questiontext:list")
    file = proposals.make_file()
    crowds.add_questions([file], 4)
    client.get(address)
    with django_assert_max_num_queries(40) as few:
        client.get(address)

    crowds.add_questions([file], 13)
    with django_assert_max_num_queries(len(few)):
        response = client.get(address)

    assert response.content.decode().count("May we use TypeScript") > 10


def test_a_draft_is_read_as_fast_with_many_criteria_as_with_few(
    author: Any, django_assert_max_num_queries: Any
) -> None:
    few_parts = pages.make_opportunity(author, criteria=1)
    many_parts = pages.make_opportunity(author, criteria=9, slug="another", justified=False)
    with django_assert_max_num_queries(20) as few:
        pairs.latest(few_parts)

    with django_assert_max_num_queries(len(few)):
        draft = pairs.latest(many_parts)

    assert draft.criteria.count() == 9
    assert {part.page_id for part in draft.criteria.all()} == {many_parts.pk}
    assert {part.locale_id for part in draft.criteria.all()} == {many_parts.locale_id}
