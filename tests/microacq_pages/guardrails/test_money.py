"""Prices, taxes and estimates: the cap holds for every supplier in Canada."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.guardrails import money
from microacq_pages.guardrails.money import CAP, HIGHEST_TAX, PRICE_LIMIT, TAXES, Estimate

AMOUNTS = st.decimals(Decimal("0.01"), Decimal("20000"), places=2)
RATES = st.decimals(Decimal("1"), Decimal("500"), places=2)
HOURS = st.decimals(Decimal("0.5"), Decimal("500"), places=1)


def test_every_province_and_territory_has_its_tax() -> None:
    assert len({tax.province for tax in TAXES}) == 13
    assert Decimal("0.15") == HIGHEST_TAX
    rates = {tax.province: tax.rate for tax in TAXES}
    assert rates["QC"] == Decimal("0.05") + Decimal("0.09975")
    assert rates["NS"] == Decimal("0.14")


def test_the_limit_is_the_last_cent_below_the_cap() -> None:
    assert money.limit_before_tax() == PRICE_LIMIT
    assert money.with_highest_tax(PRICE_LIMIT) <= CAP
    assert money.with_highest_tax(PRICE_LIMIT + Decimal("0.01")) > CAP


@given(AMOUNTS)
def test_a_price_within_the_limit_stays_within_the_cap_for_every_supplier(price: Decimal) -> None:
    within = all(amount <= CAP for _tax, amount in Estimate(price=price).by_province())
    assert within is (price <= PRICE_LIMIT)


@given(AMOUNTS)
def test_what_is_left_and_the_price_make_the_limit(price: Decimal) -> None:
    left = Estimate(price=price).left
    assert left is not None
    assert left + price == PRICE_LIMIT
    assert (left < 0) is (price > PRICE_LIMIT)


@given(HOURS, RATES)
def test_an_effort_is_worth_its_hours_and_ten_of_administration(hours: Decimal, rate: Decimal) -> None:
    worth = money.worth(hours, rate)
    assert abs(worth - (hours * rate + 10 * rate)) <= Decimal("0.005")
    estimate = Estimate(hours=hours, rate=rate)
    assert estimate.worth == estimate.amount == worth
    assert estimate.lowest is not None
    assert estimate.highest is not None
    assert estimate.rate_is_usual is (estimate.lowest <= worth <= estimate.highest)


def test_the_example_of_the_guide() -> None:
    assert money.worth(Decimal(70), Decimal(80)) == Decimal("6400.00")


@pytest.mark.parametrize("estimate", [Estimate(), Estimate(hours=Decimal(5)), Estimate(rate=Decimal(70))])
def test_what_is_unknown_stays_unknown(estimate: Estimate) -> None:
    assert estimate.worth is estimate.amount is estimate.left is None
    assert estimate.by_province() == []
