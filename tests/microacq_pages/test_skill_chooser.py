"""Choosing a skill speaks the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from microacq_pages.models import Skill

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Choose a skill"), ("fr", "Choisir une compétence")]
)
def test_the_heading_is_in_the_language_of_the_person(author: Any, language: str, heading: str) -> None:
    profile = UserProfile.get_for_user(author)
    profile.preferred_language = language
    profile.save()
    client = Client()
    client.force_login(author)
    namespace = Skill.snippet_viewset.get_chooser_admin_url_namespace()

    html = client.get(reverse(f"{namespace}:choose")).json()["html"]
    title = BeautifulSoup(html, "html.parser").h1
    assert title is not None and title.get_text(strip=True) == heading
