"""CFOB’s report of contracts, and the line of the yearly publication."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from microacq_pages.formats import EASTERN
from submissions.awards.models import Award
from submissions.contracts.enums import EndKind
from submissions.contracts.models import Contract
from submissions.records.opendata import yearly
from submissions.solicitations.models import Solicitation
from tests.factories import awards, contracts, people

pytestmark = pytest.mark.django_db

REPORT = "microacq_contracts"


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


@pytest.fixture(scope="module")
def _awarded_of_module(module_transaction: None) -> int:
    """No page and no question is needed here."""
    return awards.awarded().offer.solicitation_id


def contract_of(award: Award) -> Contract:
    return Contract.objects.get(offer=award.offer_id)


@pytest.fixture
def award(awarded: Solicitation) -> Award:
    return Award.objects.get(offer__solicitation=awarded)


def test_cfob_downloads_the_line_of_a_year(client: Client, cfob: Any, award: Award) -> None:
    client.force_login(cfob)
    year = award.countersigned_at.astimezone(EASTERN).year
    (row,) = rows_of(client.get(reverse("microacq_contracts_year", args=[year])).content.decode())
    assert list(row) == list(yearly.FIELDS)
    assert row["year"] == str(year)
    assert (row["contract_service_number_of"], row["contracts_service_original_value"]) == ("1", "6500.00")
    assert row["contract_goods_number_of"] == "0"
    assert row["acquisition_card_transactions_total_value"] == ""


def test_a_contract_counts_with_the_tax_of_its_invoice(award: Award) -> None:
    year = award.countersigned_at.astimezone(EASTERN).year
    assert (yearly.year_of(year).value, yearly.year_of(year).untaxed) == (Decimal("6500.00"), 1)
    invoice = contracts.invoiced(
        contracts.accepted(contracts.judged(contracts.delivered(contract_of(award)))).contract
    )
    told = yearly.year_of(year)
    assert (told.value, told.untaxed, told.amended) == (invoice.total, 0, Decimal(0))
    assert invoice.total == Decimal("7345.00"), "Ontario"


@pytest.mark.parametrize(
    ("kind", "worth"),
    [(EndKind.DEFAULT, "0"), (EndKind.CONVENIENCE, "1950.00"), (EndKind.WITHDRAWN, "0")],
)
def test_what_is_not_paid_of_a_contract_that_ended_early_is_an_amendment(
    client: Client, cfob: Any, award: Award, kind: EndKind, worth: str
) -> None:
    contract = contract_of(award)
    contracts.ended(contract, kind, percentage=30)
    year = award.countersigned_at.astimezone(EASTERN).year
    assert yearly.year_of(year).amended == Decimal(worth) - award.value
    if kind == EndKind.CONVENIENCE:
        contracts.invoiced(contract_of(award))
        told = yearly.year_of(year)
        assert (told.value, told.value + told.amended) == (Decimal("7345.00"), Decimal("2203.50"))
    client.force_login(cfob)
    assert client.get(reverse(REPORT)).status_code == 200


def test_a_year_without_a_contract_is_a_line_of_zeros(client: Client, cfob: Any, award: Award) -> None:
    client.force_login(cfob)
    (row,) = rows_of(client.get(reverse("microacq_contracts_year", args=[2019])).content.decode())
    assert row["contract_service_number_of"] == "0"
    assert client.get(reverse("microacq_contracts_year", args=[99999])).status_code == 404


def test_the_report_lists_the_contracts_behind_the_sums(client: Client, cfob: Any, award: Award) -> None:
    client.force_login(cfob)
    shown = client.get(reverse(REPORT)).content.decode()
    assert award.supplier in shown
    assert "Number of Service Contracts $10K and under" in shown
    (row,) = rows_of(client.get(reverse(REPORT), {"export": "csv"}).getvalue().decode("utf-8-sig"))
    assert row["vendor_name"] == award.supplier
    assert (row["original_value"], row["commodity_type"]) == ("6500.00", "S")
    earlier = client.get(reverse(REPORT), {"export": "csv", "year": "1999"})
    assert earlier.status_code == 200


def test_french_names_are_those_of_the_national_template(client: Client, cfob: Any, award: Award) -> None:
    people.prefer(cfob, "fr")
    client.force_login(cfob)
    shown = client.get(reverse(REPORT)).content.decode()
    assert "Nombre de marchés de services de 10\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}$ et moins" in shown


def test_a_client_sees_no_contracts_of_others(client: Client, author: Any, award: Award) -> None:
    client.force_login(author)
    for address in (reverse(REPORT), reverse("microacq_contracts_year", args=[2026])):
        assert client.get(address).status_code in {302, 403}


def test_the_report_costs_the_same_for_many_contracts(
    client: Client, cfob: Any, award: Award, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cfob)
    client.get(reverse(REPORT))
    with django_assert_max_num_queries(20):
        client.get(reverse(REPORT))
