"""Money, dates, times and sizes in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from microacq_pages import formats

SUMMER = datetime(2021, 7, 13, 3, 59, 59, tzinfo=UTC)
WINTER = datetime(2021, 1, 13, 4, 59, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace(formats.NO_BREAK, "_")


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (Decimal("6500.00"), "$6,500", "6_500_$"),
        (Decimal("8695.65"), "$8,695.65", "8_695,65_$"),
        (Decimal("7474.50"), "$7,474.50", "7_474,50_$"),
        (Decimal("0.005"), "$0.01", "0,01_$"),
        (Decimal("1234567.8"), "$1,234,567.80", "1_234_567,80_$"),
        (Decimal(-20), "-$20", "-20_$"),
        (999, "$999", "999_$"),
        (0, "$0", "0_$"),
        (None, "", ""),
    ],
)
def test_money_has_cents_only_when_needed(value: Decimal | None, english: str, french: str) -> None:
    assert plain(formats.money(value, "en")) == english
    assert plain(formats.money(value, "fr")) == french


def test_a_colon_after_a_label_has_a_no_break_space_in_french_alone() -> None:
    assert formats.labelled("MA-2026-0001", "paid.", "en-ca") == "MA-2026-0001: paid."
    assert plain(formats.labelled("MA-2026-0001", "payée.", "fr")) == "MA-2026-0001_: payée."


def test_regional_variants_of_a_language_are_that_language() -> None:
    assert formats.money(Decimal(5), "fr-ca") == formats.money(Decimal(5), "fr")
    assert formats.money(Decimal(5), "en-CA") == formats.money(Decimal(5), None) == "$5"


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (date(2021, 7, 12), "July 12, 2021", "12 juillet 2021"),
        (date(2024, 2, 29), "February 29, 2024", "29 février 2024"),
        (date(2026, 8, 1), "August 1, 2026", "1er août 2026"),
        (date(2026, 12, 31), "December 31, 2026", "31 décembre 2026"),
        (SUMMER, "July 12, 2021", "12 juillet 2021"),
        (None, "", ""),
    ],
)
def test_a_date_is_written_out(value: date | None, english: str, french: str) -> None:
    assert formats.date_long(value, "en") == english
    assert formats.date_long(value, "fr") == french


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (
            SUMMER,
            "July 12, 2021, 11:59_p.m. Eastern time (EDT)",
            "12 juillet 2021, 23_h_59, heure de l’Est (HAE)",
        ),
        (
            WINTER,
            "January 12, 2021, 11:59_p.m. Eastern time (EST)",
            "12 janvier 2021, 23_h_59, heure de l’Est (HNE)",
        ),
        (
            datetime(2026, 3, 8, 6, 59, tzinfo=UTC),
            "March 8, 2026, 1:59_a.m. Eastern time (EST)",
            "8 mars 2026, 1_h_59, heure de l’Est (HNE)",
        ),
        (
            datetime(2026, 3, 8, 7, 0, tzinfo=UTC),
            "March 8, 2026, 3:00_a.m. Eastern time (EDT)",
            "8 mars 2026, 3_h, heure de l’Est (HAE)",
        ),
        (
            datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
            "November 1, 2026, 1:30_a.m. Eastern time (EDT)",
            "1er novembre 2026, 1_h_30, heure de l’Est (HAE)",
        ),
        (
            datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
            "November 1, 2026, 1:30_a.m. Eastern time (EST)",
            "1er novembre 2026, 1_h_30, heure de l’Est (HNE)",
        ),
        (
            datetime(2026, 6, 1, 16, 0, tzinfo=UTC),
            "June 1, 2026, 12:00_noon Eastern time (EDT)",
            "1er juin 2026, 12_h, heure de l’Est (HAE)",
        ),
        (
            datetime(2026, 6, 1, 4, 5, tzinfo=UTC),
            "June 1, 2026, 12:05_a.m. Eastern time (EDT)",
            "1er juin 2026, 0_h_05, heure de l’Est (HAE)",
        ),
        (None, "", ""),
    ],
)
def test_a_deadline_is_in_eastern_time_with_its_zone(
    value: datetime | None, english: str, french: str
) -> None:
    assert plain(formats.eastern(value, "en")) == english
    assert plain(formats.eastern(value, "fr")) == french


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formats.eastern(SUMMER.replace(tzinfo=None), "en")


@pytest.mark.parametrize(
    ("left", "english", "french"),
    [
        (timedelta(days=12, hours=5, minutes=59), "12_days and 5_hours", "12_jours et 5_heures"),
        (timedelta(days=1, hours=1), "1_day and 1_hour", "1_jour et 1_heure"),
        (timedelta(days=3, minutes=40), "3_days", "3_jours"),
        (timedelta(hours=23, minutes=59, seconds=59), "23_hours and 59_minutes", "23_heures et 59_minutes"),
        (timedelta(hours=1), "1_hour", "1_heure"),
        (timedelta(minutes=1, seconds=59), "1_minute", "1_minute"),
        (timedelta(seconds=59), "less than a minute", "moins d’une minute"),
        (timedelta(0), "", ""),
        (timedelta(seconds=-1), "", ""),
    ],
)
def test_the_time_left_is_rounded_down(left: timedelta, english: str, french: str) -> None:
    assert plain(formats.time_left(SUMMER + left, SUMMER, "en")) == english
    assert plain(formats.time_left(SUMMER + left, SUMMER, "fr")) == french


def test_the_time_left_counts_real_hours_across_a_change_of_clocks() -> None:
    before = datetime(2026, 3, 7, 23, 0, tzinfo=formats.EASTERN)
    after = datetime(2026, 3, 8, 23, 0, tzinfo=formats.EASTERN)
    assert plain(formats.time_left(after.astimezone(UTC), before.astimezone(UTC), "en")) == "23_hours"


def test_no_deadline_leaves_no_time() -> None:
    assert formats.time_left(None, SUMMER, "en") == ""


@pytest.mark.parametrize(
    ("size", "english", "french"),
    [
        (512, "512_B", "512_o"),
        (61_200, "61_KB", "61_Ko"),
        (2_450_000, "2.5_MB", "2,5_Mo"),
        (None, "", ""),
    ],
)
def test_sizes_of_files(size: int | None, english: str, french: str) -> None:
    assert plain(formats.file_size(size, "en")) == english
    assert plain(formats.file_size(size, "fr")) == french
