"""The timetable of an opportunity: every step once, in order, told as the clock and the file have it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from microacq_pages.timetable import Kind, Known, Progress, arrange, completed, is_past

NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)
DEADLINE = datetime(2026, 7, 13, 3, 59, tzinfo=UTC)
PLANNED = {
    Kind.POSTED: Known(actual=datetime(2026, 6, 23, 13, tzinfo=UTC)),
    Kind.QUESTIONS: Known(planned=datetime(2026, 7, 9, 3, 59, tzinfo=UTC)),
    Kind.DEADLINE: Known(planned=DEADLINE),
    Kind.SELECTION: Known(planned=date(2026, 7, 15)),
    Kind.DELIVERY: Known(planned=date(2026, 8, 20)),
}
moments = st.one_of(
    st.none(),
    st.dates(date(2025, 1, 1), date(2030, 1, 1)),
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
instants = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
facts = st.dictionaries(
    st.sampled_from([kind for kind in Kind if kind is not Kind.CANCELLED]),
    st.builds(Known, planned=moments, actual=st.one_of(st.none(), instants)),
)


def progress(steps: list, kind: Kind) -> Progress:
    return next(step.progress for step in steps if step.kind == kind)


def test_the_steps_stand_in_the_order_of_the_process() -> None:
    steps = arrange(PLANNED, NOW)
    happens_later = {Kind.EVALUATED, Kind.AWARD, Kind.ENDED, Kind.CANCELLED}
    assert [step.kind for step in steps] == [kind for kind in Kind if kind not in happens_later]
    assert progress(steps, Kind.POSTED) == progress(steps, Kind.QUESTIONS) == Progress.DONE
    assert progress(steps, Kind.DEADLINE) == Progress.NEXT
    assert progress(steps, Kind.DELIVERY) == Progress.LATER


def test_a_draft_plans_and_nothing_is_next() -> None:
    steps = arrange({Kind.DEADLINE: Known(planned=DEADLINE)}, None)
    assert {step.progress for step in steps} == {Progress.LATER}
    assert [step.kind for step in steps] == [Kind.DEADLINE, Kind.OPENED, Kind.START, Kind.ACCEPTED]


def test_the_deadline_passes_at_its_second() -> None:
    assert progress(arrange(PLANNED, DEADLINE - timedelta(seconds=1)), Kind.DEADLINE) == Progress.NEXT
    assert progress(arrange(PLANNED, DEADLINE), Kind.DEADLINE) == Progress.DONE


def test_a_day_passes_at_its_end_in_eastern_time() -> None:
    day = date(2026, 7, 15)
    assert not is_past(day, datetime(2026, 7, 16, 3, 59, tzinfo=UTC))
    assert is_past(day, datetime(2026, 7, 16, 4, 0, tzinfo=UTC))


def test_what_staff_have_not_done_in_time_is_said_to_be_late() -> None:
    steps = arrange(PLANNED, datetime(2026, 7, 20, tzinfo=UTC))
    assert progress(steps, Kind.SELECTION) == Progress.LATE
    assert progress(steps, Kind.OPENED) == Progress.NEXT


def test_planned_and_actual_are_told_apart_only_where_they_differ() -> None:
    selected = datetime(2026, 7, 17, 15, tzinfo=UTC)
    more = {Kind.SELECTION: Known(actual=selected, before=date(2026, 7, 14))}
    steps = {step.kind: step for step in arrange(completed(PLANNED, more), selected)}
    assert (steps[Kind.SELECTION].planned, steps[Kind.SELECTION].actual) == (date(2026, 7, 15), selected)
    assert steps[Kind.SELECTION].moved_from == date(2026, 7, 14)
    assert (steps[Kind.DEADLINE].planned, steps[Kind.DEADLINE].actual) == (None, DEADLINE)
    assert steps[Kind.DEADLINE].moved_from is None


def test_after_a_cancellation_nothing_else_takes_place() -> None:
    cancelled = {Kind.CANCELLED: Known(actual=NOW)}
    steps = arrange(completed(PLANNED, cancelled), DEADLINE + timedelta(days=30))
    kinds = [step.kind for step in steps]
    assert kinds[:3] == [Kind.POSTED, Kind.QUESTIONS, Kind.CANCELLED]
    assert {step.progress for step in steps[3:]} == {Progress.DROPPED}
    assert all(step.actual is None and not step.without_date for step in steps[3:])


@given(facts, st.one_of(st.none(), instants), st.one_of(st.none(), instants))
def test_any_facts_give_each_step_once_and_at_most_one_next(
    known: dict[Kind, Known], now: datetime | None, cancelled: datetime | None
) -> None:
    if cancelled is not None:
        known = {**known, Kind.CANCELLED: Known(actual=cancelled)}
    steps = arrange(known, now)
    kinds = [step.kind for step in steps]
    assert len(kinds) == len(set(kinds))
    assert sum(step.progress == Progress.NEXT for step in steps) <= (now is not None and cancelled is None)
    for step in steps:
        assert (step.progress == Progress.DONE) == (step.actual is not None)
        assert step.label
