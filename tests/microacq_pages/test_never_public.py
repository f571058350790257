"""What the client estimates is never shown to the public: neither the hours, nor the rate, nor the rates of skills."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from microacq_pages import pairs
from microacq_pages.models import Skill
from tests.factories import pages

TEMPLATES = Path(__file__).parents[2] / "templates"
FIELDS = ("estimated_hours", "hourly_rate", "lowest_rate", "highest_rate")


def test_no_public_template_names_them() -> None:
    public = [path for path in TEMPLATES.rglob("*.*") if "admin" not in path.parts]
    naming = [str(path) for path in public for field in FIELDS if field in path.read_text(errors="ignore")]
    assert naming == []


@pytest.mark.django_db
def test_no_public_page_shows_them(author: Any, it_strategy: Any, client: Client) -> None:
    skill = pages.make_skill("Rust")
    Skill.objects.filter(translation_key=skill.translation_key).update(
        lowest_rate=Decimal("71.17"), highest_rate=Decimal("96.19")
    )
    page = pages.make_posted_opportunity(
        author,
        it_strategy,
        skills=[Skill.objects.get(pk=skill.pk)],
        estimated_hours=Decimal("63.7"),
        hourly_rate=Decimal("84.39"),
    )
    french = pairs.counterpart(page)
    addresses = [page.url, french.url, page.get_parent().url, french.get_parent().url, page.project.url]
    for address in [*addresses, "/en/", "/fr/", "/sitemap.xml"]:
        answer = client.get(address, follow=True)
        text = answer.content.decode()
        assert answer.status_code in (200, 404), address
        for secret in ("63.7", "63,7", "84.39", "84,39", "71.17", "71,17", "96.19", "96,19"):
            assert secret not in text, f"{address}: {secret}"


@pytest.mark.django_db
def test_search_does_not_find_them() -> None:
    from microacq_pages.models import Opportunity

    indexed = {field.field_name for field in Opportunity.search_fields if hasattr(field, "field_name")}
    assert not indexed & set(FIELDS)


@pytest.mark.django_db
def test_the_preview_shows_what_the_public_will_see(author: Any) -> None:
    page = pages.make_opportunity(author, estimated_hours=Decimal("63.7"), hourly_rate=Decimal("84.39"))
    client = Client()
    client.force_login(author)
    answer = client.get(f"/admin/pages/{page.pk}/view_draft/")
    assert answer.status_code == 200
    assert "63.7" not in answer.content.decode()
    assert "84.39" not in answer.content.decode()
