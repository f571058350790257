"""The rules of the watch over contract splitting, on both sides of each edge."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microacq_pages import splitting
from microacq_pages.formats import EASTERN
from microacq_pages.splitting import Found, Ground, Match

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
CENTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("8695.65"), places=2)
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2032, 12, 31), timezones=st.just(UTC)
)


def match(amount: str | Decimal | None, **values: Any) -> Match:
    fields: dict[str, Any] = {
        "key": uuid.uuid4(),
        "page_id": 1,
        "title": "Another",
        "grounds": (Ground.TEAM,),
        "amount": None if amount is None else Decimal(amount),
        "saved_at": NOW,
    }
    return Match(**{**fields, **values})


# --- the sum -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "needed"),
    [
        ("4000", "4695.65", False),  # 8,695.65 with the highest tax is 10,000.00
        ("4000", "4695.66", True),
        ("8695.65", None, False),
        ("8695.65", "0.01", True),
    ],
)
def test_a_justification_is_needed_from_the_first_cent_over_the_cap(
    ours: str, theirs: str | None, needed: bool
) -> None:
    assert Found(Decimal(ours), (match(theirs),)).needs_justification is needed


def test_nothing_alone_needs_a_justification() -> None:
    assert not Found(Decimal("99999"), ()).needs_justification


def test_what_is_cancelled_is_shown_and_not_counted() -> None:
    cancelled = match("8000", cancelled=True)
    assert not Found(Decimal("8000"), (cancelled,)).needs_justification
    assert Found(Decimal("8000"), (cancelled,)).matches == (cancelled,)


@given(CENTS, st.lists(CENTS, max_size=6))
def test_the_running_sum_ends_at_the_total_and_never_falls(ours: Decimal, others: list[Decimal]) -> None:
    found = Found(ours, tuple(match(other) for other in others))
    sums = found.running_sums()
    assert sums == sorted(sums)
    assert not sums or sums[-1] == found.total_with_tax
    assert found.needs_justification == (bool(others) and sum(others, ours) > Decimal("8695.65"))


# --- twelve months -----------------------------------------------------------------------------------


def eastern(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("earlier", "counted"),
    [(date(2025, 11, 22), True), (date(2025, 11, 21), True), (date(2025, 11, 20), False)],
)
def test_the_same_day_a_year_earlier_is_the_last_that_counts(earlier: date, counted: bool) -> None:
    assert splitting.within_twelve_months(eastern(earlier), eastern(date(2026, 11, 21))) is counted


def test_days_are_those_of_eastern_time() -> None:
    late_in_the_evening = datetime(2026, 11, 22, 3, tzinfo=UTC)  # still the 21st in Eastern time
    assert splitting.within_twelve_months(eastern(date(2025, 11, 21), 0), late_in_the_evening)


def test_a_year_before_february_29_is_february_28() -> None:
    assert splitting.one_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


@given(MOMENTS, st.integers(min_value=0, max_value=900))
def test_the_window_rolls_it_has_365_or_366_days_and_no_hole(later: datetime, days: int) -> None:
    earlier = later - timedelta(days=days)
    inside = splitting.within_twelve_months(earlier, later)
    if days <= 365:
        assert inside
    if days > 367:
        assert not inside


@given(MOMENTS, MOMENTS)
def test_what_is_posted_answers_only_for_what_was_posted_before_it(ours: datetime, theirs: datetime) -> None:
    counted = splitting.is_counted(theirs, theirs, ours, posted=True)
    assert not (counted and theirs > ours)
    assert not splitting.is_counted(None, theirs, ours, posted=True), "drafts answer for themselves"


@pytest.mark.parametrize(("days", "counted"), [(0, True), (365, True), (367, False)])
def test_a_draft_that_nobody_touched_for_a_year_is_not_under_way(days: int, counted: bool) -> None:
    assert splitting.is_counted(None, NOW - timedelta(days=days), NOW, posted=False) is counted


# --- what is compared --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Digital Services", "  DIGITAL   services "),
        ("Direction générale", "DIRECTION GENERALE"),
        ("Édition-Web", "edition web"),
        ("Data (Open)", "data open"),
    ],
)
def test_names_are_the_same_whatever_their_case_accents_and_punctuation(one: str, other: str) -> None:
    assert splitting.normal(one) == splitting.normal(other)


def test_other_names_are_others() -> None:
    assert splitting.normal("Digital Services 1") != splitting.normal("Digital Services 2")


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/example/tool",
        "http://www.GitHub.com/Example/Tool.git",
        "https://github.com:443/example/tool/",
        "https://github.com/example/tool/tree/main/src?tab=readme#top",
        "https://someone@github.com/example/tool",
        "github.com/example/tool",
    ],
)
def test_one_repository_has_many_addresses(address: str) -> None:
    assert splitting.normal_repository(address) == "github.com/example/tool"


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("https://gitlab.com/group/part/tool/-/issues/3", "gitlab.com/group/part/tool"),
        ("https://code.example.ca:8443/a/b", "code.example.ca:8443/a/b"),
        ("https://github.com/example/tools", "github.com/example/tools"),
        ("https://gitlab.com/example/tool", "gitlab.com/example/tool"),
        ("https://github.com", ""),
        ("", ""),
        ("https://[broken", "https broken"),
    ],
)
def test_other_repositories_are_others(address: str, normal: str) -> None:
    assert splitting.normal_repository(address) == normal


@given(st.text(max_size=60))
@example("ᴬ")  # lower case only once it is decomposed
def test_any_text_can_be_compared(text: str) -> None:
    assert splitting.normal(splitting.normal(text)) == splitting.normal(text)
    splitting.normal_repository(text)


# --- what a justification is bound to ----------------------------------------------------------------


def test_more_voids_a_justification_and_less_does_not() -> None:
    one, two = match("5000"), match("4000")
    both = Found(Decimal("3000"), (one, two))
    judged = both.snapshot()
    assert splitting.still_holds(both, judged)
    assert splitting.still_holds(Found(Decimal("2000"), (one,)), judged)
    posted = match("1", posted_at=NOW)
    assert not splitting.still_holds(Found(Decimal("3000"), (one, two, posted)), judged), "another one"
    draft = match("9000")
    assert splitting.still_holds(Found(Decimal("3000"), (one, two, draft)), judged), (
        "a draft answers for itself"
    )
    assert not splitting.still_holds(Found(Decimal("3000.01"), (one, two)), judged), "a higher sum"
    more = match("5000", key=one.key, grounds=(Ground.TEAM, Ground.TEXT))
    assert not splitting.still_holds(Found(Decimal("3000"), (more, two)), judged), "more in common"


def test_the_digest_is_of_what_matters_in_any_order() -> None:
    one, two = match("5000"), match("4000")
    found, turned = Found(Decimal("1"), (one, two)), Found(Decimal("1"), (two, one))
    renamed = Found(Decimal("1"), (match("5000", key=one.key, title="New title"), two))
    assert found.digest == turned.digest == renamed.digest
    assert found.digest != Found(Decimal("2"), (one, two)).digest
