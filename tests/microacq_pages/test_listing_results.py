"""Listings of the admin say how many match in a way that readers of screens can make sense of."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.factories import proposals

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "query"), [("solicitations:index", "state=posted"), ("solicitations:index", "q=picker")]
)
def test_the_number_of_matches_is_a_status_and_no_heading(
    client: Client, it_strategy: Any, address: str, query: str
) -> None:
    proposals.make_file()
    client.force_login(it_strategy)
    page = BeautifulSoup(client.get(f"{reverse(address)}?{query}").content, "html.parser")
    assert page.select("h2[role=alert]") == []
    assert [each.get_text(strip=True) for each in page.select("p[role=status]")] == ["There is 1 match"]
