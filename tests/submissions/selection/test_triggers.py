"""What the database refuses, whoever asks: every way to steer a draw that goes around the software."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from submissions.evaluation import results as evaluation_results
from submissions.selection import draw, services, sources
from submissions.selection.models import Draw, DrawCommitment, FrozenList, InputEntry, VoidedList
from submissions.solicitations.models import Solicitation
from tests.factories import people, selections

pytestmark = pytest.mark.django_db

Evaluated = Callable[..., Solicitation]


@contextmanager
def refused(rule: str = "") -> Any:
    """The database refuses what is tried, by the rule of this name."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    found = refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr]
    assert rule == (found or "") or not rule


@contextmanager
def taken_back() -> Any:
    """What is written is undone: alone it would not be whole, as the database would find at commit."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def values_of_list(file: Solicitation, drawer: Any, candidates: list[str], **changes: Any) -> dict[str, Any]:
    """What a list would hold that the software froze."""
    signed = evaluation_results.signed_round(file)
    commitment = file.draw_commitments.get()
    assert signed is not None
    text = draw.canonical_list(file.number, commitment.sequence, signed.digest, candidates)
    now = services.moment()
    occurrence = commitment.source.occurrence(now)
    return {
        "solicitation": file,
        "commitment": commitment,
        "round": signed,
        "candidates": candidates,
        "canonical": text,
        "digest": draw.sha256(text),
        "frozen_at": now,
        "frozen_by": drawer,
        "occurrence": occurrence.name,
        "occurs_at": occurrence.moment,
        **changes,
    }


def values_of_draw(frozen: FrozenList, drawer: Any, **changes: Any) -> dict[str, Any]:
    """What a draw would hold that the software carried out."""
    first, second = frozen.entries.order_by("pk")[:2]
    secret = frozen.commitment.secret()
    public_input = frozen.commitment.source.public_input(frozen.occurrence, (first.text, second.text))
    text = draw.public_text(frozen.solicitation.number, frozen.digest, secret, public_input)
    return {
        "frozen_list": frozen,
        "first": first,
        "second": second,
        "secret": secret,
        "public_input": public_input,
        "public_text": text,
        "order": [ranked.name for ranked in draw.order(frozen.candidates, text)],
        "drawn_by": drawer,
        **changes,
    }


@pytest.fixture
def frozen(evaluated: Evaluated, drawer: Any) -> FrozenList:
    """A list whose input is entered; nothing is drawn yet."""
    file = evaluated(3)
    found = services.freeze(file, drawer)
    selections.let_input_be_known(file)
    selections.enter_input(file)
    found.refresh_from_db()
    return found


# --- the list ----------------------------------------------------------------------------------


def test_what_the_software_writes_is_what_the_database_takes(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    FrozenList.objects.create(**values_of_list(file, drawer, evaluation_results.passing(file)))


def test_a_list_holds_applications_of_the_evaluation_alone_each_once(
    evaluated: Evaluated, drawer: Any
) -> None:
    file, other = evaluated(3), evaluated(1)
    passing = evaluation_results.passing(file)
    with refused("list_of_evaluated_applications"):
        stranger = evaluation_results.passing(other)
        FrozenList.objects.create(**values_of_list(file, drawer, sorted([*passing, *stranger])))
    with refused("list_of_evaluated_applications"):
        FrozenList.objects.create(**values_of_list(file, drawer, sorted([*passing, "R-0000-0000"])))


def test_a_list_holds_all_that_passed_and_nothing_else(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    passing = evaluation_results.passing(file)
    (failing,) = file.proposals.exclude(receipt_number__in=passing).values_list("receipt_number", flat=True)
    for others in (passing[:-1], sorted([*passing, failing]), sorted([*passing[:-1], failing])):
        with refused("list_of_what_passed"):
            FrozenList.objects.create(**values_of_list(file, drawer, others))


def test_which_result_counts_follows_from_the_time_of_the_freeze(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    values = values_of_list(file, drawer, evaluation_results.passing(file))
    later = sources.source_of(sources.LOTTO).occurrence(values["occurs_at"])
    for name, moment in ((values["occurrence"], later.moment), (later.name, values["occurs_at"])):
        with refused("input_of_the_announced_source"):
            FrozenList.objects.create(**{**values, "occurrence": name, "occurs_at": moment})
    FrozenList.objects.create(**values)


def test_a_year_of_freezes_gives_the_same_result_in_both_places(db: None) -> None:
    begin = datetime(2026, 1, 1, 3, 29, 59, 999999, tzinfo=UTC)
    moments = [begin + timedelta(hours=7 * step, microseconds=step) for step in range(1300)]
    for source in sources.SOURCES.values():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT o.name, o.known_from FROM unnest(%s::timestamptz[]) WITH ORDINALITY AS t(moment, n),"
                " microacq_occurrence(%s, t.moment) o ORDER BY t.n",
                [moments, source.key],
            )
            computed = cursor.fetchall()
        expected = [source.occurrence(moment) for moment in moments]
        assert computed == [(each.name, each.moment) for each in expected]


def test_a_file_ends_without_a_selection_only_where_nobody_passed(evaluated: Evaluated) -> None:
    file = evaluated(1)
    with refused("none_suitable_where_none_passed"):
        Solicitation.objects.filter(pk=file.pk).update(state="none_suitable")


def test_the_digest_of_a_list_is_that_of_what_it_holds(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    passing = evaluation_results.passing(file)
    with refused("list_says_what_it_holds"):
        FrozenList.objects.create(**values_of_list(file, drawer, passing, digest="0" * 64))
    with refused("list_says_what_it_holds"):
        FrozenList.objects.create(**{**values_of_list(file, drawer, passing), "candidates": passing[:-1]})


def test_a_list_cannot_be_dated_back_or_ahead(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    passing = evaluation_results.passing(file)
    for shift in (timedelta(days=-2), timedelta(days=2)):
        values = values_of_list(file, drawer, passing)
        with refused("list_frozen_now" if shift.days > 0 else ""):
            FrozenList.objects.create(
                **{
                    **values,
                    "frozen_at": values["frozen_at"] + shift,
                    "occurs_at": values["occurs_at"] + shift,
                }
            )


def test_the_input_of_a_list_is_known_only_after_the_freeze(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(3)
    values = values_of_list(file, drawer, evaluation_results.passing(file))
    with refused("public_input_after_the_freeze"):
        FrozenList.objects.create(**{**values, "occurs_at": values["frozen_at"] - timedelta(seconds=1)})
    with refused("list_of_one_draws_nothing"):
        FrozenList.objects.create(**{**values, "occurs_at": None, "occurrence": ""})


def test_another_secret_is_committed_to_only_after_a_list_was_voided(
    evaluated: Evaluated, drawer: Any
) -> None:
    file = evaluated(3)
    first = file.draw_commitments.get()
    again = {"locked_secret": first.locked_secret, "source_key": first.source_key, "digest": "a" * 64}
    for sequence in (1, 2, 3):
        with refused("commitment_in_order"):
            DrawCommitment.objects.create(solicitation=file, sequence=sequence, **again)
    services.freeze(file, drawer)
    with refused("commitment_in_order"):
        DrawCommitment.objects.create(solicitation=file, sequence=2, **again)


def test_a_second_list_of_the_same_evaluation_is_refused(frozen: FrozenList, drawer: Any) -> None:
    values = values_of_list(frozen.solicitation, drawer, frozen.candidates)
    with refused():
        FrozenList.objects.create(**values)


# --- the input ---------------------------------------------------------------------------------


def test_nothing_is_entered_before_it_is_known(evaluated: Evaluated, drawer: Any) -> None:
    found = services.freeze(evaluated(3), drawer)
    with refused("input_after_the_freeze"):
        InputEntry.objects.create(frozen_list=found, text="01-02-03-04-05-06", entered_by=drawer)


def test_nothing_is_entered_after_the_draw(frozen: FrozenList, drawer: Any) -> None:
    services.carry_out(frozen.solicitation, drawer)
    with refused("input_before_the_draw"):
        InputEntry.objects.create(frozen_list=frozen, text="01-02-03-04-05-06", entered_by=drawer)


# --- the draw ----------------------------------------------------------------------------------


def test_the_database_computes_the_same_order(frozen: FrozenList, drawer: Any) -> None:
    values = values_of_draw(frozen, drawer)
    for order in (values["order"][::-1], values["order"][:-1], [*values["order"], "R-2222-2222"], []):
        with refused("draw_in_the_drawn_order"):
            Draw.objects.create(**{**values, "order": order})
    with taken_back():
        Draw.objects.create(**values)


def test_a_draw_takes_the_committed_secret_and_the_entered_input(frozen: FrozenList, drawer: Any) -> None:
    with refused("draw_with_the_committed_secret"):
        Draw.objects.create(**values_of_draw(frozen, drawer, secret="0" * 64))
    with refused("draw_with_the_public_text"):
        Draw.objects.create(**values_of_draw(frozen, drawer, public_input="lotto-649 x 01-02-03-04-05-06"))
    with refused("draw_with_the_public_text"):
        Draw.objects.create(**values_of_draw(frozen, drawer, public_text="v1/another"))


def test_one_person_is_not_two(frozen: FrozenList, drawer: Any) -> None:
    first, second = frozen.entries.order_by("pk")
    for pair in ({"second": first}, {"first": second}, {"first": second, "second": first}):
        with refused("draw_of_two_people"):
            Draw.objects.create(**values_of_draw(frozen, drawer, **pair))


def test_what_a_person_corrected_is_not_drawn_with(frozen: FrozenList, drawer: Any) -> None:
    values = values_of_draw(frozen, drawer)
    services.enter(frozen.solicitation, drawer, "1 2 3 4 5 6", selections.PAGE)
    with refused("draw_of_two_people"):
        Draw.objects.create(**values)
    corrected = {**values, "second": frozen.entries.order_by("-pk")[0], "first": values["second"]}
    with refused("draw_of_what_two_read"):
        Draw.objects.create(**corrected)


def test_a_list_is_drawn_once_for_ever(frozen: FrozenList, drawer: Any) -> None:
    services.carry_out(frozen.solicitation, drawer)
    with refused():
        Draw.objects.create(**values_of_draw(frozen, drawer))


def test_a_voided_list_is_not_drawn(frozen: FrozenList, drawer: Any) -> None:
    values = values_of_draw(frozen, drawer)
    VoidedList.objects.create(frozen_list=frozen, kind="reopened", reason="Why.", secret=values["secret"])
    with refused("draw_of_a_list_that_counts"):
        Draw.objects.create(**values)


def test_voiding_reveals_the_secret_itself(frozen: FrozenList) -> None:
    with refused("void_reveals_the_secret"):
        VoidedList.objects.create(frozen_list=frozen, kind="reopened", reason="Why.", secret="0" * 64)


# --- file and list ---------------------------------------------------------------------------


def test_a_drawn_list_selects_its_file_in_the_same_transaction(frozen: FrozenList, drawer: Any) -> None:
    with refused("file_selected_by_its_list"):
        Draw.objects.create(**values_of_draw(frozen, drawer))
        connection.check_constraints()


def test_a_file_is_not_selected_without_a_list_that_was_drawn(
    evaluated: Evaluated, frozen: FrozenList
) -> None:
    for file in (evaluated(1), frozen.solicitation):
        with refused("file_selected_by_its_list"):
            Solicitation.objects.filter(pk=file.pk).update(state="selected")
            connection.check_constraints()


def test_voiding_takes_the_selection_back_in_the_same_transaction(frozen: FrozenList, drawer: Any) -> None:
    drawn = services.carry_out(frozen.solicitation, drawer)
    with refused("file_selected_by_its_list"):
        VoidedList.objects.create(frozen_list=frozen, kind="reopened", reason="Why.", secret=drawn.secret)
        connection.check_constraints()


# --- nothing goes ------------------------------------------------------------------------------


def test_nothing_of_a_selection_is_changed_or_deleted_or_emptied(frozen: FrozenList, drawer: Any) -> None:
    services.carry_out(frozen.solicitation, drawer)
    connection.check_constraints()  # else a table with waiting triggers cannot be emptied anyway
    stranger = people.the(None)
    changes: list[tuple[Any, str, Any]] = [
        (DrawCommitment, "digest", "b" * 64),
        (FrozenList, "candidates", []),
        (InputEntry, "entered_by", stranger),
        (Draw, "order", []),
    ]
    for model, field, value in changes:
        with refused():
            model.objects.update(**{field: value})
        for statement in ("DELETE FROM", "TRUNCATE"):
            with refused(), connection.cursor() as cursor:
                cursor.execute(
                    f"{statement} {model._meta.db_table}{' CASCADE' if statement == 'TRUNCATE' else ''}"
                )


def test_what_was_voided_stays_voided(frozen: FrozenList) -> None:
    VoidedList.objects.create(
        frozen_list=frozen, kind="reopened", reason="Why.", secret=frozen.commitment.secret()
    )
    connection.check_constraints()
    with refused():
        VoidedList.objects.update(reason="Another.")
    for statement in ("DELETE FROM", "TRUNCATE"):
        with refused(), connection.cursor() as cursor:
            cursor.execute(f"{statement} {VoidedList._meta.db_table}")
