"""Rules without a database: taxes by province and day, tax numbers, postal codes, and numbers that are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from microacq_pages.guardrails import CAP, money
from submissions.contracts.payment import numbers, registrations, taxes
from submissions.contracts.payment.numbers import Found, found_in

TODAY = date(2026, 11, 21)
SEPARATORS = ["", " ", "-", ".", "/", "\u00a0", "\u2013", "\u200b", " - ", "\n"]


def with_check_digit(digits: str) -> str:
    return next(digits + last for last in "0123456789" if numbers.has_luhn_digit(digits + last))


# --- taxes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tax", money.TAXES, ids=lambda tax: tax.province)
def test_the_rates_are_those_that_the_cap_was_computed_with(tax: money.Tax) -> None:
    percent = sum(each.percent_on(TODAY) for each in taxes.taxes_of(tax.province))
    assert percent == tax.rate * 100


def test_every_province_of_the_list_has_its_taxes_and_none_has_two_of_a_kind() -> None:
    assert {tax.province for tax in money.TAXES} | {taxes.ABROAD} == set(taxes.PROVINCES)
    for province in taxes.PROVINCES:
        kinds = [tax.federal for tax in taxes.taxes_of(province)]
        assert len(kinds) == len(set(kinds))
        assert all(rate.source for tax in taxes.taxes_of(province) for rate in tax.rates)


@pytest.mark.parametrize(
    ("day", "percent"), [(date(2025, 3, 31), 15), (date(2025, 4, 1), 14), (date(2009, 1, 1), 0)]
)
def test_a_rate_counts_from_its_first_day(day: date, percent: int) -> None:
    charged = taxes.compute(Decimal(1000), "NS", day, federal=True, provincial=False)
    assert charged.federal.percent == percent
    assert charged.federal.amount == percent * 10


def test_quebec_charges_two_taxes_each_rounded_by_itself() -> None:
    charged = taxes.compute(Decimal("8695.65"), "QC", TODAY, federal=True, provincial=True)
    assert (charged.federal.name, charged.federal.amount) == ("GST", Decimal("434.78"))
    assert (charged.provincial.name, charged.provincial.amount) == ("QST", Decimal("867.39"))
    assert charged.total == Decimal("9997.82")


def test_who_is_not_registered_charges_nothing() -> None:
    charged = taxes.compute(Decimal(500), "QC", TODAY, federal=False, provincial=False)
    assert charged.total == 500


@given(cents=st.integers(1, 869_565), province=st.sampled_from(sorted(taxes.PROVINCES)))
def test_no_price_that_was_allowed_passes_the_cap_with_tax(cents: int, province: str) -> None:
    charged = taxes.compute(Decimal(cents) / 100, province, TODAY, federal=True, provincial=True)
    assert charged.subtotal <= charged.total <= CAP
    assert charged.total == charged.total.quantize(taxes.CENT)


# --- numbers of taxes, postal codes ---------------------------------------------------------------------


def test_tax_numbers_are_known_by_their_form_and_check_digit() -> None:
    assert registrations.is_gst_number("12345 6782 rt 0001")
    assert not registrations.is_gst_number("123456789 RT0001")
    assert registrations.is_provincial_number("1234567890 TQ 0001", "QC")
    assert not registrations.is_provincial_number("1234567890", "QC")
    assert registrations.is_provincial_number("PST-1234-5678", "BC")


@pytest.mark.parametrize(
    ("code", "province", "fits", "capital"),
    [
        ("K1A 0B1", "ON", True, True),
        ("j8x3y1", "QC", True, True),
        ("P3E 1A1", "ON", True, False),
        ("K1A 0B1", "QC", False, False),
        ("D1A 0B1", "ON", False, False),
        ("75001", "XX", True, False),
    ],
)
def test_a_postal_code_lies_in_its_province(code: str, province: str, fits: bool, capital: bool) -> None:
    assert registrations.is_postal_code(code, province) is fits
    assert registrations.in_capital_region(code, province) is capital


# --- what is refused -----------------------------------------------------------------------------------


@given(
    digits=st.text("0123456789", min_size=11, max_size=17),
    first=st.sampled_from("3456"),
    separators=st.lists(st.sampled_from(SEPARATORS), min_size=19, max_size=19),
    before=st.sampled_from(["", "Pay with ", "Visa:", "numéro "]),
)
def test_a_card_is_found_however_it_is_written(
    digits: str, first: str, separators: list[str], before: str
) -> None:
    card = with_check_digit(first + digits)
    written = "".join(each + separator for each, separator in zip(card, separators, strict=False))
    assert found_in(before + written) is Found.CARD


@given(st.text("0123456789", min_size=14, max_size=14))
def test_a_number_without_its_check_digit_is_no_card(digits: str) -> None:
    assume(not numbers.has_luhn_digit(digits))
    assert found_in(digits) is not Found.CARD


def test_digits_of_other_scripts_change_nothing() -> None:
    assert found_in("４１１１ １１１１ １１１１ １１１１") is Found.CARD
    assert found_in("٤١١١١١١١١١١١١١١١") is Found.CARD


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FR14 2004 1010 0505 0001 3M02 606", Found.IBAN),
        ("My account is DE89370400440532013000.", Found.IBAN),
        ("gb82-west-1234-5698-7654-32 please", Found.IBAN),
        ("12345-006", Found.ACCOUNT),
        ("00006 004 1234567", Found.ACCOUNT),
        ("006-12345-1234567", Found.ACCOUNT),
        ("000612345 1234567", Found.ACCOUNT),
        ("Transit number: 12345", Found.ACCOUNT),
        ("numéro de compte : 1234 567", Found.ACCOUNT),
        ("CVV 123", Found.ACCOUNT),
    ],
)
def test_accounts_are_found(text: str, found: Found) -> None:
    assert found_in(text) is found
    with pytest.raises(ValidationError) as refusal:
        numbers.refuse_numbers(text)
    assert text not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MA-2026-0001-1",
        "123456782 RT0001",
        "1234567890 TQ0001",
        "8AC38461KX771552M",
        "1900004711",
        "600012345",
        "Call 613-555-0100, before 2026-12-31.",
        "140 Promenade du Portage, Gatineau (Québec) K1A 0J9",
        "https://paypal.me/supplier",
        "123456782 RT0001 is the number of my business since the spring, as the letter says",
        "Commit 0123abcd0123abcd0123abcd0123abcd0123abcd",
        "$8,695.65 and 15 % make $10,000.00",
    ],
)
def test_references_addresses_and_amounts_are_not_refused(text: str) -> None:
    assert found_in(text) is None


@given(st.integers(1, 99_999_999), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_file_numbers_and_days_are_never_refused(number: int, day: date) -> None:
    assert found_in(f"MA-{day:%Y}-{number:04} {day:%Y-%m-%d}") is None
