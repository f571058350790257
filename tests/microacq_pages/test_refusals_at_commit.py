"""What only the database refuses, at the commit, still reaches the person as a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.admin.views.pages.lock import LockView
from wagtail.models import Page

from tests.factories import pages
from tests.microacq_pages.routes.world import languages_live

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])


@pytest.fixture
def _a_view_that_publishes_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """A route nobody thought of; the commit of a test is brought forward into the view."""

    def publish_alone(self: Any) -> None:
        Page.objects.filter(pk=self.object.pk).update(live=True)
        connection.check_constraints()

    monkeypatch.setattr(LockView, "perform_operation", publish_alone)


@pytest.mark.usefixtures("_a_view_that_publishes_one_language")
def test_a_commit_that_the_database_refuses_is_answered_with_a_sentence(author: Any, admin: Any) -> None:
    page = pages.make_opportunity(author)
    client = Client()
    client.force_login(admin)

    response = client.post(reverse("wagtailadmin_pages:lock", args=[page.pk]))

    assert response.status_code == 302
    (sentence,) = [str(message) for message in get_messages(response.wsgi_request)]
    assert sentence.startswith("Both languages are published, changed, taken down and moved together.")
    assert languages_live(page) == []


@pytest.mark.usefixtures("_a_view_that_publishes_one_language")
def test_a_script_is_answered_in_json(author: Any, admin: Any) -> None:
    page = pages.make_opportunity(author)
    client = Client()
    client.force_login(admin)

    response = client.post(
        reverse("wagtailadmin_pages:lock", args=[page.pk]), headers={"accept": "application/json"}
    )

    assert response.status_code == 409
    assert "Both languages" in response.json()["errorMessage"]
