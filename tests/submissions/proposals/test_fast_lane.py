"""The short way of a filled-in form: the same answers as Wagtail's way, and never past what was published."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from microacq_pages.models import PublicVersion
from submissions.proposals import fast_lane
from submissions.proposals.models import Proposal
from submissions.proposals.sealing import SupplierLink
from tests.factories import proposals

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    fast_lane._remembered.clear()


def send(client: Client, file: Any, language: str = "en") -> tuple[int, bool]:
    """The status of the answer, and whether Wagtail was asked for the page."""
    address = proposals.form_page(language).address_of("apply", file.number)
    data = proposals.answers(file, language, link=SupplierLink.generate().token)
    with CaptureQueriesContext(connection) as queries:
        status = client.post(address, data).status_code
    return status, any('FROM "wagtailcore_site"' in query["sql"] for query in queries)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_form_asks_wagtail_and_the_next_ones_do_not(
    client: Client, file: Any, language: str
) -> None:
    assert send(client, file, language) == (303, True)
    assert send(client, file, language) == (303, False)
    assert {proposal.language for proposal in Proposal.objects.all()} == {language}


def test_after_any_publication_wagtail_is_asked_again(client: Client, file: Any) -> None:
    send(client, file)
    PublicVersion.bump()
    assert send(client, file) == (303, True)


def test_where_a_page_is_restricted_wagtail_is_always_asked(client: Client, file: Any) -> None:
    send(client, file)
    restriction = PageViewRestriction(page=proposals.form_page(), restriction_type="login")
    PageViewRestriction.objects.bulk_create([restriction])  # the software itself refuses any
    assert send(client, file) == (302, True)


def test_what_is_remembered_is_forgotten_after_a_minute(
    client: Client, file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, file)
    monkeypatch.setattr(fast_lane, "LONGEST", 0)
    assert send(client, file) == (303, True)


@pytest.mark.parametrize("slug", ["nowhere", "opportunities"])
def test_the_number_below_another_page_is_not_found(client: Client, file: Any, slug: str) -> None:
    send(client, file)
    assert client.post(f"/en/{slug}/{file.number}/", {"name": "x"}).status_code == 404


def test_an_application_asks_the_database_few_questions(client: Client, file: Any) -> None:
    send(client, file)
    address = proposals.form_page().address_of("apply", file.number)
    data = proposals.answers(
        file,
        email="somebody.else@example.org",
        correspondence_language="en",
        link=SupplierLink.generate().token,
    )
    with CaptureQueriesContext(connection) as queries:
        assert client.post(address, data).status_code == 303
    # Two of them open and release the savepoint that requests have in tests.
    assert len(queries) <= 15, [query["sql"][:80] for query in queries]
