"""Rules without a database: taxes by province and day, tax numbers, postal codes, and numbers that are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import assume, given
from hypothesis import strategies as st

from microacq_pages.guardrails import CAP, money
from submissions.contracts.payment import checks, numbers, rates, registrations, taxes
from submissions.contracts.payment.models import TaxRate
from submissions.contracts.payment.numbers import Found, found_in
from submissions.contracts.payment.taxes import Rate, Tax

TODAY = date(2026, 11, 21)
SEPARATORS = ["", " ", "-", ".", "/", "\u00a0", "\u2013", "\u200b", " - ", "\n"]


def with_check_digit(digits: str) -> str:
    return next(digits + last for last in "0123456789" if numbers.has_luhn_digit(digits + last))


# --- taxes -----------------------------------------------------------------------------------------


#: What a department pays where, in percent, on the day of ``TODAY`` (Canada Revenue Agency, “GST/HST provincial rates
#: table”; Revenu Québec). British Columbia, Saskatchewan and Manitoba have a tax that it does not pay.
IN_FORCE: dict[str, dict[Tax, Decimal]] = {
    **{code: {Tax.GST: Decimal(5)} for code in ("AB", "BC", "MB", "NT", "NU", "SK", "YT")},
    **{code: {Tax.HST: Decimal(15)} for code in ("NB", "NL", "PE")},
    "NS": {Tax.HST: Decimal(14)},
    "ON": {Tax.HST: Decimal(13)},
    "QC": {Tax.GST: Decimal(5), Tax.QST: Decimal("9.975")},
    taxes.ABROAD: {},
}


@pytest.mark.django_db
def test_the_rates_are_those_in_force_and_those_that_the_cap_was_computed_with() -> None:
    assert {place: rates.percents_of(place, TODAY) for place in taxes.PROVINCES} == IN_FORCE
    assert {tax.province: tax.rate * 100 for tax in money.TAXES} == {
        place: sum(percents.values()) for place, percents in IN_FORCE.items() if place != taxes.ABROAD
    }


@pytest.mark.django_db
def test_finance_adds_a_rate_and_it_counts_from_its_first_day() -> None:
    TaxRate.objects.create(tax="HST", province="ON", percent=12, since=date(2027, 4, 1), source="A budget")
    TaxRate.objects.create(tax="QST", province="QC", percent=0, since=date(2027, 4, 1), source="Another")
    for day, ontario, quebec in (
        (date(2027, 3, 31), 13, {Tax.GST, Tax.QST}),
        (date(2027, 4, 1), 12, {Tax.GST}),
    ):
        assert rates.percents_of("ON", day) == {Tax.HST: ontario}
        assert set(rates.percents_of("QC", day)) == quebec
    for fault in (
        {"tax": "QST", "province": "ON"},
        {"tax": "PST", "province": "BC"},
        {"percent": 21},
        {"since": date(2010, 7, 1)},
    ):
        values = {"tax": "HST", "province": "ON", "percent": 1, "since": date(2028, 1, 1), "source": "x"}
        with pytest.raises(IntegrityError), transaction.atomic():
            TaxRate.objects.create(**{**values, **fault})
    with pytest.raises(DatabaseError, match="are kept"), transaction.atomic():
        TaxRate.objects.all().delete()


@pytest.mark.parametrize(
    ("day", "percents"),
    [(date(2025, 3, 31), {"HST": 15}), (date(2025, 4, 1), {"HST": 14}), (date(2009, 1, 1), {})],
)
def test_the_newest_rate_counts(day: date, percents: dict[str, int]) -> None:
    rows = [
        Rate(Tax.HST, "NS", date(2025, 4, 1), Decimal(14)),
        Rate(Tax.HST, "NS", date(2010, 7, 1), Decimal(15)),
        Rate(Tax.HST, "ON", date(2025, 4, 1), Decimal(1)),
    ]
    assert taxes.percents_on(rows, "NS", day) == percents


def test_the_address_of_the_department_decides_where_it_has_one(settings: Any) -> None:
    assert rates.place_of("BC") == "BC"
    settings.MICROACQ_DEPARTMENT_PROVINCE = "ON"
    assert rates.place_of("BC") == "ON"
    assert not rates.may_have_qst()
    assert checks.check_department_province(None) == checks.check_place_of_supply(None) == []
    settings.MICROACQ_DEPARTMENT_PROVINCE = "ZZ"
    assert [each.id for each in checks.check_department_province(None)] == ["submissions.E008"]
    settings.MICROACQ_DEPARTMENT_PROVINCE = ""
    assert [each.id for each in checks.check_place_of_supply(None)] == ["submissions.W002"]


def test_quebec_charges_two_taxes_each_rounded_by_itself() -> None:
    charged = taxes.compute(Decimal("8695.65"), IN_FORCE["QC"], federal=True, provincial=True)
    assert (charged.federal.name, charged.federal.amount) == ("GST", Decimal("434.78"))
    assert (charged.provincial.name, charged.provincial.amount) == ("QST", Decimal("867.39"))
    assert charged.total == Decimal("9997.82")


def test_who_is_not_registered_charges_nothing() -> None:
    charged = taxes.compute(Decimal(500), IN_FORCE["QC"], federal=False, provincial=False)
    assert charged.total == 500


@given(cents=st.integers(1, 869_565), province=st.sampled_from(sorted(taxes.PROVINCES)))
def test_no_price_that_was_allowed_passes_the_cap_with_tax(cents: int, province: str) -> None:
    charged = taxes.compute(Decimal(cents) / 100, IN_FORCE[province], federal=True, provincial=True)
    assert charged.subtotal <= charged.total <= CAP
    assert charged.total == charged.total.quantize(taxes.CENT)
    for tax in (charged.federal, charged.provincial):
        exact = charged.subtotal * tax.percent / 100
        assert Decimal("-0.005") <= exact - tax.amount < Decimal("0.005")


# --- numbers of taxes, postal codes ---------------------------------------------------------------------


def test_tax_numbers_are_known_by_their_form_and_check_digit() -> None:
    assert registrations.is_gst_number("12345 6782 rt 0001")
    assert not registrations.is_gst_number("123456789 RT0001")
    assert registrations.is_qst_number("1234567890 TQ 0001")
    assert not registrations.is_qst_number("1234567890")


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


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("k1a0b1", "K1A 0B1"),
        ("123456782rt0001", "123456782 RT0001"),
        ("1234567890-TQ-0001", "1234567890 TQ0001"),
        (" SW1A  1AA ", "SW1A 1AA"),
    ],
)
def test_numbers_are_written_as_people_read_them(text: str, written: str) -> None:
    assert registrations.spaced(text) == written


def test_a_supplier_is_paid_at_an_address_or_on_a_page() -> None:
    for where in ("ada@example.org", "https://paypal.me/ada", "http://pay.example.org/x?y=1"):
        assert registrations.is_where_to_pay(where)
    for where in ("1234567", "12345 006 1234567", "By cheque", "javascript:alert(1)", ""):
        assert not registrations.is_where_to_pay(where)


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
        ("12345 101", Found.ACCOUNT),
        ("Transit: 00012, account: 1234567", Found.ACCOUNT),
        ("no de compte 12-34567", Found.ACCOUNT),
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
        "10123 127 Street NW, Edmonton",
        "9803 - 101 Avenue",
        "The transit feed has 14500 stops; routing takes 10 000 requests.",
        "Merged as e83c5163316f89bfbde7d9ab23ca2e25604af290.",
        "4556737586899855" + "e83c5163316f89bfbde7d9ab",
    ],
)
def test_references_addresses_and_amounts_are_not_refused(text: str) -> None:
    assert found_in(text) is None


@given(st.integers(1, 99_999_999), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_file_numbers_and_days_are_never_refused(number: int, day: date) -> None:
    assert found_in(f"MA-{day:%Y}-{number:04} {day:%Y-%m-%d}") is None
