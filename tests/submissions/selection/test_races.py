"""Two people at once, on connections of their own: one act is done, the other is told, and refusals stay on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from microacq_pages import roles
from submissions.proposals import opening
from submissions.selection import results, services
from submissions.selection.models import Draw, FrozenList
from submissions.selection.services import SelectionRefused
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import TransitionRefused, transition
from tests.factories import people, selections
from tests.support.threads import Parallel


@pytest.fixture(scope="module")
def _set_up(committed_database: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        opening.make_trial()


@pytest.fixture
def make(_set_up: None, django_db_blocker: Any, settings: Any) -> Iterator[Callable[..., Solicitation]]:
    """A file with a signed evaluation, committed."""
    settings.MICROACQ_REFUSALS_DATABASE = "refusals"
    with django_db_blocker.unblock():
        yield selections.evaluated


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """The kinds of what each returned or raised."""
    parallel = Parallel()
    for act in acts:
        parallel.start(act)
    return sorted(type(outcome).__name__ for outcome in parallel.join())


def fresh(file: Solicitation) -> Solicitation:
    return Solicitation.objects.get(pk=file.pk)


def test_two_who_freeze_at_once_freeze_one_list(make: Callable[..., Solicitation]) -> None:
    file = make(2, failing=0)
    other = people.make_user(roles.IT_STRATEGY, "second-drawer")

    outcomes = at_once(
        lambda: services.freeze(fresh(file), selections.drawer()),
        lambda: services.freeze(fresh(file), other),
    )

    assert outcomes == ["FrozenList", "SelectionRefused"]
    assert FrozenList.objects.filter(solicitation=file).count() == 1


def test_two_who_draw_at_once_draw_once(make: Callable[..., Solicitation]) -> None:
    file = make(3, failing=0)
    services.freeze(file, selections.drawer())
    selections.let_input_be_known(file)
    selections.enter_input(file)

    outcomes = at_once(*(lambda: services.carry_out(fresh(file), selections.drawer()) for _n in range(3)))

    assert outcomes == ["Draw", "SelectionRefused", "SelectionRefused"]
    assert Draw.objects.filter(frozen_list__solicitation=file).count() == 1
    selected = ModelLogEntry.objects.for_instance(file).filter(action="file.selected")
    assert selected.count() == 1


def test_a_draw_and_a_reopening_at_once_leave_a_drawn_list_that_is_void_or_none_that_counts(
    make: Callable[..., Solicitation],
) -> None:
    file = make(2, failing=0)
    services.freeze(file, selections.drawer())
    selections.let_input_be_known(file)
    selections.enter_input(file)
    reopener = people.the(roles.CFOB)

    outcomes = at_once(
        lambda: services.carry_out(fresh(file), selections.drawer()),
        lambda: transition(fresh(file), "reopen", user=reopener, reason="Why.", reason_fr="Pourquoi."),
    )

    # Whichever comes first, the evaluation is open again in the end and nothing counts.
    assert outcomes in (["Draw", "Solicitation"], ["SelectionRefused", "Solicitation"])
    assert fresh(file).state == State.OPENED
    assert results.order_of(fresh(file)) == []
    assert FrozenList.objects.get(solicitation=file).voided is not None


def test_two_who_commit_at_once_commit_once(make: Callable[..., Solicitation]) -> None:
    from tests.factories import proposals

    file = proposals.make_file()

    assert at_once(lambda: services.commit(file), lambda: services.commit(file)) == ["DrawCommitment"] * 2
    assert file.draw_commitments.count() == 1


def test_a_refusal_stays_whatever_becomes_of_the_act(make: Callable[..., Solicitation]) -> None:
    file = make(2, failing=0)

    with pytest.raises(SelectionRefused):
        services.carry_out(file, selections.drawer())
    with pytest.raises(TransitionRefused):
        transition(file, "select", user=selections.drawer())

    kept = ModelLogEntry.objects.for_instance(file)
    assert kept.filter(action="draw.refused").count() == 1
    assert kept.filter(action="file.decision_refused").count() == 1
