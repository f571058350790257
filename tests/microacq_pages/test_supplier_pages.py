"""The pages for suppliers, made as drafts for a department to read and publish."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from microacq_pages import pairs, supplier_pages
from microacq_pages.models import ContentPage

pytestmark = pytest.mark.django_db

ARGUMENTS = {
    "department_en": "the Canadian Example Agency",
    "department_fr": "l’Agence canadienne d’exemple",
    "privacy_email": "aiprp@example.gc.ca",
}


def test_they_are_drafts_in_both_languages_in_the_name_of_the_department() -> None:
    call_command("setup_supplier_pages", **ARGUMENTS)
    assert ContentPage.objects.count() == 2 * len(supplier_pages.KEYS)
    assert not ContentPage.objects.live().exists()
    for page in ContentPage.objects.filter(locale__language_code="en"):
        source, twin = pairs.latest(page), pairs.latest(pairs.counterpart(page))
        assert source.title != twin.title
        written = f"{source.intro} {source.body.raw_data} {twin.intro} {twin.body.raw_data}"
        assert "{" + "department}" not in written
    terms = ContentPage.objects.get(slug="terms", locale__language_code="en")
    assert "represented by the Canadian Example Agency" in str(pairs.latest(terms).body)
    assert "représenté par l’Agence canadienne" in str(pairs.latest(pairs.counterpart(terms)).body)
    assert Client().get("/en/terms/").status_code == 404


def test_what_a_department_has_written_is_left_alone() -> None:
    call_command("setup_supplier_pages", **ARGUMENTS)
    before = set(ContentPage.objects.values_list("pk", "latest_revision_id"))
    call_command("setup_supplier_pages", **ARGUMENTS)
    assert set(ContentPage.objects.values_list("pk", "latest_revision_id")) == before
