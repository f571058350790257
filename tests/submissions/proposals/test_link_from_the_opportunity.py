"""The way from an opportunity to its form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from microacq_pages.models import Opportunity
from tests.factories import pages, proposals

pytestmark = pytest.mark.django_db


def test_an_open_opportunity_leads_to_its_self_check_in_both_languages(
    client: Client, author: Any, it_strategy: Any
) -> None:
    file = proposals.make_posted_file(author, it_strategy)
    for language, address in (("en", "/en/apply/"), ("fr", "/fr/presenter-une-demande/")):
        content = client.get(file.page(language).url).content.decode()
        assert f'href="{address}{file.number}/check/"' in content
    assert client.get(f"/en/apply/{file.number}/check/").status_code == 200


def test_a_closed_opportunity_does_not(client: Client, author: Any, it_strategy: Any) -> None:
    file = proposals.make_posted_file(author, it_strategy)
    proposals.set_deadline(file)
    assert f"/en/apply/{file.number}/check/" not in client.get(file.page("en").url).content.decode()


def test_a_draft_does_not(author: Any, rf: Any) -> None:
    from submissions.templatetags.submissions_tags import apply_link

    opportunity = pages.make_opportunity(author)
    assert apply_link(Opportunity.objects.get(pk=opportunity.pk))["apply_url"] == ""
