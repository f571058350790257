"""What ``verify_file`` proves of a selection, and which link it names when a row is changed behind its back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from microacq_pages import roles
from submissions.selection import draw, proving, services, sources
from submissions.solicitations.models import Solicitation
from submissions.solicitations.proofs import carry_out
from submissions.solicitations.services import transition
from tests.factories import people, selections
from tests.support.guards import guards_down

pytestmark = pytest.mark.django_db

Evaluated = Callable[..., Solicitation]


def found(file: Solicitation) -> list[str]:
    connection.check_constraints()
    outcomes = [carry_out(check, lambda done, total: None) for check in proving.checks(file)]
    return [finding.sentence for outcome in outcomes for finding in outcome.findings]


@pytest.fixture(scope="module")
def _witnessed_of_module(module_transaction: None) -> int:
    return selections.evaluated(3, source=sources.WORDS).pk


@pytest.fixture
def witnessed(_witnessed_of_module: int, db: None) -> Solicitation:
    """Its words can be said at once, so that no time of it has to be moved."""
    return Solicitation.objects.get(pk=_witnessed_of_module)


@pytest.fixture
def drawn(witnessed: Solicitation) -> Solicitation:
    selections.freeze_enter_draw(witnessed)
    return Solicitation.objects.get(pk=witnessed.pk)


def test_a_selection_that_nobody_touched_holds_at_every_step(witnessed: Solicitation, drawer: Any) -> None:
    file = witnessed
    assert found(file) == []
    services.freeze(file, drawer)
    assert found(file) == []
    selections.let_input_be_known(file)
    selections.enter_input(file)
    services.carry_out(file, drawer)
    assert found(file) == []
    transition(file, "reopen", user=people.the(roles.CFOB), reason="Why.", reason_fr="Pourquoi.")
    assert found(file) == []


def test_a_single_application_holds_too(evaluated: Evaluated, drawer: Any) -> None:
    file = evaluated(1)
    services.freeze(file, drawer)
    assert found(Solicitation.objects.get(pk=file.pk)) == []


def test_where_somebody_read_the_input_is_proved_as_well(evaluated: Evaluated) -> None:
    file = evaluated(3)
    selections.freeze_enter_draw(file)
    connection.check_constraints()
    told = "a person entered is not what was recorded"
    assert not any(told in sentence for sentence in found(file))
    with guards_down("submissions_inputentry"), connection.cursor() as cursor:
        cursor.execute("UPDATE submissions_inputentry SET provenance = 'elsewhere'")
    assert any(told in sentence for sentence in found(file))


TAMPERED = {
    "UPDATE submissions_frozenlist SET frozen_at = frozen_at - interval '1 second'": "at another time",
    "UPDATE submissions_drawcommitment SET made_at = made_at - interval '1 day'": "at another time",
    "UPDATE submissions_draw SET drawn_at = drawn_at + interval '1 day'": "at another time",
    "UPDATE submissions_draw SET \"order\" = '[]'": "the stored order is not the one",
    "UPDATE submissions_draw SET secret = repeat('0', 64)": "that was revealed is not the one",
    "UPDATE submissions_draw SET public_text = 'v1/x'": "no act recorded a draw with this public text",
    "UPDATE submissions_draw SET second_id = first_id": "not what two people entered",
    "UPDATE submissions_draw SET drawn_at = '2001-01-01'": "drawn before the public input",
    "UPDATE submissions_inputentry SET entered_at = '2001-01-01'": "entered before it was known",
    "UPDATE submissions_frozenlist SET digest = repeat('0', 64)": "no act recorded its freeze",
    "UPDATE submissions_frozenlist SET frozen_at = '2001-01-01'": "before its secret was committed to",
    "UPDATE submissions_frozenlist SET candidates = '[\"R-2222-2222\"]'": "does not give the digest",
    "UPDATE submissions_drawcommitment SET digest = repeat('0', 64)": "no act recorded this commitment",
    "UPDATE submissions_solicitation SET state = 'evaluated'": "does not follow from its lists",
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_whatever_is_changed_is_named(drawn: Solicitation, statement: str) -> None:
    connection.check_constraints()
    frozen = drawn.frozen_lists.get()
    table = statement.split()[1]
    key = {
        "submissions_draw": ("id", frozen.draw.pk),
        "submissions_inputentry": ("frozen_list_id", frozen.pk),
        "submissions_frozenlist": ("id", frozen.pk),
        "submissions_drawcommitment": ("id", frozen.commitment_id),
        "submissions_solicitation": ("id", drawn.pk),
    }[table]
    with guards_down(table), connection.cursor() as cursor:
        cursor.execute(f"{statement} WHERE {key[0]} = %s", [key[1]])
        assert cursor.rowcount

    sentences = found(Solicitation.objects.get(pk=drawn.pk))

    assert any(TAMPERED[statement] in sentence for sentence in sentences), sentences


def test_a_draw_that_vanished_is_named(drawn: Solicitation) -> None:
    connection.check_constraints()
    with guards_down("submissions_draw"), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM submissions_draw WHERE frozen_list_id = %s", [drawn.frozen_lists.get().pk]
        )

    assert any("the draw is gone" in sentence for sentence in found(drawn))


def test_a_secret_that_was_exchanged_is_named(drawn: Solicitation) -> None:
    from submissions.proposals import custody

    connection.check_constraints()
    other = custody.lock(draw.new_secret().encode())
    with guards_down("submissions_drawcommitment"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE submissions_drawcommitment SET locked_secret = %s WHERE solicitation_id = %s",
            [other, drawn.pk],
        )

    assert any("that is kept is not the one" in sentence for sentence in found(drawn))
