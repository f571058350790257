"""Which result of a source counts, and how it is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.formats import EASTERN
from submissions.selection import sources
from submissions.selection.checks import check_source

moments = st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
public = [source for source in sources.SOURCES.values() if not source.is_witnessed]


@given(moments, st.sampled_from(public))
def test_a_public_result_counts_only_long_after_the_freeze_and_nobody_chooses_which(
    frozen_at: datetime, source: sources.Source
) -> None:
    before = sources.BEFORE_LOTTERY if source.key == sources.LOTTO else sources.BEFORE_BEACON
    occurrence = source.occurrence(frozen_at)

    assert occurrence.moment >= frozen_at + before
    assert source.occurrence(frozen_at) == occurrence
    # The first that is late enough: half a second later none is skipped, and none comes back.
    assert source.occurrence(frozen_at + timedelta(milliseconds=500)).moment >= occurrence.moment


@given(moments)
def test_the_lottery_is_drawn_on_wednesdays_and_saturdays_in_the_evening(frozen_at: datetime) -> None:
    occurrence = sources.source_of(sources.LOTTO).occurrence(frozen_at)
    evening = occurrence.moment.astimezone(EASTERN)

    assert evening.strftime("%a %H:%M") in {"Wed 22:30", "Sat 22:30"}
    assert occurrence.name == evening.date().isoformat()
    assert occurrence.moment - frozen_at <= timedelta(days=4, hours=13)


def test_the_round_of_the_beacon_is_the_one_of_that_second() -> None:
    # Round 1000 of quicknet: 999 periods of three seconds after the first.
    moment = datetime.fromtimestamp(1692803367 + 999 * 3, UTC)
    occurrence = sources.source_of(sources.BEACON).occurrence(moment - sources.BEFORE_BEACON)

    assert (occurrence.name, occurrence.moment) == ("1000", moment)
    later = sources.source_of(sources.BEACON).occurrence(
        moment - sources.BEFORE_BEACON + timedelta(microseconds=1)
    )
    assert later.name == "1001"


def test_a_round_of_the_beacon_is_read_where_its_randomness_stands() -> None:
    # Version 2 of the interface of drand gives no field “randomness”.
    source = sources.source_of(sources.BEACON)

    assert f"{source.address}1000" == f"https://api.drand.sh/{sources.BEACON_CHAIN}/public/1000"


@given(st.permutations([7, 12, 18, 23, 31, 46]), st.sampled_from([" ", ", ", "-", " – "]))
def test_the_same_numbers_are_the_same_input_however_they_are_typed(numbers: list[int], between: str) -> None:
    clean = sources.source_of(sources.LOTTO).clean

    assert clean(between.join(map(str, numbers))) == "07-12-18-23-31-46"


def test_the_randomness_of_a_round_is_read_as_it_stands() -> None:
    clean = sources.source_of(sources.BEACON).clean

    assert clean(" AB" + "0" * 62 + "\n") == "ab" + "0" * 62
    with pytest.raises(sources.InputError):
        clean("0" * 63)


@given(st.text(max_size=150))
def test_words_that_are_taken_can_stand_in_any_command_line(typed: str) -> None:
    try:
        said = sources.source_of(sources.WORDS).clean(typed)
    except sources.InputError:
        return
    assert all(character.isalnum() or character in " -" for character in said)
    assert said.isprintable()
    assert sources.source_of(sources.WORDS).clean(said) == said


def test_a_setting_that_names_no_source_is_found_when_the_site_starts(settings: Any) -> None:
    assert check_source(None) == []
    settings.MICROACQ_DRAW_SOURCE = "dice"
    (message,) = check_source(None)
    assert "dice" in message.msg
    assert "lotto-649" in str(message.hint)
