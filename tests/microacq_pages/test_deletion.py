"""What others refer to is not deleted: a sentence says so, never an error page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from microacq_pages.models import Project
from tests.factories import pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("project_once")]


def refused(client: Client, address: str) -> str:
    """What the person reads after asking for a deletion that is refused."""
    response = client.post(address, follow=True)
    assert response.status_code == 200
    return " ".join(str(message) for message in response.context["messages"])


def test_a_project_with_opportunities_stays(client: Client, author: Any, it_strategy: Any) -> None:
    pages.make_opportunity(author)
    project = Project.objects.get(locale__language_code="en")
    client.force_login(it_strategy)

    sentence = refused(client, reverse("wagtailadmin_pages:delete", args=[project.pk]))

    assert "these refer to it: Accessible date picker" in sentence
    assert Page.objects.filter(translation_key=project.translation_key).count() == 2


def test_who_posted_a_file_keeps_the_account(
    client: Client, author: Any, it_strategy: Any, admin: Any
) -> None:
    opportunity = pages.make_posted_opportunity(author, it_strategy)
    client.force_login(admin)

    for person in (author, it_strategy):
        sentence = refused(client, reverse("wagtailusers_users:delete", args=[person.pk]))
        assert opportunity.public_status.number in sentence
        assert get_user_model().objects.filter(pk=person.pk).exists()


def test_a_skill_that_an_opportunity_needs_stays(
    client: Client, author: Any, it_strategy: Any, user_in: Callable[..., Any]
) -> None:
    skill = pages.make_skill("Accessibility")
    pages.make_opportunity(author, skills=[skill])
    client.force_login(it_strategy)

    client.post(reverse("wagtailsnippets_microacq_pages_skill:delete", args=[skill.pk]))

    skill.refresh_from_db()
